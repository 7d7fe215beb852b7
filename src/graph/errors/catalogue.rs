//! The catalogue of Meta's errors: code, subcode, type, HTTP status, text, and how we know them. Every error answer comes from here.

use super::statuses::{self, StatusRule};
use crate::domain::rules::Basis;

/// An error of the catalogue. Its text has placeholders like `{param}`.
#[derive(Debug)]
pub struct ErrorTemplate {
    /// The name that scenarios and `graphdouble errors` use.
    pub name: &'static str,
    /// `code`.
    pub code: i32,
    /// `error_subcode`.
    pub subcode: Option<u32>,
    /// `type`.
    pub kind: &'static str,
    /// HTTP status, unless the token's place changes it; see [`ErrorTemplate::status_rule`].
    pub status: u16,
    /// `is_transient`, if Meta sends it.
    pub transient: Option<bool>,
    /// `error_user_title` and `error_user_msg`, if Meta sends them.
    pub user: Option<UserText>,
    /// How we know the code and the text.
    pub basis: Basis,
    /// Where that stands, or what it rests on.
    pub source: &'static str,
    /// `message`.
    pub text: &'static str,
}

/// Texts that an app may show to a person. Meta sends both or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserText {
    /// `error_user_title`.
    pub title: &'static str,
    /// `error_user_msg`.
    pub message: &'static str,
}

/// An error with its text filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphError {
    /// `code`.
    pub code: i32,
    /// `error_subcode`.
    pub subcode: Option<u32>,
    /// `type`.
    pub kind: &'static str,
    /// HTTP status.
    pub status: u16,
    /// The HTTP status where the token came in the header `Authorization`, if it is another.
    pub status_by_header: Option<u16>,
    /// `is_transient`.
    pub transient: Option<bool>,
    /// `error_user_title` and `error_user_msg`.
    pub user: Option<UserText>,
    /// `message`.
    pub message: String,
    /// True for an error of api.instagram.com, which stands in no envelope.
    pub is_flat: bool,
}

impl ErrorTemplate {
    /// The error, if its text has no placeholders.
    pub fn error(&self) -> GraphError {
        self.with(&[])
    }

    /// The error with another code and status, for errors whose numbers at Meta nobody knows.
    pub fn numbered(&self, code: i32, status: u16) -> GraphError {
        let message = self.text.replace(&format!("(#{})", self.code), &format!("(#{code})"));
        GraphError { code, status, status_by_header: None, message, ..self.error() }
    }

    /// The error with another HTTP status.
    pub fn with_status(&self, status: u16) -> GraphError {
        self.numbered(self.code, status)
    }

    /// The error with `words` in place of its placeholders.
    pub fn with(&self, words: &[(&str, &str)]) -> GraphError {
        let mut message = self.text.to_owned();
        for (name, word) in words {
            message = message.replace(&format!("{{{name}}}"), word);
        }
        GraphError {
            code: self.code,
            subcode: self.subcode,
            kind: self.kind,
            status: self.status,
            status_by_header: self.status_rule().by_header,
            transient: self.transient,
            user: self.user,
            message,
            is_flat: false,
        }
    }

    /// The rule that the error's HTTP status follows.
    pub fn status_rule(&self) -> &'static StatusRule {
        statuses::rule_of(self.code, self.status)
    }

    /// The error as a fault answers it. A fault does not know the call, so the placeholders get examples.
    pub fn example(&self) -> GraphError {
        let words: Vec<(&str, &str)> = placeholders(self.text).map(|word| (word, example_of(word))).collect();
        self.with(&words)
    }
}

pub fn by_name(name: &str) -> Option<&'static ErrorTemplate> {
    CATALOGUE.iter().copied().find(|template| template.name == name)
}

/// The names of the placeholders in a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word);
    words.filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// An example for a placeholder; the placeholder's name if there is none.
fn example_of(word: &str) -> &str {
    const EXAMPLES: &[(&str, &str)] = &[
        ("alias", "nobody"),
        ("app", "1001"),
        ("call", "take_thread_control"),
        ("date", "Thursday, 09-Apr-15 15:00:00 PDT"),
        ("errors", "HTTP Status Code = 404; HTTP Message = Not Found"),
        ("got", "something"),
        ("id", "0"),
        ("keys", "something"),
        ("kind", "a string"),
        ("limit", "2000"),
        ("method", "post"),
        ("node", "Page"),
        ("now", "Friday, 10-Apr-15 10:26:12 PDT"),
        ("param", "message"),
        ("rest", "something"),
        ("token", "<TOKEN>"),
        ("url", "something"),
        ("values", "something else"),
        ("what", "something"),
    ];
    EXAMPLES.iter().find(|(known, _)| *known == word).map_or(word, |(_, example)| example)
}

/// A name in lower case.
const fn lower<const N: usize>(name: &str) -> [u8; N] {
    let mut lower = [0; N];
    let mut at = 0;
    while at < N {
        lower[at] = name.as_bytes()[at].to_ascii_lowercase();
        at += 1;
    }
    lower
}

macro_rules! catalogue {
    ($(
        $name:ident: $code:literal $(/ $subcode:literal)?, $kind:ident, $status:literal, $basis:ident, $source:literal, $text:literal
        $(, transient: $transient:literal)? $(, user: $title:literal, $message:literal)?;
    )*) => {
        $(
            #[doc = concat!("Code ", stringify!($code), ".")]
            pub static $name: ErrorTemplate = ErrorTemplate {
                name: {
                    const LOWER: [u8; stringify!($name).len()] = lower(stringify!($name));
                    match std::str::from_utf8(&LOWER) {
                        Ok(name) => name,
                        Err(_) => stringify!($name),
                    }
                },
                code: $code,
                subcode: catalogue!(@optional $($subcode)?),
                kind: stringify!($kind),
                status: $status,
                transient: catalogue!(@optional $($transient)?),
                user: catalogue!(@optional $(UserText { title: $title, message: $message })?),
                basis: Basis::$basis,
                source: $source,
                text: $text,
            };
        )*

        /// Every error, in the order of the catalogue.
        pub static CATALOGUE: &[&ErrorTemplate] = &[$(&$name),*];

        /// The name of every error.
        pub static NAMES: &[&str] = &[$($name.name),*];
    };
    (@optional) => { None };
    (@optional $value:expr) => { Some($value) };
}

catalogue! {
    TOKEN_MISSING: 104, OAuthException, 400, Observed, "fixtures of Spring Social", "An access token is required to request this resource.";
    TOKEN_INVALID: 190, OAuthException, 400, Documented, "Messenger docs: error codes", "Invalid OAuth access token.";
    TOKEN_APP_REMOVED: 190 / 458, OAuthException, 400, Observed, "fixtures of Spring Social, which name a user in place of the page", "Error validating access token: the page has not authorized application {app}.";
    TOKEN_APP_NOT_AUTHORIZED: 190 / 458, OAuthException, 400, Observed, "fixtures of Spring Social", "Error validating access token: The user has not authorized application {app}.";
    INSTAGRAM_TOKEN: 190, OAuthException, 400, Observed, "recorded of a call with a token of Instagram", "Invalid OAuth access token - Cannot parse access token";
    USER_TOKEN_NEEDED: 102, OAuthException, 400, Observed, "recorded of calls that need a user; like code 210 of pages", "(#102) A user access token is required to request this resource.";
    CLIENT_ID_MISSING: 101, OAuthException, 400, Inferred, "like the other refusals of /oauth/access_token", "Missing client_id parameter.";
    CLIENT_SECRET_MISSING: 1, OAuthException, 400, Inferred, "like the other refusals of /oauth/access_token", "Missing client_secret parameter.";
    CLIENT_UNKNOWN: 101, OAuthException, 400, Observed, "recorded of /oauth/access_token", "Error validating application. Invalid application ID.";
    CLIENT_SECRET_WRONG: 1, OAuthException, 400, Observed, "recorded of /oauth/access_token", "Error validating client secret.";
    REDIRECT_URI_MISSING: 191, OAuthException, 400, Inferred, "like the other refusals of /oauth/access_token", "Missing redirect_uri parameter.";
    CODE_MISSING: 1, OAuthException, 400, Inferred, "like the other refusals of /oauth/access_token", "Missing authorization code";
    CODE_INVALID: 100, OAuthException, 400, Observed, "recorded of /oauth/access_token", "Invalid verification code format.";
    CODE_EXPIRED: 100 / 36007, OAuthException, 400, Inferred, "like the code that has been used", "This authorization code has expired.";
    CODE_USED: 100 / 36009, OAuthException, 400, Observed, "recorded of /oauth/access_token", "This authorization code has been used.";
    GRANT_TYPE: 100, OAuthException, 400, Observed, "recorded of /oauth/access_token", "Invalid grant_type: '{got}'. Supported types: authorization_code, client_credentials, fb_exchange_token";
    TOKEN_OF_ANOTHER_APP: 100, OAuthException, 400, Observed, "recorded of /debug_token", "(#100) The App_id in the input_token did not match the Viewing App";
    DEBUG_BY_APP_ONLY: 100, OAuthException, 400, Observed, "recorded of /debug_token", "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app";
    TOO_MANY_TOKENS: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) This world of graphdouble has issued {limit} tokens, which is the limit";
    PERMISSION_NEEDED: 200, OAuthException, 403, Observed, "jgorset/facebook-messenger, specs: code 230 with the same words; koala 334", "(#200) Requires {permission} permission to manage the object";
    ENGAGEMENT_NEEDED: 100, OAuthException, 400, Observed, "sns-sdks/python-facebook, fixtures", "(#100) Object does not exist, cannot be loaded due to missing permission or reviewable feature, or does not support this operation. This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature or the 'Page Public Metadata Access' feature. Refer to https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages for details.";
    TASK_NEEDED: 200, OAuthException, 403, Observed, "recorded of edges that need a task of the page", "(#200) User does not have sufficient administrative permission for this action on this page. If the page business requires Two Factor Authentication, the user also needs to enable Two Factor Authentication.";
    PROOF_INVALID: 100, GraphMethodException, 400, Observed, "recorded of calls with a wrong proof, twice", "Invalid appsecret_proof provided in the API argument";
    NO_CURRENT_USER: 2500, OAuthException, 400, Observed, "Yoctol/messaging-apis, tests", "An active access token must be used to query information about the current user.";
    PAGE_TOKEN_NEEDED: 210, OAuthException, 400, Observed, "recorded of calls with a token of a user or a system user, four times", "(#210) A page access token is required to request this resource.";
    APP_TOKEN_NEEDED: 15, OAuthException, 400, Inferred, "like code 210 of pages; Spring Social has code 15 with other words", "(#15) This method must be called with an app access_token.";
    UNKNOWN_OBJECT: 100 / 33, GraphMethodException, 400, Documented, "Messenger docs: error codes; fixtures of restfb have the whole text", "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api";
    UNKNOWN_ALIAS: 803, OAuthException, 400, Observed, "fixtures of restfb and Spring Social", "(#803) Some of the aliases you requested do not exist: {alias}";
    UNKNOWN_PATH: 2500, OAuthException, 400, Observed, "fixtures of restfb and Spring Social; arsduo/koala 611 of a version that does not exist", "Unknown path components: /{rest}";
    UNKNOWN_FIELD: 100, OAuthException, 400, Observed, "fixtures of Spring Social", "(#100) Tried accessing nonexisting field ({field}) on node type ({node})";
    NO_SUBFIELDS: 2500, OAuthException, 400, Observed, "recorded of field expansion", "Subfields are not supported by {field}";
    FIELDS_SYNTAX: 2500, OAuthException, 400, Inferred, "the form of Meta's errors about field expansion", "Syntax error \"Expected {expected} instead of {found}.\" at character {at}: {text}";
    FIELDS_TOO_MANY: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) Too many fields, or fields nested too deeply";
    INVALID_CURSOR: 100, OAuthException, 400, Inferred, "the form of the other errors about parameters", "(#100) Invalid cursors values for {param}";
    BATCH_TOO_LARGE: 100, OAuthException, 400, Inferred, "Graph API docs: batch requests name the limit and no text", "(#100) Too many requests in batch message. Maximum batch size is 50";
    BATCH_NESTED: 100, OAuthException, 400, Inferred, "Graph API docs: batch requests name no batch inside another", "(#100) A batch cannot be part of a batch";
    BATCH_DEPENDS_ON: 100, GraphBatchException, 400, Observed, "arsduo/koala, specs, which have the text and the type and no code", "Request {index} cannot depend on an unresolved request with name {name}. Requests can only depend on preceding requests";
    MULTIPART_BROKEN: 100, OAuthException, 400, Inferred, "graphdouble's own words", "(#100) Invalid parameter: the multipart body cannot be read: {why}";
    INVALID_JSON: 100, OAuthException, 400, Inferred, "the form of the other errors about parameters", "(#100) Invalid parameter: the body is not a JSON object";
    BODY_TOO_LARGE: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) The request body is larger than the allowable limit";
    TOO_MANY_VALUES: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) The request has more values than the allowable limit";
    NOT_HTTP: 100, OAuthException, 400, Inferred, "graphdouble's own answer to what no Graph call is", "(#100) The request is not HTTP/1.1: {why}";
    PARAM_REQUIRED: 100, OAuthException, 400, Observed, "fixtures of Spring Social; Kong/unirest-nodejs 95, masnun/fb-bot 2", "(#100) The parameter {param} is required";
    PARAM_MUST_BE: 100, OAuthException, 400, Inferred, "the form of the other errors about parameters", "(#100) Param {param} must be {kind}.";
    PARAM_TEXT: 100, OAuthException, 400, Observed, "recorded of message[text] that was no text", "(#100) Param {param} must be a UTF-8 encoded string";
    PARAM_NO_TEXT: 100, OAuthException, 400, Observed, "recorded of an empty text of a template", "(#100) Param {param} must be a non-empty UTF-8 encoded string";
    PARAM_ID: 100, OAuthException, 400, Observed, "botpress/botpress 559", "(#100) Param {param} must be a valid ID string (e.g., \"123\")";
    PARAM_ONE_KEY: 100, OAuthException, 400, Inferred, "the form of the other errors about parameters", "(#100) Param {param} must be an object with exactly one key.";
    PARAM_VALUE_INVALID: 100, OAuthException, 400, Observed, "recorded of quick replies of an unknown content_type", "(#100) Param {param} has an invalid value. Please check our developer doc for details.";
    PARAM_ONE_OF: 100, OAuthException, 400, Observed, "mjarkk/whatsapp-dev, modelled on answers; recorded of subscribed_fields", "(#100) Param {param} must be one of {{values}} - got \"{got}\".";
    PARAM_LENGTH: 100, OAuthException, 400, Observed, "an Elixir bot's tests, which quote Meta", "(#100) Length of param {param} must be less than or equal to {limit}";
    PARAM_EMPTY: 100, OAuthException, 400, Observed, "recorded of an empty list of buttons", "(#100) param {param} must be non-empty.";
    PARAM_TOO_LARGE: 100, OAuthException, 400, Inferred, "the form of the error about lengths", "(#100) Param {param} must be less than or equal to {limit}";
    INVALID_KEYS: 100, OAuthException, 400, Observed, "rickydunlop/fbmessenger 63, howdyai/botkit 955", "(#100) Invalid keys \"{keys}\" were found in param \"{param}\".";
    TOO_MANY_ELEMENTS: 105, OAuthException, 400, Observed, "an Elixir bot's tests, which quote Meta", "(#105) param {param} has too many elements.";
    TOO_FEW_ELEMENTS: 194, OAuthException, 400, Observed, "recorded of empty lists", "(#194) param {param} has too few elements.";
    INVALID_URL: 100, OAuthException, 400, Observed, "published tests against the live Send API; vlab-research/fly", "(#100) {url} should represent a valid URL";
    TAG_ENDED: 100 / 1893061, OAuthException, 400, Observed, "chatwoot/chatwoot 14669, June 2026", "Invalid parameter", user: "Message tag not supported", "This message tag is no longer supported.";
    INVALID_TAG: 100, OAuthException, 400, Observed, "vlab-research/fly", "(#100) Invalid tag.";
    NOT_BUILT: 100, OAuthException, 400, Inferred, "graphdouble's own: Meta has it and graphdouble does not", "(#100) {what} is not built yet in graphdouble";
    MESSAGE_EMPTY: 100 / 2018034, OAuthException, 400, Observed, "published tests against the live Send API; rickydunlop/fbmessenger-node 24 has the subcode", "(#100) Message cannot be empty, must provide valid attachment or text";
    MESSAGE_OR_ACTION: 100 / 2018015, OAuthException, 400, Observed, "miki2826/botly 36", "(#100) Must send either message or state";
    MESSAGE_AND_ACTION: 100 / 2018014, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Cannot send both message and state at the same time.";
    TEXT_AND_ATTACHMENT: 100, OAuthException, 400, Inferred, "Messenger docs: Send API, text and attachment exclude each other; the text is ours", "(#100) Message cannot have both text and attachment";
    ATTACHMENT_TYPE: 100, OAuthException, 400, Observed, "published tests against the live Send API", "(#100) Param message[attachment][type] is not supported. Please check developer docs for details";
    ATTACHMENTS_TYPE: 100, OAuthException, 400, Inferred, "the error of a single attachment, with the name of the parameter that Instagram has beside it", "(#100) Param {param} is not supported. Please check developer docs for details";
    ATTACHMENT_UNKNOWN: 100 / 2018074, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Possible invalid ID or you do not own the attachment.";
    TEMPLATE_TYPE: 100, OAuthException, 400, Observed, "vlab-research/fly", "(#100) Invalid template type";
    ELEMENT_INCOMPLETE: 100 / 2018035, OAuthException, 400, Observed, "recorded of a card that has only a title", "(#100) Incomplete element data: title and at least one other field (image url, subtitle or buttons) is required with non-empty value";
    BUTTON_TITLE_NEEDED: 100 / 2018053, OAuthException, 400, Observed, "recorded of buttons without it", "(#100) Element button title cannot be empty.";
    BUTTON_PAYLOAD_NEEDED: 100 / 2018040, OAuthException, 400, Observed, "recorded of buttons without it", "(#100) Payload cannot be empty for postback type button";
    BUTTON_URL_NEEDED: 100 / 2018041, OAuthException, 400, Observed, "recorded of buttons without it", "(#100) Web url cannot be empty for url type button";
    QUICK_REPLY_TITLE_NEEDED: 100 / 2018098, OAuthException, 400, Observed, "recorded of quick replies without it", "(#100) Title is required for this quick reply content type";
    QUICK_REPLY_PAYLOAD_NEEDED: 100 / 2018099, OAuthException, 400, Observed, "recorded of quick replies without it", "(#100) Payload is required for this quick reply content type";
    LOCATION_GONE: 100, OAuthException, 400, Observed, "node-red-chatbot 495, botbuilder-js 1686", "(#100) Location Quick Reply is now deprecated on API 4.0. Please refer to our Developer Documentation for more info.";
    LIST_TEMPLATE_GONE: 100, OAuthException, 400, Observed, "node-red-chatbot 495, botbuilder-js 1686", "(#100) List template on Messenger Platform is deprecated on API 4.0. It will be removed from all versions soon.";
    OPEN_GRAPH_TEMPLATE_GONE: 100, OAuthException, 400, Inferred, "like the list template, which went with it", "(#100) Open Graph template on Messenger Platform is deprecated on API 4.0. It will be removed from all versions soon.";
    CURRENCY_UNKNOWN: 100, OAuthException, 400, Observed, "recorded of a receipt in the currency usd", "(#100) The currency code '{got}' is not supported";
    AMOUNT_INVALID: 100 / 2018055, OAuthException, 400, Observed, "recorded of a receipt with a negative total", "(#100) The amount you specified in payment summary is invalid. Please verify that it is a valid positive amount and is supported by its currency in terms of decimal places.";
    EXTENSIONS_NOT_WHITELISTED: 100, OAuthException, 400, Observed, "jgorset/facebook-messenger 162, davidchua/pymessenger 34", "(#100) The URL provided is not whitelisted for messenger extensions";
    FILE_COUNT: 100 / 2018005, OAuthException, 400, Observed, "bottenderjs/messaging-apis 334", "(#100) Incorrect number of files uploaded. Must upload exactly one file.";
    ONE_LOGIN_BUTTON: 100, OAuthException, 400, Inferred, "Messenger docs: Log In button; the text is ours", "(#100) A template can have only one button of type account_link";
    PERSONA_ONLY_TYPES: 100, OAuthException, 400, Inferred, "Messenger docs: personas name the sender actions; the text is ours", "(#100) Param persona_id can only be used with a message, typing_on or typing_off";
    MEDIA_TYPE_INVALID: 100 / 2018182, OAuthException, 400, Documented, "Messenger docs: media template, errors", "(#100) Media Type not valid";
    MEDIA_URL_FOREIGN: 100 / 2018185, OAuthException, 400, Documented, "Messenger docs: media template, errors", "(#100) Non facebook url in url param";
    MEDIA_SOURCE_NEEDED: 100 / 2018187, OAuthException, 400, Documented, "Messenger docs: media template, errors", "(#100) Either URL or attachment id is required";
    PRODUCT_UNKNOWN: 100 / 2018320, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Invalid product id";
    NOT_A_USER: 100, OAuthException, 400, Observed, "published tests against the live Send API", "(#100) Parameter error: You cannot send messages to this id";
    NO_MATCHING_USER: 100 / 2018001, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) No matching user found";
    NO_PROFILE: 100 / 2018218, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) No profile available for this user.";
    PERSON_UNAVAILABLE: 551 / 1545041, OAuthException, 400, Documented, "Messenger docs: error codes", "(#551) This person isn't available right now.";
    ANOTHER_APP_CONTROLS: 10 / 2018300, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) Message failed to send because another app is controlling this thread now.";
    LEAD_FLOW: 10 / 2018321, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) The chat is currently controlled by Messenger while the user is in an automated question and answer flow. Please wait for the flow to finish before trying again.";
    RECEIVERS_ONLY: 100 / 2018171, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Only available to Primary and Secondary Receivers.";
    RECEIVER_HIDDEN: 100 / 2018234, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Denying visibility of any secondary receiver to another secondary receiver other than itself.";
    PRIMARY_ONLY: 100, OAuthException, 400, Inferred, "Handover Protocol docs: who may call; the text is ours", "(#100) {call} is only available to the Primary Receiver.";
    SECONDARY_ONLY: 100, OAuthException, 400, Inferred, "Handover Protocol docs: who may call; the text is ours", "(#100) {call} is only available to Secondary Receivers.";
    OUTSIDE_WINDOW: 10 / 2018278, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview";
    NOT_OWNER_PASS: 100, OAuthException, 400, Observed, "recorded under Conversation Routing", "(#100) Cannot pass thread control: the calling app is not the thread owner.";
    NOT_OWNER_RELEASE: 100, OAuthException, 400, Observed, "recorded under Conversation Routing", "(#100) Only the current thread owner can release thread control.";
    NOT_OWNER_EXTEND: 100, OAuthException, 400, Inferred, "like the refused release", "(#100) Only the current thread owner can extend thread control.";
    INCORRECT_APP_ID: 100 / 2018164, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Incorrect App ID.";
    PASS_TO_SELF: 100, OAuthException, 400, Inferred, "the form of the other errors about thread control", "(#100) The thread owner cannot pass thread control to itself.";
    ALREADY_OWNER: 100, OAuthException, 400, Inferred, "the form of the other errors about thread control", "(#100) The calling app is already the thread owner.";
    CONTROL_COMBINED: 100, OAuthException, 400, Inferred, "Conversation Routing: payload or app_id; the text is ours", "(#100) Param thread_control must set either payload or app_id, not both.";
    HANDOVER_DISABLED: 100, OAuthException, 400, Inferred, "Conversation Routing: Handover Protocol APIs disabled; code and type are ours", "(#100) Handover Protocol APIs disabled for this page.";
    TAKE_NOT_SUPPORTED: 27, OAuthException, 400, Observed, "recorded of take_thread_control without Conversation Routing", "(#27) Take thread control is not supported when Conversation Routing is not enabled.";
    CALL_NOT_SUPPORTED: 100, OAuthException, 400, Inferred, "like the error of take_thread_control", "(#100) {call} is not supported for this page.";
    UNKNOWN_MESSAGE: 100, OAuthException, 400, Inferred, "the form of the other errors about ids", "(#100) Invalid message id";
    ONE_PARAM_NEEDED: 100, OAuthException, 400, Observed, "recorded of messenger_profile without a property", "(#100) Requires one of the params: {params}";
    PARAM_GONE: 100, OAuthException, 400, Inferred, "the form of the errors about quick replies and templates that ended", "(#100) Param {param} has been deprecated";
    DEFAULT_LOCALE_NEEDED: 100, OAuthException, 400, Inferred, "Messenger docs: Messenger profile; the text is ours", "(#100) Param {param} must have an element with the locale default";
    LOCALE_TWICE: 100, OAuthException, 400, Inferred, "Messenger docs: Messenger profile; the text is ours", "(#100) Param {param} has the locale {locale} more than once";
    MENU_NEEDS_GET_STARTED: 100 / 2018145, OAuthException, 400, Observed, "recorded of a persistent menu without Get Started", "(#100) You must set a Get Started button if you also wish to use persistent menu.";
    MENU_NOT_PRIMARY: 100, OAuthException, 400, Observed, "jgorset/facebook-messenger 276, 2022", "(#100) Cannot set persistent menu because your app is not set as the primary app for the page.";
    MENU_NESTED: 11, OAuthException, 400, Observed, "recorded of nested menus since v8.0", "(#11) Setting of Nested Persistent Menu has been deprecated for v8.0 and higher";
    UNKNOWN_PERSONA: 100, OAuthException, 400, Inferred, "the form of the other errors about ids", "(#100) Invalid persona id";
    TOO_MANY_WELCOME_FLOWS: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) The page has too many welcome message flows";
    TOO_MANY_PERSONAS: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) The page has too many personas";
    UPLOAD_FAILED: 100 / 2018047, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Upload attachment failure.";
    ATTACHMENT_TOO_LARGE: 100 / 2018109, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Attachment size exceeds allowable limit";
    LABEL_EXISTS: 100, OAuthException, 400, Inferred, "Messenger docs: custom labels; the text is ours", "(#100) A label with this name already exists on the page.";
    LABELS_TOO_MANY: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) The page has reached the maximum number of labels.";
    MESSAGE_DELETED: 9000001, OAuthException, 400, Documented, "Messenger docs: error codes", "(#9000001) This Message has been deleted by the user or the business.";
    VERIFICATION_FAILED: 2200, OAuthException, 400, Observed, "fbsamples/graph-api-webhooks-samples 9", "(#2200) Callback verification failed with the following errors: {errors}";
    OVERLOADED: 2, OAuthException, 503, Inferred, "graphdouble's own limit", "(#2) Service temporarily unavailable: too many requests wait", transient: true;
    UNAVAILABLE: 2, OAuthException, 500, Observed, "fixtures of restfb and Spring Social", "(#2) Service temporarily unavailable", transient: true;
    INTERNAL: 1, OAuthException, 500, Observed, "fixtures of restfb", "An unknown error occurred";
    INSTAGRAM_CODE_REFUSED: 400, OAuthException, 400, Observed, "recorded by restfb of api.instagram.com; an inbox of its own", "Matching code was not found or was already used";
    INSTAGRAM_CLIENT_UNKNOWN: 400, OAuthException, 400, Inferred, "like the code that was not found", "Invalid platform app";
    UNSUPPORTED_METHOD: 100, IGApiException, 400, Observed, "diwenne/openreply 31; chatwoot/chatwoot 14932", "Unsupported request - method type: {method}";

    // Most of the errors below are answered only when a scenario's fault says so.
    // Limits.
    RATE_LIMITED: 613, OAuthException, 400, Documented, "Messenger docs: error codes, an older table", "(#613) Calls to this api have exceeded the rate limit.";
    RATE_LIMITED_INSTAGRAM: 613 / 2534040, OAuthException, 400, Documented, "Messenger docs: error codes", "(#613) Calls to this api have exceeded the rate limit.";
    RATE_LIMITED_MESSENGER: 80006, OAuthException, 400, Inferred, "vlab-research/fly tries it again; the text is ours", "(#80006) There have been too many calls to this Messenger account. Wait a bit and try again.";
    APP_RATE_LIMITED: 4, OAuthException, 400, Observed, "recorded with the header WWW-Authenticate", "(#4) Application request limit reached";
    USER_RATE_LIMITED: 17, OAuthException, 400, Documented, "Graph API docs: error handling", "(#17) User request limit reached";
    PAGE_RATE_LIMITED: 32, OAuthException, 400, Inferred, "vlab-research/fly tries it again; the text is ours", "(#32) Page request limit reached";
    APPLICATION_LIMIT: 341, OAuthException, 400, Documented, "Graph API docs: error handling", "(#341) Application limit reached";
    PHONE_RATE_LIMITED: 4 / 2018022, OAuthException, 400, Documented, "Messenger docs: error codes, an older table", "(#4) Too many send requests to phone numbers";
    NOTIFICATION_TOO_SOON: 4 / 2018354, OAuthException, 400, Documented, "Messenger docs: error codes", "(#4) Marketing Messages - There has to be a minimum delay between 2 notifications for the given notification";
    TOO_MANY_ACTIONS: 9 / 2018352, OAuthException, 400, Documented, "Messenger docs: error codes", "(#9) User is performing too many actions";
    TOO_MANY_OPT_INS: 613 / 1893016, OAuthException, 400, Documented, "Messenger docs: error codes", "(#613) Scope of service exceeded: You may not send multiple opt-in requests with the same topic to a user.";
    BOTHERSOME: 613 / 2018338, OAuthException, 400, Documented, "Messenger docs: error codes", "(#613) Warning! You are engaging in behavior that may be considered bothersome or abusive by users.";
    MISUSE_BLOCKED: 368, OAuthException, 400, Observed, "fixtures of Spring Social", "It looks like you were misusing this feature by going too fast. You've been blocked from using it.";

    // Failures at Meta.
    UNKNOWN_ERROR: 1 / 99, OAuthException, 500, Documented, "Messenger docs: error codes", "An unknown error occurred.", transient: false;
    INVALID_REPLY: 1 / 1357046, OAuthException, 500, Documented, "Messenger docs: error codes", "Received invalid JSON reply.";
    TOO_MUCH_DATA: 1, OAuthException, 500, Observed, "recorded with status 500; jgorset/facebook-messenger 244", "Please reduce the amount of data you're asking for, then retry your request";
    META_INTERNAL: -1, OAuthException, 500, Observed, "vlab-research/fly", "Meta internal error";
    SEND_API_INTERNAL: -1 / 2018012, OAuthException, 500, Observed, "recorded of the Send API", "(#-1) Send API unexpected internal error";
    TEMPORARY_SEND_FAILURE: 1200 / 2018024, OAuthException, 500, Observed, "Yoctol/messaging-apis 237; Messenger docs: error codes, an older table", "(#1200) Temporary send message failure. Please try again later.";
    CONTACT_TERMS_NEEDED: 2 / 2018344, OAuthException, 500, Documented, "Messenger docs: error codes", "(#2) Service temporarily unavailable: Privacy ToS not accepted";

    // The person, and the window.
    OUTSIDE_WINDOW_INSTAGRAM: 10 / 2534022, OAuthException, 403, Observed, "recorded with status 403; Messenger docs: error codes", "(#10) This message is sent outside of allowed window.";
    NEWS_PERMISSION_NEEDED: 10 / 2018065, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) This message is sent outside of allowed window. You need News Messaging permission to be able to do it.";
    CANNOT_RECEIVE: 10 / 2018108, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) They can't receive your messages right now.";
    NOTIFICATIONS_STOPPED: 10 / 1893015, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) This user has currently stopped notification messages for this topic";
    PERSON_NOT_RECEIVING: 551, OAuthException, 400, Documented, "Messenger docs: error codes", "(#551) This person isn't receiving messages from you right now.";
    RECIPIENT_NOT_AVAILABLE: 551 / 1893047, OAuthException, 400, Observed, "vlab-research/fly", "(#551) This person isn't available right now.", transient: false, user: "Send Message Recipient Not Available", "This person isn't available right now.";
    MESSAGE_NOT_SENT: 200 / 1545041, OAuthException, 403, Documented, "Messenger docs: error codes", "(#200) Message Not Sent: This person isn't available right now.";
    NO_MATCHING_INSTAGRAM_USER: 100 / 2534014, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) The requested user cannot be found.";
    THREAD_GONE: 100 / 2534001, OAuthException, 400, Observed, "a campaign tool's tests, which quote Meta", "(#100) The thread owner has archived or deleted this conversation, or the thread does not exist.";
    INSTAGRAM_ADVANCED_ACCESS: 200 / 2534048, OAuthException, 403, Observed, "recorded of the Send API of Instagram", "(#200) App does not have Advanced Access to instagram_manage_messages permission and recipient user does not have a role on app.";
    TAKE_NOT_SUPPORTED_INSTAGRAM: 27 / 2534123, OAuthException, 400, Observed, "recorded of take_thread_control at Instagram", "(#27) Take thread control is not supported when Conversation Routing is not enabled.";
    NOT_OWNER_INSTAGRAM: 100 / 2534037, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) The action is invalid since it's not the thread owner.";
    COMMENT_INVALID: 100 / 2534025, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) The comment is invalid for a private reply";
    COMMENT_UNKNOWN: 100 / 2018292, OAuthException, 400, Observed, "restfb/restfb 1165", "(#100) Invalid {param} parameter";
    REPLY_TIME_EXPIRED: 10901, OAuthException, 400, Observed, "restfb/restfb 1165", "(#10901) Activity replying time expired";
    ALREADY_REPLIED: 10900, OAuthException, 400, Observed, "restfb/restfb 1165", "(#10900) Activity already replied to";
    PROFILE_PERMISSION_NEEDED: 100 / 2018247, OAuthException, 400, Documented, "Messenger docs: error codes; Yoctol/messaging-apis 430", "(#100) Insufficient permission to access user profile.";
    TOKEN_OF_NOTIFICATION_INVALID: 100, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) notification_messages_token is invalid";
    TOKEN_OF_NOTIFICATION_EXPIRED: 100, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) notification_messages_token has expired";
    LINKING_TOKEN_INVALID: 10303, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10303) Invalid account_linking_token.";
    CONSENT_REQUIRED: 230, OAuthException, 400, Observed, "chatwoot/chatwoot; a bot's own log", "(#230) User consent is required to access user profile";
    NO_INSTAGRAM_USER: 9010, OAuthException, 400, Observed, "a CRM's issue 19; chatwoot/chatwoot", "(#9010) No matching Instagram user";
    ALREADY_REPLIED_INTERNAL: -1 / 2534023, OAuthException, 500, Observed, "a test of private replies", "Meta internal error";
    SEVERAL_ATTACHMENTS: 100 / 2534068, OAuthException, 400, Documented, "Instagram docs: error codes", "(#100) Several attachments are not allowed";

    // Content of messages.
    FETCH_FAILED: 100 / 2018008, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Failed to fetch the file from the url. Check that the URL is valid, with a valid SSL certificate, valid file size, and that the server is responding fast enough to avoid timeouts.";
    FILE_TYPE: 546, OAuthException, 400, Observed, "jgorset/facebook-messenger 221", "(#546) The type of file you're trying to attach isn't allowed. Please try again with a different format.";
    VIDEO_FAILED: 100 / 2018294, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Video upload timed out or video is corrupted. Note that if the video can't be fetched within 75 seconds, it will time out.";
    PRODUCT_TOO_OLD: 100 / 2018328, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Product template is not supported below version 8. Use API version 8 or higher to use product templates.";
    MESSAGE_DATA_INVALID: 100 / 2534015, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) Invalid message data";
    UTILITY_TEMPLATE_UNKNOWN: 100, OAuthException, 400, Observed, "a campaign tool's tests, which quote Meta", "(#100) Template cannot be found.";
    UTILITY_TEMPLATE_EXISTS: 100, OAuthException, 400, Inferred, "Messenger docs: utility messages, names; the text is ours", "(#100) A message template with this name and language already exists.";
    UTILITY_TEMPLATES_TOO_MANY: 100, OAuthException, 400, Inferred, "graphdouble's own limit", "(#100) The page has reached the maximum number of message templates.";
    UTILITY_BUTTON_TYPE: 100 / 2018416, OAuthException, 400, Observed, "vlab-research/fly", "Fatal", user: "Message Template Creation Failed", "The message template could not be created.";
    UTILITY_PARAMETERS: 100, OAuthException, 400, Inferred, "the form of the error about payloads", "(#100) Number of parameters does not match the expected number of params";
    UTILITY_PAYLOAD_MISSING: 100 / 1893029, OAuthException, 400, Observed, "vlab-research/fly", "(#100) User pass less payload than required for POSTBACK button";
    UTILITY_CHARACTERS: 100 / 1893043, OAuthException, 400, Observed, "a campaign tool's tests, which quote Meta", "(#100) Special characters '#','%','$' and emojis not allowed in template parameter";

    // The app and the page.
    CAPABILITY_MISSING: 3, OAuthException, 400, Inferred, "Graph API docs: error handling name the code; the text is ours", "(#3) Application does not have the capability to make this API call.";
    PERMISSION_MISSING: 10, OAuthException, 400, Inferred, "Messenger docs: error codes have the words with subcode 1404170", "(#10) Application does not have permission for this action";
    OPT_IN_RESTRICTED: 10 / 1404170, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) Application does not have permission for this action";
    PAGE_RESTRICTED: 10 / 1893063, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) You are temporarily restricted from sending messages.";
    REVIEW_NEEDED: 10 / 2018028, OAuthException, 400, Observed, "recorded with code 10; Messenger docs: error codes have code 200", "(#10) Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.";
    REVIEW_NEEDED_200: 200 / 2018028, OAuthException, 403, Documented, "Messenger docs: error codes", "(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.";
    PHONE_REVIEW_NEEDED: 200 / 2018027, OAuthException, 403, Documented, "Messenger docs: error codes", "(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging_phone_number permission is reviewed and the app is live.";
    PHONE_FEE_NEEDED: 200 / 2018021, OAuthException, 403, Documented, "Messenger docs: error codes", "(#200) Requires phone matching access fee to be paid by this page unless the recipient user is an admin, developer, or tester of the app.";
    USER_THREAD_IMPACT: 10 / 2018336, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) User Thread Impact";
    PERMISSIONS_ERROR: 200, OAuthException, 403, Observed, "fixtures of Spring Social; a recording of 2020", "(#200) Permissions error";
    NOT_AUTHORIZED: 200, OAuthException, 403, Observed, "fixtures of Spring Social", "(#200) The user hasn't authorized the application to perform this action";
    FIELD_PERMISSION_NEEDED: 200, OAuthException, 403, Observed, "jgorset/facebook-messenger 280; recorded of leadgen in 2026", "(#200) To subscribe to the {field} field, one of these permissions is needed: {permission}.";
    SUBSCRIBED_FIELDS_REQUIRED: 100, OAuthException, 400, Observed, "claudiajs/claudia-bot-builder 179", "(#100) The parameter subscribed_fields is required.";
    EXTENDED_PERMISSION_NEEDED: 283, OAuthException, 400, Observed, "PipedreamHQ/pipedream 7581", "(#283) Requires pages_read_engagement permission to manage the object";
    API_BLOCKED: 200 / 458, OAuthException, 403, Observed, "recorded with the header WWW-Authenticate", "API access blocked.";
    MESSAGING_PERMISSION_NEEDED: 230, OAuthException, 403, Observed, "jgorset/facebook-messenger, specs", "(#230) Requires pages_messaging permission to manage the object";
    COMMERCE_DISABLED: 2022, OAuthException, 400, Documented, "Messenger docs: error codes", "(#2022) The ability to send commerce messages has been temporarily disabled. This is the result of a feature limit placed after a policy violation.";
    OBJECT_UNREADABLE: 100, OAuthException, 400, Observed, "sns-sdks/python-facebook, fixtures", "(#100) Object does not exist, cannot be loaded due to missing permission or reviewable feature, or does not support this operation.";
    INVALID_FBID: 100, OAuthException, 400, Observed, "fixtures of Spring Social", "(#100) Invalid fbid.";
    USERNAME_QUERIED: 803, OAuthException, 400, Observed, "fixtures of Spring Social", "(#803) Cannot query users by their username ({alias})";
    INSTAGRAM_NOT_LINKED: 100 / 2534013, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) The page is not linked to an Instagram account";
    INSTAGRAM_BLOCKED: 100 / 2534029, OAuthException, 400, Documented, "Messenger docs: error codes", "(#100) The business has been blocked from sending messages via the IG Messaging API";
    INSTAGRAM_UNVERIFIED: 10 / 2534077, OAuthException, 400, Documented, "Messenger docs: error codes", "(#10) Cannot verify the connection between the IG account, the logged in user and the page. Please try reconnecting or verify if the user needs 2-factor authentication.";
    INSTAGRAM_DISABLED: 200 / 2534041, OAuthException, 403, Documented, "Messenger docs: error codes", "(#200) The account owner has disabled access to instagram direct messages.";
    INSTAGRAM_NOT_ELIGIBLE: 36103, OAuthException, 400, Documented, "Messenger docs: error codes", "(#36103) This IG account is not eligible for API yet";
    INSTAGRAM_PERMISSION_NEEDED: 10, OAuthException, 403, Observed, "live tests of September 2026", "(#10) Application does not have permission for this action";

    // Tokens.
    PROOF_NEEDED: 100, GraphMethodException, 400, Observed, "recorded of calls without a proof", "API calls from the server require an appsecret_proof argument";
    TOKEN_UNREADABLE: 190, OAuthException, 400, Observed, "fixtures of Spring Social; mjarkk/whatsapp-dev", "The access token could not be decrypted";
    TOKEN_MALFORMED: 190, OAuthException, 400, Observed, "mjarkk/whatsapp-dev, modelled on answers", "Malformed access token {token}";
    TOKEN_CHECKPOINT: 190 / 459, OAuthException, 400, Inferred, "Graph API docs: error handling name the subcode; the text is ours", "Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.";
    TOKEN_PASSWORD_CHANGED: 190 / 460, OAuthException, 400, Observed, "fixtures of Spring Social", "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.";
    TOKEN_EXPIRED: 190 / 463, OAuthException, 400, Observed, "fixtures of Spring Social", "Error validating access token: Session has expired on {date}. The current time is {now}.";
    TOKEN_UNCONFIRMED: 190 / 464, OAuthException, 400, Inferred, "Graph API docs: error handling name the subcode; the text is ours", "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.";
    TOKEN_INVALIDATED: 190 / 466, OAuthException, 400, Observed, "fixtures of Spring Social", "Error validating access token: The session was invalidated explicitly using an API call.";
    TOKEN_LOGGED_OUT: 190 / 467, OAuthException, 400, Observed, "fixtures of Spring Social", "Error validating access token: The session is invalid because the user logged out.";
    TOKEN_WITHOUT_ROLE: 190 / 492, OAuthException, 400, Inferred, "Graph API docs: error handling name the subcode; the text is ours", "Error validating access token: Sessions for the user are not allowed because the user does not have appropriate role on the page.";
    TOKEN_IDLE: 190 / 493, OAuthException, 400, Observed, "recorded of tokens that nobody had used for long", "The access token is invalid since the user hasn't engaged the app in longer than 90 days.";
    TOKEN_NOT_OF_A_PAGE: 190, OAuthException, 400, Observed, "recorded of a call with a token of a user", "(#190) This method must be called with a Page Access Token";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_its_code_or_is_one_of_metas_bare_ones() {
        const BARE: &[i32] = &[-1, 1, 101, 104, 190, 191, 368, 2500];
        // The texts of /oauth/access_token, and some more.
        const BARE_NAMES: &[&str] = &[
            "code_invalid",
            "code_expired",
            "code_used",
            "grant_type",
            "api_blocked",
            "tag_ended",
            "utility_button_type",
            "unsupported_method",
            "instagram_code_refused",
            "instagram_client_unknown",
            "batch_depends_on",
        ];
        for template in CATALOGUE {
            let prefixed = template.text.starts_with(&format!("(#{})", template.code));
            let bare = BARE.contains(&template.code) || BARE_NAMES.contains(&template.name);
            let bare = bare || template.kind == "GraphMethodException";
            assert!(prefixed || bare, "{}: {}", template.name, template.text);
            assert!(matches!(template.status, 400 | 403 | 500 | 503), "{}", template.name);
            // Where Meta said otherwise on the wire it used ASCII, whatever its documents print.
            assert!(template.text.is_ascii(), "{}", template.name);
        }
    }

    #[test]
    fn every_error_has_a_name_of_its_own_and_is_found_by_it() {
        for template in CATALOGUE {
            assert!(
                template.name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit())
            );
            assert!(by_name(template.name).is_some_and(|found| std::ptr::eq(found, *template)), "{}", template.name);
        }
        assert!(by_name("RATE_LIMITED").is_none());
        assert_eq!(NAMES.len(), CATALOGUE.len());
    }

    #[test]
    fn every_error_has_the_source_of_its_basis() {
        for template in CATALOGUE {
            let source = template.source;
            assert!(source.len() > 3 && source.trim() == source, "{}", template.name);
            match template.basis {
                Basis::Documented => assert!(source.contains("docs:"), "{}: {source}", template.name),
                Basis::Observed => assert!(!source.contains("ours"), "{}: {source}", template.name),
                Basis::Inferred => assert!(!source.contains("recorded of"), "{}: {source}", template.name),
            }
        }
    }

    #[test]
    fn an_example_leaves_nothing_to_fill_in() {
        for template in CATALOGUE {
            let message = template.example().message;
            assert_eq!(placeholders(&message).count(), 0, "{message}");
        }
        assert_eq!(UNKNOWN_PATH.example().message, "Unknown path components: /something");
    }

    #[test]
    fn texts_are_filled_in() {
        let error = PARAM_ONE_OF.with(&[("param", "tag"), ("values", "A, B"), ("got", "C")]);
        assert_eq!(error.message, r#"(#100) Param tag must be one of {A, B} - got "C"."#);
    }
}

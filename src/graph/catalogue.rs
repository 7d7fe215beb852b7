//! Graph room: the one catalogue of errors. Code, subcode, type, HTTP status, text and where we know it from; everything that
//! answers an error takes it from here.

use crate::domain::rules::Basis;

/// An error of the catalogue. `{words}` in its text are filled in.
#[derive(Debug)]
pub struct Template {
    /// The name by which people call it.
    pub name: &'static str,
    /// `code`.
    pub code: i32,
    /// `error_subcode`.
    pub subcode: Option<u32>,
    /// `type`.
    pub kind: &'static str,
    /// HTTP status.
    pub status: u16,
    /// `is_transient`, where Meta sends it.
    pub transient: Option<bool>,
    /// Where we know code and text from.
    pub basis: Basis,
    /// `message`.
    pub text: &'static str,
}

/// An error, filled in.
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
    /// `is_transient`.
    pub transient: Option<bool>,
    /// `message`.
    pub message: String,
}

impl Template {
    /// The error, whose text has nothing to fill in.
    pub fn error(&self) -> GraphError {
        self.with(&[])
    }

    /// The error under other numbers than the catalogue's, where nobody knows Meta's.
    pub fn numbered(&self, code: i32, status: u16) -> GraphError {
        let message = self.text.replace(&format!("(#{})", self.code), &format!("(#{code})"));
        GraphError { code, status, message, ..self.error() }
    }

    /// The error with its text filled in.
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
            transient: self.transient,
            message,
        }
    }
}

macro_rules! catalogue {
    ($($name:ident: $code:literal $(/ $subcode:literal)?, $kind:ident, $status:literal, $basis:ident, $text:literal;)*) => {
        $(
            #[doc = concat!("Code ", stringify!($code), ".")]
            pub static $name: Template = Template {
                name: stringify!($name),
                code: $code,
                subcode: catalogue!(@subcode $($subcode)?),
                kind: stringify!($kind),
                status: $status,
                transient: None,
                basis: Basis::$basis,
                text: $text,
            };
        )*

        /// Every error, in the order of the catalogue.
        pub static CATALOGUE: &[&Template] = &[$(&$name),*];
    };
    (@subcode) => { None };
    (@subcode $subcode:literal) => { Some($subcode) };
}

catalogue! {
    TOKEN_MISSING: 104, OAuthException, 401, Observed, "An access token is required to request this resource.";
    TOKEN_INVALID: 190, OAuthException, 401, Documented, "Invalid OAuth access token.";
    TOKEN_APP_REMOVED: 190 / 458, OAuthException, 401, Observed, "Error validating access token: the page has not authorized application {app}.";
    PROOF_INVALID: 100, GraphMethodException, 400, Observed, "Invalid appsecret_proof provided in the API argument";
    NO_CURRENT_USER: 2500, OAuthException, 400, Observed, "An active access token must be used to query information about the current user.";
    PAGE_TOKEN_NEEDED: 210, OAuthException, 400, Observed, "(#210) A page access token is required to request this resource.";
    APP_TOKEN_NEEDED: 15, OAuthException, 400, Inferred, "(#15) This method must be called with an app access_token.";
    UNKNOWN_OBJECT: 100 / 33, GraphMethodException, 400, Documented, "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api";
    UNKNOWN_ALIAS: 803, OAuthException, 400, Observed, "(#803) Some of the aliases you requested do not exist: {alias}";
    UNKNOWN_PATH: 2500, OAuthException, 400, Observed, "Unknown path components: /{rest}";
    UNKNOWN_FIELD: 100, OAuthException, 400, Observed, "(#100) Tried accessing nonexisting field ({field}) on node type ({node})";
    FIELDS_SYNTAX: 2500, OAuthException, 400, Inferred, "Syntax error \"Expected {expected} instead of {found}.\" at character {at}: {text}";
    FIELDS_TOO_MANY: 100, OAuthException, 400, Inferred, "(#100) Too many fields, or fields nested too deeply";
    INVALID_CURSOR: 100, OAuthException, 400, Inferred, "(#100) Invalid cursors values for {param}";
    BATCH_TOO_LARGE: 100, OAuthException, 400, Inferred, "(#100) Too many requests in batch message. Maximum batch size is 50";
    MULTIPART_BROKEN: 100, OAuthException, 400, Inferred, "(#100) Invalid parameter: the multipart body cannot be read: {why}";
    INVALID_JSON: 100, OAuthException, 400, Inferred, "(#100) Invalid parameter: the body is not a JSON object";
    BODY_TOO_LARGE: 100, OAuthException, 400, Inferred, "(#100) The request body is larger than the allowable limit";
    PARAM_REQUIRED: 100, OAuthException, 400, Observed, "(#100) The parameter {param} is required";
    PARAM_MUST_BE: 100, OAuthException, 400, Inferred, "(#100) Param {param} must be {kind}.";
    PARAM_ONE_OF: 100, OAuthException, 400, Observed, "(#100) Param {param} must be one of {{values}} - got \"{got}\".";
    PARAM_LENGTH: 100, OAuthException, 400, Observed, "(#100) Length of param {param} must be less than or equal to {limit}";
    PARAM_TOO_LARGE: 100, OAuthException, 400, Inferred, "(#100) Param {param} must be less than or equal to {limit}";
    INVALID_KEYS: 100, OAuthException, 400, Observed, "(#100) Invalid keys \"{keys}\" were found in param \"{param}\".";
    TOO_MANY_ELEMENTS: 105, OAuthException, 400, Observed, "(#105) param {param} has too many elements.";
    TOO_FEW_ELEMENTS: 105, OAuthException, 400, Inferred, "(#105) param {param} has too few elements.";
    INVALID_URL: 100, OAuthException, 400, Observed, "(#100) {url} should represent a valid URL";
    INVALID_TAG: 100, OAuthException, 400, Observed, "(#100) Invalid tag.";
    NOT_BUILT: 100, OAuthException, 400, Inferred, "(#100) {what} is not built yet in graphdouble";
    MESSAGE_EMPTY: 100 / 2018034, OAuthException, 400, Observed, "(#100) Message cannot be empty, must provide valid attachment or text";
    MESSAGE_AND_ACTION: 100 / 2018014, OAuthException, 400, Documented, "(#100) Cannot send both message and state at the same time.";
    TEXT_AND_ATTACHMENT: 100, OAuthException, 400, Inferred, "(#100) Message cannot have both text and attachment";
    ATTACHMENT_TYPE: 100, OAuthException, 400, Observed, "(#100) Param message[attachment][type] is not supported. Please check developer docs for details";
    ATTACHMENT_UNKNOWN: 100 / 2018074, OAuthException, 400, Documented, "(#100) Possible invalid ID or you do not own the attachment.";
    TEMPLATE_TYPE: 100, OAuthException, 400, Observed, "(#100) Invalid template type";
    ELEMENT_INCOMPLETE: 100, OAuthException, 400, Inferred, "(#100) Incomplete element data: title and at least one other field are required";
    NOT_A_USER: 100, OAuthException, 400, Observed, "(#100) Parameter error: You cannot send messages to this id";
    NO_MATCHING_USER: 100 / 2018001, OAuthException, 400, Documented, "(#100) No matching user found";
    NO_PROFILE: 100 / 2018218, OAuthException, 400, Documented, "(#100) No profile available for this user.";
    PERSON_UNAVAILABLE: 551 / 1545041, OAuthException, 400, Documented, "(#551) This person isn't available right now.";
    ANOTHER_APP_CONTROLS: 10 / 2018300, OAuthException, 400, Documented, "(#10) Message failed to send because another app is controlling this thread now.";
    LEAD_FLOW: 10 / 2018321, OAuthException, 400, Documented, "(#10) The chat is currently controlled by Messenger while the user is in an automated question and answer flow. Please wait for the flow to finish before trying again.";
    RECEIVERS_ONLY: 100 / 2018171, OAuthException, 400, Documented, "(#100) Only available to Primary and Secondary Receivers.";
    RECEIVER_HIDDEN: 100 / 2018234, OAuthException, 400, Documented, "(#100) Denying visibility of any secondary receiver to another secondary receiver other than itself.";
    PRIMARY_ONLY: 100, OAuthException, 400, Inferred, "(#100) {call} is only available to the Primary Receiver.";
    SECONDARY_ONLY: 100, OAuthException, 400, Inferred, "(#100) {call} is only available to Secondary Receivers.";
    OUTSIDE_WINDOW: 10 / 2018278, OAuthException, 400, Documented, "(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview";
    NOT_OWNER_PASS: 100, OAuthException, 400, Observed, "(#100) Cannot pass thread control: the calling app is not the thread owner.";
    NOT_OWNER_RELEASE: 100, OAuthException, 400, Observed, "(#100) Only the current thread owner can release thread control.";
    NOT_OWNER_EXTEND: 100, OAuthException, 400, Inferred, "(#100) Only the current thread owner can extend thread control.";
    INCORRECT_APP_ID: 100 / 2018164, OAuthException, 400, Documented, "(#100) Incorrect App ID.";
    PASS_TO_SELF: 100, OAuthException, 400, Inferred, "(#100) The thread owner cannot pass thread control to itself.";
    ALREADY_OWNER: 100, OAuthException, 400, Inferred, "(#100) The calling app is already the thread owner.";
    CONTROL_COMBINED: 100, OAuthException, 400, Inferred, "(#100) Param thread_control must set either payload or app_id, not both.";
    HANDOVER_DISABLED: 100, OAuthException, 400, Inferred, "(#100) Handover Protocol APIs disabled for this page.";
    TAKE_NOT_SUPPORTED: 27, OAuthException, 400, Observed, "(#27) Take thread control is not supported when Conversation Routing is not enabled.";
    CALL_NOT_SUPPORTED: 100, OAuthException, 400, Inferred, "(#100) {call} is not supported for this page.";
    UNKNOWN_MESSAGE: 100, OAuthException, 400, Inferred, "(#100) Invalid message id";
    UPLOAD_FAILED: 100 / 2018047, OAuthException, 400, Documented, "(#100) Upload attachment failure.";
    ATTACHMENT_TOO_LARGE: 100 / 2018109, OAuthException, 400, Documented, "(#100) Attachment size exceeds allowable limit";
    LABEL_EXISTS: 100, OAuthException, 400, Inferred, "(#100) A label with this name already exists on the page.";
    LABELS_TOO_MANY: 100, OAuthException, 400, Inferred, "(#100) The page has reached the maximum number of labels.";
    MESSAGE_DELETED: 9000001, OAuthException, 400, Documented, "(#9000001) This Message has been deleted by the user or the business.";
    VERIFICATION_FAILED: 2200, OAuthException, 400, Observed, "(#2200) Callback verification failed with the following errors: {errors}";
    UNAVAILABLE: 2, OAuthException, 500, Observed, "(#2) Service temporarily unavailable";
    INTERNAL: 1, OAuthException, 500, Observed, "An unknown error occurred";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_its_code_or_is_one_of_metas_bare_ones() {
        const BARE: &[i32] = &[1, 104, 190, 2500];
        for template in CATALOGUE {
            let prefixed = template.text.starts_with(&format!("(#{})", template.code));
            let bare = BARE.contains(&template.code) || template.kind == "GraphMethodException";
            assert!(prefixed || bare, "{}: {}", template.name, template.text);
            assert!(matches!(template.status, 400 | 401 | 500), "{}", template.name);
        }
    }

    #[test]
    fn texts_are_filled_in() {
        let error = PARAM_ONE_OF.with(&[("param", "tag"), ("values", "A, B"), ("got", "C")]);
        assert_eq!(error.message, r#"(#100) Param tag must be one of {A, B} - got "C"."#);
    }
}

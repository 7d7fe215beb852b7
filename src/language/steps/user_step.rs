//! A `user` step: what a person does in Messenger.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::public_step::{PUBLIC_VERBS, read_public_action, read_public_reaction};
use super::read_node::{check_modifiers, no_verb, one_verb, own_text, text, verbs_of};
use crate::domain::model::config::Config;
use crate::domain::model::public_action::PublicAction;
use crate::language::node::Node;
use crate::language::schema::vocabulary;
use crate::text::diagnostic::Diagnostic;

#[derive(Debug, Clone)]
pub struct UserStep {
    pub person: String,
    /// The ad or link through which the person comes.
    pub entry: Option<EntryPoint>,
    /// What the person does, or does next.
    pub then: Option<UserVerb>,
    /// The words of the step. Some of them are known on one platform alone.
    pub words: Vec<&'static str>,
}

/// A story of an account that a person replies to.
#[derive(Debug, Clone, Default)]
pub struct RepliedStory {
    /// Its id, if it is another one than the first.
    pub id: Option<String>,
    pub link_sticker_url: Option<String>,
}

impl UserStep {
    /// The page or account that the step names, or that its ad or link determines. A link of several determines none.
    pub fn page_name(&self, named: Option<&str>, config: &Config) -> Option<String> {
        let page = match &self.entry {
            Some(EntryPoint::Ad(ad)) => config.ad_by_name(ad).map(|ad| config.asset(config.ad(ad).page)),
            Some(EntryPoint::Link(link)) => {
                let mut having =
                    config.assets.iter().filter(|page| page.links.iter().any(|declared| &*declared.name == link));
                having.next().filter(|_| having.next().is_none())
            }
            None => None,
        };
        named.or_else(|| page.map(|page| &*page.name)).map(str::to_owned)
    }
}

#[derive(Debug, Clone)]
pub enum EntryPoint {
    Ad(String),
    Link(String),
}

#[derive(Debug, Clone)]
pub enum UserVerb {
    Says {
        text: Option<String>,
        /// As they stand in the file.
        attachments: Vec<Value>,
        /// The text of the message that it answers.
        replies_to: Option<String>,
        /// The story that it answers.
        story: Option<RepliedStory>,
        /// The id of the product that it asks about.
        about_product: Option<String>,
    },
    GetsStarted,
    TapsButton(String),
    TapsQuickReply(String),
    TapsIceBreaker(String),
    TapsMenu(String),
    Reacts {
        /// `None` takes the reaction back.
        reaction: Option<String>,
        /// The text of the message.
        message: Option<String>,
    },
    Edits {
        text: String,
        /// The text of the message.
        message: Option<String>,
    },
    Unsends {
        /// The text of the message.
        message: Option<String>,
    },
    /// Ticks the checkbox plugin of a website.
    OptsIn {
        user_ref: String,
        reference: Option<String>,
    },
    /// Accepts the opt-in request with this title.
    OptsInTo(String),
    StopsMessages(String),
    ResumesMessages(String),
    AnswersSurvey {
        score: Option<String>,
        text: Option<String>,
    },
    OpensCoupon(String),
    /// Acts on the page, outside of Messenger.
    InPublic(PublicAction),
    OpensLogin,
    /// With the authorization code.
    LinksAccount(String),
    UnlinksAccount,
    Reads,
    Blocks,
    Unblocks,
}

impl UserVerb {
    /// True if a person can do it in the same step in which they come through an ad or a link.
    fn may_follow_entry(&self) -> bool {
        matches!(
            self,
            Self::Says { .. }
                | Self::GetsStarted
                | Self::TapsButton(_)
                | Self::TapsQuickReply(_)
                | Self::TapsIceBreaker(_)
                | Self::TapsMenu(_)
        )
    }
}

const ENTRIES: &[&str] = &["taps_ad", "opens_link"];
/// Keys of a `user` step that are neither verbs nor entries.
const OTHER_KEYS: &[&str] = &[
    "user",
    "replies_to",
    "message",
    "about_product",
    "on_post",
    "on_comment",
    "on_media",
    "on_ad",
    "page",
    "on",
    "within",
    "save",
];

/// What a person can do, with and without the entries.
static ALL_VERBS: LazyLock<Vec<&str>> = LazyLock::new(|| verbs_of(&vocabulary::USER_STEP, OTHER_KEYS));
static VERBS: LazyLock<Vec<&str>> =
    LazyLock::new(|| ALL_VERBS.iter().copied().filter(|verb| !ENTRIES.contains(verb)).collect());

/// The words for what a person can do.
pub fn user_verbs() -> &'static [&'static str] {
    &ALL_VERBS
}

pub(super) fn read_user_step(node: &Node) -> Result<UserStep, Diagnostic> {
    let entry = match one_verb(node, "user", ENTRIES)? {
        Some(("taps_ad", ad)) => Some(EntryPoint::Ad(own_text(ad))),
        Some((_, link)) => Some(EntryPoint::Link(own_text(link))),
        None => None,
    };
    let verb = one_verb(node, "user", &VERBS)?;
    if entry.is_none() && verb.is_none() {
        return Err(no_verb(node, "user", &ALL_VERBS));
    }
    let modifiers: [(&str, &[&str]); 7] = [
        ("replies_to", &["says", "sends", "comments", "comments_gif"]),
        ("about_product", &["says", "sends"]),
        ("on_media", &["comments", "comments_gif"]),
        ("on_ad", &["comments", "comments_gif"]),
        ("message", &["reacts", "unreacts", "edits", "unsends"]),
        ("on_post", &["comments", "reacts", "unreacts"]),
        ("on_comment", &["reacts", "unreacts"]),
    ];
    check_modifiers(node, verb.map(|(verb, _)| verb), &modifiers)?;
    let then = verb.map(|(verb, value)| read_verb(node, verb, value)).transpose()?;
    if entry.is_some() && then.as_ref().is_some_and(|verb| !verb.may_follow_entry()) {
        return Err(node.mistake("a person cannot do both in one go").note("write two steps"));
    }
    let words = vocabulary::USER_STEP.keys.iter().map(|key| key.name).filter(|word| node.get(word).is_some()).collect();
    Ok(UserStep { person: text(node, "user").unwrap_or_default(), entry, then, words })
}

fn read_verb(node: &Node, verb: &str, value: &Node) -> Result<UserVerb, Diagnostic> {
    let word = own_text(value);
    let reacts = matches!(verb, "reacts" | "unreacts").then(|| Some(value).filter(|_| verb == "reacts"));
    if let Some(reaction) = reacts
        && let Some(action) = read_public_reaction(node, reaction)?
    {
        return Ok(UserVerb::InPublic(action));
    }
    Ok(match verb {
        "says" if word.is_empty() => return Err(value.mistake("an empty message cannot be sent")),
        "says" => says(node, Some(word), Vec::new()),
        "sends" => read_message(node, value)?,
        "replies_to_story" => read_story_reply(value, word)?,
        "mentions_in_story" => says(node, None, vec![json!({ "type": "story_mention" })]),
        "shares" => says(node, None, vec![shared(value, &word)]),
        "gets_started" => UserVerb::GetsStarted,
        "taps_button" => UserVerb::TapsButton(word),
        "taps_quick_reply" => UserVerb::TapsQuickReply(word),
        "taps_ice_breaker" => UserVerb::TapsIceBreaker(word),
        "taps_menu" => UserVerb::TapsMenu(word),
        "reacts" => UserVerb::Reacts { reaction: Some(word), message: text(node, "message") },
        "unreacts" => UserVerb::Reacts { reaction: None, message: text(node, "message") },
        "edits" if word.is_empty() => return Err(value.mistake("a message cannot be edited to nothing")),
        "edits" => UserVerb::Edits { text: word, message: text(node, "message") },
        "unsends" => UserVerb::Unsends { message: text(node, "message") },
        "opts_in" => read_opt_in(value)?,
        "stops_messages" => UserVerb::StopsMessages(word),
        "resumes_messages" => UserVerb::ResumesMessages(word),
        "answers_survey" => UserVerb::AnswersSurvey { score: text(value, "score"), text: text(value, "text") },
        "opens_coupon" => UserVerb::OpensCoupon(word),
        verb if PUBLIC_VERBS.contains(&verb) => UserVerb::InPublic(read_public_action(node, verb, value)?),
        "opens_login" => UserVerb::OpensLogin,
        "links_account" => UserVerb::LinksAccount(word),
        "unlinks_account" => UserVerb::UnlinksAccount,
        "reads" => UserVerb::Reads,
        "blocks" => UserVerb::Blocks,
        "unblocks" => UserVerb::Unblocks,
        other => return Err(value.mistake(format!("a person cannot do `{other}`"))),
    })
}

/// A message, with what the step says about it.
fn says(step: &Node, content: Option<String>, attachments: Vec<Value>) -> UserVerb {
    let (replies_to, about_product) = (text(step, "replies_to"), text(step, "about_product"));
    UserVerb::Says { text: content, attachments, replies_to, story: None, about_product }
}

fn read_message(step: &Node, node: &Node) -> Result<UserVerb, Diagnostic> {
    let text = text(node, "text");
    let attachments = node.get("attachments").map(Node::items).unwrap_or_default();
    if text.as_deref().is_none_or(str::is_empty) && attachments.is_empty() {
        return Err(node.mistake("this message is empty").note("give it `text`, `attachments`, or both"));
    }
    attachments.iter().try_for_each(check_attachment)?;
    Ok(says(step, text, attachments.iter().map(Node::json).collect()))
}

/// The text alone, or a map that has it.
fn read_story_reply(node: &Node, word: String) -> Result<UserVerb, Diagnostic> {
    let content = text(node, "text").unwrap_or(word);
    if content.is_empty() {
        return Err(node.mistake("an empty message cannot be sent"));
    }
    let story = RepliedStory { id: text(node, "story"), link_sticker_url: text(node, "link_sticker_url") };
    Ok(UserVerb::Says {
        text: Some(content),
        attachments: Vec::new(),
        replies_to: None,
        story: Some(story),
        about_product: None,
    })
}

/// What somebody shares, as an attachment: the word alone, or a map that has it as `type`.
fn shared(node: &Node, word: &str) -> Value {
    let kind = text(node, "type").unwrap_or_else(|| word.to_owned());
    let mut attachment = json!({
        "type": match kind.as_str() {
            "post" => "ig_post",
            "reel" => "ig_reel",
            "story" => "ig_story",
            "permalink" => "share",
            other => other,
        }
    });
    for key in ["title", "url", "id"] {
        if let Some(value) = text(node, key) {
            attachment[key] = json!(value);
        }
    }
    attachment
}

fn read_opt_in(node: &Node) -> Result<UserVerb, Diagnostic> {
    match (text(node, "to"), text(node, "user_ref"), text(node, "ref")) {
        (Some(title), None, None) => Ok(UserVerb::OptsInTo(title)),
        (None, Some(user_ref), reference) => Ok(UserVerb::OptsIn { user_ref, reference }),
        (Some(_), None, Some(_)) => Err(node.mistake("`ref` goes with `user_ref`")),
        (Some(_), Some(_), _) => Err(node.mistake("`to` and `user_ref` are two opt-ins").note("write two steps")),
        (None, None, _) => Err(node
            .mistake("an opt-in needs `to` or `user_ref`")
            .note("`to` names a request, `user_ref` names a checkbox")),
    }
}

fn check_attachment(node: &Node) -> Result<(), Diagnostic> {
    let kind = text(node, "type").unwrap_or_default();
    let is_number =
        |key| text(node, key).is_some_and(|text| text.contains("${") || text.parse::<f64>().is_ok_and(f64::is_finite));
    let allowed: &[&str] = match &*kind {
        "location" => &["lat", "long", "title", "url"],
        "sticker" => &["id", "url"],
        "fallback" => &["title", "url"],
        "reel" | "ig_reel" | "post" | "ig_post" => &["title", "url", "id"],
        "ig_story" => &["url", "id"],
        "comment" | "ad" | "ephemeral" | "like_heart" | "gif" | "poll" | "profile" => &[],
        _ => &["url"],
    };
    for (key, _) in node.entries() {
        let name = key.text().unwrap_or_default();
        if name != "type" && !allowed.contains(&name) {
            let note = match allowed {
                [] => "it has its type alone".to_owned(),
                allowed => format!("it may have: {}", allowed.join(", ")),
            };
            return Err(key.mistake(format!("an attachment of type {kind} has no `{name}`")).note(note));
        }
    }
    let has = |key: &str| node.get(key).is_some();
    match &*kind {
        "location" if !is_number("lat") || !is_number("long") => {
            Err(node.mistake("a location has `lat` and `long`, both numbers"))
        }
        "fallback" if !has("url") && !has("title") => Err(node.mistake("a shared link has `url`, `title`, or both")),
        _ => Ok(()),
    }
}

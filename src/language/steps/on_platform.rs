//! What people can do on one platform alone. A step that asks for it elsewhere is refused before it changes anything.

use serde_json::Value;

use super::admin_step::AdminChange;
use super::user_step::{UserStep, UserVerb};
use crate::domain::model::config::Config;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::platform::Platform;
use crate::domain::model::public_action::PageAction;
use crate::domain::model::shared_item::SharedKind;

/// The words of `user` steps that only pages know.
const ON_PAGES: &[&str] = &[
    "gets_started",
    "opts_in",
    "stops_messages",
    "resumes_messages",
    "answers_survey",
    "opens_coupon",
    "on_comment",
    "posts",
    "edits_comment",
    "edits_post",
    "removes_post",
    "opens_login",
    "links_account",
    "unlinks_account",
];
/// Those that only Instagram accounts know.
const ON_ACCOUNTS: &[&str] =
    &["replies_to_story", "mentions_in_story", "shares", "about_product", "comments_gif", "on_media", "on_ad"];

/// Why a person cannot do this with the asset.
pub fn user_mistake(config: &Config, asset: AssetKey, user: &UserStep) -> Option<String> {
    let (name, platform) = (&config.asset(asset).name, config.platform(asset));
    let lacking = match platform {
        Platform::Messenger => ON_ACCOUNTS,
        Platform::Instagram => ON_PAGES,
    };
    if let Some(word) = user.words.iter().find(|word| lacking.contains(word)) {
        return Some(only_elsewhere(word, name, platform));
    }
    if platform == Platform::Instagram && user.words.contains(&"on_post") && user.words.contains(&"reacts") {
        return Some(format!("`{name}` is an Instagram account: Instagram sends no webhook about likes"));
    }
    let attachments = match &user.then {
        Some(UserVerb::Says { attachments, .. }) => attachments.as_slice(),
        _ => &[],
    };
    attachments.iter().find_map(|attachment| attachment_mistake(attachment, name, platform))
}

fn only_elsewhere(word: &str, name: &str, platform: Platform) -> String {
    match platform {
        Platform::Messenger => format!("`{word}` is something of Instagram, and `{name}` is a page"),
        Platform::Instagram => format!("`{word}` is something of Messenger, and `{name}` is an Instagram account"),
    }
}

fn attachment_mistake(attachment: &Value, name: &str, platform: Platform) -> Option<String> {
    let kind = attachment.get("type").and_then(Value::as_str).unwrap_or_default();
    let is_of_instagram = SharedKind::parse(kind).is_some_and(SharedKind::is_of_instagram);
    match platform {
        Platform::Messenger if is_of_instagram => {
            Some(format!("an attachment of type {kind} is something of Instagram, and `{name}` is a page"))
        }
        Platform::Messenger if MediaKind::parse(kind).is_some() && attachment.get("url").is_none() => {
            Some("this attachment needs `url`".to_owned())
        }
        Platform::Instagram if matches!(kind, "location" | "post") => Some(format!(
            "an attachment of type {kind} is something of Messenger, and `{name}` is an Instagram account"
        )),
        _ => None,
    }
}

/// Why an admin cannot do this as the asset.
pub fn admin_mistake(config: &Config, asset: AssetKey, change: &AdminChange) -> Option<String> {
    let AdminChange::OnPage(action) = change else { return None };
    let (word, known_by) = match action {
        PageAction::Posts(_) => ("posts", Platform::Messenger),
        PageAction::Edits { .. } => ("edits_post", Platform::Messenger),
        PageAction::Removes(_) => ("removes_post` or `removes_comment", Platform::Messenger),
        PageAction::Comments { .. } => ("comments", Platform::Instagram),
        PageAction::StoryEnds(_) => ("story_ends", Platform::Instagram),
        PageAction::PressesTest(field) => {
            let (name, platform) = (&config.asset(asset).name, config.platform(asset));
            let is_lacking = !field.is_of(platform);
            return is_lacking.then(|| format!("`{name}` has no webhook field `{}`", field.name()));
        }
    };
    let platform = config.platform(asset);
    (platform != known_by).then(|| only_elsewhere(word, &config.asset(asset).name, platform))
}

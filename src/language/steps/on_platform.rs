//! What people can do on one platform alone. A step that asks for it elsewhere is refused before it changes anything.

use serde_json::Value;

use super::admin_step::AdminChange;
use super::fault_step::FaultStep;
use super::inbox_step::{InboxStep, InboxVerb};
use super::user_step::{EntryPoint, UserStep, UserVerb};
use crate::domain::model::config::{AssetConfig, Config};
use crate::domain::model::fields::Field;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::platform::Platform;
use crate::domain::model::public_action::{PageAction, PublicAction, PublicPlace};
use crate::domain::model::shared_item::SharedKind;
use crate::engine::fault::FaultSite;

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
    if let Some(mistake) = user.entry.as_ref().and_then(|entry| entry_mistake(config, asset, entry)) {
        return Some(mistake);
    }
    if let Some(UserVerb::InPublic(PublicAction::Comments { on: PublicPlace::Ad(ad), .. })) = &user.then {
        return entry_mistake(config, asset, &EntryPoint::Ad(ad.to_string()));
    }
    let attachments = match &user.then {
        Some(UserVerb::Says { attachments, .. }) => attachments.as_slice(),
        _ => &[],
    };
    attachments.iter().find_map(|attachment| attachment_mistake(attachment, name, platform))
}

/// Why an ad or a link does not lead to the asset.
fn entry_mistake(config: &Config, asset: AssetKey, entry: &EntryPoint) -> Option<String> {
    let name = &config.asset(asset).name;
    match entry {
        EntryPoint::Ad(ad) => {
            let leads_to = config.ad(config.ad_by_name(ad)?).page;
            let other = &config.asset(leads_to).name;
            (leads_to != asset).then(|| format!("the ad `{ad}` opens a conversation with `{other}`, not with `{name}`"))
        }
        EntryPoint::Link(link) => {
            let has = |asset: &AssetConfig| asset.links.iter().any(|declared| &*declared.name == link);
            if has(config.asset(asset)) {
                return None;
            }
            let of = config.assets.iter().find(|asset| has(asset));
            let whose = of.map(|other| format!(": it is one of `{}`", other.name)).unwrap_or_default();
            Some(format!("`{name}` has no link `{link}`{whose}"))
        }
    }
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

/// Why an admin cannot change this of the asset, or do this as the asset.
pub fn admin_mistake(config: &Config, asset: AssetKey, change: &AdminChange) -> Option<String> {
    let (name, platform) = (&config.asset(asset).name, config.platform(asset));
    let (word, known_by) = match change {
        AdminChange::Primary(_) => ("sets_primary", Platform::Messenger),
        AdminChange::Social(_) => ("sets_social", Platform::Messenger),
        AdminChange::HandoverApis(_) => ("sets_handover_apis", Platform::Messenger),
        AdminChange::MessageAccess(_) => ("sets_message_access", Platform::Instagram),
        AdminChange::LogsIn(_) => ("logs_in", Platform::Instagram),
        AdminChange::Link(link, _) => return entry_mistake(config, asset, &EntryPoint::Link(link.clone())),
        AdminChange::OnPage(PageAction::PressesTest(field)) => return field_mistake(config, asset, *field),
        AdminChange::OnPage(action) => word_of_action(action),
        _ => return None,
    };
    (platform != known_by).then(|| only_elsewhere(word, name, platform))
}

/// The word of what an admin does as the asset, and the platform that knows it.
fn word_of_action(action: &PageAction) -> (&'static str, Platform) {
    match action {
        PageAction::Posts(_) => ("posts", Platform::Messenger),
        PageAction::Edits { .. } => ("edits_post", Platform::Messenger),
        PageAction::Removes(PublicPlace::Comment(_)) => ("removes_comment", Platform::Messenger),
        PageAction::Removes(_) => ("removes_post", Platform::Messenger),
        PageAction::Comments { .. } => ("comments", Platform::Instagram),
        PageAction::StoryEnds(_) => ("story_ends", Platform::Instagram),
        PageAction::PressesTest(_) => ("presses_test", Platform::Messenger),
    }
}

/// Why somebody of the business cannot do this in the inbox of the asset.
pub fn inbox_mistake(config: &Config, asset: AssetKey, inbox: &InboxStep) -> Option<String> {
    let is_in_app = matches!(inbox.verb, InboxVerb::RepliesInApp(_));
    let is_page = config.platform(asset) == Platform::Messenger;
    (is_in_app && is_page)
        .then(|| only_elsewhere("from: instagram_app", &config.asset(asset).name, Platform::Messenger))
}

/// Why no webhook of the field can come from the asset.
pub fn field_mistake(config: &Config, asset: AssetKey, field: Field) -> Option<String> {
    let platform = config.platform(asset);
    let has_by_knob = config.asset(asset).knobs.instagram.echo_field && field.may_be_of(platform);
    if field.is_of(platform) || has_by_knob {
        return None;
    }
    let name = &config.asset(asset).name;
    Some(match counterpart(field, platform) {
        Some(same) => format!("`{name}` has no webhook field `{}`: there it is `{same}`", field.name()),
        None => format!("`{name}` has no webhook field `{}`", field.name()),
    })
}

/// Why a fault can never fire: its field is none of the asset that it names.
pub fn fault_mistake(config: &Config, fault: &FaultStep) -> Option<String> {
    let FaultSite::Webhook(Some(field)) = fault.site else { return None };
    field_mistake(config, config.asset_by_name(fault.page.as_deref()?)?, field)
}

/// The field that has the same webhooks on the platform.
fn counterpart(field: Field, platform: Platform) -> Option<&'static str> {
    Some(match (platform, field.name()) {
        (Platform::Instagram, "message_reads") => "messaging_seen",
        (Platform::Instagram, "message_echoes") => "messages",
        (Platform::Instagram, "messaging_handovers") => "messaging_handover",
        (Platform::Instagram, "messaging_referrals") => "messaging_referral",
        (Platform::Instagram, "message_edits") => "message_edit",
        (Platform::Messenger, "messaging_seen") => "message_reads",
        (Platform::Messenger, "messaging_handover") => "messaging_handovers",
        (Platform::Messenger, "messaging_referral") => "messaging_referrals",
        (Platform::Messenger, "message_edit") => "message_edits",
        _ => return None,
    })
}

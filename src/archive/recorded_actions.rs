//! What people, admins and the inbox did, as the steps that do it once more.

use serde_json::{Map, Value, json};

use crate::domain::command::{AccessChange, InboxAction, SettingChange, StoryAnswered, UserAction, UserMessage};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::model::message::Attachment;
use crate::domain::model::public_action::{PageAction, PublicAction, PublicPlace};
use crate::domain::model::shared_item::{SharedItem, Sticker};

/// A step or an expectation in a thread: with the person under `key`, and the page in a world of several.
pub(super) fn in_thread(config: &Config, thread: ThreadKey, mut step: Value, key: &str) -> Value {
    if let Value::Object(map) = &mut step {
        map.insert(key.to_owned(), json!(config.person(thread.person).name()));
    }
    on_page(config, thread.asset, step)
}

/// A step on a page, which is named in a world of several.
pub(super) fn on_page(config: &Config, page: AssetKey, mut step: Value) -> Value {
    if let (Value::Object(map), true) = (&mut step, config.assets.len() > 1) {
        map.insert("page".to_owned(), json!(config.asset(page).name));
    }
    step
}

/// A `user` step.
pub(super) fn user_step(config: &Config, thread: ThreadKey, action: &UserAction) -> Value {
    let mut step = Map::new();
    step.insert("user".to_owned(), Value::Null);
    write_action(config, thread.asset, action, &mut step);
    in_thread(config, thread, Value::Object(step), "user")
}

fn write_action(config: &Config, page: AssetKey, action: &UserAction, step: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| drop(step.insert(key.to_owned(), value));
    match action {
        UserAction::TapsAd(ad, next) => {
            put("taps_ad", json!(config.ad(*ad).name));
            next.iter().for_each(|next| write_action(config, page, next, step));
        }
        UserAction::OpensLink(place, next) => {
            put("opens_link", json!(config.asset(page).links.get(*place).map(|link| &link.name)));
            next.iter().for_each(|next| write_action(config, page, next, step));
        }
        UserAction::Says(message) => write_message(message, step),
        UserAction::GetsStarted => put("gets_started", json!(true)),
        UserAction::TapsButton(label) => put("taps_button", json!(label)),
        UserAction::TapsQuickReply(label) => put("taps_quick_reply", json!(label)),
        UserAction::TapsIceBreaker(label) => put("taps_ice_breaker", json!(label)),
        UserAction::TapsMenu(label) => put("taps_menu", json!(label)),
        UserAction::Reacts { message, reaction } => {
            match reaction {
                Some(reaction) if &*reaction.name == "other" => put("reacts", json!(reaction.emoji)),
                Some(reaction) => put("reacts", json!(reaction.name)),
                None => put("unreacts", json!(true)),
            }
            message.iter().for_each(|message| put("message", json!(message)));
        }
        UserAction::Edits { message, text } => {
            put("edits", json!(text));
            message.iter().for_each(|message| put("message", json!(message)));
        }
        UserAction::Unsends { message } => {
            put("unsends", json!(true));
            message.iter().for_each(|message| put("message", json!(message)));
        }
        UserAction::OptsIn { user_ref, reference: None } => put("opts_in", json!({ "user_ref": user_ref })),
        UserAction::OptsIn { user_ref, reference } => put("opts_in", json!({ "user_ref": user_ref, "ref": reference })),
        UserAction::OptsInTo(title) => put("opts_in", json!({ "to": title })),
        UserAction::StopsMessages(topic) => put("stops_messages", json!(topic)),
        UserAction::ResumesMessages(topic) => put("resumes_messages", json!(topic)),
        UserAction::AnswersSurvey(reply) => {
            let parts = [("score", &reply.score), ("text", &reply.text)];
            let given = parts.into_iter().filter_map(|(key, part)| Some((key.to_owned(), json!(part.as_ref()?))));
            put("answers_survey", Value::Object(given.collect()));
        }
        UserAction::OpensCoupon(title) => put("opens_coupon", json!(title)),
        UserAction::InPublic(action) => write_public_action(action, step),
        UserAction::OpensLogin => put("opens_login", json!(true)),
        UserAction::LinksAccount(code) => put("links_account", json!(code)),
        UserAction::UnlinksAccount => put("unlinks_account", json!(true)),
        UserAction::Reads => put("reads", json!(true)),
        UserAction::Blocks => put("blocks", json!(true)),
        UserAction::Unblocks => put("unblocks", json!(true)),
    }
}

fn write_public_action(action: &PublicAction, step: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| drop(step.insert(key.to_owned(), value));
    match action {
        PublicAction::Comments { text, on } => {
            match text.is_empty() {
                true => put("comments_gif", json!(true)),
                false => put("comments", json!(text)),
            }
            match on {
                PublicPlace::FirstPost => {}
                PublicPlace::Media(name) => put("on_media", json!(name)),
                PublicPlace::Ad(name) => put("on_ad", json!(name)),
                PublicPlace::Post(wanted) => put("on_post", json!(wanted)),
                PublicPlace::Comment(wanted) => put("replies_to", json!(wanted)),
            }
        }
        PublicAction::Posts(text) => put("posts", json!(text)),
        PublicAction::Edits { publication, text } => {
            let (key, value) = edit(publication, text);
            put(key, value);
        }
        PublicAction::Removes(publication) => {
            let (key, value) = removal(publication);
            put(key, value);
        }
        PublicAction::Reacts { to, reaction } => {
            match reaction {
                Some(reaction) => put("reacts", json!(reaction)),
                None => put("unreacts", json!(true)),
            }
            let on = if matches!(to, PublicPlace::Comment(_)) { "on_comment" } else { "on_post" };
            put(on, json!(name_of(to)));
        }
        PublicAction::Mentions { text, in_comment: true } => put("mentions_in_comment", json!(text)),
        PublicAction::Mentions { text, in_comment: false } => put("mentions_in_post", json!(text)),
    }
}

fn edit(place: &PublicPlace, text: &str) -> (&'static str, Value) {
    match place {
        PublicPlace::Comment(wanted) => ("edits_comment", json!({ "comment": wanted, "text": text })),
        place => ("edits_post", json!({ "post": name_of(place), "text": text })),
    }
}

fn removal(place: &PublicPlace) -> (&'static str, Value) {
    let is_comment = matches!(place, PublicPlace::Comment(_));
    (if is_comment { "removes_comment" } else { "removes_post" }, json!(name_of(place)))
}

fn name_of(place: &PublicPlace) -> &str {
    match place {
        PublicPlace::FirstPost | PublicPlace::Media(_) => "",
        PublicPlace::Post(wanted) | PublicPlace::Comment(wanted) | PublicPlace::Ad(wanted) => wanted,
    }
}

fn page_action(action: &PageAction) -> (&'static str, Value) {
    match action {
        PageAction::Posts(text) => ("posts", json!(text)),
        PageAction::Edits { post, text } => edit(post, text),
        PageAction::Removes(publication) => removal(publication),
        PageAction::Comments { text, on } => ("comments", account_comment(text, on)),
        PageAction::StoryEnds(insights) => ("story_ends", json!(insights)),
        PageAction::PressesTest(field) => ("presses_test", json!(field.name())),
    }
}

/// A comment of an account.
fn account_comment(text: &str, on: &PublicPlace) -> Value {
    let mut comment = json!({ "text": text });
    match on {
        PublicPlace::FirstPost => {}
        PublicPlace::Media(name) => comment["on_media"] = json!(name),
        PublicPlace::Ad(name) => comment["on_ad"] = json!(name),
        PublicPlace::Post(wanted) => comment["on_post"] = json!(wanted),
        PublicPlace::Comment(wanted) => comment["replies_to"] = json!(wanted),
    }
    comment
}

fn write_message(message: &UserMessage, step: &mut Map<String, Value>) {
    if let Some(about_product) = &message.about_product {
        step.insert("about_product".to_owned(), json!(about_product));
    }
    if let Some(StoryAnswered { id, link_sticker_url }) = &message.story {
        let parts = [("story", id), ("link_sticker_url", link_sticker_url)];
        let given = parts.map(|(key, part)| (key, part.as_ref().map(|part| json!(part))));
        step.insert("replies_to_story".to_owned(), with_given(json!({ "text": message.text }), given));
        return;
    }
    let attachments: Vec<Value> = message.attachments.iter().filter_map(attachment).collect();
    match &message.text {
        Some(text) if attachments.is_empty() => drop(step.insert("says".to_owned(), json!(text))),
        text => {
            let mut sends = Map::new();
            text.iter().for_each(|text| drop(sends.insert("text".to_owned(), json!(text))));
            sends.insert("attachments".to_owned(), json!(attachments));
            step.insert("sends".to_owned(), Value::Object(sends));
        }
    }
    if let Some(replies_to) = &message.replies_to {
        step.insert("replies_to".to_owned(), json!(replies_to));
    }
}

/// People send no templates.
fn attachment(attachment: &Attachment) -> Option<Value> {
    match attachment {
        Attachment::Media { kind, url, .. } => {
            let url = Some(url).filter(|url| !url.is_empty()).map(|url| json!(url));
            Some(with_given(json!({ "type": kind.name() }), [("url", url)]))
        }
        Attachment::Location { latitude, longitude, title, url } => {
            let place = json!({ "type": "location", "lat": latitude, "long": longitude });
            Some(with_given(
                place,
                [("title", title.as_ref().map(|title| json!(title))), ("url", url.as_ref().map(|url| json!(url)))],
            ))
        }
        Attachment::Sticker(Sticker { id, url }) => Some(json!({ "type": "sticker", "id": id, "url": url })),
        Attachment::Shared(SharedItem { kind, title, url, id }) => {
            let (title, url) = (title.as_ref().map(|title| json!(title)), url.as_ref().map(|url| json!(url)));
            Some(with_given(
                json!({ "type": kind.name() }),
                [("title", title), ("url", url), ("id", id.map(|id| json!(id)))],
            ))
        }
        Attachment::Template(_) => None,
    }
}

/// Adds those values that are given.
fn with_given<const N: usize>(mut attachment: Value, parts: [(&str, Option<Value>); N]) -> Value {
    for (key, value) in parts {
        if let Some(value) = value {
            attachment[key] = value;
        }
    }
    attachment
}

/// An `inbox` step. The inbox only writes text.
pub(super) fn inbox_step(config: &Config, thread: ThreadKey, action: &InboxAction) -> Option<Value> {
    let page = &config.asset(thread.asset).name;
    let to = config.person(thread.person).name();
    Some(match action {
        InboxAction::Replies(content) => json!({ "inbox": page, "replies": content.text.as_ref()?, "to": to }),
        InboxAction::RepliesInApp(content) => {
            json!({ "inbox": page, "replies": content.text.as_ref()?, "from": "instagram_app", "to": to })
        }
        InboxAction::MovesToMain => json!({ "inbox": page, "moves_to_main": true, "to": to }),
        InboxAction::MovesToDone => json!({ "inbox": page, "moves_to_done": true, "to": to }),
    })
}

/// An `admin` step with all its changes. A key stands once in a step, so changes of one kind are put together.
pub(super) fn admin_step(config: &Config, page: AssetKey, changes: &[SettingChange]) -> Option<Value> {
    let mut step = Map::new();
    step.insert("admin".to_owned(), json!(config.asset(page).name));
    for change in changes {
        let (key, value) = setting(config, page, change)?;
        match (step.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (_, value) => drop(step.insert(key.to_owned(), value)),
        }
    }
    Some(Value::Object(step))
}

fn setting(config: &Config, page: AssetKey, change: &SettingChange) -> Option<(&'static str, Value)> {
    let name = |app: &AppKey| config.app(*app).name.to_string();
    let or_none = |app: &Option<AppKey>| json!(app.as_ref().map_or_else(|| "none".to_owned(), name));
    Some(match change {
        SettingChange::SetsDefaultApp(app) => ("sets_default_app", or_none(app)),
        SettingChange::SetsPrimary(app) => ("sets_primary", or_none(app)),
        SettingChange::SetsStandby(app, on) => ("sets_standby", json!({ name(app): on })),
        SettingChange::SetsTakeControl(app, on) => ("sets_take_control", json!({ name(app): on })),
        SettingChange::SetsLink(place, app) => {
            let link = config.asset(page).links.get(*place)?;
            ("sets_link", json!({ &*link.name: or_none(app) }))
        }
        SettingChange::SetsSocial(app) => ("sets_social", or_none(app)),
        SettingChange::ConnectsApp(app) => ("connects_app", json!(name(app))),
        SettingChange::DisconnectsApp(app) => ("disconnects_app", json!(name(app))),
        SettingChange::SetsHandoverApis { blocked } => {
            ("sets_handover_apis", json!(if *blocked { "blocked" } else { "allowed" }))
        }
        SettingChange::SetsMessageAccess(on) => ("sets_message_access", json!(if *on { "on" } else { "off" })),
        SettingChange::EndsBroadcast(name) => ("ends_broadcast", json!(name)),
        SettingChange::Access(change) => access(config, change),
        SettingChange::OnPage(action) => page_action(action),
    })
}

fn access(config: &Config, change: &AccessChange) -> (&'static str, Value) {
    let app = config.app(change.app()).name.to_string();
    match change {
        AccessChange::ExpiresToken(_) => ("expires_token", json!(app)),
        AccessChange::RevokesToken(_, end) => ("revokes_token", json!({ app: end.name() })),
        AccessChange::Grants(_, permissions) => {
            ("grants", json!({ app: permissions.iter().map(|one| one.name()).collect::<Vec<_>>() }))
        }
        AccessChange::Withdraws(_, permissions) => {
            ("withdraws", json!({ app: permissions.iter().map(|one| one.name()).collect::<Vec<_>>() }))
        }
        AccessChange::Publishes(_, true) => ("publishes_app", json!(app)),
        AccessChange::Publishes(_, false) => ("unpublishes_app", json!(app)),
        AccessChange::IssuesAccountCode(_) => ("logs_in", json!(app)),
        AccessChange::IssuesCode(_, user) => ("issues_code", json!({ app: config.user(*user).name })),
    }
}

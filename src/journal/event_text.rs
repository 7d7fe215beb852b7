//! Run room: what the ledger knows in words: transcripts for snapshots and `--verbose`, the owners of a thread, and the parts of which
//! `explain` makes a story. One line an entry, in names, not ids.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::domain::command::{
    AccessChange, Command, ControlType, HandoverCall, InboxAction, LabelChange, Moderation, Send, SenderAction,
    SettingChange, Tag, Target, ThreadControl,
};
use crate::domain::event::{Decision, Event, ReceiverDecision, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::access::{Permission, PermissionSet, Role};
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::message::{Author, Content, Message, Referral};
use crate::domain::model::message_template::TemplateChange;
use crate::domain::rules::RuleId;
use crate::engine::ledger::{CallError, Entry, Ledger, Record, Source};
use crate::wire::{content_json, messaging_json};

use super::action_text::gesture_text;
use super::delivery_text::{act_text, attempt_text, news_text};
use super::fault_text::fault_text;
use super::subjects::command_parties;
use crate::text::units::format_moment;

/// The whole ledger, one line an entry. Ids that nobody gave are left out, so that the text is about what happened.
pub fn transcript(config: &Config, ledger: &Ledger) -> String {
    let mut text = String::new();
    for entry in ledger.all() {
        if let Some(line) = entry_text(config, entry) {
            let indent = if entry.cause == entry.cursor { "" } else { "  " };
            let _ = writeln!(text, "{indent}{line}");
        }
    }
    text
}

/// An entry in words; none for entries that say nothing beside the others.
pub fn entry_text(config: &Config, entry: &Entry) -> Option<String> {
    let rule = entry.record.rule().map(|rule| format!("  ({rule})")).unwrap_or_default();
    Some(match &entry.record {
        Record::Command { by, command } => format!("{}{}", by_text(config, by), command_text(config, command)),
        Record::Refused { by, command, refusal } => {
            format!("{}{} — refused: {}{rule}", by_text(config, by), command_text(config, command), refusal.reason)
        }
        Record::Happened(Event::WebhookEvent(_)) => return None,
        Record::Happened(event) => format!("{}{rule}", event_text(config, event)),
        Record::Webhook { .. } => webhook_text(config, entry)?,
        Record::GraphCall { by, fault, .. } => {
            let fault = fault.map(|number| format!("  (fault {number})")).unwrap_or_default();
            format!("{}{}{rule}{fault}", by_text(config, by), ending_text(&entry.record)?)
        }
        Record::Read { by, .. } => format!("{}read{rule}", by_text(config, by)),
        Record::DeliveryAttempt(delivered) => attempt_text(config, delivered),
        Record::Armed { number, fault } => format!("fault {number}: {}", fault_text(config, fault)),
        Record::Disarmed { number } => format!("fault {number} was taken away"),
        Record::ClockTurned { to } => format!("the clock shows {}", format_moment(*to)),
        Record::Warning { app, text } => match app {
            Some(app) => format!("warning for {}: {text}", config.app(*app).name),
            None => format!("warning: {text}"),
        },
    })
}

fn webhook_text(config: &Config, entry: &Entry) -> Option<String> {
    let (webhook_event, decision) = entry.record.webhook()?;
    let app = &config.app(decision.app).name;
    let field = decision.field(&webhook_event.payload).name();
    let rule = decision.rule;
    Some(match decision.decision {
        Decision::Deliver(_, view) => format!("→ {app} {field} {}  ({rule})", bare_item(config, webhook_event, view)),
        Decision::Withhold(_) => format!("✗ {app} {field} withheld  ({rule})"),
    })
}

/// An item without ids, times and the parties: they are the same in every item, and a text is about the rest.
fn bare_item(config: &Config, webhook_event: &WebhookEvent, view: Visibility) -> Value {
    let mut item = messaging_json(config, webhook_event, view);
    let Some(map) = item.as_object_mut() else { return item };
    for key in ["sender", "recipient", "timestamp"] {
        map.remove(key);
    }
    for part in map.values_mut().filter_map(Value::as_object_mut) {
        for key in ["mid", "mids", "watermark", "app_id"] {
            part.remove(key);
        }
        if let Some(reply) = part.get_mut("reply_to").and_then(Value::as_object_mut) {
            reply.remove("mid");
        }
    }
    item
}

/// What an app is told, in as few words as say it all, but for ids, times and the parties.
pub fn told_text(
    config: &Config,
    webhook_event: &WebhookEvent,
    decision: &ReceiverDecision,
    view: Visibility,
) -> String {
    let field = decision.field(&webhook_event.payload);
    let content = handover_text(config, &webhook_event.payload)
        .unwrap_or_else(|| part_text(bare_item(config, webhook_event, view), field == Field::Standby));
    if content.is_empty() { field.name().to_owned() } else { format!("{} {content}", field.name()) }
}

/// What moved control, or asked for it, where a webhook event is about that.
fn handover_text(config: &Config, body: &WebhookPayload) -> Option<String> {
    let (verb, parties, metadata) = match body {
        WebhookPayload::Passed { previous, new, metadata } => {
            ("pass", format!("{} → {}", app_name(config, *previous), app_name(config, Some(*new))), metadata)
        }
        WebhookPayload::Taken { previous, new, metadata } => {
            ("take", format!("{} → {}", app_name(config, Some(*previous)), app_name(config, Some(*new))), metadata)
        }
        WebhookPayload::Requested { by, metadata } => {
            ("request", format!("by {}", app_name(config, Some(*by))), metadata)
        }
        _ => return None,
    };
    let metadata = metadata.as_deref().map(|text| format!(" {text:?}")).unwrap_or_default();
    Some(format!("{verb}_thread_control {parties}{metadata}"))
}

/// The one part of an item: its kind where the field does not say it, the text of a message, and whatever else there is.
fn part_text(item: Value, on_standby: bool) -> String {
    let Value::Object(item) = item else { return item.to_string() };
    let mut words = Vec::new();
    for (kind, part) in item {
        let Value::Object(mut part) = part else {
            words.push(format!("{kind} {part}"));
            continue;
        };
        let is_echo = part.remove("is_echo").is_some();
        let kind = if is_echo { "echo".to_owned() } else { kind };
        words.extend(Some(kind).filter(|kind| on_standby && kind != "message"));
        words.extend(part.remove("text").map(|text| text.to_string()));
        words.extend(rest_text(part));
    }
    words.join(" ")
}

fn rest_text(rest: Map<String, Value>) -> Option<String> {
    (!rest.is_empty()).then(|| Value::Object(rest).to_string())
}

/// What a call that went well was answered, without the ids of what it made; none where nothing else was said.
pub fn answer_text(answer: &[u8]) -> Option<String> {
    match serde_json::from_slice(answer).unwrap_or_default() {
        Value::Object(mut answer) => {
            for key in ["recipient_id", "message_id", "attachment_id", "success", "result"] {
                answer.remove(key);
            }
            rest_text(answer)
        }
        other => Some(other.to_string()),
    }
}

/// Code, subcode and text of an error.
pub fn error_text(error: &CallError) -> String {
    let CallError { code, subcode, message } = error;
    let subcode = subcode.map(|subcode| format!("/{subcode}")).unwrap_or_default();
    format!("{code}{subcode} {message}")
}

/// How a call ended, in words, where it was not answered as it asked to be.
pub fn ending_text(record: &Record) -> Option<String> {
    match record {
        Record::GraphCall { lost: Some(lost), .. } => Some(format!("lost the answer: {lost}")),
        Record::GraphCall { status, error: Some(error), .. } => {
            Some(format!("answered {status} {}", error_text(error)))
        }
        Record::GraphCall { status, fault: Some(_), .. } => Some(format!("answered {status}")),
        _ => None,
    }
}

fn by_text(config: &Config, by: &Source) -> String {
    call_text(config, by).map(|call| format!("{call}: ")).unwrap_or_default()
}

/// The Graph call that asked, in words, where it was one.
pub fn call_text(config: &Config, by: &Source) -> Option<String> {
    match by {
        Source::Graph { app, call } => {
            let method = call.split(' ').next().unwrap_or_default();
            let edge = call.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
            Some(format!("{} {method} {edge}", config.app(*app).name))
        }
        Source::Script | Source::Clock | Source::Delivery => None,
    }
}

/// The name of an app, or `nobody`.
pub fn app_name(config: &Config, app: Option<AppKey>) -> &str {
    app.map_or("nobody", |app| &config.app(app).name)
}

/// Who does what, in a sentence of its own.
pub fn deed_text(config: &Config, command: &Command) -> String {
    let tag = match command {
        Command::Send(_, _, Send { tag: Some(Tag::HumanAgent), .. }) => " with HUMAN_AGENT",
        _ => "",
    };
    match command_parties(command).app {
        Some(app) => format!("{} {}{tag}", config.app(app).name, command_text(config, command)),
        None => command_text(config, command),
    }
}

/// A command in words.
pub fn command_text(config: &Config, command: &Command) -> String {
    match command {
        Command::Person(thread, action) => {
            format!("{} {}", config.thread_name(*thread), gesture_text(config, action))
        }
        Command::Send(thread, _, send) => {
            let control = send.thread_control.map(|control| thread_control_text(config, control)).unwrap_or_default();
            format!("sends {} to {}{control}", content_text(&send.content), config.thread_name(*thread))
        }
        Command::SenderAction(thread, _, action) => {
            format!("{} for {}", action_text(action), config.thread_name(*thread))
        }
        Command::Control(thread, _, control) => {
            format!("{} the thread of {}", control_text(config, control), config.thread_name(*thread))
        }
        Command::Inbox(thread, act) => {
            let act = match act {
                InboxAction::Replies(content) => format!("replies {}", content_text(content)),
                InboxAction::MovesToMain => "moves to Main".to_owned(),
                InboxAction::MovesToDone => "moves to Done".to_owned(),
            };
            format!("inbox {act} in the thread of {}", config.thread_name(*thread))
        }
        Command::Admin(page, acts) => {
            let acts: Vec<String> = acts.iter().map(|act| admin_text(config, act)).collect();
            format!("admin of {}: {}", config.page(*page).name, acts.join(", "))
        }
        Command::Timeout(thread) => format!("time is up in the thread of {}", config.thread_name(*thread)),
        Command::Delivery(_, app, act) => act_text(config, *app, *act),
        Command::Subscribe(page, ..) => format!("subscribes on {}", config.page(*page).name),
        Command::SubscribeApp(..) => "changes its own subscription".to_owned(),
        Command::Profile(page, ..) => format!("changes the Messenger profile of {}", config.page(*page).name),
        Command::Persona(page, ..) => format!("changes the personas of {}", config.page(*page).name),
        Command::UserMenu(thread, ..) => format!("changes the persistent menu of {}", config.thread_name(*thread)),
        Command::RedeemLoginCode(..) => "changes a login code into a token".to_owned(),
        Command::IssueLoginCode(_, user) => format!("asks for a login code for {}", config.user(*user).name),
        Command::RevokePermission(user, _, None) => format!("{} removes the app", config.user(*user).name),
        Command::RevokePermission(user, _, Some(permission)) => {
            format!("{} takes back {}", config.user(*user).name, permission.name())
        }
        Command::ExchangeToken(..) => "exchanges a token".to_owned(),
        Command::SaveAttachment(page, ..) => format!("saves an attachment for {}", config.page(*page).name),
        Command::TestNotification(thread, ..) => format!("tests a notification to {}", config.thread_name(*thread)),
        Command::MessageTemplate(page, _, change) => {
            let deed = match change {
                TemplateChange::Makes(wording) => format!("writes the message template `{}`", wording.name),
                TemplateChange::DeletesName(name) => format!("deletes the message templates `{name}`"),
                TemplateChange::Deletes(id) => format!("deletes the message template {id}"),
            };
            format!("{deed} of {}", config.page(*page).name)
        }
        Command::Label(page, _, act) => format!("{} of {}", label_text(config, act), config.page(*page).name),
        Command::Unlink(thread, _) => format!("ends the linking of {}'s account", config.thread_name(*thread)),
        Command::Moderate(thread, _, act) => {
            format!("{} {}", moderation_text(*act), config.thread_name(*thread))
        }
    }
}

pub(crate) fn content_text(content: &Content) -> String {
    match &content.text {
        Some(text) if content.attachments.is_empty() && content.quick_replies.is_empty() => format!("{text:?}"),
        _ => content_json(content).to_string(),
    }
}

fn thread_control_text(config: &Config, control: ThreadControl) -> String {
    let mut parts = Vec::new();
    if let Some(payload) = control.payload {
        parts.push(format!("payload: {}_thread_control", control_word(payload)));
    }
    if let Some(target) = control.app {
        parts.push(format!("app_id: {}", target_text(config, target)));
    }
    if let Some(control_type) = control.control_type {
        parts.push(format!("control_type: {}", control_word(control_type)));
    }
    format!(" with thread_control {{{}}}", parts.join(", "))
}

fn control_word(control: ControlType) -> &'static str {
    match control {
        ControlType::Pass => "pass",
        ControlType::Release => "release",
    }
}

fn target_text(config: &Config, target: Target) -> &str {
    match target {
        Target::App(app) => &config.app(app).name,
        Target::Unknown => "an unknown app",
    }
}

fn control_text(config: &Config, control: &HandoverCall) -> String {
    match control {
        HandoverCall::Pass { target: None, .. } => "passes".to_owned(),
        HandoverCall::Pass { target: Some(target), .. } => format!("passes to {}", target_text(config, *target)),
        HandoverCall::Release => "releases".to_owned(),
        HandoverCall::Take { .. } => "takes".to_owned(),
        HandoverCall::Request { .. } => "requests".to_owned(),
        HandoverCall::Extend { duration } => format!("extends by {}s", duration.0 / 1000),
        HandoverCall::PassMetadata { target: None, .. } => "passes metadata about".to_owned(),
        HandoverCall::PassMetadata { target: Some(target), .. } => {
            format!("passes metadata to {} about", target_text(config, *target))
        }
    }
}

fn action_text(action: &SenderAction) -> &'static str {
    match action {
        SenderAction::TypingOn => "types",
        SenderAction::TypingOff => "stops typing",
        SenderAction::MarkSeen => "marks as seen",
        SenderAction::React { .. } => "reacts",
        SenderAction::Unreact { .. } => "takes its reaction back",
    }
}

fn admin_text(config: &Config, act: &SettingChange) -> String {
    let name = |app: &AppKey| config.app(*app).name.to_string();
    match act {
        SettingChange::SetsDefaultApp(app) => format!("default app {}", app_name(config, *app)),
        SettingChange::SetsPrimary(app) => format!("primary receiver {}", app_name(config, *app)),
        SettingChange::SetsStandby(app, on) => format!("standby of {} {on}", name(app)),
        SettingChange::SetsTakeControl(app, on) => format!("take control of {} {on}", name(app)),
        SettingChange::SetsLink(place, app) => format!("link {} to {}", place + 1, app_name(config, *app)),
        SettingChange::SetsSocial(app) => format!("social route to {}", app_name(config, *app)),
        SettingChange::ConnectsApp(app) => format!("connects {}", name(app)),
        SettingChange::DisconnectsApp(app) => format!("disconnects {}", name(app)),
        SettingChange::SetsHandoverApis { blocked } => format!("handover APIs blocked {blocked}"),
        SettingChange::Access(act) => access_text(config, act),
    }
}

fn access_text(config: &Config, act: &AccessChange) -> String {
    let app = &config.app(act.app()).name;
    let names = |permissions: &PermissionSet| permissions.iter().map(Permission::name).collect::<Vec<_>>().join(", ");
    match act {
        AccessChange::ExpiresToken(_) => format!("token of {app} expires"),
        AccessChange::RevokesToken(_, end) => format!("token of {app} ends: {}", end.name()),
        AccessChange::Grants(_, permissions) => format!("grants {app} {}", names(permissions)),
        AccessChange::Withdraws(_, permissions) => format!("withdraws from {app} {}", names(permissions)),
        AccessChange::Publishes(_, true) => format!("publishes {app}"),
        AccessChange::Publishes(_, false) => format!("takes {app} back into development"),
        AccessChange::IssuesCode(_, user) => format!("{} logs in to {app}", config.user(*user).name),
    }
}

fn label_text(config: &Config, act: &LabelChange) -> String {
    match act {
        LabelChange::Makes(name) => format!("makes the label {name:?}"),
        LabelChange::Deletes(_) => "deletes a label".to_owned(),
        LabelChange::Puts(_, person) => format!("labels {} with a label", config.person(*person).name),
        LabelChange::Takes(_, person) => format!("takes from {} a label", config.person(*person).name),
    }
}

fn moderation_text(act: Moderation) -> &'static str {
    match act {
        Moderation::Blocks(true) => "blocks",
        Moderation::Blocks(false) => "unblocks",
        Moderation::Bans(true) => "bans",
        Moderation::Bans(false) => "unbans",
        Moderation::MovesToSpam => "moves to spam the conversation of",
    }
}

/// An event in words, without its rule.
pub fn event_text(config: &Config, event: &Event) -> String {
    match event {
        Event::WebhookEvent(webhook_event) => format!("notice {:?}", webhook_event.payload.field().name()),
        Event::Routed { thread, app, .. } => {
            format!("{} routed to {}", config.thread_name(*thread), app_name(config, *app))
        }
        Event::OwnerChanged { thread, from, to, at, .. } => format!(
            "owner of {}: {} → {} at {}",
            config.thread_name(*thread),
            app_name(config, *from),
            app_name(config, *to),
            format_moment(*at)
        ),
        Event::ControlKept { owner, until, .. } => {
            format!("{} keeps control until {}", config.app(*owner).name, format_moment(*until))
        }
        Event::Allowed { app, .. } => format!("{} may", config.app(*app).name),
        Event::Shown { message, .. } => format!("shown: {}", message_text(config, message)),
        Event::Delivery { app, news, .. } => news_text(config, *app, news),
        Event::WindowOpened { thread, .. } => format!("window of {} open", config.thread_name(*thread)),
        Event::SettingChanged { app, what, .. } => match app {
            Some(app) => format!("{}: {what}", config.app(*app).name),
            None => what.to_string(),
        },
        Event::Warning { app, text, .. } => format!("warning for {}: {text}", config.app(*app).name),
    }
}

/// What a webhook event tells apps of, in words, beside the name of its field; nothing where the field says it all.
pub fn notice_text(config: &Config, body: &WebhookPayload) -> String {
    match body {
        WebhookPayload::Message { message, .. } | WebhookPayload::Echo(message) => content_text(&message.content),
        WebhookPayload::Summary { text, .. } | WebhookPayload::Postback { title: text, .. } => format!("{text:?}"),
        WebhookPayload::Referral(referral) => match &**referral {
            Referral::Ad { ad } => format!("by the ad {}", config.ad(*ad).name),
            Referral::Link { reference } => format!("by the link with ref {reference:?}"),
        },
        WebhookPayload::Lead(lead) => {
            let how = if lead.complete { "all" } else { "not all" };
            format!("the ad {}: {how} of its questions answered", config.ad(lead.ad).name)
        }
        WebhookPayload::RoleChanged { app, role } => {
            format!("{} becomes {}", app_name(config, Some(*app)), role_text(*role))
        }
        WebhookPayload::MetadataPassed { metadata } => format!("text {:?}", metadata.as_deref().unwrap_or_default()),
        body => handover_text(config, body).unwrap_or_default(),
    }
}

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary receiver",
        Role::Secondary => "secondary receiver",
    }
}

/// A message in words.
pub fn message_text(config: &Config, message: &Message) -> String {
    let thread = config.thread_name(message.thread);
    let content = content_text(&message.content);
    match message.author {
        Author::Person => format!("{thread}: {content}"),
        Author::App(app) => format!("{} to {thread}: {content}", config.app(app).name),
        Author::Ad(ad, _) => format!("the ad {} to {thread}: {content}", config.ad(ad).name),
    }
}

/// Who owned the thread before this entry and by which rule, if it says so.
pub fn owner_before(entry: &Entry, wanted: ThreadKey) -> Option<(Option<AppKey>, RuleId)> {
    match &entry.record {
        Record::Happened(Event::OwnerChanged { thread, from, was, .. }) if *thread == wanted => Some((*from, *was)),
        _ => None,
    }
}

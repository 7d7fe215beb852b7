//! Commands in words.

use std::fmt::{self, Display, Write};

use crate::domain::command::{
    AccessChange, AccountTokenCall, Command, ControlType, HandoverCall, InboxAction, LabelChange, Moderation,
    PeopleChange, Send, SenderAction, SettingChange, Tag, Target, ThreadControl,
};
use crate::domain::model::access::{Permission, PermissionSet};
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::domain::model::message_template::TemplateChange;
use crate::domain::model::webhook_config::WebhookConfig;

use super::action_text::write_user_action;
use super::change_text::page_action_text;
use super::content_text::content_text;
use super::delivery_text::delivery_command_text;
use super::names::app_name;
use crate::engine::subjects::subjects_of_command;

/// A command as a sentence that begins with who gives it.
pub fn command_sentence(config: &Config, command: &Command) -> String {
    let tag = match command {
        Command::Send(_, _, Send { tag: Some(Tag::HumanAgent), .. }) => " with HUMAN_AGENT",
        _ => "",
    };
    match subjects_of_command(command).app {
        Some(app) => format!("{} {}{tag}", config.app(app).name, command_text(config, command)),
        None => command_text(config, command).to_string(),
    }
}

/// A command in words, without the app that gives it.
pub fn command_text<'e>(config: &'e Config, command: &'e Command) -> impl Display + 'e {
    fmt::from_fn(move |formatter| write_command(formatter, config, command))
}

fn write_command(formatter: &mut fmt::Formatter<'_>, config: &Config, command: &Command) -> fmt::Result {
    match command {
        Command::Person(thread, action) => {
            formatter.write_str(&config.thread_name(*thread))?;
            formatter.write_char(' ')?;
            write_user_action(formatter, config, action)
        }
        Command::Send(thread, _, send) => {
            let control = send.thread_control.map(|control| thread_control_text(config, control)).unwrap_or_default();
            let content = content_text(&send.content);
            write!(formatter, "sends {content} to {}{control}", config.thread_name(*thread))
        }
        Command::SenderAction(thread, _, action) => {
            write!(formatter, "{} for {}", sender_action_text(action), config.thread_name(*thread))
        }
        Command::Control(thread, _, control) => {
            write!(formatter, "{} the thread of {}", control_text(config, control), config.thread_name(*thread))
        }
        other => formatter.write_str(&rarer_command_text(config, other)),
    }
}

/// A command in words, if it is none of those that are given all the time.
fn rarer_command_text(config: &Config, command: &Command) -> String {
    match command {
        Command::Person(..) | Command::Send(..) | Command::SenderAction(..) | Command::Control(..) => String::new(),
        Command::Inbox(thread, act) => {
            let act = match act {
                InboxAction::Replies(content) => format!("replies {}", content_text(content)),
                InboxAction::RepliesInApp(content) => {
                    let (replies, thread) = (content_text(content), config.thread_name(*thread));
                    return format!("instagram_app replies {replies} in the thread of {thread}");
                }
                InboxAction::MovesToMain => "moves to Main".to_owned(),
                InboxAction::MovesToDone => "moves to Done".to_owned(),
            };
            format!("inbox {act} in the thread of {}", config.thread_name(*thread))
        }
        Command::Admin(page, acts) => {
            let acts: Vec<String> = acts.iter().map(|act| admin_text(config, act)).collect();
            format!("admin of {}: {}", config.asset(*page).name, acts.join(", "))
        }
        Command::Timeout(thread) => format!("time is up in the thread of {}", config.thread_name(*thread)),
        Command::Delivery(_, app, act) => delivery_command_text(config, *app, *act),
        Command::Subscribe(page, ..) => format!("subscribes on {}", config.asset(*page).name),
        Command::SubscribeApp(..) => "changes its own subscription".to_owned(),
        Command::Webhook(_, change) => match &change.webhook {
            Some(WebhookConfig { url: Some(url) }) => format!("takes webhooks at {url}"),
            Some(WebhookConfig { url: None }) => "takes webhooks at a URL that comes later".to_owned(),
            None => "becomes a puppet".to_owned(),
        },
        Command::Profile(page, ..) => format!("changes the Messenger profile of {}", config.asset(*page).name),
        Command::Persona(page, ..) => format!("changes the personas of {}", config.asset(*page).name),
        Command::WelcomeFlow(page, ..) => {
            format!("changes the welcome message flows of {}", config.asset(*page).name)
        }
        Command::UserMenu(thread, ..) => format!("changes the persistent menu of {}", config.thread_name(*thread)),
        Command::RedeemLoginCode(..) => "changes a login code into a token".to_owned(),
        Command::IssueLoginCode(_, user) => format!("asks for a login code for {}", config.user(*user).name),
        Command::RevokePermission(user, _, None) => format!("{} removes the app", config.user(*user).name),
        Command::RevokePermission(user, _, Some(permission)) => {
            format!("{} takes back {}", config.user(*user).name, permission.name())
        }
        Command::AccountToken(_, AccountTokenCall::Redeems(_)) => "changes a login code into a token".to_owned(),
        Command::AccountToken(_, AccountTokenCall::Exchanges(_)) => "exchanges a token".to_owned(),
        Command::AccountToken(_, AccountTokenCall::Refreshes(_)) => "refreshes a token".to_owned(),
        Command::ExchangeToken(..) => "exchanges a token".to_owned(),
        Command::SaveAttachment(page, ..) => format!("saves an attachment for {}", config.asset(*page).name),
        Command::TestNotification(thread, ..) => format!("tests a notification to {}", config.thread_name(*thread)),
        Command::MessageTemplate(page, _, change) => {
            let deed = match change {
                TemplateChange::Makes(wording) => format!("writes the message template `{}`", wording.name),
                TemplateChange::DeletesName(name) => format!("deletes the message templates `{name}`"),
                TemplateChange::Deletes(id) => format!("deletes the message template {id}"),
            };
            format!("{deed} of {}", config.asset(*page).name)
        }
        Command::Label(page, _, act) => format!("{} of {}", label_text(config, act), config.asset(*page).name),
        Command::Unlink(thread, _) => format!("ends the linking of {}'s account", config.thread_name(*thread)),
        Command::People(change) => people_text(change),
        Command::NewMessageIds(_) => "makes message ids that were never seen".to_owned(),
        Command::Moderate(thread, _, act) => {
            format!("{} {}", moderation_text(*act), config.thread_name(*thread))
        }
    }
}

fn people_text(change: &PeopleChange) -> String {
    match change {
        PeopleChange::Adds { name: Some(name), .. } | PeopleChange::Meets(name) => format!("adds {name} to the people"),
        PeopleChange::Adds { name: None, .. } => "adds a person with a new name".to_owned(),
        PeopleChange::AddsCrowd(crowd) => format!("adds the crowd {} of {}", crowd.name, crowd.count),
        PeopleChange::GetNewIds(_) => "gives the people new scoped ids".to_owned(),
        PeopleChange::Claims(crowd) => format!("hands out a member of {crowd}"),
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

fn sender_action_text(action: &SenderAction) -> &'static str {
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
        SettingChange::SetsMessageAccess(on) => format!("message access {}", if *on { "on" } else { "off" }),
        SettingChange::EndsBroadcast(name) => format!("the broadcast {name} ends"),
        SettingChange::Access(act) => access_text(config, act),
        SettingChange::OnPage(action) => page_action_text(action),
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
        AccessChange::IssuesAccountCode(_) => format!("logs in to {app}"),
        AccessChange::IssuesCode(_, user) => format!("{} logs in to {app}", config.user(*user).name),
    }
}

fn label_text(config: &Config, act: &LabelChange) -> String {
    match act {
        LabelChange::Makes(name) => format!("makes the label {name:?}"),
        LabelChange::Deletes(_) => "deletes a label".to_owned(),
        LabelChange::Puts(_, person) => format!("labels {} with a label", config.person_name(*person)),
        LabelChange::Takes(_, person) => format!("takes from {} a label", config.person_name(*person)),
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

//! Fan-out: which apps get the webhook of an event, on which channel, how much of it they see, and by which rule.

use super::access;
use crate::domain::event::{Channel, Decision, Decisions, ReceiverDecision, Visibility, WebhookPayload};
use crate::domain::model::account_change::AccountChange;
use crate::domain::model::config::Config;
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppKey, AssetKey, PersonKey};
use crate::domain::model::knobs::Knobs;
use crate::domain::model::page_change::PageChange;
use crate::domain::model::platform::{Login, Platform};
use crate::domain::model::settings::{AppConnection, AssetSettings, Settings};
use crate::domain::rules::{self, RuleId};

/// The owner of the button that was tapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonOwner {
    /// The app that sent it.
    App(AppKey),
    /// The app that set it in the page's Messenger profile.
    SetBy(AppKey),
    /// The page: for Get Started without a setting and for the welcome message of an ad without an app. Every app on
    /// the messaging channel sees the payload.
    Page,
}

/// The apps that can get the webhooks of a thread or of a page.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'w> {
    /// The config knows Meta's own apps, which get no webhooks.
    pub config: &'w Config,
    pub settings: &'w Settings,
    pub asset: AssetKey,
    pub owner: Option<AppKey>,
    /// The person, if the event is in a thread.
    pub person: Option<PersonKey>,
    /// `Some` while a lead-generation ad asks its questions; then the app that may interrupt, if one may.
    pub lead: Option<Option<AppKey>>,
}

/// What the login of an app on an Instagram account says about a change.
enum LoginRule {
    Keeps,
    Gives,
    SaysNothing,
}

fn is_mention_as_comment(payload: &WebhookPayload) -> bool {
    let WebhookPayload::Change(change) = payload else { return false };
    matches!(**change, PageChange::OnAccount(AccountChange::MentionInComment(_)))
}

/// The parts of an event that every receiver sees.
const PLAIN: Visibility = Visibility { payload: false, details: true, referral: false };

impl Audience<'_> {
    /// Decides for an event of the thread. `button` is the owner of the tapped button, for a postback.
    pub fn decide_for_thread(&self, payload: &WebhookPayload, button: Option<ButtonOwner>) -> Decisions {
        let concerned = self.apps().filter(|(app, _)| self.is_echo_for(*app, payload));
        concerned.map(|(app, connection)| self.decide_in_thread(app, connection, payload, button)).collect()
    }

    /// False for the form of an echo that apps with another login get.
    fn is_echo_for(&self, app: AppKey, payload: &WebhookPayload) -> bool {
        let has_own_field = self.asset().knobs.instagram.echo_field && self.is_instagram_login(app);
        match payload {
            WebhookPayload::Echo(_) => !has_own_field,
            WebhookPayload::EchoInOwnField(_) => has_own_field,
            _ => true,
        }
    }

    /// Decides for an event that concerns only one app.
    pub fn decide_for_app(&self, app: AppKey, rule: RuleId, payload: &WebhookPayload) -> Decisions {
        let apps = self.apps().filter(|(candidate, _)| *candidate == app);
        self.decide_on_messaging(apps, payload, |_| rule)
    }

    /// Decides for an event that concerns every subscribed app, no matter which app owns the thread.
    pub fn decide_for_all(&self, rule: RuleId, payload: &WebhookPayload) -> Decisions {
        self.decide_on_messaging(self.apps(), payload, |_| rule)
    }

    /// Decides for a change on the page. It concerns every subscribed app, also while a lead-generation ad asks its questions.
    pub fn decide_for_change(&self, payload: &WebhookPayload) -> Decisions {
        let decide = |(app, connection)| {
            let channel = self.channel_of_changes(app);
            let rule = match self.rule_of_login(app, payload) {
                LoginRule::Keeps => return withhold(app, channel, rules::INSTAGRAM_NOT_BY_LOGIN),
                LoginRule::Gives => rules::INSTAGRAM_MENTION_AS_COMMENT,
                LoginRule::SaysNothing => rules::WEBHOOK_CHANGE,
            };
            self.decide(app, connection, payload, (channel, rule), PLAIN)
        };
        let concerned = |app| self.is_instagram_login(app) || !is_mention_as_comment(payload);
        self.apps().filter(|(app, _)| concerned(*app)).map(decide).collect()
    }

    /// By one of Meta's examples, changes stand in the entry itself for an app with Instagram Login.
    fn channel_of_changes(&self, app: AppKey) -> Channel {
        match self.is_instagram_login(app) && self.asset().knobs.instagram.direct_comments {
            true => Channel::Entry,
            false => Channel::Changes,
        }
    }

    fn is_instagram_login(&self, app: AppKey) -> bool {
        let asset = self.config.asset(self.asset);
        asset.platform() == Platform::Instagram && asset.login_of(app) == Login::Instagram
    }

    /// Instagram Login has no field for mentions and for the numbers of a story. Mentions in comments come as comments.
    fn rule_of_login(&self, app: AppKey, payload: &WebhookPayload) -> LoginRule {
        match payload.field_on(self.platform()) {
            _ if !self.is_instagram_login(app) => LoginRule::SaysNothing,
            Field::Mentions | Field::StoryInsights => LoginRule::Keeps,
            _ if is_mention_as_comment(payload) => LoginRule::Gives,
            _ => LoginRule::SaysNothing,
        }
    }

    /// Decides for the example of a Test button. It goes to the app, whatever the app subscribes on the page.
    pub fn decide_for_test(&self, payload: &WebhookPayload) -> Decisions {
        let platform = self.platform();
        let of_app = |app| self.settings.app(app).fields.of(platform);
        let field = payload.field_on(platform);
        let decide = |app| {
            let (channel, rule) = match (platform, self.is_instagram_login(app)) {
                (Platform::Messenger, _) => (Channel::Changes, rules::WEBHOOK_TEST),
                (Platform::Instagram, false) if field.is_of_messages() => {
                    (Channel::Messaging, rules::INSTAGRAM_TEST_FACEBOOK)
                }
                (Platform::Instagram, _) => (Channel::Changes, rules::INSTAGRAM_TEST),
            };
            match of_app(app).is_none_or(|fields| fields.contains(field)) {
                true => ReceiverDecision { app, rule, decision: Decision::Deliver(channel, PLAIN) },
                false => withhold(app, channel, rules::APP_NOT_SUBSCRIBED),
            }
        };
        self.apps().map(|(app, _)| decide(app)).collect()
    }

    /// Decides for an event that concerns the owner and the app that caused it; every app while nobody owns the thread.
    pub fn decide_for_concerned(&self, by: Option<AppKey>, payload: &WebhookPayload) -> Decisions {
        let decide = |(app, connection): (AppKey, &AppConnection)| {
            let rule = match (self.lead, self.owner) {
                (Some(interrupter), _) if interrupter != Some(app) => return withhold_for_lead(app),
                (_, Some(owner)) if owner == app => rules::WEBHOOK_TO_OWNER,
                (_, None) => rules::WEBHOOK_TO_EVERYBODY,
                _ if by == Some(app) => rules::WEBHOOK_TO_CAUSER,
                _ => {
                    let decision = Decision::Withhold(Channel::Standby);
                    return ReceiverDecision { app, rule: rules::STANDBY_NOT_LISTED, decision };
                }
            };
            self.decide(app, connection, payload, (Channel::Messaging, rule), PLAIN)
        };
        self.apps().map(decide).collect()
    }

    /// Decides for a handover: it concerns one app, or every subscribed app if the knob `handover_fanout` says so.
    pub fn decide_for_handover(&self, app: AppKey, rule: RuleId, payload: &WebhookPayload) -> Decisions {
        if !self.asset().knobs.handover_to_subscribed {
            return self.decide_for_app(app, rule, payload);
        }
        self.decide_on_messaging(self.apps(), payload, |receiver| {
            if receiver == app { rule } else { rules::WEBHOOK_HANDOVER_SUBSCRIBED }
        })
    }

    fn decide_on_messaging<'a>(
        &self,
        apps: impl Iterator<Item = (AppKey, &'a AppConnection)>,
        payload: &WebhookPayload,
        rule: impl Fn(AppKey) -> RuleId,
    ) -> Decisions {
        apps.map(|(app, connection)| match self.lead {
            Some(interrupter) if interrupter != Some(app) => withhold_for_lead(app),
            _ => self.decide(app, connection, payload, (Channel::Messaging, rule(app)), PLAIN),
        })
        .collect()
    }

    fn platform(&self) -> Platform {
        self.config.platform(self.asset)
    }

    /// An app with Facebook Login gets webhooks of an Instagram account only while it subscribes anything on the linked page.
    fn is_switched_on(&self, app: AppKey) -> bool {
        let asset = self.config.asset(self.asset);
        if asset.platform() == Platform::Messenger || asset.login_of(app) != Login::Facebook {
            return true;
        }
        let on_page = asset.linked_page().and_then(|page| self.settings.asset(page).connection(app));
        on_page.is_some_and(|connection| connection.subscribed && connection.fields != FieldSet::EMPTY)
    }

    /// Comments on Instagram come only to apps with Advanced Access, whatever role the commenter has. An app in development has none.
    fn needs_advanced_access(&self, channel: Channel) -> bool {
        is_change(channel) && self.platform() == Platform::Instagram
    }

    /// True if the app subscribes the field on the asset. With the knob `ig_fields: app`, the list of an account only switches it on.
    fn is_subscribed(&self, app: AppKey, connection: &AppConnection, field: Field) -> bool {
        if self.asset().knobs.account_fields_count || self.platform() == Platform::Messenger {
            return connection.fields.contains(field);
        }
        let has_field = self.config.asset(self.asset).fields_of(app).contains(field);
        has_field && connection.subscribed && connection.fields != FieldSet::EMPTY
    }

    fn asset(&self) -> &AssetSettings {
        self.settings.asset(self.asset)
    }

    fn apps(&self) -> impl Iterator<Item = (AppKey, &AppConnection)> {
        self.asset().connected().filter(|(app, _)| !self.config.is_metas(*app))
    }

    fn decide_in_thread(
        &self,
        app: AppKey,
        connection: &AppConnection,
        payload: &WebhookPayload,
        button: Option<ButtonOwner>,
    ) -> ReceiverDecision {
        let (channel, rule) = match (self.lead, self.owner) {
            (Some(Some(interrupter)), _) if interrupter == app => (Channel::Messaging, rules::WEBHOOK_TO_INTERRUPTER),
            (Some(_), _) => return withhold_for_lead(app),
            (None, Some(owner)) if owner == app => (Channel::Messaging, rules::WEBHOOK_TO_OWNER),
            (None, None) => (Channel::Messaging, rules::WEBHOOK_TO_EVERYBODY),
            (None, Some(_)) if button == Some(ButtonOwner::App(app)) => {
                (Channel::Messaging, rules::WEBHOOK_TO_BUTTON_SENDER)
            }
            (None, Some(_)) if button == Some(ButtonOwner::SetBy(app)) => {
                (Channel::Messaging, rules::WEBHOOK_TO_PROFILE_SETTER)
            }
            (None, Some(_)) => (Channel::Standby, rules::WEBHOOK_ON_STANDBY),
        };
        let knobs = self.asset().knobs;
        let on_standby = channel == Channel::Standby;
        if on_standby && !knobs.standby_referral && matches!(payload, WebhookPayload::Referral(_)) {
            return withhold(app, channel, rules::STANDBY_WITHOUT_REFERRAL);
        }
        let is_message = matches!(payload, WebhookPayload::Message { .. }) || payload.echo().is_some();
        if on_standby && knobs.instagram.standby_messages_only && !is_message {
            return withhold(app, channel, rules::INSTAGRAM_STANDBY_MESSAGES);
        }
        let visibility = Visibility {
            payload: match button {
                Some(ButtonOwner::App(sender) | ButtonOwner::SetBy(sender)) => sender == app,
                Some(ButtonOwner::Page) => channel == Channel::Messaging,
                None => false,
            },
            details: !(on_standby && knobs.standby_postback_empty),
            referral: !(on_standby && (!knobs.standby_referral || is_emptied_on_standby(payload, knobs)))
                && (matches!(payload, WebhookPayload::Postback { .. }) || self.gets_referrals(app, connection)),
        };
        let rule = hiding_rule(payload, visibility, channel, button, knobs.standby_referral).unwrap_or(rule);
        self.decide(app, connection, payload, (channel, rule), visibility)
    }

    fn gets_referrals(&self, app: AppKey, connection: &AppConnection) -> bool {
        let field = match self.platform() {
            Platform::Messenger => Field::MessagingReferrals,
            // The referral is a part of the message there, whatever else the app subscribes.
            Platform::Instagram => return true,
        };
        let of_app = self.settings.app(app).fields.of(self.platform());
        connection.fields.contains(field) && of_app.is_none_or(|fields| fields.contains(field))
    }

    fn decide(
        &self,
        app: AppKey,
        connection: &AppConnection,
        payload: &WebhookPayload,
        (channel, rule): (Channel, RuleId),
        visibility: Visibility,
    ) -> ReceiverDecision {
        let needed = if channel == Channel::Standby { Field::Standby } else { payload.field_on(self.platform()) };
        let app_level = self.settings.app(app).fields.of(self.platform());
        let reason = if !self.is_switched_on(app) {
            Some(rules::INSTAGRAM_PAGE_NOT_SUBSCRIBED)
        } else if !is_change(channel) && !self.asset().messages_allowed {
            Some(rules::INSTAGRAM_MESSAGES_WITHHELD)
        } else if self.needs_advanced_access(channel) && !self.settings.app(app).published {
            Some(rules::INSTAGRAM_COMMENTS_NEED_ADVANCED)
        } else if channel == Channel::Standby && !connection.standby {
            Some(rules::STANDBY_TOGGLE_OFF)
        } else if !self.is_subscribed(app, connection, needed) {
            Some(rules::NOT_SUBSCRIBED)
        } else if app_level.is_some_and(|fields| !fields.contains(needed)) {
            Some(rules::APP_NOT_SUBSCRIBED)
        } else if self.person.is_some_and(|person| !access::knows(self.config, self.settings, app, person)) {
            Some(rules::WEBHOOK_NEEDS_ROLE)
        } else {
            None
        };
        match reason {
            Some(rule) => withhold(app, channel, rule),
            None => ReceiverDecision { app, rule, decision: Decision::Deliver(channel, visibility) },
        }
    }
}

/// True for the channels of what happens in public.
fn is_change(channel: Channel) -> bool {
    matches!(channel, Channel::Changes | Channel::Entry)
}

/// The decision for an app while a lead-generation ad asks its questions.
fn withhold_for_lead(app: AppKey) -> ReceiverDecision {
    withhold(app, Channel::Messaging, rules::LEAD_WITHHELD)
}

fn withhold(app: AppKey, channel: Channel, rule: RuleId) -> ReceiverDecision {
    ReceiverDecision { app, rule, decision: Decision::Withhold(channel) }
}

/// True if standby shows only that the event happened.
fn is_emptied_on_standby(payload: &WebhookPayload, knobs: Knobs) -> bool {
    knobs.standby_postback_empty && matches!(payload, WebhookPayload::Postback { .. })
}

/// The rule that hides a part of the event from the app, if its developers may wonder why.
fn hiding_rule(
    payload: &WebhookPayload,
    visibility: Visibility,
    channel: Channel,
    button: Option<ButtonOwner>,
    standby_referral: bool,
) -> Option<RuleId> {
    match payload {
        WebhookPayload::Postback { .. } if !visibility.payload && channel == Channel::Messaging => Some(match button {
            Some(ButtonOwner::SetBy(_)) => rules::PAYLOAD_TO_SETTER_ONLY,
            _ => rules::PAYLOAD_TO_SENDER_ONLY,
        }),
        WebhookPayload::Message { referral: Some(_), .. } | WebhookPayload::Postback { referral: Some(_), .. }
            if !visibility.referral && channel == Channel::Standby && !standby_referral =>
        {
            Some(rules::STANDBY_WITHOUT_REFERRAL)
        }
        WebhookPayload::Message { referral: Some(_), .. } if !visibility.referral => Some(rules::REFERRAL_NEEDS_FIELD),
        _ => None,
    }
}

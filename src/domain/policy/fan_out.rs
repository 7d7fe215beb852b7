//! Policy room: which apps are told of a webhook event, on which channel, with how much of it, and by which rule.

use super::access;
use crate::domain::event::{Channel, Decision, ReceiverDecision, Visibility, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, PageKey, PersonKey};
use crate::domain::model::knobs::Knobs;
use crate::domain::model::settings::{AppConnection, PageSettings, Settings};
use crate::domain::rules::{self, RuleId};

/// Whose button was tapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonOwner {
    /// An app sent it.
    App(AppKey),
    /// An app set it in the page's Messenger profile.
    SetBy(AppKey),
    /// The page has it: Get Started that nobody set, or the welcome of an ad that no app receives. Whoever hears on the messaging channel answers it.
    Page,
}

/// Those who may hear of a thread, or of the page itself.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'w> {
    /// The world, to know Meta's own apps by: they read the thread itself and get no webhooks.
    pub config: &'w Config,
    /// The world's settings.
    pub settings: &'w Settings,
    /// The page.
    pub page: PageKey,
    /// The thread's owner.
    pub owner: Option<AppKey>,
    /// Who is in the thread, where it is about one.
    pub person: Option<PersonKey>,
    /// While a lead-generation ad asks: the app that it lets hear, if it lets one.
    pub lead: Option<Option<AppKey>>,
}

/// Nothing of a webhook event but what everybody may see.
const PLAIN: Visibility = Visibility { payload: false, details: true, referral: false };

impl Audience<'_> {
    /// Something happened in the thread. `button` says whose button was tapped, for a postback.
    pub fn decide_for_thread(&self, payload: &WebhookPayload, button: Option<ButtonOwner>) -> Vec<ReceiverDecision> {
        self.apps().map(|(app, connection)| self.decide_in_thread(app, connection, payload, button)).collect()
    }

    /// Something concerns one app alone.
    pub fn decide_for_app(&self, app: AppKey, rule: RuleId, payload: &WebhookPayload) -> Vec<ReceiverDecision> {
        let told = self.apps().filter(|(listener, _)| *listener == app);
        self.decide_directly(told, payload, |_| rule)
    }

    /// Something concerns everybody who listens for it, whoever owns the thread.
    pub fn decide_for_all(&self, rule: RuleId, payload: &WebhookPayload) -> Vec<ReceiverDecision> {
        self.decide_directly(self.apps(), payload, |_| rule)
    }

    /// Something concerns the owner and the app that brought it about; everybody, while nobody owns the thread.
    pub fn decide_for_concerned(&self, by: Option<AppKey>, payload: &WebhookPayload) -> Vec<ReceiverDecision> {
        let told = |(app, connection): (AppKey, &AppConnection)| {
            let rule = match (self.lead, self.owner) {
                (Some(interrupter), _) if interrupter != Some(app) => return asked_by_an_ad(app),
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
        self.apps().map(told).collect()
    }

    /// Control moved: the app that it concerns is told, or, where the page is switched so, everybody who listens for it.
    pub fn decide_for_handover(&self, app: AppKey, rule: RuleId, payload: &WebhookPayload) -> Vec<ReceiverDecision> {
        if !self.page().knobs.handover_to_subscribed {
            return self.decide_for_app(app, rule, payload);
        }
        self.decide_directly(
            self.apps(),
            payload,
            |told| if told == app { rule } else { rules::WEBHOOK_HANDOVER_SUBSCRIBED },
        )
    }

    fn decide_directly<'a>(
        &self,
        apps: impl Iterator<Item = (AppKey, &'a AppConnection)>,
        payload: &WebhookPayload,
        rule: impl Fn(AppKey) -> RuleId,
    ) -> Vec<ReceiverDecision> {
        apps.map(|(app, connection)| match self.lead {
            Some(interrupter) if interrupter != Some(app) => asked_by_an_ad(app),
            _ => self.decide(app, connection, payload, (Channel::Messaging, rule(app)), PLAIN),
        })
        .collect()
    }

    fn page(&self) -> &PageSettings {
        self.settings.page(self.page)
    }

    fn apps(&self) -> impl Iterator<Item = (AppKey, &AppConnection)> {
        self.page().connected().filter(|(app, _)| !self.config.is_metas(*app))
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
            (Some(_), _) => return asked_by_an_ad(app),
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
        let knobs = self.page().knobs;
        let on_standby = channel == Channel::Standby;
        if on_standby && !knobs.standby_referral && matches!(payload, WebhookPayload::Referral(_)) {
            return ReceiverDecision {
                app,
                rule: rules::STANDBY_WITHOUT_REFERRAL,
                decision: Decision::Withhold(channel),
            };
        }
        let view = Visibility {
            payload: match button {
                Some(ButtonOwner::App(sender) | ButtonOwner::SetBy(sender)) => sender == app,
                Some(ButtonOwner::Page) => channel == Channel::Messaging,
                None => false,
            },
            details: !(on_standby && knobs.standby_postback_empty),
            referral: !(on_standby && (!knobs.standby_referral || is_emptied(payload, knobs)))
                && (matches!(payload, WebhookPayload::Postback { .. }) || self.hears_referrals(app, connection)),
        };
        let rule = explain_view(payload, view, channel, button, knobs.standby_referral).unwrap_or(rule);
        self.decide(app, connection, payload, (channel, rule), view)
    }

    fn hears_referrals(&self, app: AppKey, connection: &AppConnection) -> bool {
        connection.fields.contains(Field::MessagingReferrals)
            && self.settings.app(app).fields.is_none_or(|fields| fields.contains(Field::MessagingReferrals))
    }

    fn decide(
        &self,
        app: AppKey,
        connection: &AppConnection,
        payload: &WebhookPayload,
        (channel, rule): (Channel, RuleId),
        view: Visibility,
    ) -> ReceiverDecision {
        let needed = if channel == Channel::Standby { Field::Standby } else { payload.field() };
        let app_level = self.settings.app(app).fields;
        let withheld = if channel == Channel::Standby && !connection.standby {
            Some(rules::STANDBY_TOGGLE_OFF)
        } else if !connection.fields.contains(needed) {
            Some(rules::NOT_SUBSCRIBED)
        } else if app_level.is_some_and(|fields| !fields.contains(needed)) {
            Some(rules::APP_NOT_SUBSCRIBED)
        } else if self.person.is_some_and(|person| !access::knows(self.config, self.settings, app, person)) {
            Some(rules::WEBHOOK_NEEDS_ROLE)
        } else {
            None
        };
        match withheld {
            Some(rule) => ReceiverDecision { app, rule, decision: Decision::Withhold(channel) },
            None => ReceiverDecision { app, rule, decision: Decision::Deliver(channel, view) },
        }
    }
}

/// A lead-generation ad asks, and keeps everybody else out.
fn asked_by_an_ad(app: AppKey) -> ReceiverDecision {
    ReceiverDecision { app, rule: rules::LEAD_WITHHELD, decision: Decision::Withhold(Channel::Messaging) }
}

/// Whether standby shows nothing of this but that it happened.
fn is_emptied(payload: &WebhookPayload, knobs: Knobs) -> bool {
    knobs.standby_postback_empty && matches!(payload, WebhookPayload::Postback { .. })
}

/// The rule to name where an app sees less than was there and would wonder why.
fn explain_view(
    payload: &WebhookPayload,
    view: Visibility,
    channel: Channel,
    button: Option<ButtonOwner>,
    standby_referral: bool,
) -> Option<RuleId> {
    match payload {
        WebhookPayload::Postback { .. } if !view.payload && channel == Channel::Messaging => Some(match button {
            Some(ButtonOwner::SetBy(_)) => rules::PAYLOAD_TO_SETTER_ONLY,
            _ => rules::PAYLOAD_TO_SENDER_ONLY,
        }),
        WebhookPayload::Message { referral: Some(_), .. } | WebhookPayload::Postback { referral: Some(_), .. }
            if !view.referral && channel == Channel::Standby && !standby_referral =>
        {
            Some(rules::STANDBY_WITHOUT_REFERRAL)
        }
        WebhookPayload::Message { referral: Some(_), .. } if !view.referral => Some(rules::REFERRAL_NEEDS_FIELD),
        _ => None,
    }
}

//! Policy room: which apps are told of a notice, on which channel, with how much of it, and by which rule.

use super::super::event::{Body, Channel, Telling, Verdict, View};
use super::super::fields::Field;
use super::super::ids::AppKey;
use super::super::ids::PageKey;
use super::super::rules::{self, RuleId};
use super::super::settings::{Connection, Settings};

/// Whose button was tapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonOf {
    /// An app sent it.
    App(AppKey),
    /// The page has it: Get Started, or the welcome of an ad that no app receives. Whoever hears on the messaging channel answers it.
    Page,
}

/// Those who may hear of a thread.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'w> {
    /// The world's settings.
    pub settings: &'w Settings,
    /// The page.
    pub page: PageKey,
    /// The thread's owner.
    pub owner: Option<AppKey>,
    /// The inbox, which reads the thread itself and gets no webhooks.
    pub inbox: AppKey,
}

impl Audience<'_> {
    /// Something happened in the thread. `button` says whose button was tapped, for a postback.
    pub fn tell_thread(&self, body: &Body, button: Option<ButtonOf>) -> Vec<Telling> {
        self.apps().map(|(app, connection)| self.tell(app, connection, body, button)).collect()
    }

    /// Something concerns one app alone.
    pub fn tell_one(&self, app: AppKey, rule: RuleId, body: &Body) -> Vec<Telling> {
        let told = self.apps().filter(|(listener, _)| *listener == app);
        let view = View { payload: false, referral: false };
        told.map(|(app, connection)| self.decide(app, connection, body.field(), Channel::Messaging, rule, view))
            .collect()
    }

    fn apps(&self) -> impl Iterator<Item = (AppKey, &Connection)> {
        self.settings.page(self.page).connected().filter(|(app, _)| *app != self.inbox)
    }

    fn tell(&self, app: AppKey, connection: &Connection, body: &Body, button: Option<ButtonOf>) -> Telling {
        let (channel, rule) = match self.owner {
            Some(owner) if owner == app => (Channel::Messaging, rules::TELL_OWNER),
            None => (Channel::Messaging, rules::TELL_EVERYBODY),
            Some(_) if button == Some(ButtonOf::App(app)) => (Channel::Messaging, rules::TELL_BUTTON_SENDER),
            Some(_) => (Channel::Standby, rules::TELL_STANDBY),
        };
        let view = View {
            payload: match button {
                Some(ButtonOf::App(sender)) => sender == app,
                Some(ButtonOf::Page) => channel == Channel::Messaging,
                None => false,
            },
            referral: connection.fields.contains(Field::MessagingReferrals)
                && self.settings.app(app).fields.is_none_or(|fields| fields.contains(Field::MessagingReferrals)),
        };
        let rule = explain_view(body, view, channel).unwrap_or(rule);
        self.decide(app, connection, body.field(), channel, rule, view)
    }

    fn decide(
        &self,
        app: AppKey,
        connection: &Connection,
        field: Field,
        channel: Channel,
        rule: RuleId,
        view: View,
    ) -> Telling {
        let needed = if channel == Channel::Standby { Field::Standby } else { field };
        let app_level = self.settings.app(app).fields;
        let withheld = if channel == Channel::Standby && !connection.standby {
            Some(rules::STANDBY_TOGGLE_OFF)
        } else if !connection.fields.contains(needed) {
            Some(rules::NOT_SUBSCRIBED)
        } else if app_level.is_some_and(|fields| !fields.contains(needed)) {
            Some(rules::APP_NOT_SUBSCRIBED)
        } else {
            None
        };
        match withheld {
            Some(rule) => Telling { app, rule, verdict: Verdict::Withheld(channel) },
            None => Telling { app, rule, verdict: Verdict::Told(channel, view) },
        }
    }
}

/// The rule to name where an app sees less than was there and would wonder why.
fn explain_view(body: &Body, view: View, channel: Channel) -> Option<RuleId> {
    match body {
        Body::Postback { .. } if !view.payload && channel == Channel::Messaging => Some(rules::PAYLOAD_TO_SENDER_ONLY),
        Body::Message { referral: Some(_), .. } if !view.referral => Some(rules::REFERRAL_NEEDS_FIELD),
        _ => None,
    }
}

//! Acts room: what becomes of a webhook that an app did not take: another attempt, and in the end the app's subscription. Only `World`
//! enters; who tries, and whether it went well, comes in as commands.

use crate::domain::command::DeliveryUpdate;
use crate::domain::event::{DeliveryState, Event};
use crate::domain::model::config::Config;
use crate::domain::model::deliveries::{SubscriptionNumber, WebhookId};
use crate::domain::model::ids::{AppKey, PageKey};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// Does what is asked, at `now`. Never refused.
pub fn act(
    config: &Config,
    settings: &mut Settings,
    page: PageKey,
    app: AppKey,
    act: DeliveryUpdate,
    now: Moment,
) -> Result<Outcome, Refusal> {
    let mut line = Line { config, settings, page, app, events: Vec::new() };
    line.end_of_old();
    match act {
        DeliveryUpdate::Delayed { webhook, until } => line.held(webhook, until.max(now)),
        DeliveryUpdate::Failed(webhook) => line.failed(webhook, now),
        DeliveryUpdate::Accepted(webhook) => line.taken(webhook),
        DeliveryUpdate::AcceptedOnDemand => line.heard(),
        DeliveryUpdate::Lost(webhook) => line.settings.deliveries.remove((page, app), webhook),
        DeliveryUpdate::Attempt(webhook) => line.attempt(webhook),
        DeliveryUpdate::Alert => line.alert(),
        DeliveryUpdate::Disable => line.disable(),
    }
    line.begin_of_new();
    Ok(Outcome { reply: Reply::Done, events: line.events })
}

struct Line<'w> {
    config: &'w Config,
    settings: &'w mut Settings,
    page: PageKey,
    app: AppKey,
    events: Vec<Event>,
}

impl Line<'_> {
    fn to(&self) -> (PageKey, AppKey) {
        (self.page, self.app)
    }

    fn news(&mut self, news: DeliveryState, rule: RuleId) {
        self.events.push(Event::Delivery { page: self.page, app: self.app, news, rule });
    }

    /// The subscription that the app has now, if it has one.
    fn subscription(&self) -> Option<SubscriptionNumber> {
        let connection = self.settings.page(self.page).connection(self.app)?;
        connection.subscribed.then_some((connection.epoch, connection.subscriptions))
    }

    /// What was left under a subscription that is over is given up, whoever ended it.
    fn end_of_old(&mut self) {
        let old = self.settings.deliveries.subscription(self.to());
        if old.is_some_and(|old| self.subscription() != Some(old)) {
            let waiting = self.settings.deliveries.give_up_all(self.to());
            self.give_up(waiting, rules::DELIVERY_UNSUBSCRIBED);
        }
    }

    fn begin_of_new(&mut self) {
        if let Some(of) = self.subscription() {
            self.settings.deliveries.assign_subscription(self.to(), of);
        }
    }

    fn held(&mut self, webhook: WebhookId, until: Moment) {
        let gone = self.settings.deliveries.delay(self.to(), webhook, until);
        self.news(DeliveryState::Waits { webhook, until }, rules::DELIVERY_LATE);
        self.crowded_out(gone);
    }

    fn failed(&mut self, webhook: WebhookId, now: Moment) {
        if self.subscription().is_none() {
            self.settings.deliveries.remove(self.to(), webhook);
            return self.give_up(vec![webhook], rules::DELIVERY_UNSUBSCRIBED);
        }
        let (next, gone) = self.settings.deliveries.record_failure(self.to(), webhook, now);
        match next {
            Some(until) => self.news(DeliveryState::Waits { webhook, until }, rules::DELIVERY_RETRY),
            None => self.give_up(vec![webhook], rules::DELIVERY_GIVEN_UP),
        }
        self.crowded_out(gone);
    }

    fn crowded_out(&mut self, gone: Option<WebhookId>) {
        self.give_up(gone.into_iter().collect(), rules::DELIVERY_CROWDED);
    }

    fn give_up(&mut self, webhooks: Vec<WebhookId>, rule: RuleId) {
        if !webhooks.is_empty() {
            self.news(DeliveryState::GivenUp { webhooks }, rule);
        }
    }

    fn taken(&mut self, webhook: WebhookId) {
        self.heard();
        self.settings.deliveries.remove(self.to(), webhook);
    }

    fn heard(&mut self) {
        if let Some(since) = self.settings.deliveries.record_success(self.to()) {
            self.news(DeliveryState::Recovered { since }, rules::DELIVERY_RECOVERED);
        }
    }

    fn attempt(&mut self, webhook: WebhookId) {
        // What was given up with its subscription waits no longer.
        let Some(is_repeated) = self.settings.deliveries.begin_attempt(self.to(), webhook) else { return };
        let rule = if is_repeated { rules::DELIVERY_RETRY } else { rules::DELIVERY_LATE };
        self.news(DeliveryState::Sent { webhook }, rule);
    }

    fn alert(&mut self) {
        if let Some(since) = self.settings.deliveries.record_alert(self.to()) {
            self.news(DeliveryState::Alerted { since }, rules::DELIVERY_ALERT);
        }
    }

    /// The app has to subscribe again, as if it had ended its subscription itself.
    fn disable(&mut self) {
        let Some(since) = self.settings.deliveries.failing_since(self.page, self.app) else { return };
        let waiting = self.settings.deliveries.give_up_all(self.to());
        self.news(DeliveryState::Disabled { since }, rules::DELIVERY_DISABLED);
        if let Some(connection) = self.settings.page_mut(self.page).connection_mut(self.app) {
            connection.end_subscription();
            let what = format!("`{}` is unsubscribed from the page", self.config.app(self.app).name).into();
            let (page, app) = (Some(self.page), Some(self.app));
            self.events.push(Event::SettingChanged { page, app, what, rule: rules::DELIVERY_DISABLED });
        }
        self.give_up(waiting, rules::DELIVERY_DISABLED);
    }
}

//! Handles webhooks that an app did not accept: plans the next attempt, warns, and in the end unsubscribes the app. The attempts and their
//! results come in as commands.

use crate::domain::command::DeliveryUpdate;
use crate::domain::event::{DeliveryState, Event};
use crate::domain::model::config::Config;
use crate::domain::model::deliveries::{SubscriptionNumber, WebhookId};
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// Never refuses.
pub fn handle_update(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    app: AppKey,
    update: DeliveryUpdate,
    now: Moment,
) -> Result<Outcome, Refusal> {
    let mut deliveries = AppDeliveries { config, settings, page, app, events: Vec::new() };
    deliveries.end_old_subscription();
    match update {
        DeliveryUpdate::Delayed { webhook, until } => deliveries.delay(webhook, until.max(now)),
        DeliveryUpdate::Failed(webhook) => deliveries.fail(webhook, now),
        DeliveryUpdate::Accepted(webhook) => deliveries.accept(webhook),
        DeliveryUpdate::AcceptedOnDemand => deliveries.recover(),
        DeliveryUpdate::Lost(webhook) => deliveries.settings.deliveries.remove((page, app), webhook),
        DeliveryUpdate::Attempt(webhook) => deliveries.attempt(webhook),
        DeliveryUpdate::Alert => deliveries.alert(),
        DeliveryUpdate::Disable => deliveries.disable(),
    }
    deliveries.begin_new_subscription();
    Ok(Outcome { reply: Reply::Done, events: deliveries.events })
}

/// The deliveries from one page to one app.
struct AppDeliveries<'w> {
    config: &'w Config,
    settings: &'w mut Settings,
    page: AssetKey,
    app: AppKey,
    events: Vec<Event>,
}

impl AppDeliveries<'_> {
    fn key(&self) -> (AssetKey, AppKey) {
        (self.page, self.app)
    }

    fn record(&mut self, news: DeliveryState, rule: RuleId) {
        self.events.push(Event::Delivery { page: self.page, app: self.app, news, rule });
    }

    /// The app's current subscription.
    fn subscription(&self) -> Option<SubscriptionNumber> {
        let connection = self.settings.asset(self.page).connection(self.app)?;
        connection.subscribed.then_some((connection.epoch, connection.subscriptions))
    }

    /// If the subscription has ended, gives up what still waits under it.
    fn end_old_subscription(&mut self) {
        let old = self.settings.deliveries.subscription(self.key());
        if old.is_some_and(|old| self.subscription() != Some(old)) {
            let waiting = self.settings.deliveries.give_up_all(self.key());
            self.give_up(waiting, rules::DELIVERY_UNSUBSCRIBED);
        }
    }

    fn begin_new_subscription(&mut self) {
        if let Some(subscription) = self.subscription() {
            self.settings.deliveries.assign_subscription(self.key(), subscription);
        }
    }

    fn delay(&mut self, webhook: WebhookId, until: Moment) {
        let gone = self.settings.deliveries.delay(self.key(), webhook, until);
        self.record(DeliveryState::Waits { webhook, until }, rules::DELIVERY_LATE);
        self.give_up_crowded_out(gone);
    }

    fn fail(&mut self, webhook: WebhookId, now: Moment) {
        if self.subscription().is_none() {
            self.settings.deliveries.remove(self.key(), webhook);
            return self.give_up(vec![webhook], rules::DELIVERY_UNSUBSCRIBED);
        }
        let (next, gone) = self.settings.deliveries.record_failure(self.key(), webhook, now);
        match next {
            Some(until) => self.record(DeliveryState::Waits { webhook, until }, rules::DELIVERY_RETRY),
            None => self.give_up(vec![webhook], rules::DELIVERY_GIVEN_UP),
        }
        self.give_up_crowded_out(gone);
    }

    fn give_up_crowded_out(&mut self, gone: Option<WebhookId>) {
        self.give_up(gone.into_iter().collect(), rules::DELIVERY_CROWDED);
    }

    fn give_up(&mut self, webhooks: Vec<WebhookId>, rule: RuleId) {
        if !webhooks.is_empty() {
            self.record(DeliveryState::GivenUp { webhooks }, rule);
        }
    }

    fn accept(&mut self, webhook: WebhookId) {
        self.recover();
        self.settings.deliveries.remove(self.key(), webhook);
    }

    fn recover(&mut self) {
        if let Some(since) = self.settings.deliveries.record_success(self.key()) {
            self.record(DeliveryState::Recovered { since }, rules::DELIVERY_RECOVERED);
        }
    }

    fn attempt(&mut self, webhook: WebhookId) {
        // A webhook that was given up with its subscription is not sent.
        let Some(is_repeated) = self.settings.deliveries.begin_attempt(self.key(), webhook) else { return };
        let rule = if is_repeated { rules::DELIVERY_RETRY } else { rules::DELIVERY_LATE };
        self.record(DeliveryState::Sent { webhook }, rule);
    }

    fn alert(&mut self) {
        if let Some(since) = self.settings.deliveries.record_alert(self.key()) {
            self.record(DeliveryState::Alerted { since }, rules::DELIVERY_ALERT);
        }
    }

    /// Ends the subscription as if the app had ended it. The app has to subscribe again.
    fn disable(&mut self) {
        let Some(since) = self.settings.deliveries.failing_since(self.page, self.app) else { return };
        let waiting = self.settings.deliveries.give_up_all(self.key());
        self.record(DeliveryState::Disabled { since }, rules::DELIVERY_DISABLED);
        if let Some(connection) = self.settings.asset_mut(self.page).connection_mut(self.app) {
            connection.end_subscription();
            let asset = self.config.platform(self.page).asset_word();
            let what = format!("`{}` is unsubscribed from the {asset}", self.config.app(self.app).name).into();
            let (page, app) = (Some(self.page), Some(self.app));
            self.events.push(Event::SettingChanged { page, app, what, rule: rules::DELIVERY_DISABLED });
        }
        self.give_up(waiting, rules::DELIVERY_DISABLED);
    }
}

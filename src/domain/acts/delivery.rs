//! Acts room: what becomes of a webhook that an app did not take: another attempt, and in the end the app's subscription. Only `World`
//! enters; who tries, and whether it went well, comes in as commands.

use super::super::applied::{Answer, Applied};
use super::super::command::DeliveryAct;
use super::super::config::Config;
use super::super::deliveries::WebhookId;
use super::super::event::{DeliveryNews, Event};
use super::super::fields::FieldSet;
use super::super::ids::{AppKey, PageKey};
use super::super::refusal::Refusal;
use super::super::rules::{self, RuleId};
use super::super::settings::Settings;
use super::super::time::Moment;

/// Does what is asked, at `now`. Never refused.
pub fn act(
    config: &Config,
    settings: &mut Settings,
    page: PageKey,
    app: AppKey,
    act: DeliveryAct,
    now: Moment,
) -> Result<Applied, Refusal> {
    let mut line = Line { config, settings, page, app, events: Vec::new() };
    match act {
        DeliveryAct::Held { webhook, until } => line.held(webhook, until.max(now)),
        DeliveryAct::Failed(webhook) => line.failed(webhook, now),
        DeliveryAct::Taken(webhook) => line.taken(webhook),
        DeliveryAct::Lost(webhook) => line.settings.deliveries.forget((page, app), webhook),
        DeliveryAct::Attempt(webhook) => line.attempt(webhook),
        DeliveryAct::Alert => line.alert(),
        DeliveryAct::Disable => line.disable(),
    }
    Ok(Applied { answer: Answer::Done, events: line.events })
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

    fn news(&mut self, news: DeliveryNews, rule: RuleId) {
        self.events.push(Event::Delivery { page: self.page, app: self.app, news, rule });
    }

    fn held(&mut self, webhook: WebhookId, until: Moment) {
        let gone = self.settings.deliveries.hold(self.to(), webhook, until);
        self.news(DeliveryNews::Waits { webhook, until }, rules::DELIVERY_LATE);
        self.crowded_out(gone);
    }

    fn failed(&mut self, webhook: WebhookId, now: Moment) {
        if !self.is_subscribed() {
            self.settings.deliveries.forget(self.to(), webhook);
            return self.give_up(vec![webhook], rules::DELIVERY_UNSUBSCRIBED);
        }
        let (next, gone) = self.settings.deliveries.failed(self.to(), webhook, now);
        match next {
            Some(until) => self.news(DeliveryNews::Waits { webhook, until }, rules::DELIVERY_RETRY),
            None => self.give_up(vec![webhook], rules::DELIVERY_GIVEN_UP),
        }
        self.crowded_out(gone);
    }

    fn crowded_out(&mut self, gone: Option<WebhookId>) {
        self.give_up(gone.into_iter().collect(), rules::DELIVERY_CROWDED);
    }

    fn give_up(&mut self, webhooks: Vec<WebhookId>, rule: RuleId) {
        if !webhooks.is_empty() {
            self.news(DeliveryNews::GivenUp { webhooks }, rule);
        }
    }

    fn taken(&mut self, webhook: WebhookId) {
        self.settings.deliveries.forget(self.to(), webhook);
        if let Some(since) = self.settings.deliveries.recovered(self.to()) {
            self.news(DeliveryNews::Recovered { since }, rules::DELIVERY_RECOVERED);
        }
    }

    fn attempt(&mut self, webhook: WebhookId) {
        if !self.is_subscribed() {
            self.settings.deliveries.forget(self.to(), webhook);
            return self.give_up(vec![webhook], rules::DELIVERY_UNSUBSCRIBED);
        }
        self.settings.deliveries.attempted(self.to(), webhook);
        self.news(DeliveryNews::Sent { webhook }, rules::DELIVERY_RETRY);
    }

    fn alert(&mut self) {
        if let Some(since) = self.settings.deliveries.alerted(self.to()) {
            self.news(DeliveryNews::Alerted { since }, rules::DELIVERY_ALERT);
        }
    }

    /// The app has to subscribe again, as if it had ended its subscription itself.
    fn disable(&mut self) {
        let Some(since) = self.settings.deliveries.failing_since(self.page, self.app) else { return };
        let waiting = self.settings.deliveries.end(self.to());
        self.news(DeliveryNews::Disabled { since }, rules::DELIVERY_DISABLED);
        if let Some(connection) = self.settings.page_mut(self.page).connection_mut(self.app) {
            connection.fields = FieldSet::EMPTY;
            connection.subscribed = false;
            let what = format!("`{}` is unsubscribed from the page", self.config.app(self.app).name).into();
            let (page, app) = (Some(self.page), Some(self.app));
            self.events.push(Event::SettingChanged { page, app, what, rule: rules::DELIVERY_DISABLED });
        }
        self.give_up(waiting, rules::DELIVERY_DISABLED);
    }

    fn is_subscribed(&self) -> bool {
        self.settings.page(self.page).connection(self.app).is_some_and(|connection| connection.subscribed)
    }
}

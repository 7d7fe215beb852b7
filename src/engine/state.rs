//! The state of a world at run time: the world of the domain, its ledger, its faults, and the webhooks that are under way. The machine
//! changes it; `ActiveWorld` keeps it behind a lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::World;
use crate::domain::command::WebhookChange;
use crate::domain::model::config::{AppConfig, Config};
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::armed::ArmedFaults;
use super::in_flight::DeliveriesInFlight;
use super::ledger::Ledger;
use super::ledger_entry::Record;
use super::pending::{PendingWebhooks, StillWaiting};
use super::webhook::WebhookRequest;

/// The state of a world at run time.
#[derive(Debug)]
pub struct WorldState {
    pub(super) config: Arc<Config>,
    pub(super) world: World,
    /// The latest moment that the machine has seen.
    pub(super) now: Moment,
    pub(super) ledger: Ledger,
    pub(super) faults: ArmedFaults,
    pub(super) pending: PendingWebhooks,
    pub(super) in_flight: DeliveriesInFlight,
    /// True if webhooks of apps with a URL are really sent.
    pub(super) has_outbox: bool,
    /// Counts resets and restores. Work from an older generation is dropped.
    pub(super) generation: u64,
    /// How often the world was reset; message ids depend on it.
    pub(super) resets: u64,
}

/// What a reset throws away. Dropping it takes time if the world was large, so another thread does it.
#[derive(Debug)]
pub struct RetiredState {
    world: World,
    ledger: Ledger,
}

impl RetiredState {
    pub(super) fn of(state: WorldState) -> Self {
        Self { world: state.world, ledger: state.ledger }
    }

    /// How many threads and entries it has.
    pub fn size(&self) -> usize {
        self.world.thread_count() + self.ledger.len()
    }
}

impl WorldState {
    /// A fresh world.
    pub fn new(config: &Arc<Config>, has_outbox: bool) -> Self {
        Self::after_resets(config, has_outbox, 0, 1)
    }

    /// A fresh world after this many resets, whose first entry gets this cursor.
    pub(super) fn after_resets(config: &Arc<Config>, has_outbox: bool, resets: u64, next_cursor: u64) -> Self {
        Self {
            world: World::after_resets(config.clone(), resets),
            now: config.clock,
            ledger: Ledger::beginning_at(next_cursor, config.limits.ledger, config.limits.ledger_bytes),
            faults: ArmedFaults::new(config.seed),
            pending: PendingWebhooks::default(),
            in_flight: DeliveriesInFlight::default(),
            has_outbox,
            generation: 0,
            resets,
            config: config.clone(),
        }
    }

    /// How many threads and entries it has.
    pub(super) fn size(&self) -> usize {
        self.world.thread_count() + self.ledger.len()
    }

    /// The world of the domain.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The latest moment that the machine has seen.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// True if no delivery is in flight.
    pub fn has_no_delivery_in_flight(&self) -> bool {
        self.in_flight.is_empty()
    }

    pub(super) const FIRST_ACCESS: u64 = 1;

    /// Changes with the settings, and with each reset. No world changes its settings so often that both could meet.
    pub(super) fn access_version(&self) -> u64 {
        Self::FIRST_ACCESS + (self.generation << 32) + self.world.settings_version()
    }

    /// The callback URL of an app: the one that it registered, or the one of its webhook. A puppet has none, and neither has a real app
    /// whose URL comes later.
    pub(super) fn callback_url(&self, app: AppKey) -> Option<&str> {
        let webhook = self.world.config().app(app).webhook.as_ref()?;
        self.world.settings().app(app).callback_url.as_deref().or(webhook.url.as_deref())
    }

    /// True if webhooks are really sent to the app, or would be if its URL were known.
    pub(super) fn is_real(&self, app: AppKey) -> bool {
        self.has_outbox && self.world.config().app(app).webhook.is_some()
    }

    /// The webhooks of now that are not those of a config, as changes of it.
    pub(super) fn attached_since(&self, declared: &Config) -> Vec<(AppKey, WebhookChange)> {
        let now = self.world.config();
        let apps = (0u16..).map(AppKey).zip(now.apps.iter().zip(declared.apps.iter()));
        let changed = apps.filter(|(_, (now, declared))| {
            now.webhook != declared.webhook || now.verify_token != declared.verify_token
        });
        let change =
            |now: &AppConfig| WebhookChange { webhook: now.webhook.clone(), verify_token: now.verify_token.clone() };
        changed.map(|(app, (now, _))| (app, change(now))).collect()
    }

    /// True if something may have to be done about webhooks. Puppets take no webhooks, so nothing has to be sent unless a fault, or what it
    /// has led to, needs it.
    pub(super) fn may_send(&self) -> bool {
        self.has_outbox || self.faults.can_fire() || !self.world.settings().deliveries.is_empty()
    }

    /// How often a webhook has been sent, by itself or with others, as far as the ledger goes back.
    pub(super) fn attempts(&self, webhook: u64) -> u32 {
        let has = |request: &WebhookRequest| request.items().any(|one| one.entry == webhook);
        let recorded = self.ledger.after(webhook).into_iter().flatten().filter_map(|entry| match &entry.record {
            Record::DeliveryAttempt(delivered) if has(&delivered.request) => Some(delivered.attempt),
            _ => None,
        });
        let pending = self.pending.0.values().filter(|waiting| has(&waiting.request)).map(|waiting| waiting.attempts);
        recorded.chain(pending).max().unwrap_or(0)
    }

    /// The webhooks that are delayed or will be sent again, by app, without those in flight.
    pub(super) fn still_waiting(&self) -> Vec<StillWaiting> {
        let mut waiting: BTreeMap<AppKey, StillWaiting> = BTreeMap::new();
        for (webhook, app, next) in self.world.settings().deliveries.waiting() {
            // The domain only knows the first webhook of a batch.
            let webhooks = self.pending.0.get(&webhook).map_or(1, |waiting| waiting.request.items().count());
            let of_app = waiting.entry(app).or_insert(StillWaiting { app, webhooks: 0, first: next, last: next });
            of_app.webhooks += webhooks;
            of_app.first = of_app.first.min(next);
            of_app.last = of_app.last.max(next);
        }
        waiting.into_values().collect()
    }
}

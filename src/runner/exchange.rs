//! An exchange: a person does something, and the caller waits until the apps have answered. Its times come from one monotonic clock.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::domain::World;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::answer_times::Watch;
use crate::engine::ledger::Ledger;
use crate::engine::{Quiescence, QuietScope, Topic};
use crate::language::steps::step::{Step, StepKind};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::exchange_progress::{ExchangeAnswer, ExchangeProgress, RefusedCall, WebhookTaken};
use super::ledger_window::LedgerWindow;
use super::matcher::differences;
use super::session::Session;
use super::wait_for_apps::MAX_WITHIN;

/// Until when an exchange goes on.
#[derive(Debug, Clone)]
pub enum Until {
    /// Apps have sent this many messages.
    Answers(usize),
    /// An app has sent a text like this.
    Text(Value),
    /// The app owns the thread.
    Owner(AppKey),
    /// Nothing has happened in the thread for this long.
    Quiet(Duration),
}

/// What came of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeOutcome {
    /// What the caller waited for has happened.
    Answered,
    /// It has not, and nothing went wrong.
    Silent,
    /// No app that may answer got the webhook, because of a rule.
    Withheld,
    /// The app did not take the webhook.
    NotTaken,
    /// A Graph call of an app failed.
    Refused,
}

impl ExchangeOutcome {
    /// All outcomes in words.
    pub const WORDS: [&'static str; 5] = ["answered", "silent", "withheld", "not_taken", "refused"];

    pub fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Silent => "silent",
            Self::Withheld => "withheld",
            Self::NotTaken => "not_taken",
            Self::Refused => "refused",
        }
    }
}

/// Real time that parts of an exchange took.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExchangeTimes {
    /// From the step until the webhook left: it waited for those before it, and for one of the app's places.
    pub queue: Option<Duration>,
    /// From then on: until the app took the webhook, and until it sent its first and its last message.
    pub webhook: Option<Duration>,
    pub first: Option<Duration>,
    pub last: Option<Duration>,
}

/// What came of an exchange.
#[derive(Debug)]
pub struct ExchangeReport {
    pub outcome: ExchangeOutcome,
    /// The rule by which the webhook was withheld.
    pub rule: Option<RuleId>,
    /// The owner of the thread at the end.
    pub owner: Option<AppKey>,
    pub receivers: Vec<AppKey>,
    /// The newest entry at the end.
    pub cursor: u64,
    pub times: ExchangeTimes,
    pub webhook: Option<WebhookTaken>,
    pub answers: Vec<ExchangeAnswer>,
    pub refused: Vec<RefusedCall>,
}

/// Why there is no exchange.
#[derive(Debug)]
pub enum NoExchange {
    /// The person cannot do this, or the world is gone.
    Failed(Diagnostic),
    /// Another exchange goes on in the thread.
    ThreadTaken(String),
}

impl Session {
    /// Acts as a person, and waits until `until` holds, at most for `within`.
    pub async fn exchange(
        &mut self,
        step: &Step,
        until: &Until,
        within: Duration,
    ) -> Result<ExchangeReport, NoExchange> {
        self.fail_if_over(&step.place).map_err(NoExchange::Failed)?;
        self.forget_evicted_entries();
        self.meet_people(step);
        let thread = self.exchange_thread(step).map_err(NoExchange::Failed)?;
        let watch = self.world.answer_times().watch(thread);
        let watch = watch.ok_or_else(|| NoExchange::ThreadTaken(self.config.full_thread_name(thread)))?;
        let mut permit = self.wait_for_permit(step, Some(thread)).await;
        // The world may have been reset while the steps before this one ended.
        self.fail_if_over(&step.place).map_err(NoExchange::Failed)?;
        watch.begin();
        self.start_window(step, Some(thread));
        self.has_acted = false;
        let began = Instant::now();
        let answer = self.perform_action(step, Some(thread)).await.map_err(NoExchange::Failed)?;
        self.save_values(&step.save, answer.as_ref(), &step.place).map_err(NoExchange::Failed)?;
        // The thread stays this exchange's. The clock need not wait for it.
        if let Some(permit) = &mut permit {
            permit.admit_clock();
        }
        let mut progress = ExchangeProgress::new(thread, self.own_cause());
        let deadline = began + within.min(MAX_WITHIN);
        let is_met = self.wait_until(until, deadline, &mut progress).await;
        self.fail_if_over(&step.place).map_err(NoExchange::Failed)?;
        // The report says how the webhook was taken, so a failure is no news for a later step.
        self.check_deliveries(&step.place).unwrap_or_default();
        Ok(self.report(progress, is_met, times(began, &watch)))
    }

    fn exchange_thread(&self, step: &Step) -> Result<ThreadKey, Diagnostic> {
        match &step.kind {
            StepKind::User(_) => self.thread_of_step(step)?.ok_or_else(|| no_person(&step.place)),
            _ => Err(no_person(&step.place)),
        }
    }

    /// The command that the step has just executed.
    fn own_cause(&self) -> u64 {
        match &self.memory.window {
            LedgerWindow::OfStep(step) => step.causes.last().copied().unwrap_or(step.since),
            window => window.start(),
        }
    }

    /// Waits until `until` holds and the webhook is taken. Returns false if it cannot hold any more, or the time is up.
    async fn wait_until(&self, until: &Until, deadline: Instant, progress: &mut ExchangeProgress) -> bool {
        let thread = progress.thread();
        if let Until::Quiet(quiet) = until {
            let scope = QuietScope { causes: vec![self.own_cause()], thread: Some(thread) };
            let settled = self.world.settle_step(scope, *quiet, left(deadline)).await;
            self.world.read(|_, ledger, _| progress.read(&self.config, ledger));
            return settled == Quiescence::Reached && !progress.answers.is_empty();
        }
        let is_real = |app| self.is_real(Some(app));
        let topics = [Topic::Thread(thread)];
        let wait = self.world.wait_on(&topics, left(deadline), |world: &World, ledger: &Ledger, now| {
            if self.is_over() {
                return Some(false);
            }
            progress.read(&self.config, ledger);
            let is_met = is_met(until, progress, || world.ownership(thread, now).owner);
            // An app often answers before it takes the webhook.
            let is_done = !progress.awaits_app(is_real);
            let is_hopeless = progress.receivers.is_empty() || progress.was_not_taken();
            (is_done && (is_met || is_hopeless)).then_some(is_met)
        });
        match wait.await {
            Some(is_met) => is_met,
            // A refused call wakes nobody, because a bot may try again. So the last entries are still to be read.
            None => self.world.read(|world, ledger, now| {
                progress.read(&self.config, ledger);
                is_met(until, progress, || world.ownership(thread, now).owner)
            }),
        }
    }

    fn report(&self, progress: ExchangeProgress, is_met: bool, times: ExchangeTimes) -> ExchangeReport {
        let thread = progress.thread();
        let outcome = match is_met {
            true => ExchangeOutcome::Answered,
            false if !progress.may_be_answered() && progress.withheld.is_some() => ExchangeOutcome::Withheld,
            false if progress.was_not_taken() => ExchangeOutcome::NotTaken,
            false if !progress.refused.is_empty() => ExchangeOutcome::Refused,
            false => ExchangeOutcome::Silent,
        };
        let webhook = progress.taken.as_ref().map(|taken| taken.took);
        ExchangeReport {
            outcome,
            rule: progress.withheld.filter(|_| outcome == ExchangeOutcome::Withheld),
            owner: self.world.read(|world, _, now| world.ownership(thread, now).owner),
            cursor: progress.cursor(),
            times: ExchangeTimes { webhook, ..times },
            receivers: progress.receivers,
            webhook: progress.taken,
            answers: progress.answers,
            refused: progress.refused,
        }
    }
}

fn is_met(until: &Until, progress: &ExchangeProgress, owner: impl FnOnce() -> Option<AppKey>) -> bool {
    match until {
        Until::Answers(count) => progress.answers.len() >= *count,
        Until::Text(like) => progress.answers.iter().any(|answer| is_like(like, answer)),
        Until::Owner(app) => owner() == Some(*app),
        Until::Quiet(_) => false,
    }
}

fn times(began: Instant, watch: &Watch) -> ExchangeTimes {
    let moments = watch.moments();
    // A puppet gets no webhook, so its answer counts from the step.
    let asked = moments.webhook.unwrap_or(began);
    let since = |moment: Option<Instant>| moment.map(|moment| moment.saturating_duration_since(asked));
    ExchangeTimes {
        queue: moments.webhook.map(|webhook| webhook.saturating_duration_since(began)),
        webhook: None,
        first: since(moments.first_answer),
        last: since(moments.last_answer),
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

fn is_like(like: &Value, answer: &ExchangeAnswer) -> bool {
    let text = answer.message.content.text.as_deref().map(|text| json!(text));
    differences(like, text.as_ref(), "text").is_empty()
}

fn no_person(place: &SourcePlace) -> Diagnostic {
    Diagnostic::new(place.clone(), "an exchange begins with a `user` step")
}

//! Expectations about webhooks: one that an app gets, one that it does not get, and silence.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::Topic;
use crate::language::steps::expectation::{Expectation, ItemPart};
use crate::text::diagnostic::Diagnostic;

use super::expect::{Checked, failed};
use super::ledger_view::{LedgerView, SeenWebhook};
use super::ledger_window::LedgerWindow;
use super::matcher::{Mismatch, differences};
use super::named_people::named;
use super::observations::Observed;
use super::session::Session;
use super::wait_for_apps::{LookedAt, Outlook};

impl Session {
    fn webhooks(&self, expectation: &Expectation) -> Result<Vec<SeenWebhook>, Diagnostic> {
        self.ledger_view(|view| view.webhooks()).map_err(|error| failed(expectation, error))
    }

    pub(super) fn wanted_webhook(
        &self,
        expectation: &Expectation,
        page: Option<&str>,
        app: &str,
        field: Field,
        like: &[(ItemPart, Value)],
        because: Option<RuleId>,
    ) -> Result<WantedWebhook, Diagnostic> {
        let thread = match &expectation.of {
            Some(_) => Some(self.find_thread(expectation.of.as_deref(), page, &expectation.place)?),
            None => None,
        };
        let page = page.and_then(|page| self.config.asset_by_name(page));
        let placeholders = self.placeholders(page);
        let fill = |(part, value): &(ItemPart, Value)| placeholders.fill_value(value).map(|value| (*part, value));
        let like = like.iter().map(fill).collect::<Result<_, _>>().map_err(|error| failed(expectation, error))?;
        let app = self.app_key(app).ok_or_else(|| failed(expectation, "which app is meant?"))?;
        Ok(WantedWebhook { app, field, like, because, thread, page })
    }

    pub(super) async fn expect_webhook(&mut self, expectation: &Expectation, wanted: &WantedWebhook) -> Checked {
        let topics = [Topic::App(wanted.app)];
        let outlook = Outlook { topics: &topics, within: expectation.within, sees_session: false };
        let find = |view: &LedgerView<'_>, part: LookedAt, observed: &Observed| {
            let webhooks = view.webhooks();
            let in_order = |webhook: &&SeenWebhook| {
                // How a bot orders its own calls is its own business.
                part == LookedAt::Unobserved || !is_out_of_order(&webhooks, webhook, &observed.matched)
            };
            let mut fitting = webhooks.iter().filter(|webhook| wanted.fits(webhook, &observed.matched));
            fitting.find(in_order).cloned()
        };
        let claim = |webhook: &SeenWebhook, observed: &mut Observed| observed.matched.extend([webhook.cursor]);
        match self.find_effect(outlook, find, claim).await.map_err(|error| failed(expectation, error))? {
            Some(webhook) => self.save_values(&expectation.save, webhook.item.as_ref(), &expectation.place),
            None => {
                self.fail_if_over(&expectation.place)?;
                Err(self.explain_no_webhook(expectation, wanted)?)
            }
        }
    }

    fn explain_no_webhook(&self, expectation: &Expectation, wanted: &WantedWebhook) -> Result<Diagnostic, Diagnostic> {
        let mut webhooks = self.webhooks(expectation)?;
        let matched = self.observations.lock().matched.clone();
        if webhooks.iter().any(|webhook| wanted.fits(webhook, &matched)) {
            return Ok(self.explain_miss(expectation, wanted, &[]).note(
                "the app got it, but before a webhook that an earlier expectation matched: expectations of one app must be in order",
            ));
        }
        webhooks.extend(self.view_unobserved(|view| view.webhooks()));
        let miss = self.explain_miss(expectation, wanted, &webhooks);
        Ok(match self.was_sent_before_window(wanted) {
            true => miss.note("the app got one before the last acting step: put the expectation directly after the step that causes the webhook"),
            false => miss,
        })
    }

    fn was_sent_before_window(&self, wanted: &WantedWebhook) -> bool {
        let window = LedgerWindow::Since(self.memory.begin);
        let all = self.view(&window, |_| false, |view, _| view.webhooks());
        all.unwrap_or_default()
            .iter()
            .any(|webhook| wanted.is_about(webhook) && webhook.item.is_some() && wanted.mismatches(webhook).is_empty())
    }

    /// The failure if an expected webhook is missing: it was withheld, it differs, or nothing was sent.
    fn explain_miss(&self, expectation: &Expectation, wanted: &WantedWebhook, webhooks: &[SeenWebhook]) -> Diagnostic {
        let app = &self.config.app(wanted.app).name;
        let mut mistake = failed(
            expectation,
            format!("app `{app}` did not get this `{}`{}", wanted.field.name(), self.in_time(expectation)),
        );
        if !wanted.field.is_sent() {
            mistake = mistake.note("nothing is ever sent of this field, except by its Test button (`presses_test`)");
        }
        if let Some(webhook) = webhooks.iter().find(|webhook| wanted.is_about(webhook) && webhook.item.is_none()) {
            mistake = mistake.note(format!("withheld because of {}: {}", webhook.rule, webhook.rule.rule().statement));
        }
        let sent = |webhook: &&SeenWebhook| webhook.app == wanted.app && webhook.item.is_some();
        let nearest = webhooks
            .iter()
            .filter(sent)
            .min_by_key(|webhook| (webhook.field != wanted.field, wanted.mismatches(webhook).len()));
        if let Some(nearest) = nearest {
            if nearest.field == wanted.field {
                let already =
                    self.is_matched(nearest.cursor).then(|| "an earlier expectation has already matched it".to_owned());
                let notes = wanted.mismatches(nearest).into_iter().map(|mismatch| mismatch.to_string()).chain(already);
                mistake = notes.fold(mistake, Diagnostic::note);
            } else if nearest.field == Field::Standby {
                mistake = mistake.note(format!("app `{app}` got it as `standby`, because it does not own the thread"));
            }
            mistake = mistake.note(format!("nearest: {} {}", nearest.field.name(), item_text(nearest)));
        } else if !webhooks.is_empty() {
            mistake = mistake.note(format!("app `{app}` got no webhook"));
        }
        if webhooks.is_empty() {
            mistake = mistake.note("no app got a webhook since the last acting step");
        }
        self.note_owners(mistake, wanted.thread)
    }

    pub(super) fn expect_no_webhook(&mut self, expectation: &Expectation, wanted: &WantedWebhook) -> Checked {
        let webhooks = self.webhooks(expectation)?;
        let sent = webhooks.iter().find(|webhook| {
            wanted.is_about(webhook) && webhook.item.is_some() && wanted.like_mismatches(webhook).is_empty()
        });
        let app = &self.config.app(wanted.app).name;
        if let Some(webhook) = sent {
            let mistake = failed(expectation, format!("app `{app}` got this `{}`", wanted.field.name()))
                .note(item_text(webhook))
                .note(format!("because of {}: {}", webhook.rule, webhook.rule.rule().statement));
            return Err(self.note_owners(mistake, wanted.thread));
        }
        let Some(because) = wanted.because else { return Ok(()) };
        let withheld = webhooks.iter().filter(|webhook| wanted.is_about(webhook) && webhook.item.is_none());
        let rules: Vec<String> = withheld.map(|webhook| webhook.rule.to_string()).collect();
        match rules.iter().any(|rule| *rule == because.to_string()) {
            true => Ok(()),
            false if rules.is_empty() => {
                Err(failed(expectation, format!("no `{}` was withheld from app `{app}`", wanted.field.name())))
            }
            false => Err(failed(expectation, format!("it was withheld, but because of {}", rules.join(", ")))),
        }
    }

    pub(super) fn expect_no_webhook_to_app(&mut self, expectation: &Expectation, app: &str) -> Checked {
        let key = self.app_key(app);
        let webhooks = self.webhooks(expectation)?;
        let thread = expectation.of.as_deref().and_then(|person| self.config.person_by_name(person));
        let sent: Vec<&SeenWebhook> = webhooks
            .iter()
            .filter(|webhook| Some(webhook.app) == key && webhook.item.is_some() && !self.is_matched(webhook.cursor))
            .filter(|webhook| {
                thread.is_none_or(|person| webhook.scope.thread().is_some_and(|thread| thread.person == person))
            })
            .collect();
        self.fail_if_any(expectation, &format!("app `{app}` got a webhook"), &sent)
    }

    pub(super) fn expect_nothing_else(&mut self, expectation: &Expectation) -> Checked {
        let webhooks = self.webhooks(expectation)?;
        let sent: Vec<&SeenWebhook> =
            webhooks.iter().filter(|webhook| webhook.item.is_some() && !self.is_matched(webhook.cursor)).collect();
        self.fail_if_any(expectation, "there are more webhooks", &sent)
    }

    fn fail_if_any(&self, expectation: &Expectation, message: &str, sent: &[&SeenWebhook]) -> Checked {
        let Some(first) = sent.first() else { return Ok(()) };
        let mistake = sent.iter().fold(failed(expectation, message), |mistake, webhook| {
            let app = &self.config.app(webhook.app).name;
            mistake.note(format!("{app} got {} {} ({})", webhook.field.name(), item_text(webhook), webhook.rule))
        });
        Err(self.note_owners(mistake, first.scope.thread()))
    }

    /// Webhooks of the whole scenario that no expectation matched.
    pub fn unexpected_webhooks(&self) -> Result<Vec<String>, String> {
        let window = LedgerWindow::Since(self.memory.begin);
        let webhooks = self.view(&window, |_| false, |view, _| view.webhooks())?;
        let unmatched = webhooks.into_iter().filter(|webhook| webhook.item.is_some());
        Ok(unmatched
            .filter(|webhook| !self.is_matched(webhook.cursor))
            .map(|webhook| {
                let app = &self.config.app(webhook.app).name;
                let text = format!("{app} got {} {} ({})", webhook.field.name(), item_text(&webhook), webhook.rule);
                named(&self.config, &text)
            })
            .collect())
    }
}

/// The webhook that a `gets` or `gets_no` describes.
pub(super) struct WantedWebhook {
    app: AppKey,
    field: Field,
    like: Vec<(ItemPart, Value)>,
    because: Option<RuleId>,
    thread: Option<ThreadKey>,
    page: Option<AssetKey>,
}

/// True if a later webhook of the same app was matched before. Order counts between the effects of different steps, and between webhooks of
/// one field. Webhooks of one cause and different fields have no order, because Meta promises none.
fn is_out_of_order(webhooks: &[SeenWebhook], webhook: &SeenWebhook, matched: &BTreeSet<u64>) -> bool {
    let matched = webhooks.iter().filter(|other| other.app == webhook.app && matched.contains(&other.cursor));
    matched
        .into_iter()
        .any(|other| other.cursor > webhook.cursor && (other.cause != webhook.cause || other.field == webhook.field))
}

impl WantedWebhook {
    /// True if no expectation has matched the webhook, and it is the one.
    fn fits(&self, webhook: &SeenWebhook, matched: &BTreeSet<u64>) -> bool {
        let may_be = self.is_about(webhook) && webhook.item.is_some() && !matched.contains(&webhook.cursor);
        may_be && self.mismatches(webhook).is_empty()
    }

    fn is_about(&self, webhook: &SeenWebhook) -> bool {
        webhook.app == self.app
            && webhook.field == self.field
            && self.thread.is_none_or(|thread| Some(thread) == webhook.scope.thread())
            && self.page.is_none_or(|page| page == webhook.scope.asset())
    }

    fn mismatches(&self, webhook: &SeenWebhook) -> Vec<Mismatch> {
        let mut different = self.like_mismatches(webhook);
        if let Some(because) = self.because.filter(|because| *because != webhook.rule) {
            different.push(Mismatch {
                path: "because".to_owned(),
                expected: because.to_string(),
                found: webhook.rule.to_string(),
            });
        }
        different
    }

    fn like_mismatches(&self, webhook: &SeenWebhook) -> Vec<Mismatch> {
        let Some(item) = &webhook.item else { return Vec::new() };
        let compare = |(part, value): &(ItemPart, Value)| {
            let beside = webhook.hop_context.as_ref().filter(|_| *part == ItemPart::HopContext);
            let found = beside.or_else(|| part.pointers().iter().find_map(|pointer| item.pointer(pointer)));
            differences(value, found, part.key())
        };
        self.like.iter().flat_map(compare).collect()
    }
}

fn item_text(webhook: &SeenWebhook) -> String {
    webhook.item.as_ref().map_or_else(String::new, Value::to_string)
}

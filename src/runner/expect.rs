//! Run room: expectations. Webhooks, owners and silence are decided at once and exactly, for we are the sender; only a message of a
//! real app is waited for. A failure names the nearest miss, the reason, and the thread's owners so far.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, PageKey, ThreadKey};
use crate::domain::model::message::{Author, Message};
use crate::domain::rules::RuleId;
use crate::wire::content_json;

use super::ledger_view::{SeenWebhook, View, caller};
use super::matcher::{Mismatch, differences};
use super::session::{Session, Window, in_words};
use crate::journal::content_text::message_text;
use crate::journal::owner_history::{OwnerHistory, owner_before_hidden};
use crate::language::steps::expectation::{Expectation, ExpectationKind, ItemPart};
use crate::text::diagnostic::Diagnostic;

type Checked = Result<(), Diagnostic>;

impl Session {
    /// Holds one expectation against what happened since the last acting step.
    pub(crate) async fn expect(&mut self, expectation: &Expectation, page: Option<&str>) -> Checked {
        let page = expectation.page.as_deref().or(page);
        match &expectation.kind {
            ExpectationKind::Gets { app, field, like, because } => {
                let wanted = self.wanted(expectation, page, app, *field, like, *because)?;
                self.gets(expectation, &wanted)
            }
            ExpectationKind::GetsNo { app, field, like, because } => {
                let wanted = self.wanted(expectation, page, app, *field, like, *because)?;
                self.gets_no(expectation, &wanted)
            }
            ExpectationKind::Delivery { app, like } => self.delivery(expectation, page, app, like),
            ExpectationKind::GetsNothing { app } => self.gets_nothing(expectation, app),
            ExpectationKind::NothingElse => self.nothing_else(expectation),
            ExpectationKind::Owner { app, because } => self.owner(expectation, page, app.as_deref(), *because),
            ExpectationKind::Rule(rule) => self.rule(expectation, *rule),
            ExpectationKind::Window { open } => self.window(expectation, page, *open),
            ExpectationKind::Message { from, to, like, within } => {
                let within = self.within(*within);
                self.message(expectation, page, [from.as_deref(), to.as_deref()], like, within).await
            }
        }
    }

    pub(crate) fn seen<R>(&self, look: impl FnOnce(&View<'_>) -> R) -> Result<R, String> {
        let is_real = |app| self.is_real(Some(app));
        self.world.read(|_, ledger, _| {
            View::new(ledger, &self.config, self.window, is_real, &self.observed).map(|view| look(&view))
        })
    }

    fn webhooks(&self, expectation: &Expectation) -> Result<Vec<SeenWebhook>, Diagnostic> {
        self.seen(|view| view.webhooks()).map_err(|error| failed(expectation, error))
    }

    fn wanted(
        &self,
        expectation: &Expectation,
        page: Option<&str>,
        app: &str,
        field: Field,
        like: &[(ItemPart, Value)],
        because: Option<RuleId>,
    ) -> Result<Wanted, Diagnostic> {
        let thread = match &expectation.of {
            Some(_) => Some(self.thread(expectation.of.as_deref(), page, &expectation.place)?),
            None => None,
        };
        let page = page.and_then(|page| self.config.page_by_name(page));
        let scope = self.scope(page);
        let fill = |(part, value): &(ItemPart, Value)| scope.value(value).map(|value| (*part, value));
        let like = like.iter().map(fill).collect::<Result<_, _>>().map_err(|error| failed(expectation, error))?;
        let app = self.app_key(app).ok_or_else(|| failed(expectation, "which app is meant?"))?;
        Ok(Wanted { app, field, like, because, thread, page })
    }

    fn gets(&mut self, expectation: &Expectation, wanted: &Wanted) -> Checked {
        let webhooks = self.webhooks(expectation)?;
        let candidates = webhooks.iter().filter(|webhook| wanted.is_about(webhook) && webhook.item.is_some());
        let fitting: Vec<&SeenWebhook> = candidates
            .filter(|webhook| !self.matched.contains(&webhook.cursor) && wanted.mismatches(webhook).is_empty())
            .collect();
        match fitting.iter().find(|webhook| !self.comes_too_early(&webhooks, webhook)) {
            Some(webhook) => {
                self.matched.insert(webhook.cursor);
                let item = webhook.item.clone();
                self.keep(&expectation.save, item.as_ref(), &expectation.place)
            }
            None if !fitting.is_empty() => Err(self.miss(expectation, wanted, &[]).note(
                "it did come, but before a webhook that an earlier expectation of this app matched: order counts",
            )),
            None => {
                let miss = self.miss(expectation, wanted, &webhooks);
                Err(match self.came_earlier(wanted) {
                    true => miss.note("it did get one, but before the last acting step: expect it directly after the step that causes it"),
                    false => miss,
                })
            }
        }
    }

    fn came_earlier(&self, wanted: &Wanted) -> bool {
        let window = Window::Since(self.begin);
        let all = self.world.read(|_, ledger, _| {
            View::new(ledger, &self.config, window, |_| false, &self.observed).map(|view| view.webhooks())
        });
        all.unwrap_or_default()
            .iter()
            .any(|webhook| wanted.is_about(webhook) && webhook.item.is_some() && wanted.mismatches(webhook).is_empty())
    }

    /// Order counts within an app: between what different steps brought about, and between webhooks of one field. What one command
    /// sends out at once has no order between fields, for Meta promises none.
    fn comes_too_early(&self, webhooks: &[SeenWebhook], webhook: &SeenWebhook) -> bool {
        let matched = webhooks.iter().filter(|other| other.app == webhook.app && self.matched.contains(&other.cursor));
        matched.into_iter().any(|other| {
            other.cursor > webhook.cursor && (other.cause != webhook.cause || other.field == webhook.field)
        })
    }

    /// Why an expected webhook is not there: withheld, or different, or not sent at all.
    fn miss(&self, expectation: &Expectation, wanted: &Wanted, webhooks: &[SeenWebhook]) -> Diagnostic {
        let app = &self.config.app(wanted.app).name;
        let mut mistake = failed(expectation, format!("app `{app}` did not get this `{}`", wanted.field.name()));
        if let Some(webhook) = webhooks.iter().find(|webhook| wanted.is_about(webhook) && webhook.item.is_none()) {
            mistake = mistake.note(format!("withheld because of {}: {}", webhook.rule, webhook.rule.rule().statement));
        }
        let told = |webhook: &&SeenWebhook| webhook.app == wanted.app && webhook.item.is_some();
        let nearest = webhooks
            .iter()
            .filter(told)
            .min_by_key(|webhook| (webhook.field != wanted.field, wanted.mismatches(webhook).len()));
        if let Some(nearest) = nearest {
            if nearest.field == wanted.field {
                let already = self
                    .matched
                    .contains(&nearest.cursor)
                    .then(|| "an earlier expectation matched it already".to_owned());
                let notes = wanted.mismatches(nearest).into_iter().map(|mismatch| mismatch.to_string()).chain(already);
                mistake = notes.fold(mistake, Diagnostic::note);
            } else if nearest.field == Field::Standby {
                mistake = mistake.note(format!("it came on standby, for app `{app}` does not own the thread"));
            }
            mistake = mistake.note(format!("nearest: {} {}", nearest.field.name(), item_text(nearest)));
        } else if !webhooks.is_empty() {
            mistake = mistake.note(format!("app `{app}` got no webhook at all from this"));
        }
        if webhooks.is_empty() {
            mistake = mistake.note("nothing was told to anybody since the last acting step");
        }
        self.with_owners(mistake, wanted.thread)
    }

    fn gets_no(&mut self, expectation: &Expectation, wanted: &Wanted) -> Checked {
        let webhooks = self.webhooks(expectation)?;
        let told = webhooks.iter().find(|webhook| {
            wanted.is_about(webhook) && webhook.item.is_some() && wanted.like_mismatches(webhook).is_empty()
        });
        let app = &self.config.app(wanted.app).name;
        if let Some(webhook) = told {
            let mistake = failed(expectation, format!("app `{app}` did get this `{}`", wanted.field.name()))
                .note(item_text(webhook))
                .note(format!("because of {}: {}", webhook.rule, webhook.rule.rule().statement));
            return Err(self.with_owners(mistake, wanted.thread));
        }
        let Some(because) = wanted.because else { return Ok(()) };
        let withheld = webhooks.iter().filter(|webhook| wanted.is_about(webhook) && webhook.item.is_none());
        let rules: Vec<String> = withheld.map(|webhook| webhook.rule.to_string()).collect();
        match rules.iter().any(|rule| *rule == because.to_string()) {
            true => Ok(()),
            false if rules.is_empty() => {
                Err(failed(expectation, format!("no `{}` was withheld from app `{app}`", wanted.field.name())))
            }
            false => Err(failed(expectation, format!("withheld, but because of {}", rules.join(", ")))),
        }
    }

    fn gets_nothing(&mut self, expectation: &Expectation, app: &str) -> Checked {
        let key = self.app_key(app);
        let webhooks = self.webhooks(expectation)?;
        let thread = expectation.of.as_deref().and_then(|person| self.config.person_by_name(person));
        let told: Vec<&SeenWebhook> = webhooks
            .iter()
            .filter(|webhook| {
                Some(webhook.app) == key && webhook.item.is_some() && !self.matched.contains(&webhook.cursor)
            })
            .filter(|webhook| {
                thread.is_none_or(|person| webhook.scope.thread().is_some_and(|thread| thread.person == person))
            })
            .collect();
        self.silence(expectation, &format!("app `{app}` got a webhook"), &told)
    }

    fn nothing_else(&mut self, expectation: &Expectation) -> Checked {
        let webhooks = self.webhooks(expectation)?;
        let told: Vec<&SeenWebhook> = webhooks
            .iter()
            .filter(|webhook| webhook.item.is_some() && !self.matched.contains(&webhook.cursor))
            .collect();
        self.silence(expectation, "there are more webhooks", &told)
    }

    fn silence(&self, expectation: &Expectation, message: &str, told: &[&SeenWebhook]) -> Checked {
        let Some(first) = told.first() else { return Ok(()) };
        let mistake = told.iter().fold(failed(expectation, message), |mistake, webhook| {
            let app = &self.config.app(webhook.app).name;
            mistake.note(format!("{app} got {} {} ({})", webhook.field.name(), item_text(webhook), webhook.rule))
        });
        Err(self.with_owners(mistake, first.scope.thread()))
    }

    /// Webhooks of the whole scenario that no expectation asked about.
    pub fn unasked(&self) -> Result<Vec<String>, String> {
        let window = Window::Since(self.begin);
        let webhooks = self.world.read(|_, ledger, _| {
            View::new(ledger, &self.config, window, |_| false, &self.observed).map(|view| view.webhooks())
        })?;
        let unmatched = webhooks.into_iter().filter(|webhook| webhook.item.is_some());
        Ok(unmatched
            .filter(|webhook| !self.matched.contains(&webhook.cursor))
            .map(|webhook| {
                let app = &self.config.app(webhook.app).name;
                format!("{app} got {} {} ({})", webhook.field.name(), item_text(&webhook), webhook.rule)
            })
            .collect())
    }

    fn owner(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        app: Option<&str>,
        because: Option<RuleId>,
    ) -> Checked {
        let thread = self.thread(expectation.of.as_deref(), page, &expectation.place)?;
        let (owner, rule) = self.owner_as_seen(thread);
        let name = |owner: Option<AppKey>| owner.map_or("nobody", |owner| &self.config.app(owner).name).to_owned();
        let wanted = app.and_then(|app| self.app_key(app));
        let which = self.config.thread_name(thread);
        if owner != wanted {
            let message =
                format!("the thread of {which} is owned by `{}`, not by `{}`", name(owner), app.unwrap_or("nobody"));
            let mistake = failed(expectation, message).note(format!("because of {rule}: {}", rule.rule().statement));
            return Err(self.with_owners(mistake, Some(thread)));
        }
        self.rules_of_owners.insert(rule);
        match because {
            Some(because) if because != rule => {
                let mistake = failed(expectation, format!("`{}` owns the thread because of {rule}", name(owner)))
                    .note(format!("{rule}: {}", rule.rule().statement))
                    .note(format!("expected {because}: {}", because.rule().statement));
                Err(self.with_owners(mistake, Some(thread)))
            }
            _ => Ok(()),
        }
    }

    /// The owner, as if what real apps did unobserved had not happened yet.
    fn owner_as_seen(&self, thread: ThreadKey) -> (Option<AppKey>, RuleId) {
        let hidden = self.world.read(|_, ledger, _| {
            let entries: Vec<_> = ledger.after(self.begin).into_iter().flatten().collect();
            let unobserved: BTreeSet<u64> = entries
                .iter()
                .filter(|entry| entry.cause == entry.cursor && caller(entry).is_some_and(|app| self.is_real(Some(app))))
                .map(|entry| entry.cursor)
                .filter(|cursor| !self.observed.contains(cursor))
                .collect();
            owner_before_hidden(entries.into_iter(), thread, |entry| unobserved.contains(&entry.cause))
        });
        let ownership = self.world.read(|world, _, now| world.ownership(thread, now));
        hidden.unwrap_or((ownership.owner, ownership.because))
    }

    fn rule(&self, expectation: &Expectation, rule: RuleId) -> Checked {
        let at_work = self.seen(|view| view.rules()).map_err(|error| failed(expectation, error))?;
        if at_work.contains(&rule) {
            return Ok(());
        }
        let names: Vec<String> = at_work.iter().map(ToString::to_string).collect();
        Err(failed(expectation, format!("the rule {rule} was not at work"))
            .note(rule.rule().statement)
            .note(format!("at work were: {}", names.join(", "))))
    }

    fn window(&mut self, expectation: &Expectation, page: Option<&str>, open: bool) -> Checked {
        let thread = self.thread(expectation.of.as_deref(), page, &expectation.place)?;
        let (is_open, opened) = self.world.read(|world, _, now| {
            (world.window_is_open(thread, now), world.thread(thread).and_then(|thread| thread.window_opened))
        });
        if is_open == open {
            return Ok(());
        }
        let opened = opened.map_or_else(
            || "it was never opened".to_owned(),
            |opened| format!("it was last opened at {}", crate::text::units::format_moment(opened)),
        );
        let word = |open: bool| if open { "open" } else { "closed" };
        let message = format!(
            "the messaging window of {} is {}, not {}",
            self.config.thread_name(thread),
            word(is_open),
            word(open)
        );
        Err(failed(expectation, message).note(opened))
    }

    async fn message(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        [from, to]: [Option<&str>; 2],
        like: &Value,
        within: Duration,
    ) -> Checked {
        let thread = match &expectation.of {
            Some(_) => Some(self.thread(expectation.of.as_deref(), page, &expectation.place)?),
            None => None,
        };
        let like =
            self.scope(thread.map(|thread| thread.page)).value(like).map_err(|error| failed(expectation, error))?;
        let fits = |message: &Message| {
            thread.is_none_or(|thread| thread == message.thread)
                && from.is_none_or(|from| self.author_is(message, from))
                && to.is_none_or(|to| self.reader_is(message, to))
        };
        let waits = from.is_some_and(|from| self.is_real(self.app_key(from)));
        let window = if waits { Window::Since(self.begin) } else { self.window };
        // A message of a real app counts as soon as it is there: waiting for it is what observes it.
        let is_real = |app| !waits && self.is_real(Some(app));
        let look = |ledger: &crate::engine::ledger::Ledger| {
            let view = View::new(ledger, &self.config, window, is_real, &self.observed).ok()?;
            let messages = view.messages().into_iter().filter(|seen| !self.matched.contains(&seen.cursor));
            let fitting =
                messages.filter(|seen| fits(&seen.message)).find(|seen| different(&like, &seen.message).is_empty());
            fitting.map(|seen| (seen.cursor, seen.cause, message_json(&seen.message)))
        };
        let patience = if waits { within } else { Duration::ZERO };
        match self.world.wait_for(patience, |_, ledger, _| look(ledger)).await {
            Some((cursor, cause, found)) => {
                self.matched.insert(cursor);
                if waits {
                    self.observed.insert(cause);
                }
                self.keep(&expectation.save, Some(&found), &expectation.place)
            }
            None => {
                let all = self.world.read(|_, ledger, _| {
                    View::new(ledger, &self.config, window, is_real, &self.observed).map(|view| view.messages())
                });
                let message = if waits {
                    format!("no such message within {}", in_words(within))
                } else {
                    "there is no such message".to_owned()
                };
                let mistake = all.unwrap_or_default().iter().fold(failed(expectation, message), |mistake, seen| {
                    let differences =
                        different(&like, &seen.message).iter().map(ToString::to_string).collect::<Vec<_>>();
                    let differences =
                        if fits(&seen.message) { differences.join("; ") } else { "by or to somebody else".to_owned() };
                    mistake.note(format!("seen: {} — {differences}", message_text(&self.config, &seen.message)))
                });
                Err(mistake)
            }
        }
    }

    fn author_is(&self, message: &Message, name: &str) -> bool {
        match message.author {
            Author::Person => &*self.config.person(message.thread.person).name == name,
            Author::App(app) => &*self.config.app(app).name == name,
            Author::Ad(ad, app) => {
                &*self.config.ad(ad).name == name || app.is_some_and(|app| &*self.config.app(app).name == name)
            }
        }
    }

    fn reader_is(&self, message: &Message, name: &str) -> bool {
        match message.author {
            Author::Person => &*self.config.page(message.thread.page).name == name,
            _ => &*self.config.person(message.thread.person).name == name,
        }
    }

    /// The owners of a thread so far, below a failure.
    fn with_owners(&self, mistake: Diagnostic, thread: Option<ThreadKey>) -> Diagnostic {
        let thread = thread.or_else(|| self.thread(None, None, &mistake.place).ok());
        let Some(thread) = thread else { return mistake };
        let owners = self.world.read(|world, ledger, now| OwnerHistory::read(world, ledger, thread, now));
        let mistake = mistake.note(format!("owners of the thread of {}: {owners}", owners.thread_name()));
        // Something that was ignored may be all that is wrong.
        self.warnings().into_iter().fold(mistake, |mistake, warning| mistake.note(format!("warning: {warning}")))
    }
}

/// What a `gets` or `gets_no` looks for.
struct Wanted {
    app: AppKey,
    field: Field,
    like: Vec<(ItemPart, Value)>,
    because: Option<RuleId>,
    thread: Option<ThreadKey>,
    page: Option<PageKey>,
}

impl Wanted {
    fn is_about(&self, webhook: &SeenWebhook) -> bool {
        webhook.app == self.app
            && webhook.field == self.field
            && self.thread.is_none_or(|thread| Some(thread) == webhook.scope.thread())
            && self.page.is_none_or(|page| page == webhook.scope.page())
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

pub(crate) fn failed(expectation: &Expectation, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(expectation.place.clone(), message)
}

fn item_text(webhook: &SeenWebhook) -> String {
    webhook.item.as_ref().map_or_else(String::new, Value::to_string)
}

fn message_json(message: &Message) -> Value {
    let mut content = content_json(&message.content);
    if let Some(metadata) = &message.metadata {
        content["metadata"] = json!(metadata);
    }
    content["mid"] = json!(message.mid);
    content
}

fn different(like: &Value, message: &Message) -> Vec<Mismatch> {
    differences(like, Some(&message_json(message)), "")
}

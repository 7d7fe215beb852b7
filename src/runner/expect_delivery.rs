//! Run room: expectations of how webhooks were delivered: which attempt, what the app answered, which fault it met. `expecting` enters.

use serde_json::{Map, Value, json};

use super::expect::failed;
use super::matcher::{Mismatch, differences};
use super::session::Session;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::engine::Webhook;
use crate::engine::ledger::{DeliveryAttempt, DeliveryResult, Entry, Record};
use crate::language::steps::expectation::Expectation;
use crate::text::diagnostic::Diagnostic;

/// An attempt that a scenario may look at.
pub struct SeenDelivery {
    cursor: u64,
    app: AppKey,
    /// What an expectation is held against: for each webhook of the POST the thread that it is about, and the attempt.
    views: Vec<(Option<ThreadKey>, Value)>,
}

impl SeenDelivery {
    /// The attempt of an entry, if it is one.
    pub fn of(entry: &Entry) -> Option<Self> {
        let Record::DeliveryAttempt(delivered) = &entry.record else { return None };
        let mut views: Vec<_> =
            delivered.request.items().map(|item| (item.event.scope.thread(), view(delivered, item))).collect();
        views.dedup();
        Some(Self { cursor: entry.cursor, app: delivered.request.app, views })
    }

    /// The attempt as that of the webhook of this thread, or of any, that is most like this.
    fn nearest(&self, thread: Option<ThreadKey>, like: &Value) -> Option<Near<'_>> {
        let meant = self.views.iter().filter(|(of, _)| thread.is_none() || *of == thread);
        let near = meant.map(|(_, view)| Near { cursor: self.cursor, view, unlike: differences(like, Some(view), "") });
        near.min_by_key(|near| near.unlike.len())
    }
}

/// An attempt that may be the expected one.
struct Near<'d> {
    cursor: u64,
    view: &'d Value,
    unlike: Vec<Mismatch>,
}

fn view(delivered: &DeliveryAttempt, item: &Webhook) -> Value {
    let mut view = Map::new();
    view.insert("field".to_owned(), json!(item.field().name()));
    view.insert("attempt".to_owned(), json!(delivered.attempt));
    view.insert("together".to_owned(), json!(delivered.request.items().count()));
    match &delivered.result {
        DeliveryResult::Answered(status) => view.insert("status".to_owned(), json!(status)),
        DeliveryResult::Failed(why) => view.insert("failure".to_owned(), json!(why)),
        DeliveryResult::Lost => view.insert("failure".to_owned(), json!("lost")),
    };
    if !delivered.said.is_empty() {
        view.insert("said".to_owned(), json!(String::from_utf8_lossy(&delivered.said)));
    }
    if let Some(fault) = delivered.fault {
        view.insert("fault".to_owned(), json!(fault));
    }
    Value::Object(view)
}

/// Why nothing is near, where so many attempts were made to the app, and so many of them about whom the expectation names.
fn why_none(made: usize, about: usize, of: Option<&str>) -> String {
    match (made, about, of) {
        (0, ..) => "none was made to it since the last acting step".to_owned(),
        (_, 0, Some(of)) => format!("{made} made to it since the last acting step, none of them about {of}"),
        (_, _, Some(of)) => format!("{about} made to it about {of} since the last acting step, each matched before"),
        (_, _, None) => format!("{made} made to it since the last acting step, each matched before"),
    }
}

impl Session {
    pub(crate) fn delivery(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        app: &str,
        like: &Value,
    ) -> Result<(), Diagnostic> {
        let thread = match &expectation.of {
            Some(_) => Some(self.thread(expectation.of.as_deref(), page, &expectation.place)?),
            None => None,
        };
        let page = page.and_then(|page| self.config.page_by_name(page));
        let like = self.scope(page).value(like).map_err(|error| failed(expectation, error))?;
        let key = self.app_key(app);
        let seen = self.seen(|view| view.deliveries()).map_err(|error| failed(expectation, error))?;
        let to_app = seen.iter().filter(|delivery| Some(delivery.app) == key);
        let made = to_app.clone().count();
        let about: Vec<Near<'_>> = to_app.filter_map(|delivery| delivery.nearest(thread, &like)).collect();
        let left = || about.iter().filter(|near| !self.matched.contains(&near.cursor));
        if let Some(near) = left().find(|near| near.unlike.is_empty()) {
            self.matched.insert(near.cursor);
            return self.keep(&expectation.save, Some(near.view), &expectation.place);
        }
        let mistake = failed(expectation, format!("no delivery to app `{app}` is like this"));
        Err(match left().min_by_key(|near| near.unlike.len()) {
            None => mistake.note(why_none(made, about.len(), expectation.of.as_deref())),
            Some(nearest) => {
                let notes = nearest.unlike.iter().map(ToString::to_string);
                notes.fold(mistake, Diagnostic::note).note(format!("nearest: {}", nearest.view))
            }
        })
    }
}

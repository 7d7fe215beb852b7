//! Run room: expectations of how webhooks were delivered: which attempt, what the app answered, which fault it met. `expecting` enters.

use serde_json::{Map, Value, json};

use super::super::language::diagnostic::Diagnostic;
use super::super::language::expectation::Expectation;
use super::expecting::failed;
use super::matcher::{Mismatch, differences};
use super::stage::Stage;
use crate::domain::ids::{AppKey, ThreadKey};
use crate::engine::ledger::{Delivered, DeliveryResult, Entry, Record};

/// An attempt that a scenario may look at.
pub struct SeenDelivery {
    cursor: u64,
    app: AppKey,
    thread: Option<ThreadKey>,
    /// What an expectation is held against.
    view: Value,
}

impl SeenDelivery {
    /// The attempt of an entry, if it is one.
    pub fn of(entry: &Entry) -> Option<Self> {
        let Record::Delivered(delivered) = &entry.record else { return None };
        let thread = delivered.parcel.first.notice.scene.thread();
        Some(Self { cursor: entry.cursor, app: delivered.parcel.app, thread, view: view(delivered) })
    }

    fn unlike(&self, like: &Value) -> Vec<Mismatch> {
        differences(like, Some(&self.view), "")
    }
}

fn view(delivered: &Delivered) -> Value {
    let mut view = Map::new();
    view.insert("field".to_owned(), json!(delivered.parcel.first.field().name()));
    view.insert("attempt".to_owned(), json!(delivered.attempt));
    view.insert("together".to_owned(), json!(delivered.parcel.items().count()));
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

impl Stage {
    pub(super) fn delivery(
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
        let meant: Vec<&SeenDelivery> = seen
            .iter()
            .filter(|delivery| Some(delivery.app) == key && (thread.is_none() || delivery.thread == thread))
            .filter(|delivery| !self.matched.contains(&delivery.cursor))
            .collect();
        let fitting = meant.iter().find(|delivery| delivery.unlike(&like).is_empty());
        if let Some(delivery) = fitting {
            self.matched.insert(delivery.cursor);
            return self.keep(&expectation.save, Some(&delivery.view), &expectation.place);
        }
        let nearest = meant.iter().min_by_key(|delivery| delivery.unlike(&like).len());
        let mistake = failed(expectation, format!("no delivery to app `{app}` is like this"));
        Err(match nearest {
            None => mistake.note("none was made to it since the last acting step"),
            Some(nearest) => {
                let notes = nearest.unlike(&like).into_iter().map(|difference| difference.to_string());
                notes.fold(mistake, Diagnostic::note).note(format!("nearest: {}", nearest.view))
            }
        })
    }
}

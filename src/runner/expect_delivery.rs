//! Run room: expectations of how webhooks were delivered: which attempt, what the app answered, which fault it met. `expecting` enters.

use serde_json::Value;

use crate::language::steps::expectation::Expectation;
use crate::text::diagnostic::Diagnostic;

use super::expect::{Checked, failed};
use super::ledger_view::NearDelivery;
use super::session::Session;

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
    pub(crate) fn expect_delivery(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        app: &str,
        like: &Value,
    ) -> Checked {
        let thread = match &expectation.of {
            Some(_) => Some(self.find_thread(expectation.of.as_deref(), page, &expectation.place)?),
            None => None,
        };
        let page = page.and_then(|page| self.config.page_by_name(page));
        let like = self.placeholders(page).fill_value(like).map_err(|error| failed(expectation, error))?;
        let key = self.app_key(app);
        let seen = self.ledger_view(|view| view.deliveries()).map_err(|error| failed(expectation, error))?;
        let to_app = seen.iter().filter(|delivery| Some(delivery.app) == key);
        let made = to_app.clone().count();
        let about: Vec<NearDelivery<'_>> = to_app.filter_map(|delivery| delivery.nearest(thread, &like)).collect();
        let left = || about.iter().filter(|near| !self.matched.contains(&near.cursor));
        if let Some(near) = left().find(|near| near.unlike.is_empty()) {
            self.matched.insert(near.cursor);
            return self.save_values(&expectation.save, Some(near.view), &expectation.place);
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

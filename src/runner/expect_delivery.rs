//! Expectations about delivery attempts: the attempt number, the answer of the app, and the fault that affected it.

use serde_json::Value;

use crate::language::steps::expectation::Expectation;
use crate::text::diagnostic::Diagnostic;

use super::expect::{Checked, failed};
use super::ledger_view::NearDelivery;
use super::session::Session;

/// Why no attempt is left to match. `made` attempts were made to the app, and `about` of them concern the person that
/// the expectation names.
fn explain_no_attempt(made: usize, about: usize, of: Option<&str>) -> String {
    match (made, about, of) {
        (0, ..) => "no attempt was made since the last acting step".to_owned(),
        (_, 0, Some(of)) => format!("attempts since the last acting step: {made}, none of them for {of}"),
        (_, _, Some(of)) => {
            format!("attempts for {of} since the last acting step: {about}, all matched by earlier expectations")
        }
        (_, _, None) => format!("attempts since the last acting step: {made}, all matched by earlier expectations"),
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
        let left = about.iter().filter(|near| !self.is_matched(near.cursor));
        let left: Vec<&NearDelivery<'_>> = left.collect();
        if let Some(near) = left.iter().find(|near| near.unlike.is_empty() && self.match_entry(near.cursor)) {
            return self.save_values(&expectation.save, Some(near.view), &expectation.place);
        }
        let mistake = failed(expectation, format!("no delivery to app `{app}` matches"));
        Err(match left.iter().min_by_key(|near| near.unlike.len()) {
            None => mistake.note(explain_no_attempt(made, about.len(), expectation.of.as_deref())),
            Some(nearest) => {
                let notes = nearest.unlike.iter().map(ToString::to_string);
                notes.fold(mistake, Diagnostic::note).note(format!("nearest: {}", nearest.view))
            }
        })
    }
}

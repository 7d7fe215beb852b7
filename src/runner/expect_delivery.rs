//! Expectations about delivery attempts: the attempt number, the answer of the app, and the fault that affected it.

use serde_json::Value;

use crate::domain::model::ids::ThreadKey;
use crate::engine::Topic;
use crate::language::steps::expectation::Expectation;
use crate::text::diagnostic::Diagnostic;

use super::expect::{Checked, failed};
use super::ledger_view::{LedgerView, NearDelivery};
use super::observations::Observed;
use super::session::Session;
use super::wait_for_apps::{LookedAt, Outlook};

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
    pub(crate) async fn expect_delivery(
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
        let page = page.and_then(|page| self.config.asset_by_name(page));
        let like = self.placeholders(page).fill_value(like).map_err(|error| failed(expectation, error))?;
        let key = self.app_key(app);
        let topics: Vec<Topic> = key.map(Topic::App).into_iter().collect();
        let outlook = Outlook { topics: &topics, within: expectation.within, sees_session: false };
        let find = |view: &LedgerView<'_>, _: LookedAt, observed: &Observed| {
            let deliveries = view.deliveries();
            let left =
                deliveries.iter().filter(|seen| Some(seen.app) == key && !observed.matched.contains(&seen.cursor));
            let mut near = left.filter_map(|delivery| delivery.nearest(thread, &like));
            near.find(|near| near.unlike.is_empty()).map(|near| (near.cursor, near.view.clone()))
        };
        let claim = |(cursor, _): &(u64, Value), observed: &mut Observed| observed.matched.extend([*cursor]);
        if let Some((_, found)) =
            self.find_effect(outlook, find, claim).await.map_err(|error| failed(expectation, error))?
        {
            return self.save_values(&expectation.save, Some(&found), &expectation.place);
        }
        self.fail_if_over(&expectation.place)?;
        Err(self.explain_no_delivery(expectation, app, thread, &like)?)
    }

    fn explain_no_delivery(
        &self,
        expectation: &Expectation,
        app: &str,
        thread: Option<ThreadKey>,
        like: &Value,
    ) -> Result<Diagnostic, Diagnostic> {
        let key = self.app_key(app);
        let mut seen = self.ledger_view(|view| view.deliveries()).map_err(|error| failed(expectation, error))?;
        seen.extend(self.view_unobserved(|view| view.deliveries()));
        let to_app = seen.iter().filter(|delivery| Some(delivery.app) == key);
        let made = to_app.clone().count();
        let about: Vec<NearDelivery<'_>> = to_app.filter_map(|delivery| delivery.nearest(thread, like)).collect();
        let left = about.iter().filter(|near| !self.is_matched(near.cursor));
        let left: Vec<&NearDelivery<'_>> = left.collect();
        let message = format!("no delivery to app `{app}` matches{}", self.in_time(expectation));
        let mistake = failed(expectation, message);
        Ok(match left.iter().min_by_key(|near| near.unlike.len()) {
            None => mistake.note(explain_no_attempt(made, about.len(), expectation.of.as_deref())),
            Some(nearest) => {
                let notes = nearest.unlike.iter().map(ToString::to_string);
                notes.fold(mistake, Diagnostic::note).note(format!("nearest: {}", nearest.view))
            }
        })
    }
}

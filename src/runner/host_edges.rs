//! The calls of thread control that an app can make. An account itself has two of them, with names of their own.

use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::platform::Login;
use crate::graph::edge_spellings;
use crate::language::steps::app_step::AppVerb;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::session::Session;

impl Session {
    /// Fails if the host of the app has no call for what the step says.
    pub(super) fn check_host(
        &self,
        verb: &AppVerb,
        asset: AssetKey,
        app: AppKey,
        place: &SourcePlace,
    ) -> Result<(), Diagnostic> {
        let Some(edge) = edge_of_verb(verb).filter(|_| self.calls_at_account(asset, app)) else { return Ok(()) };
        if edge_spellings::on_instagram(edge).is_some() {
            return Ok(());
        }
        let (name, account) = (&self.config.app(app).name, &self.config.asset(asset).name);
        let message = format!("`{name}` cannot do this: it calls at `{account}` itself, which has no {edge}");
        Err(Diagnostic::new(place.clone(), message)
            .note("only pass and release are there; an app with `login: facebook` has the others")
            .note(format!("to see the refusal, write `call: {{ as: {name}, on: {account}, post: /me/{edge}, … }}`")))
    }

    /// The name that the edge has on the host of the app.
    pub(super) fn edge_on_host(&self, edge: &'static str, asset: AssetKey, app: AppKey) -> &'static str {
        match self.calls_at_account(asset, app) {
            true => edge_spellings::on_instagram(edge).unwrap_or(edge),
            false => edge,
        }
    }

    /// The node at which the app calls. The token of a system user does not say which account it means.
    pub(super) fn node_of_token(&self, asset: AssetKey, app: AppKey) -> &str {
        let config = self.config.asset(asset);
        match config.login_of(app) {
            Login::Unified => &config.id,
            Login::Facebook | Login::Instagram => "me",
        }
    }

    /// True if the app calls at the account itself, and not at a page.
    fn calls_at_account(&self, asset: AssetKey, app: AppKey) -> bool {
        self.config.asset(asset).login_of(app) != Login::Facebook
    }
}

/// The edge of a verb of thread control.
fn edge_of_verb(verb: &AppVerb) -> Option<&'static str> {
    Some(match verb {
        AppVerb::Passes { .. } => "pass_thread_control",
        AppVerb::Releases => "release_thread_control",
        AppVerb::Takes(_) => "take_thread_control",
        AppVerb::Requests(_) => "request_thread_control",
        AppVerb::Extends(_) => "extend_thread_control",
        _ => return None,
    })
}

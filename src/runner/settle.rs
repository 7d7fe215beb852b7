//! Waits until a world is quiet, and fails the step if a real app did not accept a webhook.

use std::time::Duration;

use crate::engine::Quiescence;
use crate::engine::ledger::DeliveryResult;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::session::Session;
use super::timeouts::format_real_time;

impl Session {
    /// Waits until nothing of the world is under way, and fails where an app did not take its webhooks.
    pub async fn settle(&mut self, place: &SourcePlace, quiet: Duration) -> Result<(), Diagnostic> {
        if !self.has_real_apps() {
            return Ok(());
        }
        let settled = self.world.settle(quiet, self.timeouts.budget).await;
        if let Quiescence::Exhausted { deliveries, calls } = &settled {
            self.never_quiet = Some(settled.clone());
            let mut mistake = Diagnostic::new(
                place.clone(),
                format!("the world is not quiet after {}", format_real_time(self.timeouts.budget)),
            );
            for busy in deliveries {
                mistake = mistake.note(match busy.attempt {
                    0 => format!(
                        "app `{}` at {} still has webhooks that wait for the ones before them",
                        busy.app, busy.url
                    ),
                    attempt => format!("app `{}` at {} has not answered attempt {attempt}", busy.app, busy.url),
                });
            }
            if *calls > 0 {
                mistake = mistake.note(format!("{calls} Graph calls are still under way"));
            }
            return Err(mistake);
        }
        self.check_deliveries(place)
    }

    /// Fails where a real app did not take a webhook since the last look.
    pub(crate) fn check_deliveries(&mut self, place: &SourcePlace) -> Result<(), Diagnostic> {
        let Self { world, delivery_monitor, .. } = self;
        let Some(failed) = world.read(|_, ledger, _| delivery_monitor.news(ledger)) else { return Ok(()) };
        let app = &self.config.app(failed.request.app).name;
        let how = match &failed.result {
            DeliveryResult::Answered(status) => format!("answered {status} to a webhook"),
            DeliveryResult::Failed(why) => format!("did not take a webhook: {why}"),
            DeliveryResult::Lost => "never saw a webhook".to_owned(),
        };
        let url = failed.url.as_deref().unwrap_or_default();
        let mistake = Diagnostic::new(place.clone(), format!("app `{app}` {how}"))
            .note(format!("at {url}, attempt {}", failed.attempt))
            .note("anything but a 2xx within the time limit is a failed delivery");
        Err(match failed.fault {
            None => mistake,
            Some(number) => mistake.note(format!("fault {number} met it, but the POST itself is as Meta makes it")),
        })
    }
}

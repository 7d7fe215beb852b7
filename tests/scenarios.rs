//! Every bundled scenario file passes, and what happens in it is as it was: a snapshot of the transcript for each.

use std::path::Path;

use graphdouble::internals::language::files;
use graphdouble::internals::runner::events::{Reporter, RunEvent};
use graphdouble::internals::runner::{RunSettings, run};
use graphdouble::internals::text::diagnostic::render_all;

/// Keeps what a snapshot shows.
#[derive(Default)]
struct Transcript(String);

impl Reporter for Transcript {
    fn report(&mut self, event: &RunEvent) {
        let RunEvent::ScenarioFinished(report) = event else { return };
        let failure = report.failure.as_ref().map(|failure| failure.render(false)).unwrap_or_default();
        self.0.push_str(&format!("# {}\n{}{failure}\n", report.name, report.transcript));
        assert!(report.failure.is_none(), "{}\n{}\n{failure}", report.name, report.transcript);
    }
}

fn transcript(path: &Path) -> datatest_stable::Result<()> {
    let scenarios = files::read(path).map_err(|mistakes| render_all(&mistakes, false))?;
    assert!(!scenarios.is_empty(), "a file without scenarios");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut transcript = Transcript::default();
    runtime.block_on(run(scenarios, None, &RunSettings::default(), &mut transcript));
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots/scenarios");
    let name = path.with_extension("").display().to_string();
    let name = name.rsplit_once("scenarios/").map_or(name.as_str(), |(_, name)| name).replace('/', "__");
    settings.bind(|| insta::assert_snapshot!(name, transcript.0));
    Ok(())
}

datatest_stable::harness! {
    { test = transcript, root = "scenarios", pattern = r"\.yaml$" },
}

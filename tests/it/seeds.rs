//! The bundled scenarios pass with other seeds than those of their worlds: what they say does not hang on chance.

use graphdouble::internals::language::files::{Scenario, read};
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::runner::events::{Reporter, RunEvent};
use graphdouble::internals::runner::{RunSettings, run};

use crate::support::files::bundled_scenarios;

/// The failures of a run, as they are drawn.
#[derive(Default)]
struct Failures(Vec<String>);

impl Reporter for Failures {
    fn report(&mut self, event: &RunEvent) {
        let RunEvent::ScenarioFinished(report) = event else { return };
        self.0.extend(report.failure.iter().map(|failure| format!("{}\n{}", report.name, failure.render(false))));
    }
}

#[tokio::test]
async fn all_bundled_scenarios_pass_with_several_seeds() {
    let files = bundled_scenarios();
    let scenarios: Vec<Scenario> = files.iter().flat_map(|file| read(file).expect("scenarios")).collect();
    for seed in [0, 1, 7, 42, (1 << 53) - 1] {
        let changes = WorldOverrides { seed: Some(seed), ..WorldOverrides::default() };
        let mut failures = Failures::default();
        run(scenarios.clone(), None, &RunSettings { changes, ..RunSettings::default() }, &mut failures).await;
        assert!(failures.0.is_empty(), "--seed {seed}:\n{}", failures.0.join("\n"));
    }
}

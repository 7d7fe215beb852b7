//! Sends the events of a run to several reporters.

use crate::runner::run_events::{Reporter, RunEvent};

/// Reporters that get every event, in this order.
#[derive(Default)]
pub struct MultiReporter(Vec<Box<dyn Reporter>>);

impl MultiReporter {
    pub fn add(&mut self, reporter: impl Reporter + 'static) {
        self.0.push(Box::new(reporter));
    }

    /// The errors of reports that could not be written.
    pub fn write_errors(&self) -> Vec<String> {
        self.0.iter().filter_map(|reporter| reporter.write_error()).collect()
    }
}

impl Reporter for MultiReporter {
    fn report(&mut self, event: &RunEvent) {
        for reporter in &mut self.0 {
            reporter.report(event);
        }
    }
}

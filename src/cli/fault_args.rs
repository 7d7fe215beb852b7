//! Cli room: faults on the command line, in the words of a `fault` step. `serve` and `run` enter.

use std::sync::Arc;

use clap::Args;

use crate::language::Node;
use crate::runner::arm_faults;

use super::exit::Exit;
use super::terminal::fail_invalid;

/// FaultArgs to begin with.
#[derive(Debug, Args)]
pub struct FaultArgs {
    /// A fault to begin with, as under `fault:` in a scenario: '{ at: send, breaks: hang, chance: 10% }'. May be given several times, or
    /// several as a list.
    #[arg(long = "fault", env = "GRAPHDOUBLE_FAULT", value_name = "FAULT")]
    faults: Vec<String>,
}

impl FaultArgs {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// All of them. What is no YAML is said before this returns; what makes no sense in a world shows where it is armed.
    pub fn read(&self) -> Result<Vec<Arc<Node>>, Exit> {
        let (mut read, mut mistakes) = (Vec::new(), Vec::new());
        for text in &self.faults {
            match arm_faults::parse_faults("--fault", text) {
                Ok(nodes) => read.extend(nodes),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if mistakes.is_empty() {
            return Ok(read);
        }
        Err(fail_invalid(&mistakes))
    }
}

//! The flag `--fault` of `serve` and `run`.

use std::sync::Arc;

use clap::Args;

use crate::language::Node;
use crate::runner::arm_faults;

use super::exit::Exit;
use super::terminal::fail_invalid;

/// Faults that are armed from the start.
#[derive(Debug, Args)]
pub struct FaultArgs {
    /// Arm a fault from the start, written as in a `fault` step: '{ at: send, breaks: hang, chance: 10% }'.
    ///
    /// A fault makes a Graph call or a webhook fail. The option may be repeated, or its value may be a YAML list.
    #[arg(long = "fault", env = "GRAPHDOUBLE_FAULT", value_name = "FAULT")]
    faults: Vec<String>,
}

impl FaultArgs {
    /// Parses all faults and prints what is not valid YAML. Whether a world understands a fault shows when it is armed.
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

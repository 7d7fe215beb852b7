//! Edges room: `platform`, which several edges have.

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::call::Call;

/// Messenger is meant where nothing is said, and the one that is built.
pub fn check(call: &Call) -> Result<(), GraphError> {
    match call.params.word("platform", &["MESSENGER", "INSTAGRAM"])? {
        Some("INSTAGRAM") => Err(catalogue::NOT_BUILT.with(&[("what", "platform instagram")])),
        _ => Ok(()),
    }
}

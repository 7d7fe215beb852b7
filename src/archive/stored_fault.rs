//! An armed fault in a file: in the words of the language, with its number and what it did so far.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::model::config::Config;
use crate::engine::armed::Armed;
use crate::journal::fault_json::fault_json;
use crate::language::Node;
use crate::runner::arm_faults;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourceText;

use super::bytes::UnknownContent;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredFault {
    number: u32,
    met: u64,
    fired: u32,
    words: Map<String, Value>,
}

impl StoredFault {
    pub fn of(config: &Config, armed: &Armed) -> Self {
        let Armed { number, fault, met, fired } = armed;
        Self { number: *number, met: *met, fired: *fired, words: fault_json(config, fault) }
    }

    pub fn read(self, config: &Arc<Config>) -> Result<Armed, UnknownContent> {
        let Self { number, met, fired, words } = self;
        let text = Value::Object(words).to_string();
        let words = Node::parse(&SourceText::inline("a fault", &text)).map_err(|mistake| mistake.one_line())?;
        let joined =
            |mistakes: Vec<Diagnostic>| mistakes.iter().map(Diagnostic::one_line).collect::<Vec<_>>().join("; ");
        Ok(Armed { number, fault: arm_faults::read_fault_words(config, &words).map_err(joined)?, met, fired })
    }
}

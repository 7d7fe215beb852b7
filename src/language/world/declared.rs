//! Language room: a world as it was declared, with what a run changed about it, as text: whoever keeps a world can make it once more.
//! `archive` enters.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read_world;
use super::read_world::Changes;
use crate::domain::model::config::Config;
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Source;

/// A declared world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Declared {
    /// What the world file says.
    pub world: Value,
    /// What was changed about it before it began.
    pub changes: Changes,
}

impl Declared {
    /// A world file and what is changed about it, as text.
    pub fn text(world: &Node, changes: &Changes) -> Box<str> {
        let declared = Self { world: world.kept(), changes: changes.clone() };
        serde_json::to_string(&declared).unwrap_or_default().into()
    }

    /// How a world was declared.
    ///
    /// # Errors
    /// It was not read from a file or a text.
    pub fn of(config: &Config) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&config.declared)
    }

    /// The world, made once more.
    ///
    /// # Errors
    /// It makes no sense to this version.
    pub fn config(&self) -> Result<Arc<Config>, Vec<Diagnostic>> {
        let source = Source::inline("the world", &self.world.to_string());
        let node = Node::parse(&source).map_err(|mistake| vec![mistake])?;
        read_world::read(&node, &self.changes)
    }

    /// Whether two worlds were declared alike, whenever they began.
    pub fn is_like(&self, other: &Self) -> bool {
        let timeless = |declared: &Self| Changes { default_clock: None, ..declared.changes.clone() };
        self.world == other.world && timeless(self) == timeless(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLD: &str = "
apps: { bot: { id: \"0012\", secret: 0x1f }, desk: {} }
pages: { shop: { id: 2001, default_app: bot, apps: { bot: { token: 1.10 }, desk: { standby: false } } } }
people: { alice: { psids: { shop: 18446744073709551615 }, first_name: \"true\", timezone: -3 } }
limits: { ledger: 7 }
";

    #[test]
    fn a_world_is_the_same_when_it_is_made_once_more() -> Result<(), Vec<Diagnostic>> {
        let node = Node::parse(&Source::inline("w", WORLD)).map_err(|mistake| vec![mistake])?;
        let changes = Changes { apps: vec![("bot".into(), None)], default_seed: Some(9), ..Changes::default() };
        let once = read_world::read(&node, &changes)?;
        let declared = Declared::of(&once).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(format!("{once:?}"), format!("{:?}", declared.config()?));
        Ok(())
    }
}

//! A world file together with the overrides of a run, as text. Every world keeps this text, so that it can be made once more.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::overrides::WorldOverrides;
use crate::domain::model::config::Config;
use crate::language::node::Node;

/// A world as it was declared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeclaredWorld {
    /// The world file.
    pub world: Value,
    #[serde(rename = "changes")]
    pub overrides: WorldOverrides,
}

impl DeclaredWorld {
    /// Writes a world file and its overrides as text.
    pub fn write(world: &Node, overrides: &WorldOverrides) -> Box<str> {
        let declared = Self { world: world.lossless_json(), overrides: overrides.clone() };
        serde_json::to_string(&declared).unwrap_or_default().into()
    }

    /// Reads how a world was declared. It fails if the world was made in code, not read from a text.
    pub fn of(config: &Config) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&config.declared)
    }

    /// True if both worlds were declared alike. The time at which they began may differ.
    pub fn is_like(&self, other: &Self) -> bool {
        let timeless = |declared: &Self| WorldOverrides { default_clock: None, ..declared.overrides.clone() };
        self.world == other.world && timeless(self) == timeless(other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_world::{read, read_declared};
    use super::*;
    use crate::text::diagnostic::Diagnostic;
    use crate::text::source::SourceText;

    const WORLD: &str = "
apps: { bot: { id: \"0012\", secret: 0x1f }, desk: {} }
pages: { shop: { id: 2001, default_app: bot, apps: { bot: { token: 1.10 }, desk: { standby: false } } } }
people: { alice: { psids: { shop: 18446744073709551615 }, first_name: \"true\", timezone: -3 } }
limits: { ledger: 7 }
";

    #[test]
    fn a_world_is_the_same_when_it_is_made_once_more() -> Result<(), Vec<Diagnostic>> {
        let node = Node::parse(&SourceText::inline("w", WORLD)).map_err(|mistake| vec![mistake])?;
        let overrides =
            WorldOverrides { apps: vec![("bot".into(), None)], default_seed: Some(9), ..WorldOverrides::default() };
        let once = read(&node, &overrides)?;
        let declared = DeclaredWorld::of(&once).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(format!("{once:?}"), format!("{:?}", read_declared(&declared)?));
        Ok(())
    }
}

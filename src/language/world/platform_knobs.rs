//! Which knobs decide something on one platform alone. On the other they would do nothing, so they are refused there.

use super::world_reader::WorldReader;
use crate::domain::model::platform::Platform;
use crate::language::node::Node;

const ON_PAGES: &[&str] =
    &["handover_app_id_type", "hop_context", "stickers", "shared_link", "message_request", "unsend", "lead_patience"];
/// Beside those that begin with `ig`.
const ON_ACCOUNTS: &[&str] = &[
    "native_owner",
    "standby_items",
    "ul_fields",
    "human_agent_refusal",
    "private_reply_ownership",
    "private_reply_twice",
    "consent_error",
];

/// The platform on which alone a knob decides something.
fn only_on(knob: &str) -> Option<Platform> {
    if ON_PAGES.contains(&knob) {
        return Some(Platform::Messenger);
    }
    (knob.starts_with("ig") || ON_ACCOUNTS.contains(&knob)).then_some(Platform::Instagram)
}

impl WorldReader<'_> {
    pub(super) fn check_knobs(&mut self, asset: &Node, platform: Platform) {
        for (knob, _) in asset.get("knobs").map(Node::entries).unwrap_or_default() {
            let name = knob.text().unwrap_or_default();
            let (elsewhere, here) = match only_on(name).filter(|only| *only != platform) {
                Some(Platform::Messenger) => ("pages", "an Instagram account"),
                Some(Platform::Instagram) => ("Instagram accounts", "a page"),
                None => continue,
            };
            let message = format!("`{name}` is a knob of {elsewhere}, and this is {here}");
            self.wrong(knob, message, "leave it out: it would decide nothing here");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::schema::shape::Shape;
    use crate::language::schema::vocabulary::WORLD;

    fn knobs(part: &str) -> Vec<&'static str> {
        let part = WORLD.keys.iter().find(|key| key.name == part).map(|key| &key.shape);
        let Some(Shape::MapOf(_, Shape::Object(asset))) = part else { panic!("a map of objects") };
        match asset.keys.iter().find(|key| key.name == "knobs").map(|key| &key.shape) {
            Some(Shape::Object(knobs)) => knobs.keys.iter().map(|key| key.name).collect(),
            _ => panic!("an object"),
        }
    }

    #[test]
    fn each_name_is_a_knob_of_its_platform() {
        let (of_pages, of_accounts) = (knobs("pages"), knobs("instagram"));
        for name in ON_PAGES {
            assert!(of_pages.contains(name), "{name}");
        }
        for name in ON_ACCOUNTS {
            assert!(of_accounts.contains(name), "{name}");
        }
    }
}

//! Names in a path or a query: what they mean, or an error that lists the names that there are.

use crate::domain::model::config::Config;
use crate::domain::model::crowd::Crowd;
use crate::domain::model::ids::{AppKey, AssetKey, PersonKey, ThreadKey};
use crate::text::suggest::did_you_mean;

use super::answer::Problem;

/// Names that an error lists before it says how many more there are.
const MAX_LISTED: usize = 20;

/// The most people with whose names a mistyped one is compared.
const MAX_COMPARED: usize = 1000;

/// There is no `what` of this name.
pub fn unknown_name<'k>(status: u16, what: &str, name: &str, known: impl Iterator<Item = &'k str> + Clone) -> Problem {
    let nearest = did_you_mean(name, known.clone());
    Problem::new(status, format!("there is no {what} `{name}`{nearest} ({})", listed(known)))
}

/// `known are: a, b`, or that there are none.
fn listed<'k>(known: impl Iterator<Item = &'k str> + Clone) -> String {
    let first: Vec<&str> = known.clone().take(MAX_LISTED).collect();
    match known.count() {
        0 => "there are none".to_owned(),
        count if count > MAX_LISTED => format!("known are: {} and {} more", first.join(", "), count - MAX_LISTED),
        _ => format!("known are: {}", first.join(", ")),
    }
}

/// The app of this name.
pub fn app(config: &Config, name: &str, status: u16) -> Result<AppKey, Problem> {
    let known = config.apps.iter().map(|app| &*app.name);
    config.app_by_name(name).ok_or_else(|| unknown_name(status, "app", name, known))
}

/// The page of this name.
pub fn page(config: &Config, name: &str, status: u16) -> Result<AssetKey, Problem> {
    let known = config.assets.iter().map(|page| &*page.name);
    config.asset_by_name(name).ok_or_else(|| unknown_name(status, config.asset_words(), name, known))
}

/// The person of this name.
pub fn person(config: &Config, name: &str, status: u16) -> Result<PersonKey, Problem> {
    config.person_by_name(name).ok_or_else(|| {
        let named = config.people.named();
        let nearest = did_you_mean(name, named.clone().take(MAX_COMPARED));
        let members = |crowd: &Crowd| format!("; {0}.1 to {0}.{1}", crowd.config.name, crowd.config.count);
        let crowds: String = config.people.crowds().take(MAX_LISTED).map(members).collect();
        Problem::new(status, format!("there is no person `{name}`{nearest} ({}{crowds})", listed(named)))
    })
}

/// The thread of the page and the person of these names.
pub fn thread(config: &Config, page_name: &str, person_name: &str) -> Result<ThreadKey, Problem> {
    Ok(ThreadKey { asset: page(config, page_name, 404)?, person: person(config, person_name, 404)? })
}

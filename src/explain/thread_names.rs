//! Finds a thread by the names of a page and a person.

use std::collections::BTreeSet;

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::engine::ActiveWorld;
use crate::text::suggest::did_you_mean;

use crate::journal::thread_of::thread_of;

/// The most threads that an error lists.
const MAX_LISTED: usize = 10;

/// The most names with which a mistyped one is compared.
const MAX_COMPARED: usize = 1000;

/// The thread of a page and a person; or an error that suggests similar names.
pub fn find_thread(config: &Config, page: &str, person: &str) -> Result<ThreadKey, String> {
    let page_key = config.asset_by_name(page).ok_or_else(|| {
        let nearest = did_you_mean(page, config.assets.iter().map(|page| &*page.name));
        format!("there is no {} `{page}`{nearest}", config.asset_words())
    })?;
    let person_key = config.person_by_name(person).ok_or_else(|| {
        let nearest = did_you_mean(person, config.people.named().take(MAX_COMPARED));
        format!("there is no person `{person}`{nearest}")
    })?;
    Ok(ThreadKey { asset: page_key, person: person_key })
}

/// The thread of `PERSON@PAGE`. If there is one page, `PERSON` is enough.
pub fn parse_thread(config: &Config, text: &str) -> Result<ThreadKey, String> {
    match (text.rsplit_once('@'), &*config.assets) {
        (Some((person, page)), _) => find_thread(config, page, person),
        (None, [page]) => find_thread(config, &page.name, text),
        (None, pages) => {
            let pages: Vec<String> = pages.iter().map(|page| format!("{text}@{}", page.name)).collect();
            Err(format!("which {} is meant? Say one of {}", config.asset_words(), listed(&pages)))
        }
    }
}

/// The only thread that the ledger has entries about; or, without entries, the only thread that the world can have.
pub fn only_thread(world: &ActiveWorld) -> Result<ThreadKey, String> {
    let config = world.config();
    let touched: BTreeSet<ThreadKey> =
        world.read(|_, ledger, _| ledger.all().filter_map(|entry| thread_of(&config, &entry.record)).collect());
    let mut threads = touched.iter();
    match (threads.next(), threads.next(), &*config.assets, config.people.only()) {
        (Some(thread), None, ..) => Ok(*thread),
        (None, _, [_], Some(person)) => Ok(ThreadKey { asset: AssetKey(0), person }),
        (None, ..) => Err("which thread is meant? Nothing has happened in any thread".to_owned()),
        _ => {
            let names: Vec<String> = touched.iter().map(|thread| config.full_thread_name(*thread)).collect();
            Err(format!("which thread is meant? There are {}", listed(&names)))
        }
    }
}

fn listed(names: &[String]) -> String {
    match names.get(..MAX_LISTED) {
        Some(first) if names.len() > MAX_LISTED => {
            format!("{} and {} more", first.join(", "), names.len() - MAX_LISTED)
        }
        _ => names.join(", "),
    }
}

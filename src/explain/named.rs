//! Explain room: which thread is meant, by the names of a page and a person.

use std::collections::BTreeSet;

use crate::domain::model::config::Config;
use crate::domain::model::ids::{PageKey, PersonKey, ThreadKey};
use crate::engine::ActiveWorld;
use crate::text::suggest::did_you_mean;

use super::thread_of::thread_of;

/// Threads that are listed where it is not clear which one is meant.
const MAX_LISTED: usize = 10;

/// The thread of a page and a person; or what is wrong with the names.
pub fn thread(config: &Config, page: &str, person: &str) -> Result<ThreadKey, String> {
    let page_key = config.page_by_name(page).ok_or_else(|| {
        let nearest = did_you_mean(page, config.pages.iter().map(|page| &*page.name));
        format!("there is no page `{page}`{nearest}")
    })?;
    let person_key = config.person_by_name(person).ok_or_else(|| {
        let nearest = did_you_mean(person, config.people.list().iter().map(|person| &*person.name));
        format!("there is no person `{person}`{nearest}")
    })?;
    Ok(ThreadKey { page: page_key, person: person_key })
}

/// The thread that `PERSON@PAGE` means, or `PERSON` where there is one page.
pub fn parse(config: &Config, text: &str) -> Result<ThreadKey, String> {
    match (text.rsplit_once('@'), config.pages.as_slice()) {
        (Some((person, page)), _) => thread(config, page, person),
        (None, [page]) => thread(config, &page.name, text),
        (None, pages) => {
            let pages: Vec<String> = pages.iter().map(|page| format!("{text}@{}", page.name)).collect();
            Err(format!("which page is meant? Say one of {}", listed(&pages)))
        }
    }
}

/// The only thread that anything in the ledger is about, or the only one that there could be.
pub fn only(hosted: &ActiveWorld) -> Result<ThreadKey, String> {
    let config = hosted.config();
    let touched: BTreeSet<ThreadKey> =
        hosted.read(|_, ledger, _| ledger.all().filter_map(|entry| thread_of(config, &entry.record)).collect());
    let mut threads = touched.iter();
    match (threads.next(), threads.next(), config.pages.as_slice(), config.people.list()) {
        (Some(thread), None, ..) => Ok(*thread),
        (None, _, [_], [_]) => Ok(ThreadKey { page: PageKey(0), person: PersonKey(0) }),
        (None, ..) => Err("which thread is meant? Nothing has happened in any".to_owned()),
        _ => {
            let names: Vec<String> = touched.iter().map(|thread| full_name(config, *thread)).collect();
            Err(format!("which thread is meant? In play are {}", listed(&names)))
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

fn full_name(config: &Config, thread: ThreadKey) -> String {
    format!("{}@{}", config.person(thread.person).name, config.page(thread.page).name)
}

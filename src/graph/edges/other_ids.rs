//! Edges room: `GET /{psid}/ids_for_pages` and `GET /{psid}/ids_for_apps`: who a person is elsewhere.

use serde_json::json;

use crate::domain::model::ids::{PageKey, ThreadKey};

use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data, json as answer};
use crate::graph::read::listing::{Listing, Paging};

/// Ids in one answer.
const MOST: usize = 100;

/// The person's id on each page to which the calling app is connected.
pub fn for_pages(call: &Call, thread: ThreadKey) -> Result {
    let wanted = call.params.text("page")?;
    let config = call.world().config();
    let pages = (0u16..).map(PageKey).zip(&config.pages);
    let wanted_pages: Vec<PageKey> =
        pages.filter(|(_, page)| wanted.as_deref().is_none_or(|id| id == &*page.id)).map(|(key, _)| key).collect();
    let pages: Vec<PageKey> = call
        .world()
        .read(|world, _, _| wanted_pages.into_iter().filter(|page| world.is_connected(*page, call.app())).collect());
    let path = format!("{}/ids_for_pages", config.psid(thread));
    let listing = Listing { path: &path, paging: Paging::of_call(call, MOST)? };
    answer(&listing.page(call, &pages, |page| {
        let of = config.page(*page);
        let id = config.psid(ThreadKey { page: *page, ..thread });
        Ok(json!({ "id": id, "page": { "name": of.name, "id": of.id } }))
    })?)
}

/// The person's id in each app that they logged in to: nobody here ever does.
pub fn for_apps(_: &Call, _: ThreadKey) -> Result {
    data(Vec::new())
}

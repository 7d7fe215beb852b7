//! Handles `GET /{psid}/ids_for_pages` and `GET /{psid}/ids_for_apps`: the ids of the same person elsewhere.

use serde_json::json;

use crate::domain::model::ids::{AssetKey, ThreadKey};

use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data, json as answer};
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::page_json;

/// The most ids in one answer.
const MAX_IDS: usize = 100;

/// Handles `GET /{psid}/ids_for_pages`: the person's id on each page to which the calling app is connected.
pub fn for_pages(call: &Call, thread: ThreadKey) -> Result {
    let wanted = call.params.text("page")?;
    let config = call.config();
    let pages = (0u16..).map(AssetKey).zip(config.assets.iter());
    let wanted_pages: Vec<AssetKey> =
        pages.filter(|(_, page)| wanted.as_deref().is_none_or(|id| id == &*page.id)).map(|(key, _)| key).collect();
    let pages: Vec<AssetKey> = call
        .world()
        .read(|world, _, _| wanted_pages.into_iter().filter(|page| world.is_connected(*page, call.app())).collect());
    let path = format!("{}/ids_for_pages", config.psid(thread));
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_IDS)? };
    answer(&listing.page(call, &pages, |page| {
        let id = config.psid(ThreadKey { asset: *page, ..thread });
        Ok(json!({ "id": id, "page": page_json::beside_id(config.asset(*page)) }))
    })?)
}

/// Handles `GET /{psid}/ids_for_apps`. Nobody ever logs in to an app here, so there are none.
pub fn for_apps(_: &Call, _: ThreadKey) -> Result {
    data(Vec::new())
}

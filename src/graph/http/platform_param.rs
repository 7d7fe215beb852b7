//! The parameter `platform`: a call at a page may mean the Instagram account that is linked to it.

use super::call::Call;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::platform::Platform;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;

const MESSENGER: &str = "MESSENGER";
const INSTAGRAM: &str = "INSTAGRAM";

/// The asset that a call at `asset` means. Where nothing is said, it is that asset.
pub fn asset_meant(call: &Call, asset: AssetKey) -> Fallible<AssetKey> {
    let at = call.config().platform(asset);
    let known: &[&'static str] = match at {
        Platform::Messenger => &[MESSENGER, INSTAGRAM],
        Platform::Instagram => &[INSTAGRAM],
    };
    let is_instagram = call.params.word("platform", known)? == Some(INSTAGRAM);
    if at == Platform::Instagram || !is_instagram {
        return Ok(asset);
    }
    let account = call.config().account_of(asset).filter(|account| call.reaches(asset, *account));
    account.ok_or_else(|| catalogue::INSTAGRAM_NOT_LINKED.error().into())
}

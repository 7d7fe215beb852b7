//! The parameter `platform`: a call at a page may mean the Instagram account that is linked to it.

use super::call::Call;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::platform::{Login, Platform};
use crate::domain::rules;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};

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
    let meant = match (at, is_instagram) {
        (Platform::Messenger, true) => linked_account(call, asset)?,
        _ => asset,
    };
    check_messages_allowed(call, meant)?;
    Ok(meant)
}

/// The account that is linked to a page, if the app reaches it through the page.
fn linked_account(call: &Call, page: AssetKey) -> Fallible<AssetKey> {
    let not_linked = || Failure::by_rule(catalogue::INSTAGRAM_NOT_LINKED.error(), rules::INSTAGRAM_NOT_LINKED);
    let account = call.config().account_of(page).ok_or_else(not_linked)?;
    let app = call.app();
    let is_connected = call.world().read(|world, _, _| world.is_connected(account, app));
    match is_connected && call.config().asset(account).login_of(app) == Login::Facebook {
        true => Ok(account),
        false => Err(Failure::by_rule(catalogue::PERMISSION_MISSING.error(), rules::APP_CONNECTED)),
    }
}

/// Checks that the owner lets apps have the messages of the account. A page always does.
pub fn check_messages_allowed(call: &Call, account: AssetKey) -> Fallible<()> {
    if call.config().platform(account) == Platform::Messenger {
        return Ok(());
    }
    match call.world().read(|world, _, _| world.asset(account).messages_allowed) {
        true => Ok(()),
        false => Err(Failure::by_rule(catalogue::INSTAGRAM_DISABLED.error(), rules::INSTAGRAM_MESSAGES_OFF)),
    }
}

//! The check that comes first in most handlers for apps.

use crate::domain::model::ids::AppKey;
use crate::domain::model::settings::AssetSettings;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

pub fn require_connected(page: &AssetSettings, app: AppKey) -> Result<(), Refusal> {
    match page.is_connected(app) {
        true => Ok(()),
        false => Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED)),
    }
}

/// Fails while the owner of an Instagram account does not let apps have its messages.
pub(super) fn require_messages(asset: &AssetSettings) -> Result<(), Refusal> {
    match asset.messages_allowed {
        true => Ok(()),
        false => Err(Refusal::new(Reason::MessagesDisallowed, rules::INSTAGRAM_MESSAGES_OFF)),
    }
}

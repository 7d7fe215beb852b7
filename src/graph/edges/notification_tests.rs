//! Handles `POST /{page}/notification_messages_dev_support`, with which an app tests its notification messages.

use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, success};
use crate::graph::send::recipient;
use crate::graph::send::recipient::Recipient;

const ACTIONS: &[&str] = &["ENABLE_FOLLOWUP_MESSAGE", "SEND_RE_OPTIN"];

/// The token of the recipient may take the next message at once.
pub fn test(call: &Call, _: AssetKey) -> Result {
    match call.params.word("developer_action", ACTIONS)? {
        None => return Err(catalogue::PARAM_REQUIRED.with(&[("param", "developer_action")]).into()),
        Some("SEND_RE_OPTIN") => {
            return Err(catalogue::NOT_BUILT.with(&[("what", "developer_action SEND_RE_OPTIN")]).into());
        }
        Some(_) => {}
    }
    let Recipient { thread, other_id, .. } = recipient::message_recipient(call)?;
    let param = "recipient[notification_messages_token]";
    let token = other_id.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", param)]))?;
    call.execute(Command::TestNotification(thread, call.app(), token))?;
    success()
}

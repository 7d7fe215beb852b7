//! Handles `POST /{page}/message_attachments`, and the same of an account: saves an attachment, which messages can name later.

use serde_json::json;

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::message::Attachment;
use crate::domain::model::platform::Platform;

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::platform_param::asset_meant;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::send::{content, instagram_content};

/// The parameters of the edge.
pub const PARAMS: &[&str] = &["message", "filedata", "platform"];

pub fn save(call: &Call, page: AssetKey) -> Result {
    let asset = asset_meant(call, page)?;
    let message = call.params.object("message")?;
    let message = message.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "message")]))?;
    let content = match call.config().platform(asset) {
        Platform::Messenger => content::read(call, asset, &message)?,
        Platform::Instagram => instagram_content::read(call, asset, &message)?,
    };
    let attachment = match content.attachments.into_iter().next() {
        Some(Attachment::Media { kind, url, .. }) => Attachment::Media { kind, url, reusable: false },
        Some(_) => return Err(catalogue::ATTACHMENT_TYPE.error().into()),
        None => return Err(catalogue::PARAM_REQUIRED.with(&[("param", "message[attachment]")]).into()),
    };
    let executed = call.execute(Command::SaveAttachment(asset, call.app(), attachment))?;
    match &executed.answer {
        Reply::Made(id) => answer(&json!({ "attachment_id": id })),
        _ => Err(catalogue::INTERNAL.error().into()),
    }
}

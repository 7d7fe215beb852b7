//! Edges room: `POST /{page}/message_attachments`, which saves an attachment to send it later, and files that come with a call.

use serde_json::json;
use sha1::{Digest, Sha1};

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::Attachment;

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::call::Call;
use crate::graph::http::multipart::FilePart;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::send::{content, platform};

/// The part that carries the file.
const FILE: &str = "filedata";
/// Bytes of a file.
const MAX_FILE: usize = 25 * 1024 * 1024;
/// What says nothing about a file.
const ANY_TYPE: &str = "application/octet-stream";

/// Saves an attachment.
pub fn save(call: &Call) -> Result {
    let page = call.page()?;
    call.warn_of_unknown_params(&["message", "filedata"]);
    platform::check(call)?;
    let message = call.params.object("message")?;
    let message = message.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "message")]))?;
    let attachment = match content::read(call, &message)?.attachments.into_iter().next() {
        Some(Attachment::Media { kind, url, .. }) => Attachment::Media { kind, url, reusable: false },
        Some(_) => return Err(catalogue::ATTACHMENT_TYPE.error().into()),
        None => return Err(catalogue::PARAM_REQUIRED.with(&[("param", "message[attachment]")]).into()),
    };
    let executed = call.execute(Command::SaveAttachment(page, call.app(), attachment))?;
    match &executed.answer {
        Reply::Made(id) => answer(&json!({ "attachment_id": id })),
        _ => Err(catalogue::INTERNAL.error().into()),
    }
}

/// The address under which a file that came with the call is known from now on. The file itself is not kept, and the address leads
/// nowhere: nothing that a bot fetches from here may leave the test.
pub fn uploaded(call: &Call, kind: MediaKind) -> std::result::Result<Option<Box<str>>, GraphError> {
    let Some(file) = call.params.files().iter().find(|file| file.name == FILE) else { return Ok(None) };
    if file.bytes.len() > MAX_FILE {
        return Err(catalogue::ATTACHMENT_TOO_LARGE.error());
    }
    if file.bytes.is_empty() || !is_of_kind(file, kind) {
        return Err(catalogue::UPLOAD_FAILED.error());
    }
    let name = hex::encode(Sha1::digest(&file.bytes));
    Ok(Some(format!("https://graphdouble.invalid/uploads/{name}{}", ending(file)).into()))
}

/// What the part is said to be, without parameters.
fn content_type(file: &FilePart) -> &str {
    let content_type = file.content_type.as_deref().unwrap_or(ANY_TYPE);
    content_type.split(';').next().unwrap_or_default().trim()
}

fn is_of_kind(file: &FilePart, kind: MediaKind) -> bool {
    let content_type = content_type(file);
    match kind {
        _ if content_type == ANY_TYPE => true,
        MediaKind::File => true,
        // Sounds in the container of films are taken for both.
        MediaKind::Audio => content_type.starts_with("audio/") || content_type == "video/mp4",
        MediaKind::Image => content_type.starts_with("image/"),
        MediaKind::Video => content_type.starts_with("video/"),
    }
}

fn ending(file: &FilePart) -> &'static str {
    match content_type(file) {
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        "audio/mpeg" => ".mp3",
        "audio/wav" => ".wav",
        "video/mp4" => ".mp4",
        "video/webm" => ".webm",
        "application/pdf" => ".pdf",
        _ => "",
    }
}

//! A file that comes with a call instead of the URL of an attachment.

use sha1::{Digest, Sha1};

use crate::domain::model::media::MediaKind;
use crate::domain::model::platform::Platform;

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::multipart::{FILE_PART, FilePart};
use crate::graph::http::param_check::ParamResult;

const MAX_FILE_BYTES: usize = 25 * 1024 * 1024;
/// The largest image on Instagram.
const MAX_IMAGE_BYTES: usize = 8 * 1024 * 1024;
/// The content type of files of any kind.
const ANY_TYPE: &str = "application/octet-stream";

/// The URL of the file that came with the call, if one did. The file itself is not kept. The URL does not resolve, so a bot that fetches
/// it never leaves the test.
pub fn uploaded(call: &Call, kind: MediaKind, platform: Platform) -> ParamResult<Option<Box<str>>> {
    let mut files = call.params.files().iter().filter(|file| file.name == FILE_PART);
    let Some(file) = files.next() else { return Ok(None) };
    if files.next().is_some() {
        return Err(catalogue::FILE_COUNT.error());
    }
    let most = match (platform, kind) {
        (Platform::Instagram, MediaKind::Image) => MAX_IMAGE_BYTES,
        _ => MAX_FILE_BYTES,
    };
    if file.bytes.len() > most {
        return Err(catalogue::ATTACHMENT_TOO_LARGE.error());
    }
    if file.bytes.is_empty() || !is_of_kind(file, kind, platform) {
        return Err(catalogue::UPLOAD_FAILED.error());
    }
    let name = hex::encode(Sha1::digest(&file.bytes));
    Ok(Some(format!("https://graphdouble.invalid/uploads/{name}{}", extension(file)).into()))
}

/// The declared content type without parameters.
fn content_type(file: &FilePart) -> &str {
    let content_type = file.content_type.as_deref().unwrap_or(ANY_TYPE);
    content_type.split(';').next().unwrap_or_default().trim()
}

fn is_of_kind(file: &FilePart, kind: MediaKind, platform: Platform) -> bool {
    let content_type = content_type(file);
    match kind {
        _ if content_type == ANY_TYPE => true,
        _ if platform == Platform::Instagram => is_of_kind_on_instagram(content_type, kind),
        MediaKind::File => true,
        // `video/mp4` is also the type of audio in an MP4 container.
        MediaKind::Audio => content_type.starts_with("audio/") || content_type == "video/mp4",
        MediaKind::Image => content_type.starts_with("image/"),
        MediaKind::Video => content_type.starts_with("video/"),
    }
}

/// Instagram takes fewer formats: png, jpeg and gif; aac, m4a, wav and mp4; mp4, ogg, avi, mov and webm; pdf.
fn is_of_kind_on_instagram(content_type: &str, kind: MediaKind) -> bool {
    let accepted: &[&str] = match kind {
        MediaKind::Image => &["image/png", "image/jpeg", "image/jpg", "image/gif"],
        MediaKind::Audio => {
            &["audio/aac", "audio/m4a", "audio/x-m4a", "audio/mp4", "audio/wav", "audio/x-wav", "video/mp4"]
        }
        MediaKind::Video => {
            &["video/mp4", "video/ogg", "video/avi", "video/x-msvideo", "video/quicktime", "video/webm"]
        }
        MediaKind::File => &["application/pdf"],
    };
    accepted.contains(&content_type)
}

fn extension(file: &FilePart) -> &'static str {
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

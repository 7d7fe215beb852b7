//! Parses `multipart/form-data` bodies, with which clients send files.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body_util::{BodyDataStream, Full};
use multer::{Constraints, Multipart, SizeLimit};

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;

/// The most parts of one body.
pub const MAX_PARTS: usize = 200;
/// The name of the part in which Meta expects a file.
pub const FILE_PART: &str = "filedata";

/// A file in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePart {
    pub name: String,
    /// The content type that the client declares, like `image/png`.
    pub content_type: Option<String>,
    pub bytes: Bytes,
}

/// A parsed body.
#[derive(Debug, Default)]
pub struct MultipartBody {
    /// Names and values of the parts that are not files, in order.
    pub texts: Vec<(String, Vec<u8>)>,
    /// The files, in order.
    pub files: Vec<FilePart>,
}

/// Parses a body. `content_type` has the boundary.
pub fn read(content_type: &str, body: &Bytes) -> Result<MultipartBody, GraphError> {
    let boundary = multer::parse_boundary(content_type).map_err(broken)?;
    let size = SizeLimit::new().whole_stream(body.len() as u64);
    let stream = BodyDataStream::new(Full::new(body.clone()));
    let parts = collect(Multipart::with_constraints(stream, boundary, Constraints::new().size_limit(size)));
    // The whole body is in memory, so the future is ready at the first poll.
    match pin!(parts).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parts) => parts,
        Poll::Pending => Err(catalogue::MULTIPART_BROKEN.with(&[("why", "it does not end")])),
    }
}

async fn collect(mut multipart: Multipart<'_>) -> Result<MultipartBody, GraphError> {
    let mut parts = MultipartBody::default();
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        if parts.texts.len() + parts.files.len() == MAX_PARTS {
            return Err(catalogue::MULTIPART_BROKEN.with(&[("why", "it has too many parts")]));
        }
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let is_file = field.file_name().is_some();
        let content_type = field.content_type().map(ToString::to_string);
        let bytes = field.bytes().await.map_err(broken)?;
        if !is_file && name == FILE_PART {
            // Meta takes a part without a file name for no file.
            continue;
        }
        match is_file {
            true => parts.files.push(FilePart { name, content_type, bytes }),
            false => parts.texts.push((name, bytes.into())),
        }
    }
    Ok(parts)
}

fn broken(error: multer::Error) -> GraphError {
    catalogue::MULTIPART_BROKEN.with(&[("why", &error.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=x";

    fn body(parts: &[&str]) -> Bytes {
        let parts: String =
            parts.iter().map(|part| format!("--x\r\nContent-Disposition: form-data; {part}\r\n")).collect();
        format!("{parts}--x--\r\n").into()
    }

    #[test]
    fn texts_and_files() -> Result<(), GraphError> {
        let body = body(&[
            "name=\"recipient\"\r\n\r\n{\"id\":\"1\"}",
            "name=\"message\"\r\nContent-Type: application/json\r\n\r\n{}",
            "name=\"filedata\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG",
            "name=\"filedata\"\r\n\r\nbare",
        ]);
        let parts = read(TYPE, &body)?;
        let texts = [("recipient", r#"{"id":"1"}"#), ("message", "{}")];
        assert_eq!(parts.texts, texts.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
        let file = |content_type: Option<&str>, bytes: &'static str| FilePart {
            name: FILE_PART.to_owned(),
            content_type: content_type.map(str::to_owned),
            bytes: bytes.into(),
        };
        assert_eq!(parts.files, [file(Some("image/png"), "PNG")]);
        Ok(())
    }

    #[test]
    fn what_is_broken_is_refused() {
        for (content_type, bytes) in [
            ("multipart/form-data", body(&[])),
            (TYPE, "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end".into()),
            (TYPE, "nothing of the kind".into()),
            (TYPE, body(&["name=\"a\"\r\n\r\n1"; MAX_PARTS + 1])),
        ] {
            assert!(read(content_type, &bytes).is_err(), "{content_type}");
        }
    }
}

//! Files that come with a message to a person on Instagram: fewer formats than on Messenger, and smaller images.

use super::instagram_messages::{SHOP, WRITTEN};
use super::message_attachments::parts_by;
use crate::support::TestServer;

const RECIPIENT: &str = r#"{"id":"1259842376154605"}"#;

async fn status(server: &TestServer, kind: &str, content_type: &str, bytes: &[u8]) -> (u16, Option<i64>) {
    let message = format!(r#"{{"attachment":{{"type":"{kind}","payload":{{}}}}}}"#);
    let texts = [("recipient", RECIPIENT), ("message", &*message)];
    let reply = server.ask(parts_by("IGAAdm", "/me/messages", &texts, content_type, bytes)).await;
    let subcode = if reply.status == 200 { None } else { reply.code().1 };
    (reply.status, subcode)
}

#[tokio::test]
async fn only_some_formats_are_taken() {
    let server = TestServer::after(SHOP, WRITTEN).await;
    for (kind, content_type, expected) in [
        ("image", "image/png", (200, None)),
        ("image", "image/webp", (400, Some(2_018_047))),
        ("audio", "audio/aac", (200, None)),
        ("audio", "audio/mpeg", (400, Some(2_018_047))),
        ("video", "video/quicktime", (200, None)),
        ("video", "video/x-matroska", (400, Some(2_018_047))),
        ("file", "application/pdf", (200, None)),
        ("file", "text/plain", (400, Some(2_018_047))),
    ] {
        assert_eq!(status(&server, kind, content_type, b"bytes").await, expected, "{kind} {content_type}");
    }
}

#[tokio::test]
async fn an_image_has_at_most_eight_megabytes() {
    let server = TestServer::after(SHOP, WRITTEN).await;
    let most = vec![1; 8 * 1024 * 1024];
    assert_eq!(status(&server, "image", "image/png", &most).await, (200, None));
    let more = vec![1; 8 * 1024 * 1024 + 1];
    assert_eq!(status(&server, "image", "image/png", &more).await, (400, Some(2_018_109)));
    assert_eq!(status(&server, "video", "video/mp4", &more).await, (200, None));
}

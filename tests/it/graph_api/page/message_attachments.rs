//! `POST /{page}/message_attachments`, and files that come with a call.

use serde_json::json;

use crate::graph_api::{SPOKEN, refusals};
use crate::support::{BAKERY, KIOSK, Request, TestServer, post};

const EDGE: &str = "/v25.0/me/message_attachments";
const IMAGE: &str = r#"{"attachment":{"type":"image","payload":{}}}"#;

fn save(body: &str) -> Request {
    post(EDGE).bearer("EAAsupport").json(body)
}

/// A body of several parts: texts, and a file of this type.
fn parts(path: &str, texts: &[(&str, &str)], content_type: &str, bytes: &[u8]) -> Request {
    parts_by("EAAsupport", path, texts, content_type, bytes)
}

pub(super) fn parts_by(token: &str, path: &str, texts: &[(&str, &str)], content_type: &str, bytes: &[u8]) -> Request {
    let mut body = Vec::new();
    for (name, text) in texts {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes());
    }
    let head = "--x\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a\"\r\nContent-Type:";
    body.extend(format!("{head} {content_type}\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--x--\r\n");
    post(path).bearer(token).header("Content-Type", "multipart/form-data; boundary=x").body(body)
}

async fn send_saved(server: &TestServer, id: &str, token: &str) -> u16 {
    let message = json!({
        "recipient": { "id": "3001" },
        "message": { "attachment": { "type": "image", "payload": { "attachment_id": id } } },
    });
    server.ask(post("/me/messages").bearer(token).json(message.to_string())).await.status
}

#[tokio::test]
async fn an_attachment_is_saved_and_sent_by_its_id() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let body = r#"{"message":{"attachment":{"type":"image","payload":{"url":"https://cdn.example/a.png"}}}}"#;
    let first = server.ask(save(body)).await;
    let again = server.ask(save(body)).await;
    assert_eq!((first.status, again.status), (200, 200), "{}", first.text());
    let id = first.json()["attachment_id"].as_str().unwrap_or_default().to_owned();
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    assert_ne!(first.body, again.body);
    assert_eq!(send_saved(&server, &id, "EAAsupport").await, 200);
}

#[tokio::test]
async fn a_file_is_saved_and_has_an_address_that_leads_nowhere() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reply = server.ask(parts(EDGE, &[("message", IMAGE)], "image/png", b"PNG")).await;
    let id = reply.json()["attachment_id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(send_saved(&server, &id, "EAAsupport").await, 200, "{}", reply.text());
    let transcript = server.control("/threads/bakery/alice").await["transcript"].clone();
    let url = transcript[1]["content"]["attachments"][0]["payload"]["url"].as_str().unwrap_or_default().to_owned();
    assert!(url.starts_with("https://graphdouble.invalid/uploads/") && url.ends_with(".png"), "{url}");
}

#[tokio::test]
async fn a_file_is_sent_at_once_with_a_message() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reusable = r#"{"attachment":{"type":"audio","payload":{"is_reusable":true}}}"#;
    let texts = [("recipient", r#"{"id":"3001"}"#), ("message", reusable)];
    let reply = server.ask(parts("/me/messages", &texts, "audio/mpeg", b"la la")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let id = reply.json()["attachment_id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(send_saved(&server, &id, "EAAsupport").await, 200);
}

#[tokio::test]
async fn a_message_takes_exactly_one_file_with_a_name() {
    let text = format!("--x\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n{IMAGE}\r\n");
    let file = |name: &str| {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"filedata\"{name}\r\nContent-Type: image/png");
        [head.as_bytes(), b"\r\n\r\n\xFFPNG\r\n"].concat()
    };
    let (named, nameless) = (file("; filename=\"a.png\""), file(""));
    for (what, files) in [("none", &[][..]), ("two", &[&named, &named]), ("one without a name", &[&nameless])] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let files: Vec<u8> = files.iter().copied().flatten().copied().collect();
        let body = [text.as_bytes(), &files, b"--x--\r\n"].concat();
        let request =
            post(EDGE).bearer("EAAsupport").header("Content-Type", "multipart/form-data; boundary=x").body(body);
        let refused = server.refused(request).await;
        let expected = "(#100) Incorrect number of files uploaded. Must upload exactly one file.";
        assert_eq!((refused.code(), &*refused.message()), ((100, Some(2018005)), expected), "{what}");
    }
}

#[tokio::test]
async fn what_cannot_be_saved_is_refused() {
    let message = |attachment: &str| save(&format!(r#"{{"message":{{"attachment":{attachment}}}}}"#));
    let file = |content_type, bytes: &[u8]| parts(EDGE, &[("message", IMAGE)], content_type, bytes);
    let large = vec![b'x'; 25 * 1024 * 1024 + 1];
    let rows = vec![
        ("nothing", save("{}")),
        ("a text", save(r#"{"message":{"text":"Hi"}}"#)),
        ("no URL", message(r#"{"type":"image","payload":{}}"#)),
        ("a URL that is none", message(r#"{"type":"image","payload":{"url":"menu"}}"#)),
        ("an unknown type", message(r#"{"type":"smell","payload":{"url":"https://cdn.example/a"}}"#)),
        (
            "a template",
            message(
                r#"{"type":"template","payload":{"template_type":"button","text":"A","buttons":[{"type":"postback","title":"B","payload":"C"}]}}"#,
            ),
        ),
        ("a film as a picture", file("video/mp4", b"film")),
        ("an empty file", file("image/png", b"")),
        ("a large file", file("image/png", &large)),
        ("Instagram", post(format!("{EDGE}?platform=INSTAGRAM")).bearer("EAAsupport").json("{}")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    nothing: 400 {"error":{"message":"(#100) The parameter message is required","type":"OAuthException","code":100}}
    a text: 400 {"error":{"message":"(#100) The parameter message[attachment] is required","type":"OAuthException","code":100}}
    no URL: 400 {"error":{"message":"(#100) Incorrect number of files uploaded. Must upload exactly one file.","type":"OAuthException","code":100,"error_subcode":2018005}}
    a URL that is none: 400 {"error":{"message":"(#100) menu should represent a valid URL","type":"OAuthException","code":100}}
    an unknown type: 400 {"error":{"message":"(#100) Param message[attachment][type] is not supported. Please check developer docs for details","type":"OAuthException","code":100}}
    a template: 400 {"error":{"message":"(#100) Param message[attachment][type] is not supported. Please check developer docs for details","type":"OAuthException","code":100}}
    a film as a picture: 400 {"error":{"message":"(#100) Upload attachment failure.","type":"OAuthException","code":100,"error_subcode":2018047}}
    an empty file: 400 {"error":{"message":"(#100) Upload attachment failure.","type":"OAuthException","code":100,"error_subcode":2018047}}
    a large file: 400 {"error":{"message":"(#100) Attachment size exceeds allowable limit","type":"OAuthException","code":100,"error_subcode":2018109}}
    Instagram: 400 {"error":{"message":"(#100) The page is not linked to an Instagram account","type":"OAuthException","code":100,"error_subcode":2534013}}
    "#);
}

#[tokio::test]
async fn an_attachment_belongs_to_its_page() {
    let both = format!(
        "{}\n",
        "clock: 2026-03-02T09:00:00Z\nseed: 1\napps: { a: {} }\npages:\n  one: { default_app: a, apps: { a: { token: EAAone } } }\n  \
         two: { default_app: a, apps: { a: { token: EAAtwo } } }\npeople: { alice: { psids: { one: '3001', two: '3901' } } }"
    );
    let server = TestServer::after(&both, &["{ user: alice, page: one, says: Hi }"]).await;
    let body = r#"{"message":{"attachment":{"type":"image","payload":{"url":"https://cdn.example/a.png"}}}}"#;
    let id = |reply: crate::graph_api::Reply| reply.json()["attachment_id"].as_str().unwrap_or_default().to_owned();
    let of_one = id(server.ask(post(EDGE).bearer("EAAone").json(body)).await);
    let of_two = id(server.ask(post(EDGE).bearer("EAAtwo").json(body)).await);
    assert_ne!(of_one, of_two);
    assert_eq!(send_saved(&server, &of_two, "EAAone").await, 400);
    assert_eq!(send_saved(&server, &of_one, "EAAone").await, 200);
    let kiosk = TestServer::start(KIOSK).await;
    assert_eq!(kiosk.ask(post(EDGE).bearer("EAAfront").json(body)).await.status, 200);
}

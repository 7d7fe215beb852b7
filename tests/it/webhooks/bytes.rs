//! Exact bytes: signatures, escapes, headers.

use super::*;

#[tokio::test]
async fn both_signatures_verify_over_the_bytes_that_came() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    for text in ["Hi", "äöå", "👍🏽", "a/b <c> 5% d@e", "\\\\ \\\"quoted\\\" \\n"] {
        server.step(&format!("{{ user: alice, says: \"{text}\" }}")).await;
    }
    let seen = bot.seen_at("/support");
    assert_eq!(texts(&seen), ["Hi", "äöå", "👍🏽", "a/b <c> 5% d@e", "\\ \"quoted\" \n"]);
    for webhook in &seen {
        assert!(verifies(webhook, "support-secret"), "{}", webhook.head);
        assert!(!verifies(webhook, "sales-secret"));
    }
}

#[tokio::test]
async fn a_body_is_ascii_in_metas_escapes_and_compact() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step(r#"{ user: alice, says: "äöå 👍 €\u00a0a/b <c> & 'd' 5% e@f \"g\" \\ \t\u007f" }"#).await;
    let body = bot.seen_at("/support")[0].text().to_owned();
    assert!(body.is_ascii());
    let escaped =
        r#""text":"\u00e4\u00f6\u00e5 \ud83d\udc4d \u20ac\u00a0a\/b \u003Cc> & 'd' 5\u0025 e\u0040f \"g\" \\ \t"#;
    assert!(body.contains(escaped), "{body}");
    assert!(!body.contains("\": ") && !body.contains(", \"") && !body.contains('\n'), "{body}");
}

#[tokio::test]
async fn keys_and_urls_are_escaped_like_text() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server
        .step(
            "{ user: alice, sends: { attachments: [{ type: image, url: 'https://cdn.example/a%20b?c=<d>&e=f@g' }] } }",
        )
        .await;
    let body = bot.seen_at("/support")[0].text().to_owned();
    assert!(body.contains(r#""url":"https:\/\/cdn.example\/a\u002520b?c=\u003Cd>&e=f\u0040g""#), "{body}");
}

#[tokio::test]
async fn the_headers_are_metas_and_no_others() {
    let bot = Bot::accepting().await;
    let mut server = server(&bot).await;
    server.step("{ user: alice, says: Hi }").await;
    let seen = bot.seen_at("/support").remove(0);
    let (sha1, sha256) = signatures("support-secret", &seen.body);
    let length = seen.body.len().to_string();
    let mut headers = seen.headers();
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            ("Accept", "*/*"),
            ("Accept-Encoding", "deflate, gzip"),
            ("Content-Length", &*length),
            ("Content-Type", "application/json"),
            ("Host", bot.address()),
            ("User-Agent", "facebookexternalua"),
            ("X-Hub-Signature", &*sha1),
            ("X-Hub-Signature-256", &*sha256),
        ]
    );
    assert!(seen.head.starts_with("POST /support HTTP/1.1\r\n"));
}

#[tokio::test]
async fn the_query_of_the_callback_url_is_kept() {
    let bot = Bot::accepting().await;
    let mut server = TestServer::start(&world(&bot).replace("/support\"", "/support?tenant=7&a=%2F\"")).await;
    server.step("{ user: alice, says: Hi }").await;
    assert_eq!(bot.seen_at("/support?tenant=7&a=%2F").len(), 1);
}

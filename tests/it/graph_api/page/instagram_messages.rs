//! Messages to people on Instagram, through the page and with an Instagram user token.

use serde_json::{Value, json};

use super::mistakes::{Subject, table_of};
use super::templates::{buttons, cards, products};
use crate::support::{Request, TestServer, post};

/// A page with its account: `desk` reaches it through the page, `dm` by Instagram Login.
pub(super) const SHOP: &str = r#"
clock: 2026-06-01T09:00:00Z
seed: 1
apps: { desk: {}, sales: {}, dm: {} }
pages:
  shop: { id: "2001", default_app: desk, apps: { desk: { token: EAAdesk }, sales: { token: EAAsales } } }
instagram:
  shop_ig:
    id: "17841405309211844"
    page: shop
    default_app: desk
    apps: { desk: {}, sales: {}, dm: { login: instagram, token: IGAAdm, take_control: true } }
    media: { menu: { id: "17" } }
people: { sam: { psids: { shop: "3001", shop_ig: "1259842376154605" } } }
"#;
pub(super) const WRITTEN: &[&str] = &["{ user: sam, on: instagram, says: hi }"];

fn body(message: &Value) -> Value {
    json!({ "recipient": { "id": "1259842376154605" }, "message": message })
}

fn message(name: &'static str, message: &Value, part: &'static str) -> Subject {
    Subject { name, path: "/me/messages", body: body(message), part }
}

fn template(name: &'static str, payload: &Value, part: &'static str) -> Subject {
    message(name, &json!({ "attachment": { "type": "template", "payload": payload } }), part)
}

fn subjects() -> Vec<Subject> {
    const PAYLOAD: &str = "/message/attachment/payload";
    let reply = json!({ "content_type": "text", "title": "Yes", "payload": "Y" });
    let image = json!({ "type": "image", "payload": { "url": "https://shop.example/a.png", "is_reusable": true } });
    let link = json!({ "type": "web_url", "title": "Shop", "url": "https://shop.example" });
    let order = json!({ "type": "postback", "title": "Order", "payload": "ORDER" });
    let mut card = cards();
    card["elements"][0]["subtitle"] = json!("Dark");
    card["elements"][0]["buttons"] = json!([order]);
    let tagged = json!({
        "recipient": { "id": "1259842376154605" }, "message": { "text": "Hello!" },
        "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT",
    });
    vec![
        message("text", &json!({ "text": "Hello!", "metadata": "7" }), "/message"),
        message("quick replies", &json!({ "text": "Well?", "quick_replies": [reply] }), "/message"),
        message("an image", &json!({ "attachment": image }), "/message"),
        message("images", &json!({ "attachments": [image, image] }), "/message"),
        message("a heart", &json!({ "attachment": { "type": "like_heart" } }), "/message"),
        message("a post", &json!({ "attachment": { "type": "MEDIA_SHARE", "payload": { "id": "17" } } }), "/message"),
        template("a web_url button", &buttons(json!([link])), "/message/attachment/payload/buttons/0"),
        template("a postback button", &buttons(json!([order])), "/message/attachment/payload/buttons/0"),
        template("button", &buttons(json!([order])), PAYLOAD),
        template("generic", &card, PAYLOAD),
        template("product", &products(1), PAYLOAD),
        Subject { name: "the call", path: "/me/messages", body: tagged, part: "" },
    ]
}

#[tokio::test]
async fn every_mistake_in_a_message_is_answered() {
    insta::assert_snapshot!(table_of(SHOP, WRITTEN, "EAAdesk", subjects()).await);
}

fn sends(token: &str, message: &Value) -> Request {
    post("/me/messages").bearer(token).json(body(message).to_string())
}

#[tokio::test]
async fn the_host_decides_how_a_refusal_is_written() {
    let server = TestServer::after(SHOP, &[WRITTEN[0], "{ clock: +25h }"]).await;
    let hello = json!({ "text": "Hello!" });
    let lines = [
        sends("EAAdesk", &hello).header("Host", "graph.facebook.com"),
        sends("IGAAdm", &hello).header("Host", "graph.instagram.com"),
        sends("EAAsales", &hello).header("Host", "graph.facebook.com"),
    ];
    let mut table = String::new();
    for request in lines {
        table.push_str(&format!("{}\n", server.refused(request).await.line()));
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn nobody_gets_a_delivery_receipt() {
    let server = TestServer::after(SHOP, WRITTEN).await;
    for token in ["EAAdesk", "IGAAdm"] {
        assert_eq!(server.ask(sends(token, &json!({ "text": "Hello!" }))).await.status, 200);
    }
    let ledger = server.control("/ledger").await.to_string();
    assert!(ledger.contains("Hello!"), "{ledger}");
    assert!(!ledger.contains("message_deliveries"), "{ledger}");
}

//! Templates, buttons and quick replies: one of each kind that is sent, its limits, and what is wrong with the others.

use serde_json::{Value, json};

use crate::graph_api::{SPOKEN, is_success, refusals};
use crate::support::{BAKERY, Request, TestServer, post};

fn sends(message: &Value) -> Request {
    let body = json!({ "recipient": { "id": "3001" }, "message": message });
    post("/me/messages").bearer("EAAsupport").json(body.to_string())
}

fn template(payload: &Value) -> Request {
    sends(&json!({ "attachment": { "type": "template", "payload": payload } }))
}

/// A value with another in its place at a pointer; without it where that is null.
fn with(mut value: Value, pointer: &str, other: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) if other.is_null() => {
            map.remove(key);
        }
        Some(Value::Object(map)) => {
            map.insert(key.to_owned(), other);
        }
        _ => panic!("{pointer} leads nowhere"),
    }
    value
}

fn long(length: usize) -> Value {
    json!("x".repeat(length))
}

pub(super) fn buttons(buttons: Value) -> Value {
    json!({ "template_type": "button", "text": "Well?", "buttons": buttons })
}

pub(super) fn every_button() -> [Value; 6] {
    [
        json!({ "type": "web_url", "title": "Shop", "url": "https://bakery.example", "webview_height_ratio": "tall", "messenger_extensions": true, "fallback_url": "https://bakery.example/old", "webview_share_button": "hide" }),
        json!({ "type": "postback", "title": "Order", "payload": "ORDER" }),
        json!({ "type": "phone_number", "title": "Call", "payload": "+15551234" }),
        json!({ "type": "account_link", "url": "https://bakery.example/login" }),
        json!({ "type": "account_unlink" }),
        json!({ "type": "game_play", "title": "Play", "payload": "{}", "game_metadata": { "player_id": "7" } }),
    ]
}

pub(super) fn cards() -> Value {
    json!({ "template_type": "generic", "image_aspect_ratio": "SQUARE", "sharable": true,
        "elements": [{ "title": "Rye", "subtitle": "Dark", "default_action": { "type": "web_url", "url": "https://bakery.example/rye", "webview_height_ratio": "full" } }] })
}

pub(super) fn media() -> Value {
    json!({ "template_type": "media", "sharable": false, "elements": [{ "media_type": "image", "url": "https://www.facebook.com/bakery/photos/7", "buttons": [every_button()[1]] }] })
}

pub(super) fn receipt() -> Value {
    json!({
        "template_type": "receipt", "recipient_name": "Alice", "merchant_name": "Bakery", "order_number": "7",
        "currency": "USD", "payment_method": "Visa 1234", "order_url": "https://bakery.example/orders/7", "timestamp": "1428444852",
        "address": { "street_1": "1 Mill Lane", "street_2": "", "city": "Menlo Park", "postal_code": "94025", "state": "CA", "country": "US" },
        "summary": { "subtotal": 75.00, "shipping_cost": 4.95, "total_tax": "6.19", "total_cost": 56.14 },
        "adjustments": [{ "name": "Regulars", "amount": 20 }],
        "elements": [{ "title": "Rye", "subtitle": "Dark", "quantity": 2, "price": 0, "currency": "USD", "image_url": "https://bakery.example/rye.png" }],
    })
}

pub(super) fn products(count: usize) -> Value {
    json!({ "template_type": "product", "elements": vec![json!({ "id": "400" }); count] })
}

pub(super) fn feedback() -> Value {
    json!({
        "template_type": "customer_feedback", "title": "Rate us", "subtitle": "One question", "button_title": "Rate",
        "feedback_screens": [{ "questions": [{ "id": "q_1", "type": "csat", "title": "How was it?", "score_label": "neg_pos",
            "score_option": "five_stars", "follow_up": { "type": "free_form", "placeholder": "More?" } }] }],
        "business_privacy": { "url": "https://bakery.example/privacy" }, "expires_in_days": 3,
    })
}

pub(super) fn coupon() -> Value {
    json!({
        "template_type": "coupon", "title": "10% off", "subtitle": "Until May", "coupon_code": "10PERCENT", "coupon_url": "https://bakery.example/",
        "coupon_url_button_title": "Shop now", "coupon_pre_message": "For you", "image_url": "https://bakery.example/sale.png", "payload": "sale",
    })
}

pub(super) fn opt_in() -> Value {
    json!({
        "template_type": "notification_messages", "title": "News of bread", "image_url": "https://bakery.example/a.png", "payload": "NEWS",
        "notification_messages_timezone": "UTC", "notification_messages_cta_text": "GET_UPDATES", "notification_messages_frequency": "DAILY",
    })
}

pub(super) fn opt_ins(count: usize) -> Value {
    let without_type = with(opt_in(), "/template_type", Value::Null);
    let about = |topic: usize| with(without_type.clone(), "/title", json!(format!("News of bread, part {topic}")));
    json!({ "template_type": "notification_messages", "elements": (0..count).map(about).collect::<Vec<_>>() })
}

pub(super) fn one_time() -> Value {
    json!({ "template_type": "one_time_notif_req", "title": "Tell me when it is baked", "payload": "BAKED" })
}

#[tokio::test]
async fn one_of_each_kind_is_sent() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let domains = json!({ "whitelisted_domains": ["https://bakery.example"] });
    server.ask(post("/me/messenger_profile").bearer("EAAsupport").json(domains.to_string())).await;
    let mut kinds = vec![
        cards(),
        media(),
        receipt(),
        products(1),
        feedback(),
        coupon(),
        opt_in(),
        opt_ins(2),
        one_time(),
        with(coupon(), "/coupon_code", Value::Null),
        with(feedback(), "/feedback_screens/0/questions/0/type", json!("nps"))
            .pointer_mut("/feedback_screens/0/questions/0")
            .map(|question| json!({ "id": question["id"], "type": "free_form" }))
            .map(|question| with(feedback(), "/feedback_screens", json!([{ "questions": [question] }])))
            .expect("a question"),
    ];
    kinds.extend(every_button().map(|button| buttons(json!([button]))));
    for payload in kinds {
        let reply = server.ask(template(&payload)).await;
        assert!(is_success(&reply), "{payload}: {}", reply.line());
    }
}

#[tokio::test]
async fn a_media_template_takes_a_saved_attachment_of_the_page() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let image = json!({ "attachment": { "type": "image", "payload": { "url": "https://bakery.example/a.png", "is_reusable": true } } });
    let id = server.ask(sends(&image)).await.json()["attachment_id"].clone();
    let with_id =
        |id: Value| json!({ "template_type": "media", "elements": [{ "media_type": "image", "attachment_id": id }] });
    assert!(is_success(&server.ask(template(&with_id(id))).await));
    assert_eq!(server.refused(template(&with_id(json!("123")))).await.code(), (100, Some(2018074)));
}

/// Each limit: what just fits, what does not, and Meta's sentence for it.
#[tokio::test]
async fn a_template_at_the_limit_is_sent_and_one_above_it_is_refused() {
    let payload = "name_placeholder";
    let length = |path: &str, limit: usize| {
        format!("(#100) Length of param {payload}{path} must be less than or equal to {limit}")
    };
    let many = |path: &str| format!("(#105) param name_placeholder{path} has too many elements.");
    let text = |value: fn() -> Value, pointer: &str, limit: usize| {
        let path: String = pointer.split('/').skip(1).map(|key| format!("[{key}]")).collect();
        (with(value(), pointer, long(limit)), with(value(), pointer, long(limit + 1)), length(&path, limit))
    };
    let items = |count| with(receipt(), "/elements", json!(vec![json!({ "title": "Rye", "price": 1 }); count]));
    let media_buttons =
        |count: usize| with(media(), "/elements/0/buttons", json!(vec![every_button()[1].clone(); count]));
    let two = |pointer: &str, of: fn() -> Value| {
        let list = of().pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
        with(of(), pointer, json!([list.clone(), list].concat()))
    };
    for (fits, above, sentence) in [
        text(feedback, "/title", 65),
        text(feedback, "/subtitle", 80),
        text(feedback, "/button_title", 20),
        text(feedback, "/feedback_screens/0/questions/0/id", 80),
        text(feedback, "/feedback_screens/0/questions/0/title", 85),
        text(feedback, "/feedback_screens/0/questions/0/follow_up/placeholder", 65),
        text(coupon, "/title", 80),
        text(coupon, "/subtitle", 80),
        text(coupon, "/payload", 1000),
        text(opt_in, "/title", 65),
        text(opt_in, "/payload", 1000),
        text(one_time, "/title", 65),
        text(one_time, "/payload", 1000),
        (items(100), items(101), many("[elements]")),
        (products(10), products(11), many("[elements]")),
        (opt_ins(5), opt_ins(6), many("[elements]")),
        (media_buttons(3), media_buttons(4), many("[elements][0][buttons]")),
        (media(), two("/elements", media), many("[elements]")),
        (feedback(), two("/feedback_screens", feedback), many("[feedback_screens]")),
        (feedback(), two("/feedback_screens/0/questions", feedback), many("[feedback_screens][0][questions]")),
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        let reply = server.ask(template(&fits)).await;
        assert!(is_success(&reply), "{sentence}: {}", reply.line());
        let reply = server.refused(template(&above)).await;
        assert_eq!(reply.json()["error"]["message"], sentence);
    }
}

#[tokio::test]
async fn what_a_template_needs_must_be_there() {
    let mut rows = Vec::new();
    for (of, needed) in [
        (
            cards as fn() -> Value,
            &["/elements", "/elements/0/title", "/elements/0/default_action/type", "/elements/0/default_action/url"][..],
        ),
        (media, &["/elements", "/elements/0/media_type"]),
        (
            receipt,
            &[
                "/recipient_name",
                "/order_number",
                "/currency",
                "/payment_method",
                "/summary",
                "/summary/total_cost",
                "/address/city",
                "/adjustments/0/amount",
                "/elements/0/title",
                "/elements/0/price",
            ],
        ),
        (|| products(1), &["/elements", "/elements/0/id"]),
        (
            feedback,
            &[
                "/title",
                "/subtitle",
                "/button_title",
                "/feedback_screens",
                "/feedback_screens/0/questions",
                "/feedback_screens/0/questions/0/id",
                "/feedback_screens/0/questions/0/type",
                "/feedback_screens/0/questions/0/follow_up/type",
                "/business_privacy",
                "/business_privacy/url",
            ],
        ),
        (coupon, &["/title"]),
        (opt_in, &["/payload"]),
        (one_time, &["/title", "/payload"]),
    ] {
        rows.extend(needed.iter().map(|pointer| (*pointer, template(&with(of(), pointer, Value::Null)))));
    }
    insta::assert_snapshot!(messages(&refusals(BAKERY, SPOKEN, rows).await));
}

/// What was wrong and what was said, without the rest of the envelope.
fn messages(printed: &str) -> String {
    let row = |line: &str| {
        let (what, reply) = line.split_once(": ").unwrap_or_default();
        let body: Value = serde_json::from_str(reply.split_once(' ').unwrap_or_default().1).expect("an error");
        let subcode =
            body["error"]["error_subcode"].as_u64().map(|subcode| format!(" / {subcode}")).unwrap_or_default();
        format!("{what}: {}{subcode}\n", body["error"]["message"].as_str().unwrap_or_default())
    };
    printed.lines().map(row).collect()
}

#[tokio::test]
async fn a_mistake_in_a_template_is_answered_with_its_path() {
    let every = every_button();
    let button =
        |place: usize, key: &str, value: Value| template(&buttons(json!([with(every[place].clone(), key, value)])));
    let rows = vec![
        ("an unknown ratio", template(&with(cards(), "/image_aspect_ratio", json!("round")))),
        ("sharable that is text", template(&with(cards(), "/sharable", json!("maybe")))),
        ("an unknown key of a template", template(&with(cards(), "/top_element_style", json!("large")))),
        ("an unknown key of a card", template(&with(cards(), "/elements/0/item_url", json!("https://a.example")))),
        ("an empty title", template(&with(cards(), "/elements/0/title", json!("")))),
        ("a card of a title and an action", template(&with(cards(), "/elements/0/subtitle", Value::Null))),
        ("an action with a title", template(&with(cards(), "/elements/0/default_action/title", json!("Rye")))),
        ("an action of another type", template(&with(cards(), "/elements/0/default_action/type", json!("postback")))),
        ("a card that is text", template(&with(cards(), "/elements", json!(["Rye"])))),
        ("cards that are no list", template(&with(cards(), "/elements", json!({ "title": "Rye" })))),
        ("no cards", template(&with(cards(), "/elements", json!([])))),
        ("media of another type", template(&with(media(), "/elements/0/media_type", json!("audio")))),
        ("media from elsewhere", template(&with(media(), "/elements/0/url", json!("https://notfacebook.com/a")))),
        ("media from nowhere", template(&with(media(), "/elements/0/url", Value::Null))),
        ("media from both", template(&with(media(), "/elements/0/attachment_id", json!("7")))),
        ("a currency in small letters", template(&with(receipt(), "/currency", json!("usd")))),
        ("a negative total", template(&with(receipt(), "/summary/total_cost", json!(-1)))),
        ("a total that was added up in floats", template(&with(receipt(), "/summary/total_cost", json!(0.1 + 0.2)))),
        ("a price in words", template(&with(receipt(), "/elements/0/price", json!("ten")))),
        ("a total that is none", template(&with(receipt(), "/summary/total_cost", json!("NaN")))),
        ("an order of tips", template(&with(receipt(), "/summary/tip", json!(1)))),
        ("a product in words", template(&with(products(1), "/elements", json!([{ "id": "rye" }])))),
        (
            "a question of another type",
            template(&with(feedback(), "/feedback_screens/0/questions/0/type", json!("stars"))),
        ),
        (
            "a scale of another question",
            template(&with(feedback(), "/feedback_screens/0/questions/0/score_option", json!("zero_to_ten"))),
        ),
        ("an id with a dash", template(&with(feedback(), "/feedback_screens/0/questions/0/id", json!("q-1")))),
        ("too many days", template(&with(feedback(), "/expires_in_days", json!(8)))),
        ("no day", template(&with(feedback(), "/expires_in_days", json!(0)))),
        ("a coupon of nothing", template(&json!({ "template_type": "coupon", "title": "10% off" }))),
        ("a code with spaces", template(&with(coupon(), "/coupon_code", json!("10 PERCENT")))),
        ("an unknown label", template(&with(opt_in(), "/notification_messages_cta_text", json!("BUY")))),
        ("an unknown frequency", template(&with(opt_in(), "/notification_messages_frequency", json!("HOURLY")))),
        ("a list and a title", template(&with(opt_ins(1), "/title", json!("x")))),
        ("an unknown height", button(0, "/webview_height_ratio", json!("half"))),
        ("extensions that are text", button(0, "/messenger_extensions", json!("some"))),
        ("a share button that is shown", button(0, "/webview_share_button", json!("show"))),
        ("a fallback that is none", button(0, "/fallback_url", json!("a"))),
        ("an unknown key of a URL button", button(0, "/payload", json!("x"))),
        ("an unknown key of a postback", button(1, "/url", json!("https://a.example"))),
        ("an empty payload", button(1, "/payload", json!(""))),
        ("a number without +", button(2, "/payload", json!("5551234"))),
        ("a login over http", button(3, "/url", json!("http://bakery.example/login"))),
        ("a login with a title", button(3, "/title", json!("Log in"))),
        ("two logins", template(&buttons(json!([every[3], every[3]])))),
        ("a logout with a URL", button(4, "/url", json!("https://a.example"))),
        ("a game for two", button(5, "/game_metadata", json!({ "player_id": "7", "context_id": "8" }))),
        ("a game of an unknown kind", button(5, "/game_metadata", json!({ "level": 1 }))),
        ("a button that is gone", template(&buttons(json!([{ "type": "element_share" }])))),
        ("a template that is gone", template(&json!({ "template_type": "list", "elements": [] }))),
        ("another template that is gone", template(&json!({ "template_type": "open_graph", "elements": [] }))),
    ];
    insta::assert_snapshot!(messages(&refusals(BAKERY, SPOKEN, rows).await));
}

#[tokio::test]
async fn quick_replies_have_a_label_and_a_payload_or_a_picture() {
    let quick = |reply: Value| sends(&json!({ "text": "Well?", "quick_replies": [reply] }));
    let picture = "https://bakery.example/a.png";
    for reply in [
        json!({ "content_type": "text", "title": "", "payload": "A", "image_url": picture }),
        json!({ "content_type": "TEXT", "title": "a", "payload": "", "image_url": picture }),
        json!({ "content_type": "user_phone_number" }),
        json!({ "content_type": "user_email", "image_url": picture }),
    ] {
        let server = TestServer::after(BAKERY, SPOKEN).await;
        assert!(is_success(&server.ask(quick(reply)).await));
    }
    let rows = vec![
        ("no label", quick(json!({ "content_type": "text", "payload": "A" }))),
        ("an empty label", quick(json!({ "content_type": "text", "title": "", "payload": "A" }))),
        ("an empty payload", quick(json!({ "content_type": "text", "title": "a", "payload": "" }))),
        (
            "a picture that is none",
            quick(json!({ "content_type": "text", "title": "a", "payload": "b", "image_url": "x" })),
        ),
    ];
    insta::assert_snapshot!(messages(&refusals(BAKERY, SPOKEN, rows).await));
}

#[tokio::test]
async fn a_tap_on_a_quick_reply_for_an_address_sends_that_of_the_person() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    server.ask(sends(&json!({ "text": "Where to?", "quick_replies": [{ "content_type": "user_email" }] }))).await;
    let mistaken = server.http_step("{ user: alice, taps_quick_reply: bob@example.com }").await;
    assert!(mistaken.status == 422 && mistaken.text().contains("sent were `alice@example.com`"), "{}", mistaken.text());
    let tapped = server.http_step("{ user: alice, taps_quick_reply: alice@example.com }").await;
    assert_eq!(tapped.status, 200, "{}", tapped.text());
}

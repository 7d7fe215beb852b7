//! Every mistake at every place of every object that apps send: a table, so that a check that is missing shows as a success.

use serde_json::{Value, json};

use super::templates::{
    buttons, cards, coupon, every_button, feedback, media, one_time, opt_in, opt_ins, products, receipt,
};
use crate::graph_api::SPOKEN;
use crate::support::{BAKERY, InProcess, Reply, post};

/// More characters than any text may have.
const TOO_LONG: usize = 5000;

/// A call that is right, and the part of it in which mistakes are made.
struct Subject {
    name: &'static str,
    path: &'static str,
    body: Value,
    part: &'static str,
}

fn message(name: &'static str, message: &Value, part: &'static str) -> Subject {
    let body = json!({ "recipient": { "id": "3001" }, "message": message });
    Subject { name, path: "/me/messages", body, part }
}

fn template(name: &'static str, payload: &Value) -> Subject {
    let attachment = json!({ "attachment": { "type": "template", "payload": payload } });
    message(name, &attachment, "/message/attachment/payload")
}

fn button(name: &'static str, place: usize) -> Subject {
    let [button] = [every_button()[place].clone()];
    let attachment = json!({ "attachment": { "type": "template", "payload": buttons(json!([button])) } });
    message(name, &attachment, "/message/attachment/payload/buttons/0")
}

fn profile(name: &'static str, body: Value) -> Subject {
    Subject { name, path: "/me/messenger_profile", body, part: "" }
}

fn messages() -> Vec<Subject> {
    let mut with_all = cards();
    with_all["elements"][0]["subtitle"] = json!("Dark");
    with_all["elements"][0]["image_url"] = json!("https://bakery.example/rye.png");
    with_all["elements"][0]["buttons"] = json!([every_button()[1]]);
    let reply =
        json!({ "content_type": "text", "title": "Yes", "payload": "Y", "image_url": "https://bakery.example/a.png" });
    let image = json!({ "type": "image", "payload": { "url": "https://bakery.example/a.png", "is_reusable": true } });
    vec![
        message("text", &json!({ "text": "Hello!", "metadata": "7" }), "/message"),
        message("quick replies", &json!({ "text": "Well?", "quick_replies": [reply] }), "/message"),
        message("an image", &json!({ "attachment": image }), "/message"),
        button("a web_url button", 0),
        button("a postback button", 1),
        button("a phone_number button", 2),
        button("an account_link button", 3),
        button("an account_unlink button", 4),
        button("a game_play button", 5),
        template("button", &buttons(json!([every_button()[1]]))),
        template("generic", &with_all),
        template("media", &media()),
        template("receipt", &receipt()),
        template("product", &products(1)),
        template("customer_feedback", &feedback()),
        template("coupon", &coupon()),
        template("notification_messages", &opt_in()),
        template("notification_messages, a carousel", &opt_ins(1)),
        template("one_time_notif_req", &one_time()),
    ]
}

fn others() -> Vec<Subject> {
    let link =
        json!({ "type": "web_url", "title": "Shop", "url": "https://bakery.example", "webview_height_ratio": "full" });
    let order = json!({ "type": "postback", "title": "Order", "payload": "ORDER" });
    let menu = json!({ "locale": "default", "composer_input_disabled": true, "call_to_actions": [order, link], "disabled_surfaces": ["CUSTOMER_CHAT_PLUGIN"] });
    let question = json!({ "question": "Open?", "payload": "OPEN" });
    let by_locale = json!([{ "locale": "default", "call_to_actions": [question] }]);
    let command = json!({ "name": "order", "description": "Order bread" });
    let to = json!({ "recipient": { "id": "3001" }, "message": { "text": "Hello!" } });
    let picture = "https://bakery.example/face.png";
    vec![
        Subject { name: "recipient", path: "/me/messages", body: to, part: "" },
        profile("get_started", json!({ "get_started": { "payload": "GO" } })),
        profile("greeting", json!({ "greeting": [{ "locale": "default", "text": "Welcome" }] })),
        profile("persistent_menu", json!({ "get_started": { "payload": "GO" }, "persistent_menu": [menu] })),
        profile("ice_breakers", json!({ "ice_breakers": [question] })),
        profile("ice_breakers by locale", json!({ "ice_breakers": by_locale })),
        profile("whitelisted_domains", json!({ "whitelisted_domains": ["https://bakery.example"] })),
        profile("account_linking_url", json!({ "account_linking_url": "https://bakery.example/login" })),
        profile("commands", json!({ "commands": [{ "locale": "default", "commands": [command] }] })),
        Subject {
            name: "a persona",
            path: "/me/personas",
            body: json!({ "name": "Jo", "profile_picture_url": picture }),
            part: "",
        },
        Subject { name: "a label", path: "/me/custom_labels", body: json!({ "page_label_name": "regular" }), part: "" },
    ]
}

fn settings() -> Vec<Subject> {
    let subject = |name, path, body| Subject { name, path, body, part: "" };
    let people = json!({ "user_ids": [{ "id": "3001" }, "3002"], "actions": ["BLOCK_USER"] });
    let nlp = json!({ "nlp_enabled": false, "model": "ENGLISH", "custom_token": "T", "verbose": true, "n_best": 3, "other_language_support": {} });
    vec![
        subject("moderation", "/me/moderate_conversations", people),
        subject("people who are blocked", "/me/blocked", json!({ "psid": ["3001"] })),
        subject("fields of a page", "/me/subscribed_apps", json!({ "subscribed_fields": ["messages"] })),
        subject("NLP", "/me/nlp_configs", nlp),
    ]
}

/// The pointers to all values below one.
fn places(value: &Value, pointer: &str) -> Vec<String> {
    let below = |(key, value): (String, &Value)| {
        let pointer = format!("{pointer}/{key}");
        let mut found = places(value, &pointer);
        found.insert(0, pointer);
        found
    };
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).flat_map(below).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(place, value)| (place.to_string(), value)).flat_map(below).collect()
        }
        _ => Vec::new(),
    }
}

/// What can be wrong with a value: a name and the value that is wrong. `None` takes the key away.
fn mistakes(right: &Value) -> Vec<(&'static str, Option<Value>)> {
    let mut wrong = vec![("missing", None)];
    match right {
        Value::String(text) => {
            wrong.extend([
                ("empty", Some(json!(""))),
                ("a number", Some(json!(7))),
                ("an object", Some(json!({}))),
                ("too long", Some(json!("x".repeat(TOO_LONG)))),
            ]);
            if text.starts_with("http") {
                wrong.push(("no URL", Some(json!("nowhere"))));
            }
        }
        Value::Array(items) => {
            let one = items.first().cloned().unwrap_or_default();
            wrong.extend([
                ("empty", Some(json!([]))),
                ("an object", Some(json!({}))),
                ("a text", Some(json!("x"))),
                ("too many", Some(json!(vec![one; 200]))),
            ]);
        }
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("zebra".to_owned(), json!(1));
            more.insert("apple".to_owned(), json!(2));
            wrong.extend([
                ("empty", Some(json!({}))),
                ("a text", Some(json!("x"))),
                ("a list", Some(json!([]))),
                ("unknown keys", Some(Value::Object(more))),
            ]);
        }
        _ => wrong.extend([("a text", Some(json!("x"))), ("an object", Some(json!({})))]),
    }
    wrong
}

fn with(mut body: Value, pointer: &str, value: Option<Value>) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match (body.pointer_mut(parent), value) {
        (Some(Value::Object(map)), Some(value)) => drop(map.insert(key.to_owned(), value)),
        (Some(Value::Object(map)), None) => drop(map.shift_remove(key)),
        (Some(Value::Array(items)), Some(value)) => items[key.parse::<usize>().expect("a place")] = value,
        (Some(Value::Array(items)), None) => drop(items.remove(key.parse().expect("a place"))),
        _ => panic!("{pointer} leads nowhere"),
    }
    body
}

fn outcome(reply: &Reply) -> String {
    if reply.status == 200 {
        return "TAKEN".to_owned();
    }
    let (code, subcode) = reply.code();
    let subcode = subcode.map(|subcode| format!("/{subcode}")).unwrap_or_default();
    let text = reply.message().replace(&"x".repeat(TOO_LONG), "x…");
    format!("{code}{subcode} {}", text.strip_prefix(&format!("(#{code}) ")).unwrap_or(&text))
}

async fn table(subjects: Vec<Subject>) -> String {
    const WHITELIST: &str = "{ call: { as: support, post: /me/messenger_profile, body: { whitelisted_domains: ['https://bakery.example'] } } }";
    let steps = [SPOKEN, &[WHITELIST]].concat();
    let mut table = String::new();
    let mut server = InProcess::after(BAKERY, &steps).await;
    for subject in subjects {
        let ask = |body: &Value| post(subject.path).bearer("EAAsupport").json(body.to_string());
        let right = InProcess::after(BAKERY, &steps).await.ask(ask(&subject.body)).await;
        assert_eq!(right.status, 200, "{}: {}", subject.name, right.line());
        table.push_str(&format!("== {} ==\n", subject.name));
        let part = subject.body.pointer(subject.part).expect("a part of the body");
        for place in places(part, "") {
            let value = part.pointer(&place).expect("a place");
            for (what, wrong) in mistakes(value) {
                let body = with(subject.body.clone(), &format!("{}{place}", subject.part), wrong);
                let reply = server.ask(ask(&body)).await;
                table.push_str(&format!("{place} {what}: {}\n", outcome(&reply)));
                if reply.status == 200 {
                    server = InProcess::after(BAKERY, &steps).await;
                }
            }
        }
    }
    table
}

#[tokio::test]
async fn every_mistake_in_a_message_is_answered_as_meta_does() {
    insta::assert_snapshot!(table(messages()).await);
}

#[tokio::test]
async fn every_mistake_in_what_else_apps_set_is_answered_as_meta_does() {
    insta::assert_snapshot!(table(others()).await);
}

#[tokio::test]
async fn every_mistake_in_settings_of_a_page_is_answered_as_meta_does() {
    insta::assert_snapshot!(table(settings()).await);
}

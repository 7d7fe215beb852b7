//! `/{page}/message_templates`, the node `/{template}`, and messages that are made from templates.

use serde_json::{Value, json};

use crate::graph_api::{SPOKEN, refusals};
use crate::support::{BAKERY, GUARDED, Request, TestServer, delete, get, post};

fn body(text: &str) -> Value {
    json!({ "type": "BODY", "text": text, "example": { "body_text": [["7"]] } })
}

fn template(name: &str, language: &str, components: Value) -> Value {
    json!({ "name": name, "language": language, "category": "UTILITY", "components": components })
}

fn writes(template: &Value) -> Request {
    post("/me/message_templates").bearer("EAAsupport").json(template.to_string())
}

fn read(path: &str) -> Request {
    get(path).bearer("EAAsupport")
}

/// A message made from the template `ready`.
fn sends(components: Value) -> Request {
    let template = json!({ "name": "ready", "language": { "code": "en" }, "components": components });
    let message = json!({ "recipient": { "id": "3001" }, "message": { "template": template } });
    post("/me/messages").bearer("EAAsupport").json(message.to_string())
}

async fn names(server: &TestServer, query: &str) -> Vec<String> {
    let listed = server.ask(read(&format!("/me/message_templates?{query}"))).await.json();
    let name = |template: &Value| format!("{}/{}", template["name"], template["language"]).replace('"', "");
    listed["data"].as_array().into_iter().flatten().map(name).collect()
}

#[tokio::test]
async fn a_template_goes_through_its_life() {
    let server = TestServer::start(BAKERY).await;
    let components = json!([body("Order {{1}} is ready.")]);
    let made = server.ask(writes(&template("ready", "en", components.clone()))).await.json();
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(made, json!({ "id": id, "status": "APPROVED", "category": "UTILITY" }));
    let node = server.ask(read(&format!("/{id}"))).await.json();
    let shown = json!({
        "name": "ready", "components": components, "language": "en", "status": "APPROVED", "category": "UTILITY", "id": id,
    });
    assert_eq!(node, shown);
    for (name, language, text) in [("ready", "de", "Fertig"), ("sold_out", "en", "Order {1} is sold out")] {
        assert_eq!(server.ask(writes(&template(name, language, json!([body(text)])))).await.status, 200);
    }
    assert_eq!(names(&server, "").await, ["ready/en", "ready/de", "sold_out/en"]);
    assert_eq!(names(&server, "status=REJECTED").await, ["sold_out/en"]);
    assert_eq!(names(&server, "name=read&language=de").await, ["ready/de"]);
    assert_eq!(names(&server, "name_or_content=sold").await, ["sold_out/en"]);
    assert_eq!(names(&server, "content=Fertig&category=utility").await, ["ready/de"]);
    let why = server.ask(read("/me/message_templates?name=sold&fields=rejected_reason")).await.json();
    assert_eq!(why["data"][0]["rejected_reason"], "INCORRECT_PARAMS");
    let quits = |query: String| delete(format!("/me/message_templates?{query}")).bearer("EAAsupport");
    assert_eq!(server.ask(quits(format!("hsm_id={id}"))).await.line(), r#"200 {"success":true}"#);
    assert_eq!(names(&server, "").await, ["ready/de", "sold_out/en"]);
    assert_eq!(server.ask(quits("name=ready".to_owned())).await.status, 200);
    assert_eq!(names(&server, "").await, ["sold_out/en"]);
    assert_eq!(server.refused(quits("name=ready".to_owned())).await.code(), (100, None));
}

#[tokio::test]
async fn a_template_that_cannot_be_is_refused() {
    let plain = || json!([body("Ready")]);
    let button = |button: Value| json!([body("Ready"), { "type": "BUTTONS", "buttons": [button] }]);
    let image = json!([body("Ready"), { "type": "HEADER", "format": "IMAGE", "text": "x" }]);
    let mut marketing = template("ready", "en", plain());
    marketing["category"] = json!("MARKETING");
    let mut cloned = template("ready", "en", plain());
    cloned["library_template_name"] = json!("order_confirmation_1");
    let rows = vec![
        ("nothing", writes(&json!({}))),
        ("a name in capitals", writes(&template("Ready", "en", plain()))),
        ("marketing", writes(&marketing)),
        ("no body", writes(&template("ready", "en", json!([])))),
        ("an unknown component", writes(&template("ready", "en", json!([{ "type": "FOOTER", "text": "x" }])))),
        ("a quick reply", writes(&template("ready", "en", button(json!({ "type": "QUICK_REPLY", "text": "Yes" }))))),
        (
            "a postback without payload",
            writes(&template("ready", "en", button(json!({ "type": "POSTBACK", "text": "Yes" })))),
        ),
        ("a picture", writes(&template("ready", "en", image))),
        ("of Meta's library", writes(&cloned)),
        ("deleting nothing", delete("/me/message_templates").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    nothing: 400 {"error":{"message":"(#100) The parameter name is required","type":"OAuthException","code":100}}
    a name in capitals: 400 {"error":{"message":"(#100) Param name must be lower case letters, digits and underscores.","type":"OAuthException","code":100}}
    marketing: 400 {"error":{"message":"(#100) Param category must be one of {UTILITY} - got \"MARKETING\".","type":"OAuthException","code":100}}
    no body: 400 {"error":{"message":"(#194) param components has too few elements.","type":"OAuthException","code":194}}
    an unknown component: 400 {"error":{"message":"(#100) Param components[0][type] must be one of {HEADER, BODY, BUTTONS} - got \"FOOTER\".","type":"OAuthException","code":100}}
    a quick reply: 400 {"error":{"message":"Fatal","type":"OAuthException","code":100,"error_subcode":2018416,"error_user_title":"Message Template Creation Failed","error_user_msg":"The message template could not be created."}}
    a postback without payload: 400 {"error":{"message":"(#100) The parameter components[1][buttons][0][payload] is required","type":"OAuthException","code":100}}
    a picture: 400 {"error":{"message":"(#100) a header of format IMAGE is not built yet in graphdouble","type":"OAuthException","code":100}}
    of Meta's library: 400 {"error":{"message":"(#100) library_template_name is not built yet in graphdouble","type":"OAuthException","code":100}}
    deleting nothing: 400 {"error":{"message":"(#100) The parameter name is required","type":"OAuthException","code":100}}
    "#);
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.ask(writes(&template("ready", "en", plain()))).await.status, 200);
    assert_eq!(server.refused(writes(&template("ready", "en", plain()))).await.code(), (100, None), "it is there");
}

#[tokio::test]
async fn what_is_filled_in_must_fit_the_template() {
    let buttons = json!({ "type": "BUTTONS", "buttons": [
        { "type": "POSTBACK", "text": "Track", "payload": "order_{{1}}" },
        { "type": "URL", "text": "See", "url": "https://bakery.example/{{1}}" },
        { "type": "PHONE_NUMBER", "text": "Call", "phone_number": "+15550100" },
    ] });
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let made = server.ask(writes(&template("ready", "en", json!([body("Order {{1}} is ready."), buttons])))).await;
    assert_eq!(made.json()["status"], "APPROVED", "{}", made.line());
    let text = |text: &str| json!({ "type": "body", "parameters": [{ "type": "text", "text": text }] });
    let values = |values: Value| json!({ "type": "buttons", "parameters": values });
    let (track, see) = (json!({ "type": "POSTBACK", "payload": "7" }), json!({ "type": "URL", "url": "7" }));
    let sent = server.ask(sends(json!([text("7"), values(json!([track, see]))]))).await;
    let mid = sent.json()["message_id"].as_str().unwrap_or_else(|| panic!("{}", sent.line())).to_owned();
    let card = server.ask(read(&format!("/{mid}?fields=attachments"))).await.json();
    assert_eq!(card.pointer("/attachments/data/0/generic_template/title"), Some(&json!("Order 7 is ready.")));
    let all = || json!([track, see]);
    let mut shown = String::new();
    for (what, components) in [
        ("no text", json!([values(all())])),
        ("two texts", json!([text("7"), text("8"), values(json!([track, see, see]))])),
        ("special characters", json!([text("$7"), values(all())])),
        ("no payloads", json!([text("7")])),
        ("an index", json!([text("7"), { "type": "buttons", "index": 0, "parameters": [] }])),
        (
            "a header",
            json!([text("7"), { "type": "header", "parameters": [{ "type": "text", "text": "x" }] }, values(all())]),
        ),
    ] {
        let reply = server.refused(sends(components)).await;
        shown.push_str(&format!("{what}: {}\n", reply.json()["error"]["message"]));
    }
    insta::assert_snapshot!(shown, @r#"
    no text: "(#100) Number of parameters does not match the expected number of params"
    two texts: "(#100) Number of parameters does not match the expected number of params"
    special characters: "(#100) Special characters '#','%','$' and emojis not allowed in template parameter"
    no payloads: "(#100) User pass less payload than required for POSTBACK button"
    an index: "(#100) Invalid keys \"index\" were found in param \"message[template][components][1]\"."
    a header: "(#100) Number of parameters does not match the expected number of params"
    "#);
}

#[tokio::test]
async fn templates_need_a_permission_of_their_own() {
    let steps = &["{ user: alice, says: Hi }", "{ admin: bakery, withdraws: { support: [pages_utility_messaging] } }"];
    let rows = vec![
        ("reading", read("/me/message_templates")),
        ("writing", writes(&template("ready", "en", json!([body("Ready")])))),
        ("sending", sends(json!([]))),
        (
            "without a template",
            post("/me/messages")
                .bearer("EAAsupport")
                .json(r#"{"recipient":{"id":"3001"},"messaging_type":"UTILITY","message":{"text":"Hi"}}"#),
        ),
    ];
    insta::assert_snapshot!(refusals(GUARDED, steps, rows).await, @r#"
    reading: 403 {"error":{"message":"(#200) Requires pages_utility_messaging permission to manage the object","type":"OAuthException","code":200}}
    writing: 403 {"error":{"message":"(#200) Requires pages_utility_messaging permission to manage the object","type":"OAuthException","code":200}}
    sending: 403 {"error":{"message":"(#200) Requires pages_utility_messaging permission to manage the object","type":"OAuthException","code":200}}
    without a template: 400 {"error":{"message":"(#100) The parameter message[template] is required","type":"OAuthException","code":100}}
    "#);
}

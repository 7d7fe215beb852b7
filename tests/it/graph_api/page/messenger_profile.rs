//! `/{page}/messenger_profile`.

use serde_json::{Value, json};

use crate::graph_api::{TWO_PAGES, answers, is_success, refusals};
use crate::support::{BAKERY, Request, TestServer, delete, get, post};

const PATH: &str = "/v25.0/me/messenger_profile";

fn sets(body: Value) -> Request {
    post(PATH).bearer("EAAsupport").json(body.to_string())
}

fn reads(query: &str) -> Request {
    get(format!("{PATH}?{query}")).bearer("EAAsupport")
}

fn deletes(query: &str) -> Request {
    delete(format!("{PATH}?{query}")).bearer("EAAsupport")
}

fn item() -> Value {
    json!({ "type": "postback", "title": "Order", "payload": "ORDER" })
}

fn menu(items: Value) -> Value {
    json!({
        "get_started": { "payload": "GO" },
        "persistent_menu": [{ "locale": "default", "call_to_actions": items }],
    })
}

fn whole() -> Value {
    json!({
        "get_started": { "payload": "GO" },
        "greeting": [{ "locale": "default", "text": "Hello {{user_first_name}}!" }, { "locale": "de_DE", "text": "Hallo!" }],
        "persistent_menu": [{
            "locale": "default",
            "composer_input_disabled": false,
            "call_to_actions": [
                { "type": "postback", "title": "Order", "payload": "ORDER" },
                { "type": "web_url", "title": "Shop", "url": "https://bakery.example/", "webview_height_ratio": "full" },
                {
                    "type": "web_url",
                    "title": "Account",
                    "url": "https://bakery.example/me",
                    "webview_height_ratio": "compact",
                    "messenger_extensions": true,
                    "fallback_url": "https://bakery.example/plain",
                    "webview_share_button": "hide",
                },
            ],
            "disabled_surfaces": ["customer_chat_plugin"],
        }],
        "ice_breakers": [{
            "locale": "default",
            "call_to_actions": [{ "question": "Do you deliver?", "payload": "DELIVERY" }],
        }],
        "whitelisted_domains": ["https://bakery.example", "https://shop.example"],
        "account_linking_url": "https://bakery.example/login",
        "commands": [{ "locale": "default", "commands": [{ "name": "order", "description": "Orders bread" }] }],
    })
}

#[tokio::test]
async fn a_profile_is_read_as_it_was_set_until_it_is_deleted() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.ask(reads("fields=get_started,greeting")).await.line(), r#"200 {"data":[]}"#);
    assert_eq!(server.ask(sets(whole())).await.line(), r#"200 {"result":"success"}"#);
    assert_eq!(server.ask(reads("")).await.json(), json!({ "data": [whole()] }));
    for (property, value) in whole().as_object().into_iter().flatten() {
        let shown = server.ask(reads(&format!("fields={property}"))).await.json();
        assert_eq!(shown, json!({ "data": [{ property: value }] }));
    }
    // Any app of the page reads what any of them set, in the order in which it asks.
    let shown = server.ask(get(format!("{PATH}?fields=account_linking_url,get_started")).bearer("EAAsales")).await;
    assert_eq!(
        shown.line(),
        r#"200 {"data":[{"account_linking_url":"https://bakery.example/login","get_started":{"payload":"GO"}}]}"#
    );
    for fields in ["greeting,ice_breakers", "persistent_menu,get_started,commands", "greeting"] {
        assert_eq!(server.ask(deletes(&format!("fields={fields}"))).await.line(), r#"200 {"result":"success"}"#);
    }
    let shown = server.ask(reads("")).await.json();
    let left: Vec<&String> = shown["data"][0].as_object().into_iter().flatten().map(|(name, _)| name).collect();
    assert_eq!(left, ["whitelisted_domains", "account_linking_url"]);
}

#[tokio::test]
async fn setting_one_property_leaves_the_others() {
    let server = TestServer::start(BAKERY).await;
    server.ask(sets(json!({ "get_started": { "payload": "GO" } }))).await;
    server.ask(sets(json!({ "whitelisted_domains": "https://a.example,https://b.example" }))).await;
    server.ask(sets(json!({ "get_started": { "payload": "AGAIN" } }))).await;
    let shown = server.ask(reads("")).await.json();
    let domains = ["https://a.example", "https://b.example"];
    assert_eq!(shown, json!({ "data": [{ "get_started": { "payload": "AGAIN" }, "whitelisted_domains": domains }] }));
    let shown = server.ask(reads("fields=get_started.as(start)")).await.json();
    assert_eq!(shown, json!({ "data": [{ "start": { "payload": "AGAIN" } }] }));
}

#[tokio::test]
async fn ice_breakers_are_read_in_the_form_in_which_they_were_set() {
    let server = TestServer::start(BAKERY).await;
    let plain = json!({ "ice_breakers": [{ "question": "Open?", "payload": "OPEN" }] });
    assert!(is_success(&server.ask(sets(plain.clone())).await));
    assert_eq!(server.ask(reads("fields=ice_breakers")).await.json(), json!({ "data": [plain] }));
}

#[tokio::test]
async fn a_profile_comes_in_every_encoding_and_platform_messenger_is_no_other() {
    let form = |body: &str| post(PATH).bearer("EAAsupport").form(body);
    let rows = vec![
        ("JSON", sets(json!({ "get_started": { "payload": "GO" }, "platform": "messenger" }))),
        ("a form", form("get_started=%7B%22payload%22%3A%22GO%22%7D&platform=MESSENGER")),
        ("brackets", form("get_started[payload]=GO")),
        ("brackets in a list", form("ice_breakers[0][question]=Open&ice_breakers[0][payload]=OPEN")),
        ("the query", post(format!("{PATH}?get_started=%7Bpayload:'GO'%7D")).bearer("EAAsupport")),
        ("an unknown parameter beside", sets(json!({ "get_started": { "payload": "GO" }, "bogus": 1 }))),
        ("deleted in JSON", delete(PATH).bearer("EAAsupport").json(r#"{"fields":["GREETING"]}"#)),
        ("deleted in brackets", deletes("fields[0]=greeting&fields[1]=commands")),
        ("deleted by POST", post(format!("{PATH}?method=delete&fields=greeting")).bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(answers(BAKERY, &[], rows).await, @r#"
    JSON: 200 {"result":"success"}
    a form: 200 {"result":"success"}
    brackets: 200 {"result":"success"}
    brackets in a list: 200 {"result":"success"}
    the query: 200 {"result":"success"}
    an unknown parameter beside: 200 {"result":"success"}
    deleted in JSON: 200 {"result":"success"}
    deleted in brackets: 200 {"result":"success"}
    deleted by POST: 200 {"result":"success"}
    "#);
}

#[tokio::test]
async fn the_profile_is_the_pages_own() {
    let server = TestServer::start(TWO_PAGES).await;
    server.ask(sets(json!({ "get_started": { "payload": "GO" } }))).await;
    let shown = server.ask(get("/me/messenger_profile?fields=get_started").bearer("EAAkiosk")).await;
    assert_eq!(shown.line(), r#"200 {"data":[]}"#);
}

#[tokio::test]
async fn a_menu_needs_get_started() {
    let only_menu = json!({ "persistent_menu": menu(json!([item()]))["persistent_menu"] });
    let server = TestServer::start(BAKERY).await;
    let reply = server.refused(sets(only_menu.clone())).await;
    insta::assert_snapshot!(reply.line(), @r#"400 {"error":{"message":"(#100) You must set a Get Started button if you also wish to use persistent menu.","type":"OAuthException","code":100,"error_subcode":2018145}}"#);
    assert!(is_success(&server.ask(sets(menu(json!([item()])))).await));
    assert_eq!(server.refused(deletes("fields=get_started")).await.code(), (100, Some(2018145)));
    assert!(is_success(&server.ask(deletes("fields=persistent_menu")).await));
    assert!(is_success(&server.ask(deletes("fields=get_started")).await));
    let reply = server.refused(sets(only_menu)).await;
    assert_eq!(reply.code(), (100, Some(2018145)));
}

#[tokio::test]
async fn what_is_no_property_is_refused() {
    let rows = vec![
        ("nothing", sets(json!({}))),
        ("nothing that is known", sets(json!({ "get_start": { "payload": "GO" } }))),
        ("a property of old", sets(json!({ "home_url": { "url": "https://a.example" } }))),
        ("a property that is not built", sets(json!({ "title": "x" }))),
        ("another platform", sets(json!({ "get_started": { "payload": "GO" }, "platform": "instagram" }))),
        ("no platform", sets(json!({ "get_started": { "payload": "GO" }, "platform": "fax" }))),
        ("a field that there is not", reads("fields=get_started,bogus")),
        ("a field of old", reads("fields=home_url")),
        ("deleting nothing", deletes("")),
        ("deleting an empty list", deletes("fields=")),
        ("deleting what there is not", deletes("fields=get_started,bogus")),
        ("deleting what there was", deletes("fields=HOME_URL")),
        ("deleting what is not built", deletes("fields=greeting,description")),
        ("with an app's token", get("/2001/messenger_profile").bearer("1001|support-secret")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    nothing: 400 {"error":{"message":"(#100) Requires one of the params: get_started,greeting,persistent_menu,ice_breakers,whitelisted_domains,account_linking_url,commands","type":"OAuthException","code":100}}
    nothing that is known: 400 {"error":{"message":"(#100) Requires one of the params: get_started,greeting,persistent_menu,ice_breakers,whitelisted_domains,account_linking_url,commands","type":"OAuthException","code":100}}
    a property of old: 400 {"error":{"message":"(#100) Param home_url has been deprecated","type":"OAuthException","code":100}}
    a property that is not built: 400 {"error":{"message":"(#100) title is not built yet in graphdouble","type":"OAuthException","code":100}}
    another platform: 400 {"error":{"message":"(#100) platform instagram is not built yet in graphdouble","type":"OAuthException","code":100}}
    no platform: 400 {"error":{"message":"(#100) Param platform must be one of {MESSENGER, INSTAGRAM} - got \"fax\".","type":"OAuthException","code":100}}
    a field that there is not: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (bogus) on node type (MessengerProfile)","type":"OAuthException","code":100}}
    a field of old: 400 {"error":{"message":"(#100) Param home_url has been deprecated","type":"OAuthException","code":100}}
    deleting nothing: 400 {"error":{"message":"(#100) The parameter fields is required","type":"OAuthException","code":100}}
    deleting an empty list: 400 {"error":{"message":"(#194) param fields has too few elements.","type":"OAuthException","code":194}}
    deleting what there is not: 400 {"error":{"message":"(#100) Param fields[1] must be one of {get_started, greeting, persistent_menu, ice_breakers, whitelisted_domains, account_linking_url, commands} - got \"bogus\".","type":"OAuthException","code":100}}
    deleting what there was: 400 {"error":{"message":"(#100) Param fields[0] has been deprecated","type":"OAuthException","code":100}}
    deleting what is not built: 400 {"error":{"message":"(#100) fields[1] description is not built yet in graphdouble","type":"OAuthException","code":100}}
    with an app's token: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    "#);
}

#[tokio::test]
async fn a_value_of_another_form_is_refused() {
    let locales =
        |values: &[&str]| -> Value { values.iter().map(|locale| json!({ "locale": locale, "text": "Hi" })).collect() };
    let mixed = json!([{ "question": "Open?", "payload": "OPEN" }, { "locale": "default", "call_to_actions": [] }]);
    let rows = vec![
        ("text for an object", sets(json!({ "get_started": "GO" }))),
        ("without a payload", sets(json!({ "get_started": {} }))),
        ("an empty payload", sets(json!({ "get_started": { "payload": "" } }))),
        ("text for a list", sets(json!({ "greeting": "Hi" }))),
        ("no locale", sets(json!({ "greeting": [{ "text": "Hi" }] }))),
        ("a locale that is none", sets(json!({ "greeting": locales(&["default", "german"]) }))),
        ("a locale twice", sets(json!({ "greeting": locales(&["default", "de_DE", "de_DE"]) }))),
        ("no default locale", sets(json!({ "greeting": locales(&["de_DE"]) }))),
        ("a menu without locales", sets(json!({ "persistent_menu": [item()] }))),
        ("an item of another kind", sets(menu(json!([{ "type": "phone_number", "title": "Call", "payload": "1" }])))),
        ("a nested item", sets(menu(json!([{ "type": "nested", "title": "More", "call_to_actions": [item()] }])))),
        ("an item without a title", sets(menu(json!([{ "type": "postback", "payload": "ORDER" }])))),
        ("an item without a payload", sets(menu(json!([{ "type": "postback", "title": "Order" }])))),
        ("an item that leads nowhere", sets(menu(json!([{ "type": "web_url", "title": "Shop", "url": "shop" }])))),
        (
            "a webview of another height",
            sets(menu(
                json!([{ "type": "web_url", "title": "Shop", "url": "https://a.example", "webview_height_ratio": "huge" }]),
            )),
        ),
        (
            "no composer and no items",
            sets(
                json!({ "get_started": { "payload": "GO" }, "persistent_menu": [{ "locale": "default", "composer_input_disabled": true }] }),
            ),
        ),
        ("ice breakers in both forms", sets(json!({ "ice_breakers": mixed }))),
        (
            "ice breakers without a default",
            sets(
                json!({ "ice_breakers": [{ "locale": "de_DE", "call_to_actions": [{ "question": "Auf?", "payload": "OPEN" }] }] }),
            ),
        ),
        ("a domain without https", sets(json!({ "whitelisted_domains": ["http://a.example"] }))),
        ("linking without https", sets(json!({ "account_linking_url": "http://a.example" }))),
        (
            "a command with its slash",
            sets(
                json!({ "commands": [{ "locale": "default", "commands": [{ "name": "/order", "description": "Orders" }] }] }),
            ),
        ),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    text for an object: 400 {"error":{"message":"(#100) Param get_started must be an object.","type":"OAuthException","code":100}}
    without a payload: 400 {"error":{"message":"(#100) The parameter get_started[payload] is required","type":"OAuthException","code":100}}
    an empty payload: 400 {"error":{"message":"(#100) Param get_started[payload] must be a non-empty UTF-8 encoded string","type":"OAuthException","code":100}}
    text for a list: 400 {"error":{"message":"(#100) Param greeting must be an array.","type":"OAuthException","code":100}}
    no locale: 400 {"error":{"message":"(#100) The parameter greeting[0][locale] is required","type":"OAuthException","code":100}}
    a locale that is none: 400 {"error":{"message":"(#100) Param greeting[1][locale] must be default, or a locale like en_US.","type":"OAuthException","code":100}}
    a locale twice: 400 {"error":{"message":"(#100) Param greeting has the locale de_DE more than once","type":"OAuthException","code":100}}
    no default locale: 400 {"error":{"message":"(#100) Param greeting must have an element with the locale default","type":"OAuthException","code":100}}
    a menu without locales: 400 {"error":{"message":"(#100) Invalid keys \"type, title, payload\" were found in param \"persistent_menu[0]\".","type":"OAuthException","code":100}}
    an item of another kind: 400 {"error":{"message":"(#100) Param persistent_menu[0][call_to_actions][0][type] must be one of {web_url, postback} - got \"phone_number\".","type":"OAuthException","code":100}}
    a nested item: 400 {"error":{"message":"(#11) Setting of Nested Persistent Menu has been deprecated for v8.0 and higher","type":"OAuthException","code":11}}
    an item without a title: 400 {"error":{"message":"(#100) The parameter persistent_menu[0][call_to_actions][0][title] is required","type":"OAuthException","code":100}}
    an item without a payload: 400 {"error":{"message":"(#100) The parameter persistent_menu[0][call_to_actions][0][payload] is required","type":"OAuthException","code":100}}
    an item that leads nowhere: 400 {"error":{"message":"(#100) persistent_menu[0][call_to_actions][0][url] should represent a valid URL","type":"OAuthException","code":100}}
    a webview of another height: 400 {"error":{"message":"(#100) Param persistent_menu[0][call_to_actions][0][webview_height_ratio] must be one of {compact, tall, full} - got \"huge\".","type":"OAuthException","code":100}}
    no composer and no items: 400 {"error":{"message":"(#100) The parameter persistent_menu[0][call_to_actions] is required","type":"OAuthException","code":100}}
    ice breakers in both forms: 400 {"error":{"message":"(#100) Invalid keys \"locale, call_to_actions\" were found in param \"ice_breakers[1]\".","type":"OAuthException","code":100}}
    ice breakers without a default: 400 {"error":{"message":"(#100) Param ice_breakers must have an element with the locale default","type":"OAuthException","code":100}}
    a domain without https: 400 {"error":{"message":"(#100) whitelisted_domains[0] should represent a valid URL","type":"OAuthException","code":100}}
    linking without https: 400 {"error":{"message":"(#100) account_linking_url should represent a valid URL","type":"OAuthException","code":100}}
    a command with its slash: 400 {"error":{"message":"(#100) Param commands[0][commands][0][name] must be a name without a slash.","type":"OAuthException","code":100}}
    "#);
}

#[tokio::test]
async fn every_property_has_its_limit() {
    let long = |length: usize| "x".repeat(length);
    let greeting = |length| json!({ "greeting": [{ "locale": "default", "text": long(length) }] });
    let payload = |length| json!({ "get_started": { "payload": long(length) } });
    let items = |count| menu(Value::Array(vec![item(); count]));
    let title = |length| menu(json!([{ "type": "postback", "title": long(length), "payload": "ORDER" }]));
    let questions = |count: usize| -> Value {
        let list: Vec<Value> =
            (0..count).map(|place| json!({ "question": place.to_string(), "payload": "x" })).collect();
        json!({ "ice_breakers": list })
    };
    let domains = |count| json!({ "whitelisted_domains": vec!["https://a.example"; count] });
    let command = |name, description| json!({ "name": long(name), "description": long(description) });
    let commands = |commands: Vec<Value>| json!({ "commands": [{ "locale": "default", "commands": commands }] });
    let length =
        |param: &str, limit| (100, format!("(#100) Length of param {param} must be less than or equal to {limit}"));
    let many = |param: &str| (105, format!("(#105) param {param} has too many elements."));
    let actions = "persistent_menu[0][call_to_actions]";
    let list = "commands[0][commands]";
    for (fits, above, (code, text)) in [
        (payload(1000), payload(1001), length("get_started[payload]", 1000)),
        (greeting(160), greeting(161), length("greeting[0][text]", 160)),
        (items(20), items(21), many(actions)),
        (title(30), title(31), length(&format!("{actions}[0][title]"), 30)),
        (questions(4), questions(5), many("ice_breakers")),
        (domains(50), domains(51), many("whitelisted_domains")),
        (commands(vec![command(32, 64)]), commands(vec![command(33, 64)]), length(&format!("{list}[0][name]"), 32)),
        (commands(vec![command(1, 1)]), commands(vec![command(1, 65)]), length(&format!("{list}[0][description]"), 64)),
        (commands(vec![command(1, 1); 100]), commands(vec![command(1, 1); 101]), many(list)),
    ] {
        let server = TestServer::start(BAKERY).await;
        let reply = server.ask(sets(fits)).await;
        assert!(is_success(&reply), "{text}: {}", reply.line());
        let reply = server.refused(sets(above)).await;
        assert_eq!((reply.code(), reply.json()["error"]["message"].as_str()), ((code, None), Some(&*text)));
    }
}

#[tokio::test]
async fn people_tap_what_was_set_and_nothing_else() {
    let mut server = TestServer::start(BAKERY).await;
    assert!(tap(&mut server, "taps_menu: Order").await.contains("there is no persistent menu in this thread"));
    server.ask(sets(whole())).await;
    server.step("{ user: alice, taps_menu: Order }").await;
    server.step("{ expect: [{ app: support, gets: messaging_postbacks, title: Order, payload: ORDER }] }").await;
    let failed = tap(&mut server, "taps_menu: Ordr").await;
    assert!(failed.contains("no item labelled `Ordr`: it has `Order`, `Shop`, `Account`"), "{failed}");
    let failed = tap(&mut server, "taps_menu: Shop").await;
    assert!(failed.contains("`Shop` opens a page: Meta sends no webhook for a tap on it"), "{failed}");
    let failed = tap(&mut server, "taps_ice_breaker: Open?").await;
    assert!(failed.contains("`Do you deliver?`"), "{failed}");
}

/// Why a person cannot tap this.
async fn tap(server: &mut TestServer, gesture: &str) -> String {
    let failed = server.emulator.step(&format!("{{ user: alice, {gesture} }}")).await;
    failed.expect_err("nobody can tap that").to_string()
}

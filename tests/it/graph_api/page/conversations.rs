//! `GET /{page}/conversations`, its alias `threads`, and the same as a field of the page.

use serde_json::{Value, json};

use crate::graph_api::{SPOKEN, TWO_PAGES, refusals};
use crate::support::{BAKERY, Request, TestServer, get};

const BOTH: &[&str] = &["{ user: alice, says: Hi }", "{ clock: +1m }", "{ user: bob, says: Hello }"];

fn read(path: &str) -> Request {
    get(path).bearer("EAAsupport")
}

fn people(reply: &Value) -> Vec<&str> {
    let conversations = reply["data"].as_array().into_iter().flatten();
    conversations.filter_map(|one| one.pointer("/participants/data/0/name")?.as_str()).collect()
}

#[tokio::test]
async fn a_conversation_has_link_time_and_id_where_nothing_is_asked() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reply = server.ask(read("/v25.0/2001/conversations")).await;
    assert_eq!(reply.status, 200);
    let id = reply.json()["data"][0]["id"].as_str().unwrap_or_default().to_owned();
    let digits = id.strip_prefix("t_").expect("the prefix of conversations");
    assert!(digits.len() == 15 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    let conversation = json!({
        "link": format!("/2001/inbox/{digits}/?section=messages"),
        "updated_time": "2026-03-02T09:00:00+0000",
        "id": id,
    });
    assert_eq!(reply.json()["data"], json!([conversation]));
    assert_eq!(reply.json()["paging"]["cursors"]["before"], "MAZDZD");
    assert_eq!(server.ask(read(&format!("/{id}"))).await.json(), conversation);
}

#[tokio::test]
async fn pages_are_followed_to_their_end() {
    let server = TestServer::after(BAKERY, BOTH).await;
    let first = server.ask(read("/me/conversations?fields=participants&limit=1")).await.json();
    assert_eq!(people(&first), ["Bob Doe"]);
    let next = first["paging"]["next"].as_str().unwrap_or_default();
    let base = format!("http://{}/v25.0/2001/conversations?", server.address());
    assert!(next.starts_with(&base), "{next}");
    let second = server.ask(read(next.trim_start_matches(&format!("http://{}", server.address())))).await.json();
    assert_eq!(people(&second), ["Alice Archer"]);
    assert_eq!(second["paging"].get("next"), None);
    let after = second["paging"]["cursors"]["after"].as_str().unwrap_or_default();
    let end = server.ask(read(&format!("/me/conversations?limit=1&after={after}"))).await.json();
    assert_eq!(end, json!({ "data": [] }));
}

#[tokio::test]
async fn a_list_is_narrowed_to_a_person_a_folder_and_tags() {
    let server = TestServer::after(BAKERY, BOTH).await;
    for (query, shown) in [
        ("user_id=3001", vec!["Alice Archer"]),
        ("user_id=3002", vec!["Bob Doe"]),
        ("platform=MESSENGER", vec!["Bob Doe", "Alice Archer"]),
        ("folder=inbox", vec!["Bob Doe", "Alice Archer"]),
        ("folder=Spam", vec![]),
        ("folder=other", vec![]),
        ("tags=inbox,unread", vec!["Bob Doe", "Alice Archer"]),
        ("tags=%5B%22sent%22%5D", vec![]),
    ] {
        let reply = server.ask(read(&format!("/me/conversations?fields=participants&{query}"))).await;
        assert_eq!((reply.status, people(&reply.json())), (200, shown), "{query}");
    }
}

#[tokio::test]
async fn somebody_who_never_wrote_has_no_conversation() {
    let server = TestServer::start(BAKERY).await;
    for path in ["/me/conversations", "/me/threads", "/me/conversations?user_id=3001"] {
        assert_eq!(server.ask(read(path)).await.json(), json!({ "data": [] }), "{path}");
    }
    let server = TestServer::after(BAKERY, &["{ user: alice, gets_started: true }"]).await;
    let reply = server.ask(read("/me/conversations?fields=message_count,snippet,unread_count")).await.json();
    let shown = &reply["data"][0];
    assert_eq!(
        (&shown["message_count"], &shown["snippet"], &shown["unread_count"]),
        (&json!(0), &json!(""), &json!(0))
    );
}

#[tokio::test]
async fn fields_reach_into_what_hangs_on_a_conversation() {
    let steps = &["{ user: alice, says: One }", "{ app: support, sends: Two }", "{ user: alice, says: Three }"];
    let server = TestServer::after(BAKERY, steps).await;
    let fields =
        "fields=conversations.limit(1)%7Bparticipants,messages.limit(2)%7Bid,message,from,to,created_time%7D%7D";
    let reply = server.ask(read(&format!("/me?{fields}"))).await.json();
    let conversation = &reply["conversations"]["data"][0];
    let messages = &conversation["messages"];
    let alice = json!({ "name": "Alice Archer", "email": "3001@facebook.com", "id": "3001" });
    let bakery = json!({ "name": "bakery", "email": "2001@facebook.com", "id": "2001" });
    assert_eq!(conversation["participants"], json!({ "data": [alice, bakery] }));
    let texts: Vec<&Value> = messages["data"].as_array().into_iter().flatten().map(|one| &one["message"]).collect();
    assert_eq!(texts, ["Three", "Two"]);
    assert_eq!(messages["data"][0]["from"], alice);
    assert_eq!(messages["data"][1]["from"], bakery);
    assert_eq!(messages["data"][1]["to"], json!({ "data": [alice] }));
    // The next page asks for the same fields of the same list.
    let next = messages["paging"]["next"].as_str().unwrap_or_default();
    let path = next.trim_start_matches(&format!("http://{}", server.address())).to_owned();
    assert!(path.contains("/messages?fields=id%2Cmessage%2Cfrom%2Cto%2Ccreated_time"), "{path}");
    let rest = server.ask(read(&path)).await.json();
    assert_eq!(rest["data"][0]["message"], "One");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_name() {
    let rows = vec![
        ("an unknown field", read("/me/conversations?fields=shoe_size")),
        ("an unknown field within", read("/me/conversations?fields=messages%7Bshoe_size%7D")),
        ("an unknown folder", read("/me/conversations?folder=attic")),
        ("an unknown tag", read("/me/conversations?tags=attic")),
        ("a person of nowhere", read("/me/conversations?user_id=9999")),
        ("Instagram", read("/me/conversations?platform=instagram")),
        ("an unknown platform", read("/me/conversations?platform=pigeon")),
        ("a limit that is none", read("/me/conversations?limit=many")),
        ("a cursor that is none", read("/me/conversations?after=xyz")),
        ("a limit within that is none", read("/me/conversations?fields=messages.limit(x)")),
        ("an app's token", get("/2001/conversations").bearer("1001|support-secret")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    an unknown field: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (shoe_size) on node type (UnifiedThread)","type":"OAuthException","code":100}}
    an unknown field within: 400 {"error":{"message":"(#100) Tried accessing nonexisting field (shoe_size) on node type (UnifiedMessage)","type":"OAuthException","code":100}}
    an unknown folder: 400 {"error":{"message":"(#100) Param folder must be one of {inbox, page_done, spam, other, pending} - got \"attic\".","type":"OAuthException","code":100}}
    an unknown tag: 400 {"error":{"message":"(#100) Param tags must be one of {inbox, spam, page_done, read, unread, sent, source:chat, source:web, source:mobile} - got \"attic\".","type":"OAuthException","code":100}}
    a person of nowhere: 400 {"error":{"message":"(#100) No matching user found","type":"OAuthException","code":100,"error_subcode":2018001}}
    Instagram: 400 {"error":{"message":"(#100) The page is not linked to an Instagram account","type":"OAuthException","code":100,"error_subcode":2534013}}
    an unknown platform: 400 {"error":{"message":"(#100) Param platform must be one of {MESSENGER, INSTAGRAM} - got \"pigeon\".","type":"OAuthException","code":100}}
    a limit that is none: 400 {"error":{"message":"(#100) Param limit must be an unsigned integer.","type":"OAuthException","code":100}}
    a cursor that is none: 400 {"error":{"message":"(#100) Invalid cursors values for after","type":"OAuthException","code":100}}
    a limit within that is none: 400 {"error":{"message":"(#100) Param limit must be an unsigned integer.","type":"OAuthException","code":100}}
    an app's token: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    "#);
}

#[tokio::test]
async fn conversations_belong_to_their_page() {
    let server = TestServer::after(TWO_PAGES, &["{ user: alice, page: kiosk, says: Hi }"]).await;
    assert_eq!(server.ask(read("/me/conversations")).await.json(), json!({ "data": [] }));
    let of_kiosk = server.ask(get("/me/conversations").bearer("EAAkiosk")).await.json();
    let id = of_kiosk["data"][0]["id"].as_str().unwrap_or_default();
    assert_eq!(server.refused(read(&format!("/{id}"))).await.code(), (100, Some(33)));
}

#[tokio::test]
async fn what_an_ad_wrote_since_marks_nothing_as_read() {
    let server = TestServer::after(BAKERY, &["{ user: alice, says: Hi }", "{ user: alice, taps_ad: tulips }"]).await;
    let reply = server.ask(read("/me/conversations?fields=unread_count,messages{message,tags}")).await.json();
    let shown = &reply["data"][0];
    let messages = shown["messages"]["data"].as_array().expect("messages");
    let of_alice = messages.iter().find(|message| message["message"] == "Hi").expect("what alice said");
    assert!(messages.len() > 1, "the ad wrote after her: {messages:?}");
    assert_eq!(shown["unread_count"], 1);
    let tags = of_alice["tags"]["data"].as_array().expect("tags");
    assert!(tags.contains(&json!({ "name": "unread" })), "{tags:?}");
}

//! `GET /{conversation}`, its messages, and `GET /{message}`.

use serde_json::{Value, json};

use crate::graph_api::{SPOKEN, refusals};
use crate::support::{BAKERY, Request, TODAY, TestServer, get, post};

fn read(path: &str) -> Request {
    get(path).bearer("EAAsupport")
}

async fn conversation(server: &TestServer) -> String {
    let reply = server.ask(read("/me/conversations")).await.json();
    reply["data"][0]["id"].as_str().unwrap_or_default().to_owned()
}

async fn newest(server: &TestServer, fields: &str) -> Value {
    let id = conversation(server).await;
    server.ask(read(&format!("/{id}/messages?limit=1&fields={fields}"))).await.json()["data"][0].clone()
}

#[tokio::test]
async fn a_conversation_has_every_field_that_meta_has() {
    let server = TestServer::after(TODAY, SPOKEN).await;
    let id = conversation(&server).await;
    let fields = "id,is_owner,can_reply,folder,former_participants,is_subscribed,link,message_count,name,participants,\
                  scoped_thread_key,senders,snippet,unread_count,updated_time,wallpaper";
    let printed = server.ask(read(&format!("/{id}?fields={fields}"))).await.json();
    let both = json!({ "data": [
        { "name": "Alice Archer", "email": "3001@facebook.com", "id": "3001" },
        { "name": "bakery", "email": "2001@facebook.com", "id": "2001" },
    ] });
    assert_eq!(
        printed,
        json!({
            "id": id, "is_owner": true, "can_reply": true, "folder": "inbox", "former_participants": { "data": [] },
            "is_subscribed": true, "link": format!("/2001/inbox/{}/?section=messages", &id[2..]), "message_count": 1,
            "participants": both, "scoped_thread_key": id, "senders": both, "snippet": "Hi", "unread_count": 1,
            "updated_time": "2026-03-02T09:00:00+0000",
        })
    );
}

#[tokio::test]
async fn the_same_world_has_the_same_conversation_ids() {
    let once = conversation(&TestServer::after(BAKERY, SPOKEN).await).await;
    let again = conversation(&TestServer::after(BAKERY, &["{ user: alice, says: Something else }"]).await).await;
    assert_eq!(once, again);
    let other = BAKERY.replace("seed: 1", "seed: 2");
    assert_ne!(once, conversation(&TestServer::after(&other, SPOKEN).await).await);
}

#[tokio::test]
async fn a_message_is_read_by_its_id() {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    let sent = server.step("{ app: support, sends: Hello }").await.unwrap_or_default();
    let mid = sent["message_id"].as_str().unwrap_or_default();
    assert_eq!(
        server.ask(read(&format!("/{mid}"))).await.json(),
        json!({ "created_time": "2026-03-02T09:00:00+0000", "id": mid })
    );
    let fields = "id,created_time,from,to,message,attachments,tags,shares,story,is_unsupported,reply_to";
    assert_eq!(
        server.ask(read(&format!("/{mid}?fields={fields}"))).await.json(),
        json!({
            "id": mid, "created_time": "2026-03-02T09:00:00+0000",
            "from": { "name": "bakery", "email": "2001@facebook.com", "id": "2001" },
            "to": { "data": [{ "name": "Alice Archer", "email": "3001@facebook.com", "id": "3001" }] },
            "message": "Hello", "is_unsupported": false,
            "tags": { "data": [{ "name": "inbox" }, { "name": "sent" }, { "name": "source:chat" }] },
        })
    );
    let other = server.ask(get(format!("/?ids={mid}&fields=message")).bearer("EAAloyalty")).await.json();
    assert_eq!(other, json!({ mid: { "message": "Hello", "id": mid } }));
}

#[tokio::test]
async fn attachments_say_what_they_are() {
    let cases = [
        ("{ type: image, url: 'https://cdn.example/a.png?x=1' }", "image/png", "a.png", "/image_data/url"),
        ("{ type: video, url: 'https://cdn.example/b.mp4' }", "video/mp4", "b.mp4", "/video_data/url"),
        ("{ type: audio, url: 'https://cdn.example/c' }", "audio/mpeg", "c", "/file_url"),
        ("{ type: file, url: 'https://cdn.example/d.pdf' }", "application/pdf", "d.pdf", "/file_url"),
    ];
    for (attachment, mime_type, name, place) in cases {
        let step = format!("{{ user: alice, sends: {{ attachments: [{attachment}] }} }}");
        let server = TestServer::after(BAKERY, &[&step]).await;
        let printed = newest(&server, "message,attachments").await;
        let shown = &printed["attachments"]["data"][0];
        assert_eq!(printed["message"], "");
        assert_eq!((&shown["mime_type"], &shown["name"]), (&json!(mime_type), &json!(name)), "{shown}");
        assert!(shown.pointer(place).is_some(), "{shown}");
        assert_eq!(shown["id"].as_str().map(str::len), Some(16), "{shown}");
    }
}

#[tokio::test]
async fn a_template_is_shown_by_its_first_card() {
    let template = r#"{ user: alice, says: Hi }"#;
    let send = "{ app: support, sends: { attachment: { type: template, payload: { template_type: generic, elements: \
                [{ title: Rye, subtitle: Dark, image_url: 'https://cdn.example/rye.png', buttons: [{ type: web_url, title: More, \
                url: 'https://bakery.example/' }] }] } } } }";
    let server = TestServer::after(BAKERY, &[template, send]).await;
    let printed = newest(&server, "attachments").await;
    assert_eq!(
        printed["attachments"]["data"][0]["generic_template"],
        json!({
            "title": "Rye", "subtitle": "Dark", "media_url": "https://cdn.example/rye.png",
            "cta": { "type": "web_url", "title": "More", "url": "https://bakery.example/" },
        })
    );
}

#[tokio::test]
async fn an_answer_names_the_message_that_it_answers() {
    let server =
        TestServer::after(BAKERY, &["{ user: alice, says: Hi }", "{ user: alice, says: You?, replies_to: Hi }"]).await;
    let printed = newest(&server, "reply_to").await;
    assert!(printed["reply_to"]["mid"].as_str().is_some_and(|mid| mid.starts_with("m_")), "{printed}");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_read() {
    let rows = vec![
        ("no conversation", read("/t_1")),
        ("a conversation of nobody", read("/t_100000000000001")),
        ("no number", read("/t_abc")),
        ("no message", read("/m_abc")),
        ("a POST", post("/t_1").bearer("EAAsupport").json("{}")),
        ("an app's token", get("/t_1").bearer("1001|support-secret")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    no conversation: 400 {"error":{"message":"Unsupported get request. Object with ID 't_1' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    a conversation of nobody: 400 {"error":{"message":"Unsupported get request. Object with ID 't_100000000000001' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    no number: 400 {"error":{"message":"Unsupported get request. Object with ID 't_abc' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    no message: 400 {"error":{"message":"Unsupported get request. Object with ID 'm_abc' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    a POST: 400 {"error":{"message":"Unsupported post request. Object with ID 't_1' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an app's token: 400 {"error":{"message":"(#210) A page access token is required to request this resource.","type":"OAuthException","code":210}}
    "#);
}

#[tokio::test]
async fn a_conversation_has_messages_and_no_other_edge() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let id = conversation(&server).await;
    for source in ["ALL", "participants"] {
        assert_eq!(server.ask(read(&format!("/{id}/messages?source={source}"))).await.status, 200, "{source}");
    }
    for request in [
        read(&format!("/{id}/bogus")),
        read(&format!("/{id}/messages?source=pigeon")),
        read(&format!("/{id}/messages?fields=shoe_size")),
        read(&format!("/{id}/messages?fields=reaction")),
        post(format!("/{id}/messages")).bearer("EAAsupport").json("{}"),
    ] {
        server.refused(request).await;
    }
}

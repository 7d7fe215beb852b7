//! `POST /` with `batch`, `GET /?ids=`, and what may be asked of any answer.

use serde_json::{Value, json};

use crate::graph_api::{SPOKEN, refusals};
use crate::support::{BAKERY, Request, TestServer, get, post};

/// The answers to a batch, with their bodies read.
async fn batch(server: &TestServer, items: Value) -> Vec<Value> {
    let body = json!({ "access_token": "EAAsupport", "include_headers": false, "batch": items });
    let reply = server.ask(post("/").json(body.to_string())).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let answers = reply.json().as_array().cloned().expect("a list");
    answers.into_iter().map(read).collect()
}

fn read(mut answer: Value) -> Value {
    if let Some(text) = answer["body"].as_str() {
        answer["body"] = serde_json::from_str(text).expect("a body is JSON as text");
    }
    answer
}

#[tokio::test]
async fn each_item_is_a_call_of_its_own_in_order() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let message = form_urlencoded::Serializer::new(String::new())
        .append_pair("recipient", r#"{"id":"3001"}"#)
        .append_pair("message", r#"{"text":"Hello!"}"#)
        .finish();
    let answers = batch(
        &server,
        json!([
            { "method": "GET", "relative_url": "me?fields=id" },
            { "method": "post", "relative_url": "/v25.0/me/messages", "body": message },
            { "relative_url": "3001?fields=first_name" },
            { "method": "GET", "relative_url": "me/nothing" },
        ]),
    )
    .await;
    assert_eq!(answers[0], json!({ "code": 200, "body": { "id": "2001" } }));
    assert_eq!(answers[1]["code"], 200);
    assert_eq!(answers[1]["body"]["recipient_id"], "3001");
    assert_eq!(answers[2]["body"]["first_name"], "Alice");
    assert_eq!((&answers[3]["code"], &answers[3]["body"]["error"]["code"]), (&json!(400), &json!(2500)));
    assert_eq!(crate::graph_api::echoes(&server).await.len(), 1);
}

/// An item with a file becomes a form of several parts. What is no UTF-8 in its body stays so, and is refused.
#[tokio::test]
async fn bytes_of_an_item_that_are_no_utf8_are_refused() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let item = |files: Value| {
        let body = "recipient={id:3001}&message={text:'caf%E9'}";
        json!([{ "method": "POST", "relative_url": "me/messages", "body": body, "attached_files": files }])
    };
    let parts = |items: Value| {
        let head = "--x\r\nContent-Disposition: form-data; name=";
        format!("{head}\"batch\"\r\n\r\n{items}\r\n{head}\"a\"; filename=\"a.png\"\r\n\r\nPNG\r\n--x--\r\n")
    };
    for files in [Value::Null, json!("a")] {
        let request = post("/").bearer("EAAsupport").header("Content-Type", "multipart/form-data; boundary=x");
        let reply = server.ask(request.body(parts(item(files.clone())))).await;
        let answer = read(reply.json()[0].clone());
        let message = &answer["body"]["error"]["message"];
        assert_eq!(message, "(#100) Param message[text] must be a UTF-8 encoded string", "{files}");
    }
}

#[tokio::test]
async fn an_item_may_use_what_another_answered_and_falls_with_it() {
    let server = TestServer::start(BAKERY).await;
    let answers = batch(
        &server,
        json!([
            { "name": "page", "relative_url": "me?fields=id" },
            { "relative_url": "{result=page:$.id}?fields=name" },
            { "name": "kept", "relative_url": "me?fields=id", "omit_response_on_success": false },
            { "relative_url": "{result=kept:$.id}?fields=name", "depends_on": "kept" },
            { "name": "broken", "relative_url": "me/nothing" },
            { "relative_url": "{result=broken:$.id}" },
            { "relative_url": "me", "depends_on": "broken" },
        ]),
    )
    .await;
    let codes: Vec<&Value> = answers.iter().map(|answer| answer.get("code").unwrap_or(&Value::Null)).collect();
    assert_eq!(codes, [&Value::Null, &json!(200), &json!(200), &json!(200), &json!(400), &Value::Null, &Value::Null]);
    assert_eq!(answers[1]["body"]["name"], "bakery");
}

#[tokio::test]
async fn an_item_depends_on_one_before_it_or_the_batch_is_refused() {
    let server = TestServer::start(BAKERY).await;
    for (items, index, name) in [
        (json!([{ "relative_url": "me", "depends_on": "nobody" }]), 0, "nobody"),
        (json!([{ "relative_url": "me", "depends_on": "b" }, { "name": "b", "relative_url": "me" }]), 0, "b"),
        (
            json!([{ "name": "a", "relative_url": "me" }, { "name": "b", "relative_url": "me", "depends_on": "b" }]),
            1,
            "b",
        ),
    ] {
        let body = json!({ "batch": items.to_string() }).to_string();
        let reply = server.ask(post("/").bearer("EAAsupport").json(body)).await;
        let expected = format!(
            "Request {index} cannot depend on an unresolved request with name {name}. Requests can only depend on preceding requests"
        );
        let error = reply.json()["error"].clone();
        assert_eq!((reply.status, &error["message"]), (400, &json!(expected)), "{items}");
        assert_eq!(error["type"], "GraphBatchException");
    }
}

#[tokio::test]
async fn a_batch_comes_in_every_encoding() {
    let server = TestServer::start(BAKERY).await;
    let items = r#"[{"method":"GET","relative_url":"me?fields=id&access_token=EAAsales"}]"#;
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("batch", items).finish();
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("batch", items)
        .append_pair("access_token", "EAAsupport")
        .finish();
    let json = json!({ "batch": items, "access_token": "EAAsupport" }).to_string();
    let requests: Vec<Request> = vec![
        post(format!("/?{query}")).bearer("EAAsupport"),
        post("/v25.0").form(&form),
        post("/v25.0/").form(&form),
        post("/").json(json),
    ];
    for request in requests {
        let reply = server.ask(request).await;
        let answer = read(reply.json()[0].clone());
        assert_eq!((reply.status, &answer["body"]), (200, &json!({ "id": "2001" })));
        let named = |name: &str| answer["headers"].as_array()?.iter().find(|header| header["name"] == name).cloned();
        let content_type = named("Content-Type").expect("headers unless they are not wanted");
        assert_eq!(content_type["value"], "text/javascript; charset=UTF-8");
        assert!(named("Facebook-API-Version").is_some());
    }
}

#[tokio::test]
async fn an_item_acts_as_the_app_whose_token_it_bears() {
    let server = TestServer::after(BAKERY, crate::graph_api::BY_AD).await;
    let release = |token: Value| json!({ "method": "POST", "access_token": token, "relative_url": "me/release_thread_control", "body": "recipient={\"id\":\"3001\"}" });
    let answers =
        batch(&server, json!([release(json!("EAAbogus")), release(Value::Null), release(json!("EAAsales"))])).await;
    let codes: Vec<&Value> = answers.iter().map(|answer| &answer["code"]).collect();
    assert_eq!(codes, [400, 400, 200], "a token of nobody, the batch's own app, and the owner");
}

#[tokio::test]
async fn an_item_is_written_as_people_write_it_and_may_bring_headers() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let url = r#"me/messages?recipient={"id":"3001"}&message={"text":"hello there"}"#;
    let etag = server.ask(get("/me?fields=id").bearer("EAAsupport")).await.header("etag").expect("an ETag").to_owned();
    let answers = batch(
        &server,
        json!([
            { "method": "POST", "relative_url": url },
            { "relative_url": "me?fields=id", "headers": [{ "name": "If-None-Match", "value": etag }] },
            { "relative_url": "me?fields=id", "headers": [format!("If-None-Match: {etag}")] },
        ]),
    )
    .await;
    assert_eq!(answers[0]["code"], 200, "{}", answers[0]);
    assert_eq!(answers[1], json!({ "code": 304, "body": null }));
    assert_eq!(answers[2], answers[1]);
}

#[tokio::test]
async fn a_batch_is_no_part_of_a_batch() {
    let server = TestServer::start(BAKERY).await;
    let inner =
        form_urlencoded::Serializer::new(String::new()).append_pair("batch", r#"[{"relative_url":"me"}]"#).finish();
    let answers = batch(&server, json!([{ "method": "POST", "relative_url": "/", "body": inner }])).await;
    assert_eq!(answers[0]["code"], 400);
    assert_eq!(answers[0]["body"]["error"]["message"], "(#100) A batch cannot be part of a batch");
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_is_refused_whole() {
    let many: Vec<Value> = (0..51).map(|_| json!({ "relative_url": "me" })).collect();
    let ask = |batch: Value| post("/").bearer("EAAsupport").json(json!({ "batch": batch }).to_string());
    let rows = vec![
        ("too many", ask(json!(many))),
        ("no list", ask(json!({ "relative_url": "me" }))),
        ("no address", ask(json!([{ "method": "GET" }]))),
        ("without a token", post("/").json(json!({ "batch": [] }).to_string())),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    too many: 400 {"error":{"message":"(#100) Too many requests in batch message. Maximum batch size is 50","type":"OAuthException","code":100}}
    no list: 400 {"error":{"message":"(#100) Param batch must be an array.","type":"OAuthException","code":100}}
    no address: 400 {"error":{"message":"(#100) The parameter batch[0][relative_url] is required","type":"OAuthException","code":100}}
    without a token: 400 {"error":{"message":"An access token is required to request this resource.","type":"OAuthException","code":104}}
    "#);
}

#[tokio::test]
async fn several_nodes_come_under_their_ids() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let reply = server.ask(get("/v25.0/?ids=3001,2001&fields=id,name").bearer("EAAsupport")).await;
    let shown = json!({ "3001": { "id": "3001", "name": "Alice Archer" }, "2001": { "id": "2001", "name": "bakery" } });
    assert_eq!((reply.status, reply.json()), (200, shown));
    let rows = vec![
        ("one is unknown", get("/?ids=3001,9999").bearer("EAAsupport")),
        ("none", get("/?ids=").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    one is unknown: 400 {"error":{"message":"Unsupported get request. Object with ID '9999' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    none: 400 {"error":{"message":"(#194) param ids has too few elements.","type":"OAuthException","code":194}}
    "#);
}

#[tokio::test]
async fn an_unchanged_answer_is_not_sent_again() {
    let server = TestServer::start(BAKERY).await;
    let ask = || get("/me?fields=id").bearer("EAAsupport");
    let first = server.ask(ask()).await;
    let etag = first.header("etag").expect("an ETag").to_owned();
    assert!(etag.starts_with('"') && etag.len() == 42, "{etag}");
    let again = server.ask(ask().header("If-None-Match", &etag)).await;
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(etag.as_str())));
    let other = server.ask(get("/me?fields=name").bearer("EAAsupport").header("If-None-Match", &etag)).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn an_answer_may_be_indented_explained_or_wrapped() {
    let server = TestServer::start(BAKERY).await;
    let text = async |query: &str| {
        server.ask(get(format!("/me?fields=id&{query}")).bearer("EAAsupport")).await.text().to_owned()
    };
    assert_eq!(text("pretty=1").await, "{\n   \"id\": \"2001\"\n}");
    assert_eq!(text("pretty=0").await, r#"{"id":"2001"}"#);
    assert_eq!(text("debug=all").await, r#"{"id":"2001","__debug__":{"messages":[]}}"#);
    assert_eq!(text("callback=my.fn").await, r#"/**/ my.fn({"id":"2001"});"#);
    assert_eq!(text("callback=alert(1)").await, r#"{"id":"2001"}"#);
    let unknown = get("/me/thread_owner?recipient=3001&debug=all&recipent=1").bearer("EAAsupport");
    let shown = server.ask(unknown).await.json();
    let message = shown["__debug__"]["messages"][0]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("`recipent`") && message.contains("did you mean `recipient`?"), "{message}");
    let quiet = server.ask(get("/me?fields=secret&suppress_http_code=1").bearer("EAAsupport")).await;
    assert_eq!((quiet.status, &quiet.json()["error"]["code"]), (200, &json!(100)));
}

#[tokio::test]
async fn fields_have_aliases_and_say_where_they_are_wrong() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.ask(get("/me?fields=name.as(title),id").bearer("EAAsupport")).await;
    assert_eq!(reply.json(), json!({ "title": "bakery", "id": "2001" }));
    let rows = vec![
        ("an open brace", get("/me?fields=id%7B").bearer("EAAsupport")),
        ("two names", get("/me?fields=id%20name").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    an open brace: 400 {"error":{"message":"Syntax error \"Expected a closing brace instead of end of string.\" at character 3: id{","type":"OAuthException","code":2500}}
    two names: 400 {"error":{"message":"Syntax error \"Expected a comma instead of 'n'.\" at character 3: id name","type":"OAuthException","code":2500}}
    "#);
}

//! Edges of a page that answer one thing: `messaging_feature_review`, `nlp_configs`, `insights`; fields of the page about its apps.

use serde_json::json;

use crate::graph_api::{SPOKEN, refusals};
use crate::support::{BAKERY, Request, TestServer, get, post};

fn read(path: &str) -> Request {
    get(path).bearer("EAAsupport")
}

fn configure(body: &str) -> Request {
    post("/me/nlp_configs").bearer("EAAsupport").json(body)
}

#[tokio::test]
async fn what_is_granted_counted_and_turned_off() {
    let server = TestServer::after(BAKERY, SPOKEN).await;
    let review = server.ask(read("/me/messaging_feature_review")).await.json();
    assert_eq!(review, json!({ "data": [{ "feature": "human_agent", "status": "approved" }] }));
    for settings in [r#"{"nlp_enabled":false}"#, r#"{"model":"english","verbose":true,"n_best":8,"custom_token":"T"}"#]
    {
        assert_eq!(server.ask(configure(settings)).await.json(), json!({ "success": true }), "{settings}");
    }
    let warnings = server.entries("warning").await;
    assert!(warnings.iter().any(|warning| warning["text"].as_str().unwrap_or_default().contains("NLP is off")));
    let metric = "page_messages_total_messaging_connections";
    let counted = server.ask(read(&format!("/me/insights/?metric={metric},page_impressions"))).await.json();
    let values = json!([{ "value": 1, "end_time": "2026-03-02T09:00:00+0000" }]);
    let id = format!("2001/insights/{metric}/day");
    let counted = &counted["data"].as_array().expect("metrics")[..];
    let [only] = counted else { panic!("one metric: {counted:?}") };
    assert_eq!((&only["name"], &only["period"], &only["values"]), (&json!(metric), &json!("day"), &values));
    assert_eq!((&only["id"], &only["title"]), (&json!(id), &json!("Messaging connections")));
}

#[tokio::test]
async fn a_conversation_is_new_for_a_day() {
    let mut server = TestServer::after(BAKERY, SPOKEN).await;
    let path = "/me/insights?metric=page_messages_new_conversations_unique,page_messages_reported_conversations_unique";
    let counted = async |server: &TestServer| {
        let read = server.ask(read(path)).await.json();
        [0, 1].map(|place| read["data"][place]["values"][0]["value"].clone())
    };
    assert_eq!(counted(&server).await, [1, 0]);
    for (step, new) in
        [("{ clock: +25h }", 0), ("{ user: alice, says: Me again }", 0), ("{ user: bob, gets_started: true }", 1)]
    {
        server.step(step).await;
        assert_eq!(counted(&server).await, [new, 0], "{step}");
    }
}

#[tokio::test]
async fn a_page_says_what_the_calling_app_is_to_it() {
    let server = TestServer::start(BAKERY).await;
    let fields = "has_added_app,is_webhooks_subscribed,is_messenger_platform_bot,instagram_business_account";
    let path = format!("/me?fields={fields}");
    let shown = json!({
        "has_added_app": true, "is_webhooks_subscribed": true, "is_messenger_platform_bot": true, "id": "2001",
    });
    assert_eq!(server.ask(read(&path)).await.json(), shown);
    server.ask(post("/me/subscribed_apps?method=delete").bearer("EAAsupport")).await;
    assert_eq!(server.ask(read(&path)).await.json()["is_webhooks_subscribed"], false);
}

#[tokio::test]
async fn what_is_not_there_is_refused_by_name() {
    let rows = vec![
        ("NLP", configure(r#"{"nlp_enabled":true}"#)),
        ("a model that there is not", configure(r#"{"nlp_enabled":false,"model":"ELVISH"}"#)),
        ("too many meanings", configure(r#"{"n_best":9}"#)),
        ("languages that are no object", configure(r#"{"other_language_support":"all"}"#)),
        ("NLP perhaps", configure(r#"{"nlp_enabled":"perhaps"}"#)),
        ("no metric", read("/me/insights")),
        ("an unknown metric", read("/me/insights?metric=happiness")),
        ("a metric of then", read("/me/insights?metric=page_impressions&since=1")),
        ("a POST", post("/me/messaging_feature_review").bearer("EAAsupport").json("{}")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, SPOKEN, rows).await, @r#"
    NLP: 400 {"error":{"message":"(#100) nlp_enabled true is not built yet in graphdouble","type":"OAuthException","code":100}}
    a model that there is not: 400 {"error":{"message":"(#100) Param model must be one of {CHINESE, CROATIAN, CUSTOM, DANISH, DUTCH, ENGLISH, FRENCH_STANDARD, GEORGIAN, GERMAN_STANDARD, GREEK, HEBREW, HUNGARIAN, IRISH, ITALIAN_STANDARD, KOREAN, NORWEGIAN_BOKMAL, POLISH, PORTUGUESE, ROMANIAN, SPANISH, SWEDISH, VIETNAMESE} - got \"ELVISH\".","type":"OAuthException","code":100}}
    too many meanings: 400 {"error":{"message":"(#100) Param n_best must be a number from 1 to 8.","type":"OAuthException","code":100}}
    languages that are no object: 400 {"error":{"message":"(#100) Param other_language_support must be an object.","type":"OAuthException","code":100}}
    NLP perhaps: 400 {"error":{"message":"(#100) Param nlp_enabled must be a boolean.","type":"OAuthException","code":100}}
    no metric: 400 {"error":{"message":"(#100) The parameter metric is required","type":"OAuthException","code":100}}
    an unknown metric: 400 {"error":{"message":"(#100) Param metric must be one of {page_messages_total_messaging_connections, page_messages_new_conversations_unique, page_messages_reported_conversations_unique, page_messages_blocked_conversations_unique} - got \"happiness\".","type":"OAuthException","code":100}}
    a metric of then: 400 {"error":{"message":"(#100) insights with since is not built yet in graphdouble","type":"OAuthException","code":100}}
    a POST: 400 {"error":{"message":"Unsupported post request. Object with ID 'me' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
}

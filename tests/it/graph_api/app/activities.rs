//! `POST /{app}/activities` and `/{app}/page_activities`.

use serde_json::json;

use crate::graph_api::refusals;
use crate::support::{BAKERY, Request, TestServer, get, post};

const EVENTS: &str = r#"{"event":"CUSTOM_APP_EVENTS","custom_events":[{"_eventName":"fb_mobile_purchase"}],"page_id":"2001","page_scoped_user_id":"3001"}"#;

fn report(body: &str) -> Request {
    post("/1001/activities").bearer("EAAsupport").json(body)
}

#[tokio::test]
async fn events_of_the_app_are_taken() {
    let server = TestServer::start(BAKERY).await;
    for request in [
        report(EVENTS),
        post("/1001/page_activities").bearer("1001|support-secret").json(EVENTS),
        post("/1001/activities").json(EVENTS),
        report(r#"{"event":"custom_app_events","custom_events":"[{}]"}"#),
    ] {
        let reply = server.ask(request).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "success": true })));
    }
}

#[tokio::test]
async fn what_is_no_event_is_refused() {
    let rows = vec![
        ("no event", report("{}")),
        ("an unknown event", report(r#"{"event":"BREAKFAST"}"#)),
        ("events that are no list", report(r#"{"event":"CUSTOM_APP_EVENTS","custom_events":"many"}"#)),
        ("another app's", post("/1002/activities").bearer("EAAsupport").json(EVENTS)),
        ("an app that is none, without a token", post("/1009/activities").json(EVENTS)),
        ("another edge without a token", post("/1001/subscriptions").json(EVENTS)),
        ("a GET", get("/1001/activities").bearer("EAAsupport")),
    ];
    insta::assert_snapshot!(refusals(BAKERY, &[], rows).await, @r#"
    no event: 400 {"error":{"message":"(#100) The parameter event is required","type":"OAuthException","code":100}}
    an unknown event: 400 {"error":{"message":"(#100) Param event must be one of {MOBILE_APP_INSTALL, CUSTOM_APP_EVENTS, DEFERRED_APP_LINK} - got \"BREAKFAST\".","type":"OAuthException","code":100}}
    events that are no list: 400 {"error":{"message":"(#100) Param custom_events must be an array.","type":"OAuthException","code":100}}
    another app's: 400 {"error":{"message":"Unsupported post request. Object with ID '1002' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    an app that is none, without a token: 400 {"error":{"message":"An access token is required to request this resource.","type":"OAuthException","code":104}}
    another edge without a token: 400 {"error":{"message":"An access token is required to request this resource.","type":"OAuthException","code":104}}
    a GET: 400 {"error":{"message":"Unsupported get request. Object with ID '1001' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api","type":"GraphMethodException","code":100,"error_subcode":33}}
    "#);
}

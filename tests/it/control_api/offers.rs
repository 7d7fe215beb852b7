//! What a person can do in a thread now, each with the step that does it.

use serde_json::{Value, json};

use crate::control_api::read;
use crate::support::{BAKERY, TestServer, post};

const OFFERS: &str = "/threads/bakery/alice/offers";

/// Performs the step of each offer of these lists, in a world that is put back before each.
async fn perform_all(server: &TestServer, offers: &Value, lists: &[&str]) {
    let snapshot = server.control("/snapshot?wait=10s").await;
    for list in lists {
        let offered = offers[list].as_array().expect("a list");
        assert!(!offered.is_empty(), "{list}: {offers}");
        for offer in offered.iter().filter(|offer| !offer["step"].is_null()) {
            let reply = server.http_step(&offer["step"].to_string()).await;
            assert_eq!(reply.status, 200, "{list}: {}", reply.text());
            let back = crate::support::put("/_control/worlds/default/snapshot?ids=same").body(snapshot.to_string());
            assert_eq!(server.ask(back).await.status, 200);
        }
    }
}

fn titles(offers: &Value, list: &str) -> Vec<String> {
    let words = |offer: &Value| {
        let name = ["title", "question", "name"].iter().find_map(|key| offer[key].as_str()).unwrap_or_default();
        let kind = ["type", "content_type"].iter().find_map(|key| offer[key].as_str()).unwrap_or("-");
        format!("{name} {kind} {}", if offer["step"].is_null() { "no step" } else { "step" })
    };
    offers[list].as_array().into_iter().flatten().map(words).collect()
}

fn can(offers: &Value, verb: &str) -> bool {
    offers["can"].as_array().is_some_and(|verbs| verbs.contains(&json!(verb)))
}

#[tokio::test]
async fn before_anything_there_are_ads_links_and_get_started() {
    let server = TestServer::start(BAKERY).await;
    let offers = server.control(OFFERS).await;
    assert_eq!(
        offers["ads"],
        json!([
            { "name": "tulips", "title": "Tulips, fresh every morning",
              "step": { "user": "alice", "page": "bakery", "taps_ad": "tulips" } },
            { "name": "bread", "title": null, "step": { "user": "alice", "page": "bakery", "taps_ad": "bread" } },
        ])
    );
    assert_eq!(
        offers["links"][0],
        json!({ "name": "spring", "ref": "spring26", "step": { "user": "alice", "page": "bakery", "opens_link": "spring" } })
    );
    for list in ["ice_breakers", "menu", "buttons", "quick_replies"] {
        assert_eq!(offers[list], json!([]), "{list}");
    }
    assert_eq!((&offers["get_started"], &offers["blocked"]), (&json!(true), &json!(false)));
    for verb in ["says", "sends", "gets_started", "taps_ad", "opens_link", "blocks", "comments", "opts_in"] {
        assert!(can(&offers, verb), "{verb}: {}", offers["can"]);
    }
    for verb in ["taps_button", "taps_quick_reply", "taps_menu", "unblocks", "edits", "reacts", "opens_login", "shares"]
    {
        assert!(!can(&offers, verb), "{verb}: {}", offers["can"]);
    }
    perform_all(&server, &offers, &["ads", "links"]).await;
}

#[tokio::test]
async fn what_messages_have_to_tap_comes_with_its_entry() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, taps_ad: tulips, says: Hi }").await;
    let offers = server.control(OFFERS).await;
    assert_eq!(titles(&offers, "buttons"), ["Tell me more postback step", "Our shop web_url no step"]);
    assert_eq!(titles(&offers, "quick_replies"), ["Buy text step", "Ask text step"]);
    assert_eq!(offers["get_started"], json!(false), "the person has written");
    let thread = server.control("/threads/bakery/alice").await;
    assert_eq!(offers["buttons"][0]["entry"], thread["transcript"][0]["entry"]);
    assert_eq!(offers["buttons"][0]["mid"], thread["transcript"][0]["mid"]);
    server
        .step(
            "{ app: sales, sends: { attachment: { type: template, payload: { template_type: button, text: Which?, buttons: [
                { type: postback, title: Tell me more, payload: NEW }, { type: account_link, url: 'https://shop.example/login' } ] } },
                quick_replies: [{ content_type: user_email }] } }",
        )
        .await;
    let offers = server.control(OFFERS).await;
    assert_eq!(
        titles(&offers, "buttons"),
        ["Tell me more postback step", "Log In account_link step", "Our shop web_url no step"],
        "of two with one label the newer one"
    );
    let newest = server.control("/threads/bakery/alice").await["transcript"][2]["entry"].clone();
    assert_eq!(offers["buttons"][0]["entry"], newest);
    let reply = offers["quick_replies"][0].clone();
    assert_eq!(reply["content_type"], "user_email");
    assert!(reply["title"].as_str().is_some_and(|title| title.contains('@')), "{reply}");
    assert!(can(&offers, "opens_login") && can(&offers, "reacts") && can(&offers, "edits"), "{}", offers["can"]);
    perform_all(&server, &offers, &["buttons", "quick_replies"]).await;
}

#[tokio::test]
async fn surveys_coupons_and_opt_ins_can_be_tapped_too() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    for payload in [
        "{ template_type: customer_feedback, title: Rate us, subtitle: 'How was it?', button_title: Rate,
           feedback_screens: [{ questions: [{ id: q1, type: csat }] }], business_privacy: { url: 'https://a.example/' } }",
        "{ template_type: one_time_notif_req, title: Back in stock, payload: STOCK }",
    ] {
        server
            .step(&format!("{{ app: support, sends: {{ attachment: {{ type: template, payload: {payload} }} }} }}"))
            .await;
    }
    let offers = server.control(OFFERS).await;
    assert_eq!(titles(&offers, "buttons"), ["Back in stock one_time_opt_in step", "Rate survey step"]);
    assert_eq!(offers["buttons"][1]["step"]["answers_survey"], json!({ "score": "5" }));
    perform_all(&server, &offers, &["buttons"]).await;
}

#[tokio::test]
async fn the_profile_of_the_page_offers_a_menu_and_ice_breakers() {
    let server = TestServer::start(BAKERY).await;
    let profile = json!({
        "get_started": { "payload": "START" },
        "ice_breakers": [{ "locale": "default", "call_to_actions": [{ "question": "Where are you?", "payload": "WHERE" }] }],
        "persistent_menu": [{ "locale": "default", "call_to_actions": [
            { "type": "postback", "title": "Help", "payload": "HELP" },
            { "type": "web_url", "title": "Shop", "url": "https://bakery.example/" },
        ] }],
    });
    let set = post("/me/messenger_profile?access_token=EAAsupport").json(profile.to_string());
    assert_eq!(server.ask(set).await.status, 200);
    let offers = server.control(OFFERS).await;
    assert_eq!(titles(&offers, "ice_breakers"), ["Where are you? - step"]);
    assert_eq!(titles(&offers, "menu"), ["Help postback step", "Shop web_url no step"]);
    perform_all(&server, &offers, &["ice_breakers", "menu"]).await;
    assert_eq!(server.http_step("{ user: alice, blocks: true }").await.status, 200);
    let offers = server.control(OFFERS).await;
    assert_eq!((&offers["blocked"], &offers["can"]), (&json!(true), &json!(["unblocks"])));
    assert_eq!(titles(&offers, "menu"), ["Help postback no step", "Shop web_url no step"]);
}

#[tokio::test]
async fn on_instagram_other_verbs_can_be_done() {
    let server = TestServer::start(include_str!("../../../fixtures/instagram.yaml")).await;
    let world = server.control("").await;
    let pages = world["pages"].as_object().expect("pages");
    let (account, _) = pages.iter().find(|(_, page)| page["platform"] == "instagram").expect("an account");
    let person = world["people"].as_object().and_then(|people| people.keys().next()).expect("a person");
    let offers = read(&server, &format!("/_control/worlds/default/threads/{account}/{person}/offers")).await;
    for verb in ["says", "shares", "replies_to_story", "mentions_in_story", "comments_gif"] {
        assert!(can(&offers, verb), "{verb}: {}", offers["can"]);
    }
    for verb in ["gets_started", "opts_in", "posts", "opens_login"] {
        assert!(!can(&offers, verb), "{verb}: {}", offers["can"]);
    }
    assert_eq!(offers["get_started"], json!(false));
}

//! What happened in a world, as a scenario file that passes when it is run.

use serde_json::json;

use crate::support::files::file;
use crate::support::{Answer, Bot, TestServer, get, post};

const SCENARIO: &str = "/_control/worlds/default/scenario";

/// The scenario of the default world, and what `graphdouble run` says about it.
async fn recorded(server: &TestServer, name: &str) -> (String, String) {
    let answer = server.ask(get(SCENARIO)).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/yaml")), "{}", answer.text());
    let text = answer.text().to_owned();
    let path = file("recorded_scenario", name, &text);
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_graphdouble"));
    let ran = command.args(["run", "--no-bundle", &path]).output().await.expect("the program runs");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{text}\n{said}{}", String::from_utf8_lossy(&ran.stderr));
    (text, said)
}

#[tokio::test]
async fn a_conversation_with_a_real_bot_is_run_once_more_with_a_puppet() {
    let address = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = address.clone();
    let bot = Bot::answering(move |seen| {
        let (item, taken) = (seen.item(), Answer::status("200 OK", ""));
        let call = |edge: &str, body: serde_json::Value| {
            let mut body = body;
            body["recipient"] = json!({ "id": item["sender"]["id"] });
            post(format!("/v25.0/me/{edge}")).bearer("EAAbot").json(body.to_string())
        };
        let replies = json!([{ "content_type": "text", "title": "A human: now", "payload": "HUMAN" }]);
        let calls = match (item["message"]["text"].as_str(), item["message"]["is_echo"].as_bool()) {
            (_, Some(true)) | (None, _) => return taken,
            (Some("A human: now"), _) => vec![
                call("pass_thread_control", json!({ "target_app_id": "1002", "metadata": "no. 7" })),
                call("messages", json!({ "message": { "text": "Too late" } })),
            ],
            _ => vec![
                call("messages", json!({ "sender_action": "typing_on" })),
                call("messages", json!({ "message": { "text": "Hello, \"you\" 😀", "quick_replies": replies } })),
            ],
        };
        Answer::AfterCalls(known.get().expect("a server").clone(), calls, Box::new(taken))
    })
    .await;
    let world = format!(
        "{{ apps: {{ bot: {{ id: 1001, webhook: '{}' }}, desk: {{ id: 1002 }} }}, pages: {{ shop: {{ default_app: bot, apps: {{ bot: {{ \
         token: EAAbot }}, desk: {{ token: EAAdesk }} }}, links: {{ poster: {{ ref: p1, app: desk }} }} }} }}, people: any }}",
        bot.url("/webhook")
    );
    let server = TestServer::start(&world).await;
    address.set(server.address().to_owned()).expect("one server");
    let menu = json!({ "get_started": { "payload": "GO" } }).to_string();
    assert_eq!(server.ask(post("/v25.0/me/messenger_profile").bearer("EAAbot").json(menu)).await.status, 200);
    for step in [
        "{ user: alice, says: 'Hi ${$}{alice}' }",
        "{ user: alice, taps_quick_reply: 'A human: now' }",
        "{ expect: [{ owner: desk }] }",
        "{ clock: +23h }",
        "{ inbox: shop, replies: A person here, to: alice }",
        "{ user: bob, sends: { attachments: [{ type: image, url: 'https://pic.example/1.png' }] } }",
        "{ clock: +25h }",
        "{ admin: shop, sets_default_app: desk, sets_link: { poster: none } }",
    ] {
        let answer = server.http_step(step).await;
        assert_eq!(answer.status, 200, "{step}: {}", answer.text());
    }
    let (text, said) = recorded(&server, "bot.yaml").await;
    assert!(said.contains("1 passed, 0 failed"), "{said}");
    let steps = text.split_once("    steps:\n").expect("steps").1.to_owned();
    insta::assert_snapshot!(steps);
}

#[tokio::test]
async fn a_world_has_a_scenario_of_what_came_after_its_reset() {
    let server = TestServer::start(
        "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: { token: EAAbot } } } }, people: { alice: {} } }",
    )
    .await;
    let answer = server.ask(get(SCENARIO)).await;
    assert_eq!((answer.status, crate::control_api::message(&answer).contains("nothing has happened")), (409, true));
    assert_eq!(server.http_step("{ user: alice, says: Before }").await.status, 200);
    assert_eq!(server.ask(post("/_control/worlds/default/reset")).await.status, 204);
    assert_eq!(server.http_step("{ user: alice, says: After }").await.status, 200);
    let (text, _) = recorded(&server, "after.yaml").await;
    assert!(text.contains("says: After") && !text.contains("Before") && !text.contains("Left out"), "{text}");
    let menu = json!({ "get_started": { "payload": "GO" } }).to_string();
    assert_eq!(server.ask(post("/v25.0/me/messenger_profile").bearer("EAAbot").json(menu)).await.status, 200);
    let keep = post("/_control/worlds/default/reset").body("{ keep: [profile] }");
    assert_eq!(server.ask(keep).await.status, 204);
    assert_eq!(server.http_step("{ user: alice, says: Again }").await.status, 200);
    let (text, _) = recorded(&server, "kept.yaml").await;
    assert!(text.contains("POST /v25.0/me/messenger_profile, which a reset kept"), "{text}");
}

#[tokio::test]
async fn what_people_do_on_instagram_is_recorded() {
    let world = "{ apps: { bot: {} }, instagram: { shop: { apps: { bot: {} } } }, ads: { tulips: { page: shop } }, people: { alice: {} } }";
    let server = TestServer::start(world).await;
    for step in [
        "{ user: alice, says: Is it fresh?, about_product: '7' }",
        "{ user: alice, replies_to_story: { text: Nice, link_sticker_url: 'https://a.example/x' } }",
        "{ user: alice, mentions_in_story: true }",
        "{ user: alice, shares: { type: reel, title: Baking } }",
        "{ user: alice, sends: { attachments: [{ type: image }, { type: like_heart }] } }",
        "{ user: alice, comments: Wow, on_media: reel }",
        "{ user: alice, comments_gif: true, on_ad: tulips }",
        "{ admin: shop, comments: { text: Thanks, replies_to: Wow } }",
        "{ admin: shop, story_ends: { reach: 9 } }",
        "{ user: alice, removes_comment: Wow }",
    ] {
        let answer = server.http_step(step).await;
        assert_eq!(answer.status, 200, "{step}: {}", answer.text());
    }
    let (text, said) = recorded(&server, "instagram.yaml").await;
    assert!(said.contains("1 passed, 0 failed"), "{said}");
    for words in [
        "about_product: ",
        "replies_to_story",
        "story_mention",
        "ig_reel",
        "like_heart",
        "on_media: reel",
        "comments_gif: true",
        "on_ad: tulips",
        "replies_to: Wow",
        "story_ends",
        "removes_comment: Wow",
    ] {
        assert!(text.contains(words), "`{words}` is missing: {text}");
    }
}

#[tokio::test]
async fn what_people_send_and_change_is_recorded() {
    let world = "{ apps: { bot: {} }, pages: { shop: { apps: { bot: { token: EAAbot } } } }, people: { alice: {} } }";
    let steps = [
        "{ user: alice, sends: { attachments: [{ type: sticker, id: 5 }] } }",
        "{ user: alice, sends: { text: Look, attachments: [{ type: ig_post, title: A, url: 'https://a.example/x', id: 7 }] } }",
        "{ user: alice, sends: { attachments: [{ type: location, lat: 52.5, long: 13.4, title: Shop }] } }",
        "{ user: alice, says: Helo }",
        "{ user: alice, edits: Hello }",
        "{ user: alice, unsends: true, message: Look }",
        "{ app: bot, sends: { text: Where?, quick_replies: [{ content_type: user_email }] } }",
        "{ user: alice, taps_quick_reply: alice@example.com }",
    ];
    let server = TestServer::after(world, &steps).await;
    let (text, said) = recorded(&server, "people.yaml").await;
    assert!(said.contains("1 passed, 0 failed"), "{said}");
    for part in
        ["type: sticker", "type: ig_post", "id: 7", "title: Shop", "edits: Hello", "unsends: true", "message: Look"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn a_world_whose_beginning_is_gone_has_no_scenario() {
    let server = TestServer::after(
        "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} }, limits: { ledger: 5 } }",
        &["{ user: alice, says: Hi }", "{ app: bot, sends: Hello }", "{ user: alice, says: Bye }"],
    )
    .await;
    let answer = server.ask(get(SCENARIO)).await;
    assert_eq!(answer.status, 409);
    insta::assert_snapshot!(crate::control_api::message(&answer), @"the ledger has dropped its oldest entries, so the beginning is missing: give the world a larger `limits: { ledger: … }`");
}

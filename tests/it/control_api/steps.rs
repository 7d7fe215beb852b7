//! Steps over HTTP: what they answer, and how they fail.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::control_api::{drawn, kinds, message, mistakes};
use crate::support::{Answer, BAKERY, Bot, Reply, TestServer, post};

pub const HELLO: &str = r#"{"recipient":{"id":"3001"},"message":{"text":"Hello!"}}"#;

#[tokio::test]
async fn a_step_answers_how_it_went_and_the_entries_that_it_caused() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.http_step("{ user: alice, says: Hi }").await;
    assert_eq!(reply.status, 200);
    let printed = reply.json();
    assert_eq!(printed["how"], "acted");
    assert!(printed["answer"]["mid"].as_str().is_some_and(|mid| mid.starts_with("m_")));
    let expected =
        ["command", "routed", "owner_changed", "window_opened", "webhook_event", "webhook", "webhook", "webhook"];
    let mut told_kinds = kinds(&printed["entries"]);
    told_kinds.retain(|kind| *kind != "owner_changed");
    assert_eq!(told_kinds, expected.into_iter().filter(|kind| *kind != "owner_changed").collect::<Vec<_>>());
    let held =
        server.http_step("{ expect: [{ app: support, gets: messages, text: Hi }, { owner: support }] }").await.json();
    assert_eq!(held, json!({ "how": "held", "answer": null, "entries": [] }));
    let call = server.http_step("{ call: { as: support, get: /me } }").await.json();
    assert_eq!(call["answer"], json!({ "id": "2001", "name": "bakery", "status": 200 }));
}

#[tokio::test]
async fn a_step_comes_as_json_too() {
    let server = TestServer::start(BAKERY).await;
    let step = json!({ "user": "alice", "says": "Hi" }).to_string();
    let reply = server.ask(post("/_control/worlds/default/steps").json(step)).await;
    assert_eq!((reply.status, &reply.json()["how"]), (200, &json!("acted")));
}

/// As Python's `json.dumps` and PHP's `json_encode` write it.
#[tokio::test]
async fn an_emoji_in_json_is_a_surrogate_pair() {
    let server = TestServer::start(BAKERY).await;
    let step = r#"{"user":"alice","says":"\ud83d\ude00"}"#;
    let reply = server.ask(post("/_control/worlds/default/steps").json(step)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let seen = server.http_step(r#"{"expect":[{"app":"support","gets":"messages","text":"\ud83d\ude00"}]}"#).await;
    assert_eq!(seen.status, 200, "{}", seen.text());
    let half = server.ask(post("/_control/worlds/default/steps").json(r#"{"user":"alice","says":"\ud83d"}"#)).await;
    assert_eq!((half.status, message(&half)), (400, "the step:1:25: `\\ud83d` is half of a surrogate pair".to_owned()));
    assert!(drawn(&half).contains("^^^^^^"), "{}", drawn(&half));
}

#[tokio::test]
async fn a_world_comes_as_json_too() {
    let server = TestServer::start(BAKERY).await;
    let world = json!({ "apps": { "bot": {} }, "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } },
        "people": { "alice": { "first_name": "\u{1f600}" } } });
    let body = json!({ "name": "json", "world": world }).to_string().replace('\u{1f600}', "\\ud83d\\ude00");
    let made = server.ask(post("/_control/worlds").json(body)).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

#[tokio::test]
async fn every_noun_of_the_language_acts_over_http() {
    let server = TestServer::start(BAKERY).await;
    for step in [
        "{ user: alice, taps_ad: tulips, says: Hi }",
        "{ app: sales, sends: Hello }",
        "{ admin: bakery, sets_take_control: { loyalty: true } }",
        "{ app: loyalty, sends: Mine }",
        "{ inbox: bakery, replies: Ours }",
        "{ clock: +1h }",
        "{ app: support, sends: No, refused: { code: 10, subcode: 2018300 } }",
        "{ expect: [{ owner: inbox }, { window: open }] }",
    ] {
        let reply = server.http_step(step).await;
        assert_eq!(reply.status, 200, "{step}: {}", reply.text());
    }
}

#[tokio::test]
async fn what_a_step_saved_later_steps_may_use() {
    let server = TestServer::start(BAKERY).await;
    for step in [
        "{ user: alice, says: Hi, save: { hers: /mid } }",
        "{ call: { as: support, post: /me/messages, body: { recipient: { id: '${alice}' }, message: { text: Yes }, reply_to: { mid: '${hers}' } } }, returns: { status: 200 }, save: { ours: /message_id } }",
        "{ expect: [{ app: support, gets: message_echoes, body: { message: { mid: '${ours}', reply_to: { mid: '${hers}' } } } }] }",
    ] {
        let reply = server.http_step(step).await;
        assert_eq!(reply.status, 200, "{step}: {}", reply.text());
    }
    server.ask(post("/_control/worlds/default/reset")).await;
    let forgotten = server.http_step("{ user: alice, says: '${hers}' }").await;
    assert_eq!((forgotten.status, message(&forgotten).contains("`${hers}` is not known here")), (400, true));
}

#[tokio::test]
async fn a_step_that_makes_no_sense_is_drawn_and_does_nothing() {
    let server = TestServer::start(BAKERY).await;
    let rows = vec![
        ("nothing", ""),
        ("no map", "hello"),
        ("half a YAML", "{ user: alice, says: "),
        ("a noun that is none", "{ usr: alice, says: Hi }"),
        ("a verb that is none", "{ user: alice, sais: Hi }"),
        ("a name that is none", "{ user: alcie, says: Hi }"),
        ("no verb", "{ user: alice }"),
        ("an empty message", "{ user: alice, sends: { text: '' } }"),
        ("two verbs", "{ app: sales, sends: Hi, releases: true }"),
        ("a time without a unit", "{ clock: +24 }"),
        ("an edit to nothing", "{ user: alice, edits: '' }"),
        ("a list", "[{ user: alice, says: Hi }]"),
    ];
    let rows = rows.into_iter().map(|(what, step)| (what, post("/_control/worlds/default/steps").body(step))).collect();
    insta::assert_snapshot!(mistakes(&server, rows).await, @"
    nothing: 400 the step:1:1: the file is empty
    no map: 400 the step:1:1: a step needs one of: user, app, admin, inbox, clock, fault, call, expect
    half a YAML: 400 the step:1:22: this is not YAML: while parsing a node, did not find expected node content
    a noun that is none: 400 the step:1:1: a step needs one of: user, app, admin, inbox, clock, fault, call, expect, did you mean `user`?
    a verb that is none: 400 the step:1:16: unknown key `sais` in a `user` step, did you mean `says`?
    a name that is none: 400 the step:1:9: unknown person `alcie`, did you mean `alice`?
    no verb: 400 the step:1:1: this `user` step does nothing
    an empty message: 400 the step:1:23: this message is empty
    two verbs: 400 the step:1:1: an `app` step does one thing: this has `sends` and `releases`
    a time without a unit: 400 the step:1:10: expected `+` and a length of time, found `+24`
    an edit to nothing: 400 the step:1:23: a message cannot be edited to nothing
    a list: 400 the step:1:1: a step needs one of: user, app, admin, inbox, clock, fault, call, expect
    ");
    assert_eq!(server.entries("command").await.len(), 0);
}

#[tokio::test]
async fn a_mistake_in_a_step_is_drawn_with_its_line_and_column() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.http_step("user: alice\nsais: Hi\n").await;
    assert_eq!(reply.status, 400);
    insta::assert_snapshot!(drawn(&reply), @"
    error: unknown key `sais` in a `user` step, did you mean `says`?
     --> the step:2:1
      |
    2 | sais: Hi
      | ^^^^ unknown key
      |
      = note: known are: user, says, sends, taps_ad, opens_link, gets_started, taps_button, taps_quick_reply, taps_ice_breaker, taps_menu, replies_to, reacts, unreacts, replies_to_story, mentions_in_story, shares, about_product, edits, unsends, message, opts_in, stops_messages, resumes_messages, answers_survey, opens_coupon, comments, on_post, on_comment, comments_gif, on_media, on_ad, posts, edits_comment, edits_post, removes_comment, removes_post, mentions_in_post, mentions_in_comment, opens_login, links_account, unlinks_account, reads, blocks, unblocks, within, page, on, save

    1 mistake
    ");
}

#[tokio::test]
async fn a_step_that_fails_says_why_and_what_happened_all_the_same() {
    let server = TestServer::start(BAKERY).await;
    server.http_step("{ user: alice, says: Hi }").await;
    let reply = server.http_step("{ app: sales, sends: Hello }").await;
    assert_eq!(reply.status, 422);
    insta::assert_snapshot!(drawn(&reply), @"
    error: app `sales` was refused: (#10) Message failed to send because another app is controlling this thread now.
     --> the step:1:1
      |
    1 | { app: sales, sends: Hello }
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: because of send.refused.not_owner: An app that does not own the thread may not send into it, unless the page has a default app and the app's take-control toggle is on.
      = note: if this is intended, write `refused: { code: … }`

    1 mistake
    ");
    let printed = reply.json();
    assert_eq!(kinds(&printed["entries"]), ["refused", "call_failed"]);
    assert_eq!(printed["entries"][0]["rule"], "send.refused.not_owner");
}

#[tokio::test]
async fn an_expectation_that_fails_is_drawn_with_what_came_nearest() {
    let server = TestServer::start(BAKERY).await;
    server.http_step("{ user: alice, says: Hi }").await;
    let reply = server.http_step("{ expect: [{ app: support, gets: messages, text: Ho }] }").await;
    assert_eq!(reply.status, 422);
    insta::assert_snapshot!(drawn(&reply), @r#"
    error: app `support` did not get this `messages`
     --> the step:1:12
      |
    1 | { expect: [{ app: support, gets: messages, text: Ho }] }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: text: expected "Ho", found "Hi"
      = note: nearest: messages {"sender":{"id":"3001"},"recipient":{"id":"2001"},"timestamp":1772442000000,"message":{"mid":"m_nolO_GNRmcnpfe0QxYnlSTA4m20QqxH7VbQhQ0yYnD0yzGzIHvisuZd0_EzigN39ZKXM0tE9e5GmRuBmnHZjp-","text":"Hi"}}
      = note: owners of the thread of alice: support (routing.organic.default_app)

    1 mistake
    "#);
}

#[tokio::test]
async fn a_gesture_that_is_impossible_fails_the_step() {
    let server = TestServer::start(BAKERY).await;
    let rows = vec![
        ("a button that was never sent", "{ user: alice, taps_button: Buy }"),
        ("time that runs backwards", "{ clock: { to: 2026-01-01T00:00:00Z } }"),
        ("a message that was never said", "{ user: alice, says: Yes, replies_to: Hello }"),
        ("a value that is not there", "{ user: alice, says: Hi, save: { x: /nothing } }"),
        ("a call that returns something else", "{ call: { as: support, get: /me }, returns: { id: '2002' } }"),
    ];
    let mut printed = String::new();
    for (what, step) in rows {
        let reply = server.http_step(step).await;
        assert_eq!(reply.status, 422, "{what}: {}", reply.text());
        printed.push_str(&format!("{what}: {}\n", message(&reply)));
    }
    insta::assert_snapshot!(printed, @"
    a button that was never sent: the step:1:1: no button labelled `Buy` was ever sent in this thread: no button was sent
    time that runs backwards: the step:1:1: the clock cannot go back: it is already 2026-03-02T09:00:00Z
    a message that was never said: the step:1:1: no message `Hello` is in this thread: nothing was said
    a value that is not there: the step:1:1: cannot save `x`: there is nothing at /nothing
    a call that returns something else: the step:1:1: the answer does not match `returns`
    ");
}

#[tokio::test]
async fn a_world_outlives_what_its_ledger_remembers() {
    let server = TestServer::start(BAKERY).await;
    let bot = Bot::accepting().await;
    let world = format!(
        "{{ name: long, clock: frozen, world: {{ limits: {{ ledger: 30 }}, apps: {{ bot: {{ webhook: {{ url: '{}' }} }} }}, \
         pages: {{ shop: {{ default_app: bot, apps: {{ bot: {{}} }} }} }}, people: {{ carol: {{}} }} }} }}",
        bot.url("/bot")
    );
    assert_eq!(server.ask(post("/_control/worlds").body(world)).await.status, 201);
    for _ in 0..8 {
        for step in [
            "{ user: carol, says: Hi }",
            "{ expect: [{ app: bot, gets: messages }] }",
            "{ app: bot, stays_silent: 1ms }",
        ] {
            let reply = server.ask(post("/_control/worlds/long/steps").body(step)).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
        }
    }
}

#[tokio::test]
async fn a_fault_is_armed_over_http_shown_with_the_world_and_forgotten_by_a_reset() {
    let server = TestServer::start(BAKERY).await;
    let hello = || post("/me/messages").bearer("EAAsupport").json(HELLO);
    assert_eq!(server.control("").await["faults"], json!([]));
    server.http_step("{ user: alice, says: Hi }").await;
    let armed = server
        .http_step("{ fault: { at: send, app: support, to: alice, reply: rate_limited, times: 2 } }")
        .await
        .json();
    assert_eq!(kinds(&armed["entries"]), ["fault_armed"]);
    assert_eq!(armed["entries"][0]["text"], "fault 1: send of support to alice answers rate_limited, 2 times");
    assert_eq!(server.ask(hello()).await.code(), (613, None));
    let shown = server.control("").await["faults"].clone();
    assert_eq!((&shown[0]["reply"], &shown[0]["fired"]), (&json!("rate_limited"), &json!(1)));
    assert_eq!(server.control("/faults").await["faults"], shown);
    let failed = server.entries("call_failed").await;
    assert_eq!((&failed[0]["fault"], &failed[0]["code"]), (&json!(1), &json!(613)));
    assert_eq!(server.entries("fault_armed").await[0]["armed"]["reply"], "rate_limited");
    assert_eq!(server.ask(post("/_control/worlds/default/reset")).await.status, 204);
    assert_eq!(server.control("").await["faults"], json!([]));
    server.http_step("{ user: alice, says: Hi }").await;
    assert_eq!(server.ask(hello()).await.status, 200, "a reset forgets what was armed");
}

#[tokio::test]
async fn an_unknown_error_is_answered_with_the_nearest() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.http_step("{ fault: { at: send, reply: rate_limit } }").await;
    assert_eq!(reply.status, 400);
    assert!(message(&reply).contains("`rate_limit` is not an error, did you mean `rate_limited`?"), "{}", reply.text());
}

async fn turn(server: &TestServer, body: &str) -> Reply {
    server.ask(post("/_control/worlds/default/clock").body(body)).await
}

#[tokio::test]
async fn a_failure_says_whether_the_step_was_performed() {
    let bot = Bot::answering(|_| Answer::status("500 Internal Server Error", "")).await;
    let world = BAKERY.replacen("support: {", &format!("support: {{ webhook: \"{}\",", bot.url("/support")), 1);
    let server = TestServer::start(&world).await;
    let says = server.http_step("{ user: alice, says: Hi }").await;
    assert_eq!((says.status, &says.json()["performed"]), (422, &json!(true)), "{}", says.text());
    let refused = server.http_step("{ app: sales, sends: Hello }").await;
    assert_eq!((refused.status, &refused.json()["performed"]), (422, &json!(false)), "{}", refused.text());
    let held = server.http_step("{ expect: [{ owner: sales }] }").await;
    assert_eq!((held.status, &held.json()["performed"]), (422, &json!(false)), "{}", held.text());

    let back = turn(&server, "{ to: 2026-01-01T00:00:00Z }").await;
    assert_eq!((back.status, &back.json()["performed"]), (422, &json!(false)));
    assert_eq!(back.json()["clock"]["now"], "2026-03-02T09:00:00Z");
    assert!(message(&back).contains("the clock cannot go back"), "{}", back.text());
    let onwards = turn(&server, "{ advance: 10m }").await;
    assert_eq!((onwards.status, &onwards.json()["now"]), (200, &json!("2026-03-02T09:10:00Z")), "{}", onwards.text());
}

#[tokio::test]
async fn a_clock_that_does_not_turn_says_so() {
    let requests = AtomicUsize::new(0);
    let bot = Bot::answering(move |_| match requests.fetch_add(1, Ordering::Relaxed) {
        0 => Answer::status("200 OK", ""),
        _ => Answer::status("500 Internal Server Error", ""),
    })
    .await;
    let world = BAKERY.replacen("support: {", &format!("support: {{ webhook: \"{}\",", bot.url("/support")), 1);
    let server = TestServer::start(&world).await;
    assert_eq!(server.http_step("{ user: alice, says: Hi }").await.status, 200);
    // Nobody waits for the echo, which the bot refuses.
    assert_eq!(server.ask(post("/me/messages").bearer("EAAsupport").json(HELLO)).await.status, 200);
    let failed = turn(&server, "{ advance: 24h }").await;
    assert_eq!((failed.status, &failed.json()["performed"]), (422, &json!(false)), "{}", failed.text());
    assert_eq!(failed.json()["clock"]["now"], "2026-03-02T09:00:00Z");
    assert!(drawn(&failed).contains("note: the clock was not turned"), "{}", failed.text());
    // On the way another one is sent, and refused.
    for webhook in ["message_echoes", "message_deliveries"] {
        let late = format!("{{ fault: {{ webhook: {webhook}, app: support, late: 5m }} }}");
        assert_eq!(server.http_step(&late).await.status, 200);
    }
    assert_eq!(server.ask(post("/me/messages").bearer("EAAsupport").json(HELLO)).await.status, 200);
    let failed = turn(&server, "{ advance: 10m }").await;
    assert_eq!((failed.status, &failed.json()["performed"]), (422, &json!(true)), "{}", failed.text());
    assert_eq!(failed.json()["clock"]["now"], "2026-03-02T09:05:00Z");
    assert!(drawn(&failed).contains("note: the clock was turned to 2026-03-02T09:05:00Z"), "{}", failed.text());
}

#[tokio::test]
async fn what_was_done_is_said_although_it_was_not_as_expected() {
    let server = TestServer::start(BAKERY).await;
    let sends = "post: /me/messages, body: { recipient: { id: '${alice}' }, message: { text: Yes } }";
    for (step, performed) in [
        ("{ user: alice, taps_button: Buy }".to_owned(), false),
        ("{ user: alice, says: Hi, save: { x: /nothing } }".to_owned(), true),
        (format!("{{ call: {{ as: support, {sends} }}, returns: {{ status: 400 }} }}"), true),
        (format!("{{ call: {{ as: sales, {sends} }}, returns: {{ status: 200 }} }}"), false),
        (format!("{{ app: support, calls: {{ {sends} }}, returns: {{ message_id: none }} }}"), true),
        ("{ app: support, sends: Hello, to: alice, refused: { code: 10 } }".to_owned(), true),
        ("{ app: support, sends: Hello, to: alice, response_lost: true }".to_owned(), true),
    ] {
        let before = server.entries("command").await.len();
        let reply = server.http_step(&step).await;
        assert_eq!((reply.status, &reply.json()["performed"]), (422, &json!(performed)), "{step}: {}", reply.text());
        assert_eq!(server.entries("command").await.len() > before, performed, "{step}: the ledger knows it");
    }
    assert_eq!(server.http_step("{ fault: { at: send, app: support, breaks: reset, after: true } }").await.status, 200);
    let lost = server.http_step("{ app: support, sends: Hello, to: alice }").await;
    assert_eq!((lost.status, &lost.json()["performed"]), (422, &json!(true)), "{}", lost.text());

    let exchanges = async |body: &str| server.ask(post("/_control/worlds/default/exchanges").body(body)).await;
    let reply = exchanges("{ user: alice, taps_button: Buy }").await;
    assert_eq!((reply.status, &reply.json()["performed"]), (422, &json!(false)), "{}", reply.text());
    let reply = exchanges("{ user: alice, says: Hi, save: { x: /nothing } }").await;
    assert_eq!((reply.status, &reply.json()["performed"]), (422, &json!(true)), "{}", reply.text());
}

#[cfg(feature = "inspector")]
#[tokio::test]
async fn a_failed_step_has_the_address_of_what_happened() {
    let mut server = TestServer::start(BAKERY).await;
    server.step("{ user: alice, says: Hi }").await;
    let newest = server.control("/ledger").await["after"].clone();
    let at = |query: &str| format!("http://{}/_inspector/#/default/chat{query}", server.address());
    for (step, query) in [
        ("{ expect: [{ owner: sales, of: alice }] }", format!("?entry={newest}&page=bakery&person=alice")),
        ("{ expect: [{ owner: sales }] }", String::new()),
        ("{ user: bob, taps_button: Yes }", "?page=bakery&person=bob".to_owned()),
    ] {
        let reply = server.http_step(step).await;
        assert_eq!(reply.status, 422, "{step}: {}", reply.text());
        assert_eq!(reply.json()["error"]["inspector"], at(&query), "{step}");
    }
    let refused = server.http_step("{ app: sales, to: alice, sends: Hello }").await;
    let last =
        refused.json()["entries"].as_array().and_then(|entries| entries.last()).map(|entry| entry["cursor"].clone());
    let query = format!("?entry={}&page=bakery&person=alice", last.expect("an entry"));
    assert_eq!((refused.status, &refused.json()["error"]["inspector"]), (422, &serde_json::json!(at(&query))));
    let wrong = server.http_step("{ user: alice }").await;
    assert!(wrong.status == 400 && wrong.json()["error"].get("inspector").is_none(), "{}", wrong.text());
}

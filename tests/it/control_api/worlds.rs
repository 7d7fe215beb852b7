//! Making, describing, resetting and deleting worlds.

use serde_json::json;

use crate::control_api::{SMALL, drawn, make, mistakes, read};
use crate::support::{BAKERY, GUARDED, TestServer, delete, get, post, put};

async fn world_names(server: &TestServer) -> Vec<String> {
    let listed = read(server, "/_control/worlds").await["worlds"].clone();
    listed.as_array().into_iter().flatten().filter_map(|world| Some(world["name"].as_str()?.to_owned())).collect()
}

#[tokio::test]
async fn a_world_is_described_with_all_that_a_bot_needs() {
    let server = TestServer::start(BAKERY).await;
    let shown = read(&server, "/_control/worlds/default").await;
    assert_eq!(shown["graph_url"], server.emulator.url());
    assert_eq!(
        (&shown["name"], &shown["clock"], &shown["seed"]),
        (&json!("default"), &json!("2026-03-02T09:00:00Z"), &json!(1))
    );
    let mut support = json!({
        "id": "1001", "secret": "support-secret", "app_token": "1001|support-secret", "webhook": null,
        "env": {
            "GRAPHDOUBLE_URL": server.emulator.url(), "GRAPHDOUBLE_APP_ID": "1001", "GRAPHDOUBLE_APP_SECRET": "support-secret",
            "GRAPHDOUBLE_PAGE_ID": "2001", "GRAPHDOUBLE_PAGE_TOKEN": "EAAsupport",
            "GRAPHDOUBLE_PAGE_ID_BAKERY": "2001", "GRAPHDOUBLE_PAGE_TOKEN_BAKERY": "EAAsupport",
            "GRAPHDOUBLE_PAGE_TOKEN_BAKERY_SUPPORT": "EAAsupport", "GRAPHDOUBLE_APP_SECRET_SUPPORT": "support-secret",
            "GRAPHDOUBLE_APP_ID_SUPPORT": "1001", "GRAPHDOUBLE_APP_ID_SALES": "1002", "GRAPHDOUBLE_APP_ID_LOYALTY": "1003",
        },
    });
    // It is derived from the seed, so that a bot may know it before it is attached.
    let verify_token = shown["apps"]["support"]["verify_token"].clone();
    assert_eq!(verify_token.as_str().map(str::len), Some(16));
    support["env"]["GRAPHDOUBLE_VERIFY_TOKEN"] = verify_token.clone();
    support["env"]["GRAPHDOUBLE_VERIFY_TOKEN_SUPPORT"] = verify_token.clone();
    support["verify_token"] = verify_token;
    assert_eq!(shown["apps"]["support"], support);
    assert_eq!(shown["apps"]["inbox"]["id"], "263902037430900");
    assert_eq!(shown["pages"]["bakery"]["id"], "2001");
    assert_eq!(shown["pages"]["bakery"]["rules"], "conversation_routing@2023-09");
    assert_eq!(shown["pages"]["bakery"]["apps"]["sales"], json!({ "token": "EAAsales" }));
    assert_eq!(shown["people"]["alice"]["psids"], json!({ "bakery": "3001" }));
    assert_eq!(shown["users"], json!({}));
}

#[tokio::test]
async fn a_world_lists_the_tokens_of_its_users() {
    let server = TestServer::start(GUARDED).await;
    let shown = read(&server, "/_control/worlds/default").await;
    let dora = json!({ "id": "5001", "tokens": { "support": "EAAdora", "loyalty": "EAAdoraloyalty" } });
    assert_eq!(shown["users"]["dora"], dora);
    assert_eq!(shown["users"]["erik"], json!({ "id": "5002", "tokens": {} }));
    assert_eq!(server.emulator.user_token("dora", "support"), Some("EAAdora"));
    assert_eq!(server.emulator.user_token("dora", "sales"), None);
}

#[tokio::test]
async fn the_graph_url_is_the_name_under_which_the_caller_came() {
    let server = TestServer::start(BAKERY).await;
    let shown = server.ask(get("/_control/worlds/default").header("Host", "localhost:4004")).await.json();
    assert_eq!(shown["graph_url"], "http://localhost:4004");
}

#[tokio::test]
async fn a_world_is_made_of_json_or_yaml_and_what_is_left_out_is_derived_from_its_name() {
    let server = TestServer::start(BAKERY).await;
    let yaml = make(&server, "first").await;
    let json = json!({ "name": "second", "clock": "frozen", "world": {
        "apps": { "bot": {} }, "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } }, "people": { "carol": {} },
    } });
    let json = server.ask(post("/_control/worlds").json(json.to_string())).await;
    assert_eq!(json.status, 201);
    let token = |shown: &serde_json::Value| {
        shown["pages"]["shop"]["apps"]["bot"]["token"].as_str().unwrap_or_default().to_owned()
    };
    assert!(token(&yaml).starts_with("EAA") && token(&yaml) != token(&json.json()));
    let again = TestServer::start(BAKERY).await;
    assert_eq!(make(&again, "first").await["pages"], yaml["pages"], "the same name makes the same world");
}

#[tokio::test]
async fn a_world_may_go_without_a_name_and_every_world_is_listed() {
    let server = TestServer::start(BAKERY).await;
    let made = server.ask(post("/_control/worlds").body(format!("{{ world: {SMALL} }}"))).await;
    assert_eq!((made.status, &made.json()["name"]), (201, &json!("world-1")));
    make(&server, "another").await;
    assert_eq!(world_names(&server).await, ["another", "default", "world-1"]);
    assert_eq!(read(&server, "/_control/worlds/another/clock").await["mode"], "frozen");
    assert_eq!(read(&server, "/_control/worlds/world-1/clock").await["mode"], "follow");
}

#[tokio::test]
async fn two_worlds_in_one_process_never_meet() {
    let server = TestServer::start(BAKERY).await;
    let (one, two) = (make(&server, "one").await, make(&server, "two").await);
    let call = |world: &serde_json::Value, psid_of: &serde_json::Value| {
        let token = world["pages"]["shop"]["apps"]["bot"]["token"].as_str().unwrap_or_default();
        let body = json!({ "recipient": { "id": psid_of["people"]["carol"]["psids"]["shop"] }, "message": { "text": "Hello" } });
        post("/me/messages").bearer(token).json(body.to_string())
    };
    for name in ["one", "two"] {
        let step = post(format!("/_control/worlds/{name}/steps")).body(format!("{{ user: carol, says: in {name} }}"));
        assert_eq!(server.ask(step).await.status, 200);
    }
    assert_eq!(server.ask(call(&one, &one)).await.status, 200);
    assert_eq!(
        server.ask(call(&one, &two)).await.code(),
        (100, Some(2018001)),
        "a person of the other world is nobody"
    );
    let transcript = async |name: &str| {
        let thread = read(&server, &format!("/_control/worlds/{name}/threads/shop/carol")).await;
        let messages = thread["transcript"].as_array().cloned().unwrap_or_default();
        messages.into_iter().map(|message| message["content"]["text"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(transcript("one").await, [json!("in one"), json!("Hello")]);
    assert_eq!(transcript("two").await, [json!("in two")]);
    assert_eq!(read(&server, "/_control/worlds/two/ledger?kind=call_failed").await["entries"], json!([]));
    server.ask(post("/_control/worlds/one/clock").body("{ advance: 24h }")).await;
    assert_eq!(read(&server, "/_control/worlds/one/threads/shop/carol").await["window"], "closed");
    assert_eq!(read(&server, "/_control/worlds/two/threads/shop/carol").await["window"], "open");
}

#[tokio::test]
async fn a_reset_starts_over_with_the_same_ids_but_new_message_ids() {
    let mut server = TestServer::start(BAKERY).await;
    let before = read(&server, "/_control/worlds/default").await;
    let hello = || post("/me/messages").bearer("EAAsupport").json(crate::control_api::steps::HELLO);
    server.step("{ user: alice, says: Hi }").await;
    server.step("{ clock: +1h }").await;
    let first = server.ask(hello()).await;
    assert_eq!(first.status, 200);
    let reset = server.ask(post("/_control/worlds/default/reset")).await;
    assert_eq!((reset.status, reset.body.len()), (204, 0));
    assert_eq!(read(&server, "/_control/worlds/default").await, before);
    assert_eq!(read(&server, "/_control/worlds/default/ledger").await["entries"], json!([]));
    assert_eq!(read(&server, "/_control/worlds/default/threads").await, json!({ "threads": [], "after": null }));
    assert_eq!(server.http_step("{ user: alice, says: Hi }").await.status, 200);
    let second = server.ask(hello()).await;
    assert_eq!((second.status, second.header("x-fb-request-id")), (200, first.header("x-fb-request-id")));
    assert_ne!(second.text(), first.text(), "a bot that answers no message twice must not take new ones for old");
}

#[tokio::test]
async fn a_deleted_world_takes_its_tokens_and_its_saved_values_along() {
    let server = TestServer::start(BAKERY).await;
    let made = make(&server, "brief").await;
    let token = made["pages"]["shop"]["apps"]["bot"]["token"].as_str().unwrap_or_default().to_owned();
    let saves = post("/_control/worlds/brief/steps").body("{ user: carol, says: Hi, save: { hers: /mid } }");
    assert_eq!(server.ask(saves).await.status, 200);
    assert_eq!(server.ask(get("/me").bearer(&token)).await.status, 200);
    let gone = server.ask(delete("/_control/worlds/brief")).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    assert_eq!(server.ask(get("/me").bearer(&token)).await.code(), (190, None));
    assert_eq!(server.ask(delete("/_control/worlds/brief")).await.status, 404);
    make(&server, "brief").await;
    let uses = post("/_control/worlds/brief/steps").body("{ user: carol, says: 'again ${hers}' }");
    assert_eq!(server.ask(uses).await.status, 400, "the new world knows nothing of the old one");
}

#[tokio::test]
async fn what_is_wrong_with_a_world_is_said_in_words() {
    let server = TestServer::start(BAKERY).await;
    let worlds = || post("/_control/worlds");
    let taken = SMALL.replace("bot: {} } } }, people", "bot: { token: EAAsupport } } } }, people");
    let rows = vec![
        ("nothing", worlds().body("")),
        ("no world", worlds().body("{ name: x }")),
        ("a world that is text", worlds().body("{ world: bakery.yaml }")),
        ("an unknown key", worlds().body("{ wrld: {} }")),
        ("a world file with a mistake", worlds().body("{ apps: {}, peple: {} }")),
        ("a scenario file", worlds().body("{ apps: {}, scenarios: [] }")),
        ("two names", post("/_control/worlds?name=a").body(format!("{{ name: b, world: {SMALL} }}"))),
        ("an unknown clock in the query", post("/_control/worlds?clock=stopped").body(SMALL)),
        ("no length of time", post("/_control/worlds?expires=soon").body(SMALL)),
        ("too short a time", worlds().body(format!("{{ expires: 10ms, world: {SMALL} }}"))),
        ("an unknown clock", worlds().body(format!("{{ clock: stopped, world: {SMALL} }}"))),
        ("a name with a slash", worlds().body(format!("{{ name: a/b, world: {SMALL} }}"))),
        ("a step in a path", worlds().body(format!("{{ name: .., world: {SMALL} }}"))),
        ("an empty name", worlds().body(format!("{{ name: '', world: {SMALL} }}"))),
        ("a name that is taken", worlds().body(format!("{{ name: default, world: {SMALL} }}"))),
        ("a token that is taken", worlds().body(format!("{{ name: thief, world: {taken} }}"))),
        ("not UTF-8", worlds().body(vec![0xff, 0xfe])),
        ("half a YAML", worlds().body("{ world: { apps: ")),
        ("an unknown world", get("/_control/worlds/defalt")),
        ("an unknown world, with a step", post("/_control/worlds/nowhere/steps").body("{ clock: +1h }")),
        ("a snapshot of a world that is not there", get("/_control/worlds/nowhere/snapshot")),
        ("a path that is none", get("/_control/world")),
    ];
    insta::assert_snapshot!(mistakes(&server, rows).await.replace("ca.pem, ", ""), @r#"
    nothing: 400 the request:1:1: the file is empty
    no world: 400 the body has no `world`: send {"world": { … }} as in a world file, or the world file itself
    a world that is text: 400 the body has no `world`: send {"world": { … }} as in a world file, or the world file itself
    an unknown key: 400 the request:1:3: unknown key `wrld`, did you mean `world`?
    a world file with a mistake: 400 the request:1:13: unknown key `peple` in a world, did you mean `people`?
    a scenario file: 400 the request:1:13: this is a scenario file, and a world file is expected
    two names: 400 `name` is `a` in the query and `b` in the body
    an unknown clock in the query: 400 `clock` is `frozen` or `follow`, not `stopped`
    no length of time: 400 `expires` is `soon`: a length of time is a number with its unit: 300ms, 2s, 90m, 24h, 7d, or 1h30m
    too short a time: 400 `expires` is from 1s to 30d, not `10ms`
    an unknown clock: 400 `clock` is `frozen` or `follow`, not `stopped`
    a name with a slash: 400 a world's name has 1 to 100 characters and no `/`, and is neither `.` nor `..`
    a step in a path: 400 a world's name has 1 to 100 characters and no `/`, and is neither `.` nor `..`
    an empty name: 400 a world's name has 1 to 100 characters and no `/`, and is neither `.` nor `..`
    a name that is taken: 409 a world named `default` already exists: delete it first, or choose another name
    a token that is taken: 409 the token of app `bot` already belongs to the world `default`: leave out the tokens, and a `seed` that both worlds have (what is left out is derived from it), to have fresh ones
    not UTF-8: 400 the body is not UTF-8
    half a YAML: 400 the request:1:18: this is not YAML: while parsing a node, did not find expected node content
    an unknown world: 404 there is no world `defalt`, did you mean `default`? (known are: default)
    an unknown world, with a step: 404 there is no world `nowhere` (known are: default)
    a snapshot of a world that is not there: 404 there is no world `nowhere` (known are: default)
    a path that is none: 404 there is nothing at /_control/world, did you mean `worlds`? (below /_control are: health, rules, lints, openapi.json, calls, worlds; /_control/openapi.json describes everything)
    "#);
    assert_eq!(world_names(&server).await, ["default"], "nothing was half made");
}

#[tokio::test]
async fn an_unknown_path_leads_to_the_description() {
    let server = TestServer::start(BAKERY).await;
    let default = "/_control/worlds/default";
    for (request, nearest) in [(get("/_control"), ""), (get(format!("{default}/ledgr")), "did you mean `ledger`?")] {
        let reply = server.ask(request).await;
        assert_eq!(reply.status, 404, "{}", reply.text());
        assert!(crate::control_api::message(&reply).contains(nearest), "{}", reply.text());
        assert!(
            crate::control_api::message(&reply).ends_with("; /_control/openapi.json describes everything)"),
            "{}",
            reply.text()
        );
    }
    for (request, allowed) in [(put(default).body("{}"), "GET and DELETE"), (delete("/_control/rules"), "GET")] {
        let reply = server.ask(request).await;
        assert_eq!(reply.status, 405, "{}", reply.text());
        assert!(crate::control_api::message(&reply).contains(allowed), "{}", reply.text());
        assert_eq!(reply.header("allow"), Some(&*allowed.replace(" and ", ", ")));
    }
}

#[tokio::test]
async fn all_mistakes_of_a_world_are_drawn_at_their_places() {
    let server = TestServer::start(BAKERY).await;
    let world = "name: wrong
world:
  clock: yesterday
  apps: { bot: { secrt: x } }
  pages:
    shop: { default_app: bott, apps: { bot: {} } }
";
    let reply = server.ask(post("/_control/worlds").body(world)).await;
    assert_eq!(reply.status, 400);
    insta::assert_snapshot!(drawn(&reply), @"
    error: expected a moment, found `yesterday`
     --> the request:3:10
      |
    3 |   clock: yesterday
      |          ^^^^^^^^^
      |
      = note: a moment is written like 2026-03-02T09:00:00Z

    error: unknown key `secrt` in an app, did you mean `secret`?
     --> the request:4:18
      |
    4 |   apps: { bot: { secrt: x } }
      |                  ^^^^^ unknown key
      |
      = note: known are: id, secret, webhook, instagram, require_proof, mode, permissions, human_agent

    error: unknown app `bott`, did you mean `bot`?
     --> the request:6:26
      |
    6 |     shop: { default_app: bott, apps: { bot: {} } }
      |                          ^^^^ no such app in the world
      |
      = note: known are: bot, inbox, lead_ads

    3 mistakes
    ");
    assert_eq!(crate::control_api::message(&reply).lines().count(), 3);
}

#[tokio::test]
async fn what_a_world_says_of_tokens_must_hold_together() {
    let server = TestServer::start(BAKERY).await;
    let world = "name: wrong
world:
  apps: { bot: { permissions: [pages_messages], mode: dev } }
  pages:
    shop: { default_app: bot, apps: { bot: { token: EAAbot, by: doro, expires: soon } } }
  users:
    dora: { tokens: { bot: { token: EAAdora, expires: 60 } }, pages: { shop: [MESSAGE] } }
";
    let reply = server.ask(post("/_control/worlds").body(world)).await;
    insta::assert_snapshot!(drawn(&reply), @"
    error: unknown word `pages_messages`, did you mean `pages_messaging`?
     --> the request:3:32
      |
    3 |   apps: { bot: { permissions: [pages_messages], mode: dev } }
      |                                ^^^^^^^^^^^^^^
      |
      = note: known are: pages_messaging, pages_manage_metadata, pages_show_list, pages_read_engagement, pages_user_locale, pages_user_timezone, pages_user_gender, pages_utility_messaging, instagram_basic, instagram_manage_messages, leads_retrieval, instagram_manage_comments, instagram_business_basic, instagram_business_manage_messages, instagram_business_manage_comments

    error: unknown word `dev`, did you mean `development`?
     --> the request:3:55
      |
    3 |   apps: { bot: { permissions: [pages_messages], mode: dev } }
      |                                                       ^^^
      |
      = note: known are: live, development

    error: unknown user `doro`, did you mean `dora`?
     --> the request:5:65
      |
    5 |     shop: { default_app: bot, apps: { bot: { token: EAAbot, by: doro, expires: soon } } }
      |                                                                 ^^^^ no such user in the world
      |
      = note: known are: dora

    error: expected a length of time, or a moment, found `soon`
     --> the request:5:80
      |
    5 |     shop: { default_app: bot, apps: { bot: { token: EAAbot, by: doro, expires: soon } } }
      |                                                                                ^^^^
      |
      = note: a length of time has its unit, like 60d or 90m; a moment is written like 2026-03-02T09:00:00Z

    error: expected a length of time, or a moment, found `60`
     --> the request:7:55
      |
    7 |     dora: { tokens: { bot: { token: EAAdora, expires: 60 } }, pages: { shop: [MESSAGE] } }
      |                                                       ^^
      |
      = note: a length of time has its unit, like 60d or 90m; a moment is written like 2026-03-02T09:00:00Z

    error: unknown word `MESSAGE`, did you mean `MESSAGING`?
     --> the request:7:79
      |
    7 |     dora: { tokens: { bot: { token: EAAdora, expires: 60 } }, pages: { shop: [MESSAGE] } }
      |                                                                               ^^^^^^^
      |
      = note: known are: ANALYZE, ADVERTISE, MESSAGING, MODERATE, CREATE_CONTENT, MANAGE

    6 mistakes
    ");
    let world = "name: wrong
world:
  apps: { bot: {} }
  pages:
    shop: { default_app: bot, apps: { bot: { token: IGAAbot, by: dora } } }
  users:
    dora: { id: 1, tokens: { bot: EAAsame }, codes: { bot: AQsame } }
    erik: { id: 1, tokens: { bot: EAAsame }, codes: { bot: AQsame } }
";
    let reply = server.ask(post("/_control/worlds").body(world)).await;
    insta::assert_snapshot!(drawn(&reply), @"
    error: `dora` makes a token for the page `shop` but has no tasks on it
     --> the request:5:11
      |
    5 |     shop: { default_app: bot, apps: { bot: { token: IGAAbot, by: dora } } }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: list the page under the user's `pages`

    error: the token `IGAAbot` is an Instagram user's
     --> the request:5:53
      |
    5 |     shop: { default_app: bot, apps: { bot: { token: IGAAbot, by: dora } } }
      |                                                     ^^^^^^^
      |
      = note: such a token belongs to an app of an account, under `instagram`; those of pages and users begin with EAA, or with anything else

    error: `1` is used twice
     --> the request:8:11
      |
    8 |     erik: { id: 1, tokens: { bot: EAAsame }, codes: { bot: AQsame } }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: each user needs ids and codes of their own

    error: `AQsame` is used twice
     --> the request:8:11
      |
    8 |     erik: { id: 1, tokens: { bot: EAAsame }, codes: { bot: AQsame } }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: each user needs ids and codes of their own

    error: the token `EAAsame` is used twice
     --> the request:8:35
      |
    8 |     erik: { id: 1, tokens: { bot: EAAsame }, codes: { bot: AQsame } }
      |                                   ^^^^^^^
      |
      = note: each app needs its own token on each page and for each user: only the token says whose call it is

    5 mistakes
    ");
}

#[tokio::test]
async fn in_a_world_that_follows_the_wall_an_ad_gives_up_by_itself() {
    let server = TestServer::start(BAKERY).await;
    let world = json!({ "name": "live", "clock": "follow", "world": {
        "apps": { "bot": {} },
        "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} }, "knobs": { "lead_patience": "50ms" } } },
        "ads": { "quiz": { "page": "shop", "app": "bot", "lead": { "questions": ["Who?", "Where?"] } } },
        "people": { "carol": {} },
    } });
    assert_eq!(server.ask(post("/_control/worlds").json(world.to_string())).await.status, 201);
    for step in ["{ user: carol, taps_ad: quiz }", "{ user: carol, says: Carol }"] {
        assert_eq!(server.ask(post("/_control/worlds/live/steps").body(step)).await.status, 200);
    }
    let shown = read(&server, "/_control/worlds/live/ledger?kind=owner_changed&wait=1ms").await;
    assert_eq!(shown["entries"][0]["to"], "lead_ads");
    let after = shown["after"].clone();
    let shown =
        read(&server, &format!("/_control/worlds/live/ledger?kind=webhook&app=bot&after={after}&wait=30s")).await;
    assert_eq!(shown["entries"][0]["field"], "messaging_handovers", "{shown}");
    assert_eq!(read(&server, "/_control/worlds/live/threads/shop/carol").await["owner"], "bot");
}

#[tokio::test]
async fn a_world_file_is_made_as_it_is_and_named_by_the_query() {
    let server = TestServer::start(BAKERY).await;
    for (name, body) in
        [("yaml", SMALL.to_owned()), ("json", json!({ "apps": { "bot": {} }, "pages": {} }).to_string())]
    {
        let made = server.ask(post(format!("/_control/worlds?name={name}&clock=frozen")).body(body)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!((&made.json()["name"], &made.json()["mode"]), (&json!(name), &json!("frozen")));
    }
    let dated = format!("clock: 2026-05-05T10:00:00Z\nseed: 7\n{}", "apps: { bot: {} }");
    let made = server.ask(post("/_control/worlds").body(dated)).await.json();
    assert_eq!((&made["mode"], &made["seed"]), (&json!("follow"), &json!(7)));
    // The clock runs.
    assert!(made["clock"].as_str().is_some_and(|clock| clock.starts_with("2026-05-05T10:")), "{made}");
}

#[tokio::test]
async fn a_list_of_worlds_says_what_happened_last_and_how_much_there_is() {
    let mut server = TestServer::start(BAKERY).await;
    let listed = async || read(&server, "/_control/worlds").await["worlds"][0].clone();
    let before = listed().await;
    assert_eq!((&before["last"], &before["expires"]), (&json!(null), &json!(null)));
    assert_eq!(before["clock"], json!({ "now": "2026-03-02T09:00:00Z", "mode": "frozen" }));
    server.step("{ user: alice, says: Hi }").await;
    server.step("{ app: support, to: alice, sends: Hello }").await;
    server.step("{ clock: +1h }").await;
    let after = read(&server, "/_control/worlds").await["worlds"][0].clone();
    assert_eq!(after["last"]["at"], "2026-03-02T10:00:00Z");
    assert!(after["last"]["text"].as_str().is_some_and(|text| text.contains("clock")), "{after}");
    assert_eq!((&after["counts"]["threads"], &after["counts"]["graph_calls"]), (&json!(1), &json!(1)));
    let threads = read(&server, "/_control/worlds/default/threads?page=bakery").await["threads"].clone();
    assert_eq!(threads[0]["last_message"]["content"]["text"], "Hello");
    assert_eq!(threads[0]["last_message"]["from"], "support");
    assert_eq!(server.ask(get("/_control/worlds/default/threads?page=bakry")).await.status, 400);
}

#[tokio::test]
async fn a_world_that_nobody_calls_for_its_time_is_removed_and_one_that_is_called_stays() {
    let server = TestServer::start(BAKERY).await;
    let make = async |name: &str, expires: &str| {
        let made = server.ask(post(format!("/_control/worlds?name={name}&expires={expires}")).body(SMALL)).await;
        assert_eq!((made.status, &made.json()["expires"]), (201, &json!(expires)), "{}", made.text());
        made.json()["pages"]["shop"]["apps"]["bot"]["token"].as_str().unwrap_or_default().to_owned()
    };
    let idle_token = make("idle", "1s").await;
    make("held", "1s").await;
    make("long", "1h").await;
    // A poll is a call of the world that it polls. The list of worlds is a call of none.
    while world_names(&server).await.contains(&"idle".to_owned()) {
        let held = server.ask(get("/_control/worlds/held/ledger?wait=50ms")).await;
        assert_eq!(held.status, 200, "{}", held.text());
    }
    assert_eq!(world_names(&server).await, ["default", "held", "long"]);
    let call = server.ask(get("/me").bearer(&idle_token)).await;
    assert_eq!(call.code(), (190, None), "its tokens are gone: {}", call.line());
    assert_eq!(read(&server, "/_control/worlds/long").await["expires"], "1h");
    assert_eq!(server.ask(delete("/_control/worlds/long")).await.status, 204);
    // The same name may be used again, for a world that stays.
    let again = server.ask(post("/_control/worlds?name=long").body(SMALL)).await;
    assert_eq!(again.json()["expires"], json!(null));
}

#[tokio::test]
async fn a_server_without_worlds_says_how_to_make_one() {
    let server = TestServer::start(BAKERY).await;
    assert_eq!(server.ask(delete("/_control/worlds/default")).await.status, 204);
    let reply = server.ask(get("/_control/worlds/default")).await;
    assert_eq!(reply.status, 404);
    let message = crate::control_api::message(&reply);
    assert!(message.contains("serve --world FILE") && message.contains("POST /_control/worlds?name=NAME"), "{message}");
}

//! Steps of a world with a page and an Instagram account: mistakes that `check` finds before anything runs, and names that mean the same.

use std::process::Command;

use serde_json::json;

use crate::support::{TestServer, files, post};

const WORLD: &str = "
world:
  apps: { desk: {}, sales: {}, dm: {}, real: { webhook: later } }
  pages:
    shop: { apps: { desk: {}, sales: {} }, links: { spring: { ref: s } } }
  instagram:
    shop_ig:
      page: shop
      default_app: desk
      apps: { desk: {}, sales: {}, dm: { login: instagram }, real: { login: instagram } }
      links: { winter: { ref: w, app: sales } }
  ads: { tulips: { page: shop, app: sales }, roses: { page: instagram, app: sales } }
  people: { sam: {}, kim: {} }
scenarios:
  - name: x
    steps:
";

/// Runs a subcommand on a scenario with these steps: the exit code, and what was printed.
fn graphdouble(verb: &str, name: &str, steps: &[&str]) -> (i32, String) {
    let steps: String = steps.iter().map(|step| format!("      - {step}\n")).collect();
    let world = if verb == "run" { WORLD.replace("real: { webhook: later }", "real: {}") } else { WORLD.to_owned() };
    let path = files::file("instagram_steps", &format!("{name}.yaml"), &format!("{world}{steps}"));
    let output = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args([verb, &path]).output().expect("the binary runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn what_the_asset_does_not_have_is_found_before_anything_runs() {
    for (name, step, expected) in [
        (
            "ad",
            "{ user: sam, on: instagram, taps_ad: tulips }",
            "`tulips` opens a conversation with `shop`, not with `shop_ig`",
        ),
        (
            "ad-of-ig",
            "{ user: sam, on: shop, taps_ad: roses }",
            "`roses` opens a conversation with `shop_ig`, not with `shop`",
        ),
        (
            "link",
            "{ user: sam, on: instagram, opens_link: spring }",
            "`shop_ig` has no link `spring`: it is one of `shop`",
        ),
        (
            "primary",
            "{ admin: instagram, sets_primary: desk }",
            "`sets_primary` is something of Messenger, and `shop_ig` is an",
        ),
        ("social", "{ admin: shop_ig, sets_social: desk }", "`sets_social` is something of Messenger"),
        ("apis", "{ admin: shop_ig, sets_handover_apis: blocked }", "`sets_handover_apis` is something of Messenger"),
        ("access", "{ admin: shop, sets_message_access: off }", "`sets_message_access` is something of Instagram"),
        ("removes", "{ admin: shop_ig, removes_comment: x }", "error: `removes_comment` is something of Messenger"),
        ("route", "{ admin: shop_ig, sets_link: { spring: desk } }", "`shop_ig` has no link `spring`"),
        (
            "typed",
            "{ inbox: shop, to: sam, replies: Hi, from: instagram_app }",
            "`from: instagram_app` is something of Instagram",
        ),
        (
            "takes",
            "{ app: dm, on: instagram, to: sam, takes: true }",
            "calls at `shop_ig` itself, which has no take_thread_control",
        ),
        ("real-takes", "{ app: real, on: instagram, requests: true }", "which has no request_thread_control"),
        (
            "field",
            "{ expect: [{ app: desk, gets: message_reads, on: instagram }] }",
            "`shop_ig` has no webhook field `message_reads`: there it is `messaging_seen`",
        ),
        ("echo", "{ expect: [{ app: desk, gets: message_echoes, page: shop_ig }] }", "there it is `messages`"),
        ("seen", "{ expect: [{ app: desk, gets: messaging_seen, on: shop }] }", "there it is `message_reads`"),
        ("test", "{ admin: instagram, presses_test: messaging_handovers }", "there it is `messaging_handover`"),
        (
            "own-app",
            "{ app: instagram_app, on: instagram, to: sam, sends: Hi }",
            "people of the business write in `instagram_app`",
        ),
        (
            "own-app-gets",
            "{ expect: [{ app: instagram_app, gets: messages }] }",
            "`instagram_app` is Meta's own app: it gets no webhooks",
        ),
        ("shows", "{ app: dm, on: instagram, shows: message_reads }", "there it is `messaging_seen`"),
        ("comment-ad", "{ user: sam, on: instagram, comments: Hi, on_ad: tulips }", "not with `shop_ig`"),
        ("fault", "{ fault: { webhook: message_reads, on: instagram, fails: 500 } }", "there it is `messaging_seen`"),
        ("name", "{ user: sam, on: shp_ig, says: Hi }", "unknown page or account `shp_ig`, did you mean `shop_ig`?"),
        ("listed", "{ user: sam, on: nope, says: Hi }", "known are: shop, shop_ig (on Instagram)"),
        ("which", "{ expect: [{ owner: desk, of: sam, on: nope }] }", "unknown page or account `nope`"),
    ] {
        let (code, said) = graphdouble("check", name, &[step]);
        assert_eq!((code, said.contains(expected)), (2, true), "{name}: {said}");
    }
}

#[test]
fn a_step_is_at_one_place() {
    let (code, said) = graphdouble("check", "two-places", &["{ user: sam, on: instagram, page: shop, says: Hi }"]);
    assert!(code == 2 && said.contains("the step is at `shop` by `page` and at `instagram` by `on`"), "{code} {said}");
    assert!(said.contains("two-places.yaml:"), "{said}");
}

#[test]
fn a_word_of_a_platform_is_refused_where_it_names_none_or_several() {
    let folder = |world: &str, step: &str| {
        let text = format!(
            "world:\n  apps: {{ a: {{}} }}\n{world}\n  people: {{ sam: {{}} }}\nscenarios: [{{ name: x, steps: [{step}] }}]\n"
        );
        let path = files::file("instagram_steps", "platform.yaml", &text);
        let output =
            Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["check", &path]).output().expect("the binary");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let accounts = "  instagram: { i: { apps: { a: {} } }, j: { apps: { a: {} } } }";
    let said = folder(accounts, "{ user: sam, on: instagram, says: Hi }");
    assert!(said.contains("`instagram` may mean each of 2 Instagram accounts"), "{said}");
    let said = folder(accounts, "{ user: sam, on: messenger, says: Hi }");
    assert!(said.contains("the world has no page"), "{said}");
    let said = folder("  pages: { s: { apps: { a: {} } } }", "{ user: sam, on: instagram, says: Hi }");
    assert!(said.contains("the world has no Instagram account"), "{said}");
}

#[test]
fn the_platform_and_the_name_of_the_account_are_one_thread() {
    let steps = [
        "{ user: sam, on: instagram, says: Hi }",
        "{ user: sam, on: shop_ig, says: Again }",
        "{ app: desk, sends: Hello }",
        "{ expect: [{ owner: desk, on: instagram }, { window: open, on: shop_ig }] }",
    ];
    let (code, said) = graphdouble("check", "one-thread", &steps);
    assert_eq!(code, 0, "{said}");
    let (code, said) = graphdouble("run", "one-thread", &steps);
    assert_eq!(code, 0, "{said}");
    let (code, said) = graphdouble("check", "two", &["{ user: sam, on: shop, says: Hi }", steps[0], steps[2]]);
    assert_eq!((code, said.contains("This scenario uses sam@shop, sam@shop_ig")), (2, true), "{said}");
}

#[tokio::test]
async fn a_server_refuses_the_same_steps_and_changes_nothing() {
    let world = "{ apps: { desk: {} }, pages: { shop: { apps: { desk: {} } } }, instagram: { shop_ig: { page: shop, apps: { desk: {} } } }, people: { sam: {} } }";
    let server = TestServer::start(world).await;
    for (step, expected) in [
        ("{ admin: shop_ig, sets_social: desk }", "`sets_social` is something of Messenger"),
        ("{ admin: shop_ig, posts: Cakes }", "`posts` is something of Messenger"),
        ("{ inbox: shop, to: sam, replies: Hi, from: instagram_app }", "is something of Instagram"),
        ("{ user: sam, says: Hi, on: nope }", "unknown page or account `nope`"),
    ] {
        let refused = server.http_step(step).await;
        assert!(
            (400..500).contains(&refused.status) && refused.text().contains(expected),
            "{step}: {}",
            refused.text()
        );
    }
    assert_eq!(server.control("/threads").await["threads"], json!([]));
}

#[tokio::test]
async fn a_refused_image_of_several_is_named_as_instagram_has_it() {
    let world = "{ apps: { dm: {} }, instagram: { shop_ig: { apps: { dm: { token: IGAAdm } } } }, people: { sam: { psids: { shop_ig: '7' } } } }";
    let server = TestServer::after(world, &["{ user: sam, says: Hi, on: instagram }"]).await;
    let call = "{ on: instagram, call: { as: dm, post: /me/messages, body: { recipient: { id: '7' }, message: { attachments: [{ type: image, payload: { url: 'https://a.example/a.png' } }, { type: clip }] } } }, returns: { status: 400, error: { message: \"Param message[attachments][1][type] is not supported. Please check developer docs for details\" } } }";
    let answer = server.http_step(call).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_comparison_leaves_accounts_as_they_are_where_pages_get_the_handover_protocol() {
    let text = "world:
  apps: { desk: {}, dm: {} }
  pages: { shop: { default_app: desk, apps: { desk: {} } } }
  instagram: { shop_ig: { page: shop, default_app: desk, apps: { desk: {}, dm: { login: instagram } } } }
  people: { sam: {} }
scenarios:
  - name: on Instagram
    steps:
      - { user: sam, on: instagram, says: Hi }
      - { app: dm, on: instagram, sends: Hello, refused: { code: 100, subcode: 2534037 } }
";
    let path = files::file("instagram_steps", "compared.yaml", text);
    let compare = |between: &str| {
        let arguments = ["compare", &path, "--between", between];
        let output = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(arguments).output().expect("the binary");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let said = compare("handover_protocol,conversation_routing@2025-09");
    assert!(
        said.contains("handover_protocol is about pages: on Instagram it has ended, and shop_ig stays as in the world"),
        "{said}"
    );
    assert!(said.contains("nothing differs"), "{said}");
    let said = compare("zero_config,conversation_routing@2025-09");
    assert!(said.contains("refused 100/2534037") && !said.contains("it has ended"), "{said}");
}

#[tokio::test]
async fn an_id_of_a_person_may_be_given_under_its_own_word() {
    let world = "{ apps: { a: {} }, pages: { s: { apps: { a: {} } } }, instagram: { i: { page: s, apps: { a: {} } } }, people: {} }";
    let server = TestServer::start(world).await;
    let people = |body: serde_json::Value| post("/_control/worlds/default/people").json(body.to_string());
    let made = server.ask(people(json!({ "name": "zed", "igsids": { "i": "7007" } }))).await;
    assert_eq!((made.status, made.json()["psids"]["i"].clone()), (201, json!("7007")), "{}", made.text());
    let taken = server.ask(people(json!({ "name": "zoe", "igsids": { "instagram": "7007" } }))).await;
    assert!(
        (400..500).contains(&taken.status) && taken.text().contains("the id `7007` is used already"),
        "{}",
        taken.text()
    );
    let twice = server.ask(people(json!({ "name": "zoe", "igsids": { "i": "7" }, "psids": { "i": "8" } }))).await;
    assert!((400..500).contains(&twice.status) && twice.text().contains("a person has one id on"), "{}", twice.text());
}

#[test]
fn a_link_of_the_page_and_of_the_account_does_not_say_whose_it_is() {
    let text = |on: &str| {
        format!(
            "world:
  apps: {{ desk: {{}} }}
  pages:
    shop: {{ apps: {{ desk: {{}} }}, links: {{ spring: {{ ref: s }} }} }}
    kiosk: {{ apps: {{ desk: {{}} }} }}
  instagram: {{ shop_ig: {{ page: shop, apps: {{ desk: {{}} }}, links: {{ spring: {{ ref: t }} }} }} }}
  people: {{ sam: {{}} }}
scenarios:
  - name: x
    steps: [{{ user: sam, opens_link: spring, says: Hi{on} }}, {{ expect: [{{ app: desk, gets: messages, referral: {{ ref: t }} }}] }}]
"
        )
    };
    let run = |on: &str| {
        let path = files::file("instagram_steps", "links.yaml", &text(on));
        let output = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["run", &path]).output().expect("the binary");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    let (code, said) = run("");
    assert_eq!((code, said.contains("which page or account is meant?")), (Some(2), true), "{said}");
    let (code, said) = run(", on: instagram");
    assert_eq!(code, Some(0), "{said}");
}

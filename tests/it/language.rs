//! Files as people write them: worlds and scenarios in one folder, pages that need not be named, and mistakes that a run would meet.

use std::path::Path;
use std::process::Command;

use crate::support::{TestServer, files, post};

const TWO_PAGES: &str = "
world:
  apps: { bot: {}, desk: {} }
  pages:
    shop: { default_app: bot, apps: { bot: { token: EAAshop }, desk: {} } }
    cafe: { default_app: desk, apps: { bot: { token: EAAcafe }, desk: {} } }
  ads: { tulips: { page: shop, app: bot } }
  people: { alice: {}, bob: {} }
scenarios:
";

/// Runs the binary in a folder: its exit code, and what it printed.
fn graphdouble(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let command = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(arguments).current_dir(folder).output();
    let output = command.expect("the binary runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

fn check(name: &str, text: &str) -> (i32, String) {
    let path = files::file("language", name, text);
    graphdouble(&files::folder("language"), &["check", &path])
}

#[test]
fn worlds_and_scenarios_may_lie_in_one_folder() {
    let folder = files::empty_folder("language", "mixed");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    write(
        "shop.yaml",
        "apps: { bot: {} }\npages: { shop: { default_app: bot, apps: { bot: {} } } }\npeople: { alice: {} }\n",
    );
    write("hi.yaml", "world: shop.yaml\nscenarios: [{ name: Hi, steps: [{ user: alice, says: Hi }] }]\n");
    let (code, said) = graphdouble(&folder, &["check", "."]);
    assert_eq!((code, said.contains("2 files are valid")), (0, true), "{said}");
    let (code, said) = graphdouble(&folder, &["run", "."]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("shop.yaml is a world and has no scenarios"), "{said}");
    let (code, said) = graphdouble(&folder, &["run", "shop.yaml"]);
    assert_eq!((code, said.contains("this is a world file, and a scenario file is expected")), (2, true), "{said}");
    std::fs::remove_file(folder.join("hi.yaml")).expect("the file goes");
    let (code, said) = graphdouble(&folder, &["run", "."]);
    assert_eq!((code, said.contains("there is no scenario to run")), (1, true), "{said}");
}

#[test]
fn a_page_need_not_be_named_if_only_one_can_be_meant() {
    let steps = "
  - name: her page is the one on which she was
    steps:
      - { user: alice, taps_ad: tulips }
      - { user: bob, says: Hi, page: cafe }
      - { user: alice, says: More }
      - { expect: [{ app: bot, gets: messages, text: More, of: alice }, { owner: bot, of: alice }] }
      - { user: bob, says: More }
      - { expect: [{ app: desk, gets: messages, text: More, of: bob }, { owner: desk, of: bob }] }
      - { call: { as: bot, page: cafe, get: /me }, returns: { id: '${page.cafe}' } }
      - { call: { as: bot, get: /me }, page: shop, returns: { id: '${page.shop}' } }
";
    let path = files::file("language", "pages.yaml", &format!("{TWO_PAGES}{steps}"));
    let (code, said) = graphdouble(&files::folder("language"), &["run", &path]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn what_a_run_cannot_know_is_found_by_a_check() {
    for (name, steps, expected) in [
        ("no-page", "{ user: alice, says: Hi }", "which page is meant? The world has several"),
        ("whose-call", "{ call: { as: bot, get: /me } }", "write one of `page: shop`, `page: cafe`"),
        ("no-page-of", "{ expect: [{ owner: bot, of: alice }] }", "which page is meant?"),
        (
            "which-thread",
            "{ user: alice, says: Hi, page: shop }, { user: bob, says: Hi, page: shop }, { expect: [{ owner: bot }] }",
            "which thread is meant? This scenario uses alice@shop, bob@shop",
        ),
        ("to-whom", "{ app: bot, to: alice, sends: Hi }", "which page is meant?"),
    ] {
        let text = format!("{TWO_PAGES}  - {{ name: x, steps: [{steps}] }}\n");
        let (code, said) = check(&format!("{name}.yaml"), &text);
        assert_eq!((code, said.contains(expected)), (2, true), "{name}: {said}");
        let (code, again) = graphdouble(&files::folder("language"), &["run", &format!("{name}.yaml")]);
        assert_eq!((code, again.contains(expected)), (2, true), "{name}: {again}");
    }
}

#[test]
fn a_check_refuses_steps_of_a_puppet_whose_thread_a_run_cannot_know() {
    const WORLD: &str = "
world:
  apps: { bot: {}, real: { webhook: later } }
  pages: { shop: { apps: { bot: {}, real: {} } } }
  people: { alice: {}, bob: {} }
scenarios:
";
    let both = "{ user: alice, says: Hi }, { user: bob, says: Hi }";
    let expected = "which thread is meant? This scenario uses alice, bob";
    for (name, step, finds) in [
        ("puppet-sends", "{ app: bot, sends: Hello }", true),
        ("inbox-replies", "{ inbox: shop, replies: Hello }", true),
        ("real-sends", "{ app: real, sends: Hello }", false),
        ("puppet-calls", "{ app: bot, calls: { get: /me } }", false),
    ] {
        let text = format!("{WORLD}  - {{ name: x, steps: [{both}, {step}] }}\n");
        let (code, said) = check(&format!("{name}.yaml"), &text);
        assert_eq!((code, said.contains(expected)), (if finds { 2 } else { 0 }, finds), "{name}: {said}");
    }
    // A run may attach the app, so that its steps find their threads themselves.
    let (code, said) = graphdouble(&files::folder("language"), &["check", "puppet-sends.yaml", "--app", "bot"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn an_ad_takes_the_json_of_ads_manager_and_says_what_is_wrong_with_it() {
    const WORLD: &str = "
apps: { bot: { id: 77 }, desk: {} }
pages: { shop: { apps: { bot: {}, desk: {} } } }
people: { alice: {} }
";
    for (name, ad, expected) in [
        (
            "fits",
            "app: bot, message: { text: Hi, quick_replies: [{ content_type: text, title: A, payload: B }], receiving_app_id: 77 }",
            "",
        ),
        ("unknown", "receiving_app_id: 78", "no app of the world has the name or the id `78`"),
        ("two", "app: desk, receiving_app_id: 77", "this one names desk and bot"),
        (
            "inside",
            "app: desk, message: { text: Hi, receiving_app_id: bot }",
            "`app` and `receiving_app_id` mean the same",
        ),
        ("greets-twice", "welcome: { text: Hi }, message: { text: Hi }", "an ad has one greeting"),
        ("neither", "message: { receiving_app_id: 77 }", "either `text` or `attachment`"),
        ("key", "message: { text: Hi, quick_reply: [] }", "cannot have `quick_reply`, did you mean `quick_replies`?"),
        (
            "button",
            "message: { attachment: { type: template, payload: { template_type: button, text: Hi, buttons: [{ title: A }] } } }",
            "this is not a button of an ad",
        ),
        (
            "template",
            "message: { attachment: { type: template, payload: { template_type: generic } } }",
            "this is not a button template",
        ),
        ("days", "message: { text: Hi, receiving_app_control_expiration: soon }", "is a number of days"),
        ("scalar", "message: Hi", "is a map, as Ads Manager has it"),
    ] {
        let (code, said) = check(&format!("ad-{name}.yaml"), &format!("{WORLD}ads: {{ x: {{ page: shop, {ad} }} }}\n"));
        let is_right = if expected.is_empty() { code == 0 } else { code == 2 && said.contains(expected) };
        assert!(is_right, "{name}: {said}");
    }
}

#[test]
fn an_attachment_of_a_person_has_what_its_type_has() {
    const WORLD: &str = "
world:
  apps: { bot: {} }
  pages: { shop: { apps: { bot: {} } } }
  people: { alice: {} }
scenarios:
  - name: x
    steps:
";
    for (name, attachment, expected) in [
        (
            "image-title",
            "{ type: image, url: 'https://a.example', title: A }",
            "an attachment of type image has no `title`",
        ),
        ("image-bare", "{ type: image }", "this attachment needs `url`"),
        ("place", "{ type: location, lat: 1 }", "a location has `lat` and `long`, both numbers"),
        ("link", "{ type: fallback }", "a shared link has `url`, `title`, or both"),
        ("link-id", "{ type: fallback, url: 'https://a.example', id: 1 }", "has no `id`"),
        ("sticker-id", "{ type: sticker, id: thumb }", "a whole number"),
        ("kind", "{ type: stickr }", "did you mean `sticker`?"),
    ] {
        let step = format!("      - {{ user: alice, sends: {{ attachments: [{attachment}] }} }}\n");
        let (code, said) = check(&format!("attachment-{name}.yaml"), &format!("{WORLD}{step}"));
        assert_eq!((code, said.contains(expected)), (2, true), "{name}: {said}");
    }
}

#[test]
fn a_step_of_the_other_platform_is_a_mistake_before_anything_runs() {
    const WORLD: &str = "
world:
  apps: { bot: {} }
  pages: { shop: { apps: { bot: {} } } }
  instagram: { shop_ig: { page: shop, apps: { bot: {} } } }
  people: { alice: {} }
scenarios:
  - name: x
    steps:
";
    for (name, step, expected) in [
        (
            "get-started",
            "{ user: alice, on: instagram, gets_started: true }",
            "`gets_started` is something of Messenger",
        ),
        (
            "place",
            "{ user: alice, on: instagram, sends: { attachments: [{ type: location, lat: 1, long: 2 }] } }",
            "of type location",
        ),
        ("likes", "{ user: alice, on: instagram, reacts: like, on_post: A }", "no webhook about likes"),
        (
            "story",
            "{ user: alice, on: shop, replies_to_story: Nice }",
            "`replies_to_story` is something of Instagram, and `shop` is a page",
        ),
        ("shares", "{ user: alice, page: shop, shares: reel }", "`shares` is something of Instagram"),
        (
            "heart",
            "{ user: alice, page: shop, sends: { attachments: [{ type: like_heart }] } }",
            "of type like_heart is something of Instagram",
        ),
        ("image", "{ user: alice, page: shop, sends: { attachments: [{ type: image }] } }", "needs `url`"),
        ("posts", "{ admin: shop_ig, posts: Cakes }", "`posts` is something of Messenger"),
        ("story-ends", "{ admin: shop, story_ends: { reach: 7 } }", "`story_ends` is something of Instagram"),
        ("test", "{ admin: shop, presses_test: live_comments }", "`shop` has no webhook field `live_comments`"),
        (
            "two-places",
            "{ user: alice, on: instagram, comments: Hi, on_media: reel, replies_to: Hi }",
            "a comment is on a post, or replies to a comment",
        ),
        ("modifier", "{ user: alice, on: instagram, says: Hi, on_media: reel }", "`on_media` goes with `comments`"),
        (
            "heart-url",
            "{ user: alice, on: instagram, sends: { attachments: [{ type: gif, url: 'https://a.example' }] } }",
            "it has its type alone",
        ),
    ] {
        let (code, said) = check(&format!("platform-{name}.yaml"), &format!("{WORLD}      - {step}\n"));
        assert_eq!((code, said.contains(expected)), (2, true), "{name}: {said}");
    }
}

#[test]
fn a_mistake_says_what_to_write_instead() {
    const WORLD: &str = "
world:
  apps: { bot: {} }
  pages: { shop: { default_app: bot, apps: { bot: {} } } }
  people: { alice: {}, big: { count: 1000000 } }
scenarios:
  - name: x
    steps:
";
    for (name, step, expected) in [
        ("wait", "{ wait: 2s }", "there are no pauses in a scenario"),
        ("sleep", "sleep: 2", "steps wait for a real app by themselves"),
        ("crowd", "{ user: big, says: Hi }", "`big` is a crowd of 1000000: its members are big.1 to big.1000000"),
        ("member", "{ user: big.1000001, says: Hi }", "its members are big.1 to big.1000000"),
        ("colon", "{ user: alice, says: price: 5 }", "a text with `: ` in it needs quotes"),
        ("at", "{ user: alice, says: @bob }", "needs quotes"),
        ("brace", "{ user: alice, says: {name} }", "a text that begins with `{` or `[` needs quotes"),
        ("tab", "user: alice\n\t    says: Hi", "put spaces in the place of the tab"),
        ("indent", "user: alice\n       says: Hi", "keys of one map stand in one column"),
        ("within", "{ expect: [{ app: bot, gets_no: messages, within: 1s }] }", "is checked at once"),
    ] {
        let (code, said) = check(&format!("{name}.yaml"), &format!("{WORLD}      - {step}\n"));
        assert_eq!((code, said.contains(expected)), (2, true), "{name}: {said}");
    }
}

#[tokio::test]
async fn a_step_that_is_refused_makes_neither_a_person_nor_a_session() {
    let world = "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: any }";
    let server = TestServer::start(world).await;
    let refused = server.http_step("{ user: zoe, says: '${nope}' }").await;
    assert!(refused.status == 422 && refused.text().contains("`${nope}` is not known here"), "{}", refused.text());
    assert_eq!(server.control("").await["people"], serde_json::json!({}));
    let known = server.http_step("{ user: zoe, says: 'I am ${zoe}' }").await;
    assert_eq!(known.status, 200, "{}", known.text());
    // A thousand sessions fit. None of these takes the place of the first one.
    let steps = |session: &str| post(format!("/_control/worlds/default/steps?session={session}"));
    let first = server.ask(steps("first").body("{ user: zoe, says: Hi, save: { hers: /mid } }")).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let mut connection = server.connect().await;
    for number in 0..1001 {
        let malformed = steps(&format!("s{number}")).body("{ user: zoe, sais: Hi }").bytes(server.address());
        assert_eq!(connection.ask(&malformed).await.status, 400);
    }
    let still = server.ask(steps("first").body("{ user: zoe, says: '${hers}' }")).await;
    assert_eq!(still.status, 200, "{}", still.text());
}

#[test]
fn a_matcher_that_can_match_nothing_is_found_by_a_check() {
    for (name, expectation, expected) in [
        ("mistyped", "{ message: { text: { contain: Hel } } }", "unknown matcher `contain`, did you mean `contains`?"),
        ("two-words", "{ message: { text: { contains: a, matches: b } } }", "a matcher has one word, found 2"),
        ("a-list", "{ app: bot, gets: messages, text: [a, b] }", "expected a text, found a list"),
        (
            "no-pattern",
            "{ app: bot, gets: messages, text: { matches: '(' } }",
            "this is not a regular expression: unclosed group",
        ),
        (
            "absent-of",
            "{ app: bot, gets: messages, body: { message: { text: { absent: no } } } }",
            "`absent` needs `true`",
        ),
        (
            "one-of-none",
            "{ app: bot, gets: messages, payload: { one_of: [] } }",
            "`one_of` needs a list with at least one item",
        ),
        (
            "nested",
            "{ app: bot, gets: messages, body: { list: [{ contains: { text: { any: 1 } } }] } }",
            "`any` needs `true`",
        ),
    ] {
        let steps = format!(
            "  - {{ name: {name}, steps: [{{ user: alice, says: Hi, page: shop }}, {{ expect: [{expectation}] }}] }}\n"
        );
        let (code, said) = check(&format!("matcher-{name}.yaml"), &format!("{TWO_PAGES}{steps}"));
        assert!(code == 2 && said.contains(expected), "{name}: {said}");
    }
}

#[test]
fn check_says_of_which_fields_nothing_is_ever_sent_and_a_run_says_it_too() {
    let text = "
world:
  apps: { bot: {} }
  pages: { shop: { apps: { bot: { fields: [messages, calls] } } } }
  people: { alice: {} }
scenarios:
  - name: the example is sent
    steps:
      - { admin: shop, presses_test: leadgen }
      - expect: [{ app: bot, gets: leadgen }]
  - name: nothing else is
    steps:
      - { user: alice, says: Hi }
      - expect: [{ app: bot, gets: inbox_labels }]
      - { app: bot, calls: { post: /1/subscriptions, body: { object: user, fields: email } } }
";
    let (code, printed) = check("silent.yaml", text);
    assert_eq!(code, 0, "{printed}");
    let notes: Vec<&str> = printed.lines().filter(|line| line.contains("nothing is ever sent of")).collect();
    assert_eq!(notes.len(), 3, "{printed}");
    assert!(notes[2].contains("silent.yaml:15:") && notes[2].contains("the object `user`"), "{printed}");
    assert!(notes[0].contains("silent.yaml:4:") && notes[0].contains("`calls`"), "{printed}");
    assert!(notes[1].contains("silent.yaml:14:") && notes[1].contains("`inbox_labels`"), "{printed}");
    let path = files::file("language", "silent.yaml", text);
    let (_, ran) = graphdouble(&files::folder("language"), &["run", "--no-bundle", &path]);
    assert!(ran.contains("nothing is ever sent of this field"), "{ran}");
    assert!(ran.contains("ok   the example is sent"), "{ran}");
}

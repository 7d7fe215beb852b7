//! What a bot sets at its start is the beginning of its world, and is there in every scenario.

use super::{Suite, bots};

const TAPS: &str = "steps: [{ user: alice, taps_menu: Shop }, { app: bot, sends: You chose SHOP }, { user: alice, says: Hi }, { app: bot, sends: You said Hi }]";

#[test]
fn what_a_bot_sets_at_its_start_is_there_in_every_scenario() {
    let scenarios: Vec<String> =
        ["one", "two", "three"].iter().map(|name| format!("{{ name: {name}, {TAPS} }}")).collect();
    let suite = Suite::new("start", &scenarios.iter().map(String::as_str).collect::<Vec<_>>());
    for bot in bots() {
        let ran = suite.run(&bot, &["--deny", "all"], &[]);
        assert_eq!(ran.exit, 0, "{bot}: {}", ran.text);
        for scenario in ["one", "two", "three"] {
            assert_eq!(ran.verdict(scenario), "ok", "{bot}: {}", ran.text);
        }
    }
}

#[test]
fn a_bot_that_had_no_turn_between_two_calls_of_its_start_has_not_begun() {
    // What is cut off belongs to the first scenario only, and the second has no persona then.
    let suite = Suite::new("stall", &[&format!("{{ name: one, {TAPS} }}"), &format!("{{ name: two, {TAPS} }}")]);
    for bot in bots() {
        // Longer than the silence after which a bot counts as quiet.
        let ran = suite.run(&bot, &["--deny", "all"], &[("STALL", "400")]);
        assert_eq!((ran.exit, ran.verdict("one"), ran.verdict("two")), (0, "ok", "ok"), "{bot}: {}", ran.text);
    }
}

#[test]
fn worlds_with_the_same_token_begin_alike() {
    // The second file has its apps in another order, and another page.
    let suite = Suite::new("worlds", &[&format!("{{ name: one, {TAPS} }}")]);
    let other = "
world:
  apps: { desk: { id: 1002 }, bot: { id: 1001 } }
  pages: { shop: { id: 2001, default_app: bot, apps: { desk: {}, bot: { token: EAAbot } } }, kiosk: {} }
  people: { bob: {}, alice: {} }
scenarios:
";
    let steps = TAPS.replace("alice,", "alice, page: shop,").replace("app: bot,", "app: bot, page: shop,");
    std::fs::write(suite.path("t.yaml"), format!("{other}  - {{ name: two, {steps} }}\n")).expect("a file");
    for bot in bots() {
        let ran = suite.run(&bot, &["t.yaml", "--deny", "all"], &[]);
        assert_eq!((ran.exit, ran.verdict("one"), ran.verdict("two")), (0, "ok", "ok"), "{bot}: {}", ran.text);
    }
}

#[test]
fn the_beginning_is_no_call_of_a_scenario_and_is_in_its_bundle() {
    let fails = "{ name: fails, steps: [{ user: alice, taps_menu: Shop }, { app: bot, sends: You chose SHOP }, { app: bot, sends: more, within: 20ms }] }";
    let suite = Suite::new("bundle", &["{ name: first, steps: [{ clock: +1s }] }", fails]);
    for bot in bots() {
        let ran = suite.run(&bot, &[], &[]);
        assert_eq!((ran.exit, ran.verdict("fails")), (4, "FAILED"), "{bot}: {}", ran.text);
        assert!(!ran.text.contains("messenger_profile"), "{}", ran.text);
        let bundle = suite.bundle();
        let replayed = suite.graphdouble(&["replay", &bundle, "-v"], &[]);
        assert_eq!(replayed.exit, 0, "{bot}: {}", replayed.text);
        assert!(replayed.text.contains("messenger_profile") && replayed.text.contains("same: "), "{}", replayed.text);
        let explained = suite.graphdouble(&["explain", &bundle], &[]);
        assert!(explained.text.contains("bot sends \"You chose SHOP\" to alice"), "{bot}: {}", explained.text);
    }
}

#[test]
fn each_copy_has_a_port_and_begins_by_itself() {
    let names: Vec<String> = (1..=12).map(|number| format!("number-{number}")).collect();
    let scenarios: Vec<String> = names.iter().map(|name| format!("{{ name: {name}, {TAPS} }}")).collect();
    let suite = Suite::new("copies", &scenarios.iter().map(String::as_str).collect::<Vec<_>>());
    for bot in bots() {
        let ran = suite.run(&bot, &["--jobs", "3", "--deny", "all"], &[]);
        assert_eq!(ran.exit, 0, "{bot}: {}", ran.text);
        let order: Vec<&str> = ran
            .text
            .lines()
            .filter_map(|line| names.iter().find(|name| line.contains(&format!(" {name}  "))))
            .map(String::as_str)
            .collect();
        assert_eq!(order, names, "{}", ran.text);
    }
}

#[test]
fn a_page_has_a_profile_from_the_start() {
    let world = "
world:
  apps: { bot: { id: 1001 }, desk: { id: 1002 } }
  pages:
    shop:
      default_app: bot
      apps: { bot: { token: EAAbot }, desk: {} }
      profile:
        get_started: { payload: GO }
        greeting: [{ locale: default, text: Welcome! }]
        persistent_menu: [{ locale: default, call_to_actions: [{ type: postback, title: Shop, payload: SHOP }] }]
        ice_breakers: [{ question: When do you open?, payload: OPEN }]
        whitelisted_domains: ['https://example.com']
  people: { alice: {} }
scenarios:
  - name: all of it is there
    steps:
      - { user: alice, taps_ice_breaker: When do you open? }
      - expect: [{ app: bot, gets: messaging_postbacks, payload: OPEN }]
      - { user: alice, taps_menu: Shop }
      - expect: [{ app: bot, gets: messaging_postbacks, payload: SHOP }]
      - call: { as: bot, get: '/me/messenger_profile?fields=whitelisted_domains' }
        returns: { status: 200, data: [{ whitelisted_domains: ['https://example.com'] }] }
";
    let suite = Suite::of_text("profile", world);
    let ran = suite.graphdouble(&["run", "s.yaml", "--no-bundle"], &[]);
    assert_eq!(ran.exit, 0, "{}", ran.text);
    for (from, to, expected) in [
        (
            "get_started: { payload: GO }",
            "account_linking_url: https://example.com",
            "a persistent menu needs the Get Started button",
        ),
        ("payload: GO", "payloads: GO", "payloads"),
        ("text: Welcome!", "text: 1, locale: xx", "twice"),
        ("type: postback", "type: nested", "nested"),
        ("'https://example.com'", "'http://example.com'", "http://example.com"),
        ("profile:", "profiles:", "profile"),
    ] {
        std::fs::write(suite.path("wrong.yaml"), world.replacen(from, to, 1)).expect("a file");
        let ran = suite.graphdouble(&["check", "wrong.yaml"], &[]);
        assert_eq!(ran.exit, 2, "{to}: {}", ran.text);
        assert!(ran.text.contains(expected), "{to}: {}", ran.text);
    }
}

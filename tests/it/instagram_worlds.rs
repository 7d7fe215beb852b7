//! World files of Instagram accounts that say what cannot be. `check` refuses them, with the place and what to write instead.

use std::path::Path;
use std::process::Command;

use crate::support::files;

/// Checks a world with one app, one page and what `rest` adds.
fn check(name: &str, rest: &str) -> (i32, String) {
    let path = files::file("instagram_worlds", &format!("{name}.yaml"), rest);
    let command = Command::new(env!("CARGO_BIN_EXE_graphdouble"))
        .args(["check", &path])
        .current_dir(files::folder("instagram_worlds"))
        .output();
    let output = command.expect("the binary runs");
    let text = [output.stdout, output.stderr].concat();
    let name = Path::new(&path).display().to_string();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).replace(&name, "world"))
}

fn assert_refused(cases: &[(&str, &str, &[&str])]) {
    for (name, world, expected) in cases {
        let (code, said) = check(name, world);
        let missing: Vec<_> = expected.iter().filter(|text| !said.contains(**text)).collect();
        assert!(code == 2 && missing.is_empty(), "{name}: {missing:?} of exit {code} in\n{said}");
    }
}

#[test]
fn tokens_ids_and_names_of_the_other_kind_are_refused() {
    assert_refused(&[
        (
            "page-token",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: { token: EAAx } } } }\n",
            &["world:2:39", "the token `EAAx` is not an Instagram user's", "those of accounts begin with IGAA"],
        ),
        (
            "user-token",
            "apps: { a: {} }\npages: { s: { apps: { a: { token: IGAAx } } } }\n",
            &["world:2:35", "the token `IGAAx` is an Instagram user's"],
        ),
        (
            "system-user",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: { login: unified, token: IGAAx } } } }\n",
            &[
                "the token `IGAAx` is an Instagram user's",
                "with `login: unified` an app has the token of a system user",
            ],
        ),
        (
            "no-token",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: { token: '' } } } }\n",
            &["a token cannot be empty", "leave it out"],
        ),
        (
            "facebook-login",
            "apps: { a: {} }\npages: { s: { apps: { a: {} } } }\ninstagram: { i: { page: s, apps: { a: { token: EAAx, expires: 3d } } } }\n",
            &[
                "with Facebook Login `a` uses its page token, and has no `token` here",
                "and has no `expires` here",
                "write it under the `apps` of `s`, or write `login: instagram`\n\n2 mistakes",
            ],
        ),
        (
            "page-called-instagram",
            "apps: { a: {} }\npages: { instagram: { apps: { a: {} } } }\n",
            &["world:2:10", "a page cannot be called `instagram`: in steps the word means the only Instagram account"],
        ),
        (
            "account-called-messenger",
            "apps: { a: {} }\ninstagram: { messenger: { apps: { a: {} } } }\n",
            &["an Instagram account cannot be called `messenger`: in steps the word means the only page"],
        ),
        (
            "account-id",
            "apps: { a: {} }\ninstagram: { i: { id: shop_1, apps: { a: {} } } }\n",
            &["world:2:23", "`shop_1` is no id of an Instagram account", "17 digits that begin with 17841"],
        ),
        (
            "instagram-app-ids",
            "apps: { a: { instagram: { id: 7 } }, b: { instagram: { id: 7 } }, c: { id: 8 }, d: { instagram: { id: 8 } } }\n",
            &[
                "the app `b` has the Instagram app id of another app",
                "8 is the app id of an app, not an Instagram app id",
            ],
        ),
        ("id-of-the-inbox", "apps: { a: { id: 1217981644879628 } }\n", &["the app `a` has the id of an app of Meta"]),
    ]);
}

#[test]
fn usernames_and_refs_are_what_instagram_knows() {
    let account = |username: &str| {
        format!("apps: {{ a: {{}} }}\ninstagram: {{ i: {{ username: {username}, apps: {{ a: {{}} }} }} }}\n")
    };
    let link = |text: &str| {
        format!(
            "apps: {{ a: {{}} }}\ninstagram: {{ i: {{ apps: {{ a: {{}} }}, links: {{ l: {{ ref: {text} }} }} }} }}\n"
        )
    };
    let (long_name, long_ref) = (account(&"a".repeat(31)), link(&"a".repeat(2084)));
    assert_refused(&[
        (
            "username",
            &account("'shop official'"),
            &["`shop official` is no username on Instagram", "1 to 30 letters, digits, `.` and `_`"],
        ),
        ("long-username", &long_name, &["is no username on Instagram"]),
        ("no-username", &account("''"), &["`` is no username on Instagram"]),
        (
            "same-username",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} }, username: shop.x }, j: { apps: { a: {} }, username: Shop.X } }\n",
            &["`j` has the username `Shop.X` of `i`", "give each account a `username` of its own"],
        ),
        (
            "same-derived-username",
            "apps: { a: {} }\ninstagram: { shop-x: { apps: { a: {} } }, shop_x: { apps: { a: {} } } }\n",
            &["`shop_x` has the username `shop_x` of `shop-x`"],
        ),
        ("ref", &link("'a b'"), &["`a b` cannot be a `ref`", "it has letters, digits, `-`, `_` and `=`"]),
        ("long-ref", &long_ref, &["this `ref` has 2084 characters", "at most 2083"]),
        (
            "ref-of-a-page",
            "apps: { a: {} }\npages: { s: { apps: { a: {} }, links: { l: { ref: 'ä' } } } }\n",
            &["`ä` cannot be a `ref`"],
        ),
    ]);
    let (code, said) = check("longest", &link(&"a-_=".repeat(520)));
    assert_eq!((code, said.contains("1 file is valid")), (0, true), "{said}");
}

#[test]
fn what_only_a_page_has_is_refused_for_an_account_and_the_other_way_round() {
    assert_refused(&[
        (
            "knobs-of-pages",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} }, knobs: { hop_context: none, lead_patience: 1h, metadata_max: 9 } } }\n",
            &[
                "`hop_context` is a knob of pages, and this is an Instagram account",
                "`lead_patience` is a knob of pages",
                "2 mistakes",
            ],
        ),
        (
            "knobs-of-accounts",
            "apps: { a: {} }\npages: { s: { apps: { a: {} }, knobs: { ig_unreact: none, native_owner: never, echo_order: after_control } } }\n",
            &[
                "`ig_unreact` is a knob of Instagram accounts, and this is a page",
                "`native_owner` is a knob of Instagram",
                "2 mistakes",
            ],
        ),
        (
            "tasks",
            "apps: { a: {} }\npages: { s: { apps: { a: {} } } }\ninstagram: { i: { page: s, apps: { a: {} } } }\nusers: { u: { pages: { i: [MESSAGING] } } }\n",
            &["world:4:24", "unknown page `i`", "`i` is an Instagram account", "known are: s\n"],
        ),
        (
            "linked-account",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} } }, j: { page: i, apps: { a: {} } } }\n",
            &["unknown page `i`", "`i` is an Instagram account"],
        ),
        (
            "keys",
            "apps: { a: {} }\ninstagram: { i: { social: a, apps: { a: { by: u } }, profile: { get_started: { payload: GO } } } }\n",
            &[
                "`social` is something of pages: an Instagram account has none",
                "`by` is something of pages",
                "`get_started` is something of pages",
            ],
        ),
        (
            "keys-of-a-page",
            "apps: { a: {} }\npages: { s: { message_access: off, apps: { a: { login: instagram } } } }\n",
            &[
                "`message_access` is something of Instagram accounts: a page has none",
                "`login` is something of Instagram",
            ],
        ),
        (
            "menu",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} }, profile: { persistent_menu: [{ locale: default, composer_input_disabled: true, call_to_actions: [{ type: postback, title: A, payload: B }] }] } } }\n",
            &["composer_input_disabled", "as an app sets it by `messenger_profile`"],
        ),
        (
            "ads",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} } } }\nads: { t: { page: instagram, app: a, product_id: '4', lead: { questions: [Why?] } } }\n",
            &[
                "a lead-generation ad cannot lead to the Instagram account `i`",
                "the referral of an ad on Instagram has no product_id",
            ],
        ),
    ]);
}

#[test]
fn no_conversation_is_led_to_an_app_that_people_of_the_business_write_in() {
    let own =
        "cannot be Meta's own app `instagram_app`: it is the app in which people of the business write themselves";
    assert_refused(&[
        (
            "default",
            "apps: { a: {} }\ninstagram: { i: { default_app: instagram_app, apps: { a: {} } } }\n",
            &["the default app", own],
        ),
        (
            "ad",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} } } }\nads: { t: { page: i, app: instagram_app } }\n",
            &["the app of the ad `t`", own],
        ),
        (
            "link",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} }, links: { l: { ref: x, app: instagram_app } } } }\n",
            &["the app of the link `l`", own],
        ),
        (
            "profile",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {} }, profile: { app: instagram_app, ice_breakers: [{ question: A, payload: B }] } } }\n",
            &["the app that has set the profile", own],
        ),
        (
            "connected",
            "apps: { a: {} }\ninstagram: { i: { apps: { a: {}, instagram_app: { standby: false } } } }\n",
            &["`instagram_app` is Meta's own app, and has neither a token nor webhooks"],
        ),
    ]);
    let (code, said) =
        check("own-name", "apps: { instagram_app: {} }\npages: { s: { apps: { instagram_app: {} } } }\n");
    assert_eq!(code, 0, "the name is free in a world without accounts: {said}");
}

#[test]
fn what_may_be_meant_and_will_not_work_is_noted() {
    let world = "apps: { a: {}, b: {} }
pages: { s: { apps: { a: { fields: [] } } } }
instagram: { i: { id: '123', page: s, apps: { a: {}, b: { login: instagram, fields: [messages, story_insights] } } } }
";
    let (code, said) = check("notes", world);
    assert_eq!(code, 0, "{said}");
    for expected in [
        "world:3:23: ids of Instagram accounts have 17 digits that begin with 17841, not `123`",
        "world:3:50: `a` gets no webhooks of `i`: with Facebook Login it must subscribe any field on the page `s`",
        "world:3:96: `b` never gets `story_insights`: Instagram Login does not have it",
    ] {
        assert!(said.contains(expected), "{expected} in\n{said}");
    }
}

#[test]
fn a_person_has_one_id_on_an_account_under_either_key() {
    let world = |person: &str| {
        format!(
            "apps: {{ a: {{}} }}\npages: {{ s: {{ apps: {{ a: {{}} }} }} }}\ninstagram: {{ i: {{ page: s, apps: {{ a: {{}} }} }} }}\npeople: {{ sam: {{ {person} }} }}\n"
        )
    };
    assert_refused(&[
        (
            "twice",
            &world("psids: { i: '7' }, igsids: { i: '8' }"),
            &[
                "world:4:47",
                "a person has one id on `i`, and this is a second one",
                "`igsids` is for Instagram accounts",
            ],
        ),
        ("by-platform", &world("igsids: { i: '7', instagram: '8' }"), &["a person has one id on `instagram`"]),
        ("page", &world("igsids: { s: '7' }"), &["unknown Instagram account `s`", "known are: i\n"]),
        ("crowd", &world("count: 3, igsids: { i: '7' }"), &["this cannot be the same for all members of a crowd"]),
    ]);
    let scenario = "world: igsids-world.yaml\nscenarios:\n  - name: x\n    steps:\n      - { user: sam, on: instagram, says: Hi }\n      - expect: [{ app: a, gets: messages, on: instagram, body: { sender: { id: '777' } } }]\n";
    check("igsids-world", &world("psids: { s: '7' }, igsids: { instagram: '777' }"));
    let path = files::file("instagram_worlds", "igsids.yaml", scenario);
    let output =
        Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["run", &path]).output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

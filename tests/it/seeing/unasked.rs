//! What a bot says that nobody asked for is found, whatever its pace.

use crate::support::TestServer;

use super::{Bot, fails, passes};

/// Paces of the bot in milliseconds.
const DELAYS: [u32; 3] = [0, 30, 400];

const DENY: &[&str] = &["--deny", "unasked_message"];

#[test]
fn nothing_messages_finds_what_came_before_and_after_the_answer() {
    let right = "
- name: one answer
  steps:
    - { user: alice, says: Hi }
    - { app: bot, sends: Hello }
    - expect: [{ nothing: messages }]
    - { clock: +1h }
    - expect: [{ nothing: messages, of: alice }]
- name: no answer
  steps:
    - { user: alice, says: quiet }
    - expect: [{ nothing: messages, within: 100ms }]
";
    for word in ["spam", "extra"] {
        let wrong = format!(
            "
- name: one answer too many
  steps:
    - {{ user: alice, says: {word} }}
    - {{ app: bot, sends: Hello }}
    - expect: [{{ nothing: messages }}]
"
        );
        for delay in DELAYS {
            let text = fails(&Bot { delay }.run(&format!("{word}-{delay}.yaml"), &wrong, &[]));
            assert!(text.contains("there are messages that no step has asked for: 1"), "{delay}: {text}");
            assert!(text.contains(r#"bot sends "SPAM" to alice"#), "{delay}: {text}");
        }
    }
    for delay in DELAYS {
        passes(&Bot { delay }.run(&format!("right-{delay}.yaml"), right, &["--deny", "all"]));
    }
}

#[test]
fn a_message_that_no_step_asks_for_is_a_finding_and_fails_a_strict_scenario() {
    let scenario = |strict: &str| {
        format!(
            "
- name: an answer
  strict: {strict}
  steps:
    - {{ user: alice, says: spam }}
    - {{ app: bot, sends: Hello }}
"
        )
    };
    for delay in DELAYS {
        let name = |kind: &str| format!("{kind}-{delay}.yaml");
        let warned = Bot { delay }.run(&name("warned"), &scenario("false"), &[]);
        passes(&warned);
        let text = super::all_output(&warned);
        assert!(
            text.contains("unasked_message")
                && text.contains(r#"`bot` sends "SPAM" to alice, and no step asks for it"#),
            "{text}"
        );
        let denied = fails(&Bot { delay }.run(&name("denied"), &scenario("false"), DENY));
        assert!(denied.contains("unasked_message is denied"), "{denied}");
        let strict = fails(&Bot { delay }.run(&name("strict"), &scenario("messages"), &[]));
        assert!(strict.contains("strict: messages that no step has asked for: 1"), "{strict}");
        assert!(!strict.contains("calls that came after"), "{strict}");
    }
}

#[test]
fn webhooks_that_no_step_expects_do_not_fail_a_scenario_that_is_strict_about_messages() {
    let scenarios = "
- name: an answer
  strict: messages
  steps:
    - { user: alice, says: Hi }
    - expect: [{ message: { from: bot, text: Hello } }]
- name: what was said before is no answer
  steps:
    - { user: alice, says: Hi }
    - { app: bot, sends: Hello }
    - { user: alice, says: quiet }
    - { app: bot, stays_silent: 100ms }
- name: nobody asks for the first answer, and it does not break the silence
  allow_lints: [unasked_message]
  steps:
    - { user: alice, says: Hi }
    - expect: [{ owner: bot }, { app: desk, gets: standby }]
    - { app: bot, calls: { post: /me/messages } }
    - { user: alice, says: quiet }
    - { app: bot, stays_silent: 100ms }
";
    for delay in DELAYS {
        passes(&Bot { delay }.run(&format!("silent-{delay}.yaml"), scenarios, DENY));
    }
}

#[tokio::test]
async fn puppets_say_only_what_steps_say() {
    let world =
        "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }";
    let mut server = TestServer::start(world).await;
    server.step("{ user: alice, says: Hi }").await;
    server.step("{ app: bot, sends: Hello }").await;
    server.step("{ expect: [{ nothing: messages }] }").await;
    let wrong = server.emulator.step("{ expect: [{ nothing: webhooks, within: 1s }] }").await;
    assert!(wrong.is_err_and(|error| error.to_string().contains("`nothing: webhooks` is about the whole world")));
}

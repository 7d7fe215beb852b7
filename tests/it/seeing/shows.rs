//! A step prints the payloads that an app gets, byte for byte.

use crate::support::TestServer;

use super::{Bot, all_output, passes};

#[test]
fn payloads_are_printed_as_they_are_sent() {
    let scenarios = "
- name: what does the bot get?
  steps:
    - { user: alice, says: 'quiet <3' }
    - { app: bot, shows: messages }
    - { app: desk, shows: all }
    - { app: bot, shows: standby }
    - expect: [{ app: bot, gets: messages }]
";
    let output = Bot::default().run("shows.yaml", scenarios, &[]);
    passes(&output);
    let text = all_output(&output);
    assert!(text.contains(r#" shown bot got messages: {"object":"page","entry":[{"#), "{text}");
    assert!(text.contains(r#""text":"quiet \u003C3""#), "{text}");
    assert!(text.contains(r#" shown desk got standby: {"object":"page""#), "{text}");
    assert!(text.contains(" shown bot got no such webhook since the last acting step"), "{text}");
}

#[tokio::test]
async fn the_control_api_answers_what_is_shown() {
    let world =
        "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }";
    let mut server = TestServer::start(world).await;
    server.step("{ user: alice, says: Hi }").await;
    let shown = server.step("{ app: bot, shows: all }").await.expect("an answer");
    assert_eq!(shown.pointer("/0/entry/0/messaging/0/message/text"), Some(&"Hi".into()));
    server.step("{ expect: [{ app: bot, gets: messages }] }").await;
    let wrong = server.emulator.step("{ app: bot, shows: all, within: 1s }").await;
    assert!(wrong.is_err_and(|error| error.to_string().contains("`shows` makes no call")));
}

//! A bot with published blocking clients, tested by `TestWorld` in a runtime whose time is paused.

use std::time::Duration;

use graphdouble::{TestWorld, Value, json};

const WORLD: &str = "
apps: { bot: {} }
pages: { shop: { default_app: bot, apps: { bot: {} } } }
people: { alice: {} }
";

/// Starts a bot on a thread of its own that says what people said, and takes a webhook only when that is done.
fn start_bot(world: &TestWorld) {
    let env = world.app("bot").env().expect("the environment of the bot");
    let graph = format!("{}/v25.0/me/messages?access_token={}", env["GRAPHDOUBLE_URL"], env["GRAPHDOUBLE_PAGE_TOKEN"]);
    let server = tiny_http::Server::http("127.0.0.1:0").expect("a free port");
    let address = server.server_addr().to_ip().expect("an address");
    std::thread::spawn(move || {
        for mut request in server.incoming_requests() {
            let mut body = String::new();
            request.as_reader().read_to_string(&mut body).expect("a body");
            let webhook: Value = body.parse().expect("JSON");
            for item in webhook["entry"][0]["messaging"].as_array().into_iter().flatten() {
                if let (Some(text), None) = (item["message"]["text"].as_str(), item["message"].get("app_id")) {
                    let text = format!("You said {text}");
                    let message = json!({ "recipient": item["sender"], "message": { "text": text } });
                    ureq::post(&graph).send_json(message).expect("an answer");
                }
            }
            request.respond(tiny_http::Response::empty(200)).expect("a caller");
        }
    });
    world.app("bot").attach(&format!("http://{address}/webhook")).expect("a webhook");
}

#[tokio::test(start_paused = true)]
async fn the_paused_time_of_a_test_does_not_stop_a_world() {
    let world = TestWorld::start(WORLD).expect("a world without mistakes");
    start_bot(&world);
    world.user("alice").says("Hi").await;
    world.app("bot").sends("You said Hi").await;
    // The time of the test is not that of the world.
    tokio::time::advance(Duration::from_secs(24 * 60 * 60)).await;
    world.window("open").await;
    world.clock("+24h").await;
    world.window("closed").await;
    // Blocking statements wait for the bot, too.
    world.user("alice").says("Ho");
    world.app("bot").sends("You said Ho");
    world.message(json!({ "from": "bot", "to": "alice", "text": "You said Ho" }));
}

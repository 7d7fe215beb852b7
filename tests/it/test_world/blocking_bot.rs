//! A bot that blocks its thread for as long as it calls the Graph API, and answers a webhook only then.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use graphdouble::TestWorld;
use serde_json::{Value, json};

/// What the bot needs to know.
#[derive(Debug, Clone)]
pub struct BlockingBot {
    graph: String,
    token: String,
}

impl BlockingBot {
    /// The bot of the app `bot`.
    pub fn of(world: &TestWorld) -> Self {
        let env = world.app("bot").env().expect("the environment of the bot");
        let graph = env["GRAPHDOUBLE_URL"].trim_start_matches("http://").to_owned();
        Self { graph, token: env["GRAPHDOUBLE_PAGE_TOKEN"].clone() }
    }

    /// Answers webhooks on a thread of its own, and is attached to the app `bot`.
    pub fn start(world: &TestWorld) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let bot = Self::of(world);
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| bot.take(stream)));
        world.app("bot").attach(&format!("http://{address}/webhook")).expect("a webhook");
    }

    /// Takes one webhook, greets whoever wrote, and only then answers that it took the webhook.
    pub fn take(&self, mut stream: TcpStream) {
        let Some(webhook) = read_body(&mut stream) else { return };
        for item in webhook["entry"][0]["messaging"].as_array().into_iter().flatten() {
            if let (Some(text), None) = (item["message"]["text"].as_str(), item["message"].get("app_id")) {
                self.send(&item["sender"]["id"], text);
            }
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").expect("an answer");
    }

    fn send(&self, psid: &Value, text: &str) {
        let body =
            json!({ "recipient": { "id": psid }, "message": { "text": format!("You said {text}") } }).to_string();
        let head = format!(
            "POST /v25.0/me/messages HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.graph,
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.graph).expect("the Graph API");
        stream.write_all((head + &body).as_bytes()).expect("a call");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

/// The body of a request, as JSON. None if nobody asks.
fn read_body(stream: &mut TcpStream) -> Option<Value> {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let bytes = stream.read(&mut buffer).ok().filter(|bytes| *bytes > 0)?;
        read.extend_from_slice(&buffer[..bytes]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.to_lowercase().split_once("content-length: ")?.1.lines().next()?.parse().ok()?;
        if body.len() >= length {
            return serde_json::from_str(body).ok();
        }
    }
}

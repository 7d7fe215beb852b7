//! Webhooks to https:// URLs: real bots with certificates of a CA that is trusted, and the ways in which a certificate is not.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::{Value, json};

use crate::support::{Connection, LANGUAGES, RealBot, Reply, Request, files, get, post, put};

const FOLDER: &str = "https_webhooks";

/// A CA of a test.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a CA").pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// Certificate and key for these names, as two files.
    fn certify(&self, file: &str, names: &[&str], change: impl Fn(&mut CertificateParams)) -> Value {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        json!({
            "TLS_CERT": files::file(FOLDER, &format!("{file}.pem"), &certificate.pem()),
            "TLS_KEY": files::file(FOLDER, &format!("{file}.key"), &key.serialize_pem()),
        })
    }
}

/// A server that trusts the CAs of a file.
struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(cas: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_graphdouble"))
            .args(["serve", "--frozen", "--listen", "127.0.0.1:0", "--webhook-ca", cas])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("the ready line");
        let address = line.trim().strip_prefix("graphdouble listens on http://").expect("the ready line").to_owned();
        Self { process, address }
    }

    async fn ask(&self, request: Request) -> Reply {
        Connection::open(&self.address).await.ask(&request.bytes(&self.address)).await
    }

    async fn environment(&self) -> Value {
        self.ask(get("/_control/worlds/default/apps/bot")).await.json()["env"].clone()
    }

    async fn attach(&self, body: Value) -> Reply {
        self.ask(put("/_control/worlds/default/apps/bot/webhook").json(body.to_string())).await
    }

    async fn step(&self, step: &str) -> Reply {
        self.ask(post("/_control/worlds/default/steps").body(step)).await
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
    }
}

fn with(environment: &Value, more: &Value) -> Value {
    let mut all = environment.clone();
    if let (Some(all), Some(more)) = (all.as_object_mut(), more.as_object()) {
        all.extend(more.clone());
    }
    all
}

#[tokio::test]
async fn a_bot_with_a_certificate_of_a_trusted_ca_takes_webhooks_by_https() {
    let authority = Authority::new("a CA that is given");
    let ca = files::file(FOLDER, "trusted-ca.pem", &authority.pem);
    let tls = authority.certify("good", &["localhost", "127.0.0.1"], |_| {});
    let served = Served::start(&ca);
    for language in LANGUAGES {
        let bot = RealBot::start(language, &with(&served.environment().await, &tls));
        // What still went to the bot before this one is forgotten.
        assert_eq!(served.ask(post("/_control/worlds/default/reset")).await.status, 204);
        // By its name and by its address: both stand in the certificate.
        for url in [bot.url.clone(), bot.url.replace("127.0.0.1", "localhost")] {
            let attached = served.attach(json!({ "url": url, "verify": true })).await;
            assert_eq!(attached.status, 200, "{url}: {}", attached.text());
            let said = served.step("{ user: alice, says: Hi }").await;
            assert_eq!(said.status, 200, "{}", said.text());
            let answer = format!("{{ app: bot, to: alice, sends: {{ text: 'Hello from {language}: Hi' }} }}");
            let observed = served.step(&answer).await;
            assert_eq!(observed.status, 200, "{}", observed.text());
        }
    }
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_a_text_of_its_own_in_the_ledger() {
    let (authority, other) = (Authority::new("given"), Authority::new("not given"));
    let served = Served::start(&files::file(FOLDER, "one-ca.pem", &authority.pem));
    let names = ["localhost", "127.0.0.1"];
    let rows = [
        ("unknown", other.certify("unknown", &names, |_| {})),
        (
            "expired",
            authority.certify("expired", &names, |params| {
                (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
            }),
        ),
        (
            "not yet",
            authority.certify("not-yet", &names, |params| {
                (params.not_before, params.not_after) = (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1));
            }),
        ),
        ("another name", authority.certify("another-name", &["bot.example"], |_| {})),
        (
            "a CA's own",
            authority.certify("a-ca", &names, |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        ),
        ("no TLS at all", json!({})),
    ];
    let mut shown = String::new();
    for (what, tls) in rows {
        let bot = RealBot::start("python", &with(&served.environment().await, &tls));
        let url = bot.url.replace("http://", "https://");
        let port = url.rsplit(':').next().unwrap_or_default().trim_end_matches("/webhook").to_owned();
        assert_eq!(served.attach(json!({ "url": url })).await.status, 200);
        let said = served.step("{ user: alice, says: Hi }").await;
        assert_eq!(said.status, 422, "{what}: {}", said.text());
        let attempts = served.ask(get("/_control/worlds/default/ledger?kind=delivery_attempt")).await.json();
        let attempt = attempts["entries"].as_array().and_then(|entries| entries.last()).cloned().expect("an attempt");
        shown.push_str(&format!("{what}: {}\n", attempt["text"].to_string().replace(&port, "PORT")));
        let handshake = served.attach(json!({ "url": url, "verify": true })).await;
        let came = handshake.json()["handshake"]["came"].to_string().replace(&port, "PORT");
        shown.push_str(&format!("  {} {came}\n", handshake.status));
    }
    insta::assert_snapshot!(shown, @r#"
    unknown: "bot did not take attempt 1: the certificate of 127.0.0.1 is signed by a CA that is not trusted here: give that CA with --webhook-ca FILE"
      422 "nothing (the certificate of 127.0.0.1 is signed by a CA that is not trusted here: give that CA with --webhook-ca FILE)"
    expired: "bot did not take attempt 1: the certificate of 127.0.0.1 has expired: make a new one"
      422 "nothing (the certificate of 127.0.0.1 has expired: make a new one)"
    not yet: "bot did not take attempt 1: the certificate of 127.0.0.1 is not valid yet: look at the clock of this machine"
      422 "nothing (the certificate of 127.0.0.1 is not valid yet: look at the clock of this machine)"
    another name: "bot did not take attempt 1: the certificate is not for 127.0.0.1; it is for: bot.example"
      422 "nothing (the certificate is not for 127.0.0.1; it is for: bot.example)"
    a CA's own: "bot did not take attempt 1: the certificate of 127.0.0.1 is that of a CA (CA:TRUE): make one for the server, without CA:TRUE, that a CA of yours has signed, and give that CA with --webhook-ca FILE"
      422 "nothing (the certificate of 127.0.0.1 is that of a CA (CA:TRUE): make one for the server, without CA:TRUE, that a CA of yours has signed, and give that CA with --webhook-ca FILE)"
    no TLS at all: "bot did not take attempt 1: port PORT of 127.0.0.1 does not speak TLS: does its URL begin with http://?"
      422 "nothing (port PORT of 127.0.0.1 does not speak TLS: does its URL begin with http://?)"
    "#);
}

//! HTTPS on the port of plain HTTP, with real sockets: what a client verifies, what it receives, and clients that fail.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyIdMethod, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{BAKERY, Connection, TestServer, files, get, parsed, post};

const BINARY: &str = env!("CARGO_BIN_EXE_graphdouble");
const DAY: i64 = 24 * 60 * 60;
const ME: &str =
    "GET /v25.0/me?access_token=EAAsupport HTTP/1.1\r\nHost: graph.facebook.com\r\nConnection: close\r\n\r\n";

/// A client that trusts one CA.
#[derive(Debug, Clone)]
struct Client<'c> {
    ca: &'c str,
    versions: &'c [&'static SupportedProtocolVersion],
    protocols: &'c [&'c str],
    /// How many seconds its clock is ahead.
    ahead: i64,
}

/// A clock that is ahead, or behind.
#[derive(Debug)]
struct Ahead(i64);

impl TimeProvider for Ahead {
    fn current_time(&self) -> Option<UnixTime> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        Some(UnixTime::since_unix_epoch(Duration::from_secs(now.checked_add_signed(self.0)?)))
    }
}

impl<'c> Client<'c> {
    fn trusting(ca: &'c str) -> Self {
        Self { ca, versions: rustls::ALL_VERSIONS, protocols: &[], ahead: 0 }
    }

    fn config(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(self.ca.as_bytes()) {
            roots.add(certificate.expect("PEM")).expect("a CA");
        }
        let mut config = ClientConfig::builder_with_details(Arc::new(default_provider()), Arc::new(Ahead(self.ahead)))
            .with_protocol_versions(self.versions)
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = self.protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        config
    }

    /// Everything that comes back, or why nothing does.
    async fn ask(&self, address: &str, name: &str, request: &str) -> Result<String, String> {
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let stream = TcpStream::connect(address).await.expect("the server accepts");
        let connector = TlsConnector::from(Arc::new(self.config()));
        let mut stream = connector.connect(name, stream).await.map_err(|error| error.to_string())?;
        stream.write_all(request.as_bytes()).await.map_err(|error| error.to_string())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.map_err(|error| error.to_string())?;
        Ok(answer)
    }

    /// Asks for the page of a token, which must be there.
    async fn meets(&self, address: &str, name: &str) {
        let answer = self.ask(address, name, ME).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""name":"bakery""#), "{name}: {answer}");
    }

    async fn fails(&self, address: &str, name: &str, why: &str) {
        let error = self.ask(address, name, ME).await.expect_err(name);
        assert!(error.contains(why), "{name}: {error}");
    }
}

fn ca_of(server: &TestServer) -> &str {
    server.emulator.ca_pem().expect("a CA")
}

fn file(name: &str, text: &str) -> String {
    files::file("tls", name, text)
}

/// The binary as a server, ended when it is dropped.
struct Served {
    child: Child,
    log: BufReader<ChildStderr>,
    addresses: Vec<String>,
}

impl Served {
    /// With as many ready lines as it has ports.
    fn start(ports: usize, arguments: &[&str]) -> Self {
        let mut child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--world", "fixtures/bakery.yaml"])
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        let log = BufReader::new(child.stderr.take().expect("a pipe"));
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().take(ports);
        let addresses = lines.map(|line| {
            let line = line.expect("a ready line");
            line.strip_prefix("graphdouble listens on http://").expect("the ready line").to_owned()
        });
        let addresses = addresses.collect();
        Self { child, log, addresses }
    }

    fn address(&self) -> &str {
        &self.addresses[0]
    }

    /// The next line of its log.
    fn says(&mut self) -> String {
        let mut line = String::new();
        self.log.read_line(&mut line).expect("a line");
        line
    }

    async fn ca(&self) -> String {
        let request = get("/_control/ca.pem").bytes(self.address());
        let reply = Connection::open(self.address()).await.ask(&request).await;
        assert_eq!(reply.status, 200);
        reply.text().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("it runs until now");
    }
}

fn refused(arguments: &[&str]) -> (i32, String) {
    let Output { status, stderr, .. } =
        Command::new(BINARY).args(["serve", "--listen", "127.0.0.1:0"]).args(arguments).output().expect("the binary");
    (status.code().expect("an exit code"), String::from_utf8_lossy(&stderr).into_owned())
}

#[tokio::test]
async fn one_port_answers_plain_and_encrypted_calls_alike() {
    let server = TestServer::start(BAKERY).await;
    let plain = server.ask(get("/v25.0/me").bearer("EAAsupport").header("Host", "graph.facebook.com")).await;
    assert_eq!(plain.status, 200);
    let client = Client::trusting(ca_of(&server));
    let answer = client.ask(server.address(), "graph.facebook.com", ME).await.expect("an answer");
    assert!(answer.ends_with(plain.text()), "{answer}");
}

#[tokio::test]
async fn an_encrypted_connection_breaks_as_a_plain_one_does() {
    let mut server = TestServer::start(BAKERY).await;
    for (breaks, why) in [("reset", "reset by peer"), ("close", "close_notify"), ("half_body", "close_notify")] {
        server.step(&format!("{{ fault: {{ at: page_read, breaks: {breaks} }} }}")).await;
        let client = Client::trusting(ca_of(&server));
        let error = client.ask(server.address(), "graph.facebook.com", ME).await.expect_err(breaks);
        assert!(error.contains(why), "{breaks}: {error}");
    }
}

#[tokio::test]
async fn the_ca_proves_metas_names_and_those_of_the_loopback() {
    let server = TestServer::start(BAKERY).await;
    let client = Client::trusting(ca_of(&server));
    for name in [
        "graph.facebook.com",
        "graph.instagram.com",
        "api.instagram.com",
        "www.instagram.com",
        "GRAPH.facebook.com",
        "localhost",
        "127.0.0.1",
        "::1",
    ] {
        client.meets(server.address(), name).await;
    }
    client.fails(server.address(), "graph.example.com", "not valid for name").await;
}

#[tokio::test]
async fn old_and_new_clients_shake_hands() {
    let server = TestServer::start(BAKERY).await;
    let client = Client::trusting(ca_of(&server));
    Client { versions: &[&TLS12], ..client.clone() }.meets(server.address(), "graph.facebook.com").await;
    Client { versions: &[&TLS13], ..client.clone() }.meets(server.address(), "graph.facebook.com").await;
    Client { protocols: &["h2", "http/1.1"], ..client.clone() }.meets(server.address(), "graph.facebook.com").await;
    let modern = Client { protocols: &["h2"], ..client };
    modern.fails(server.address(), "graph.facebook.com", "NoApplicationProtocol").await;
}

#[tokio::test]
async fn the_certificate_is_valid_for_long_and_not_for_too_long() {
    let server = TestServer::start(BAKERY).await;
    let client = Client::trusting(ca_of(&server));
    for ahead in [-29 * DAY, 0, 366 * DAY] {
        Client { ahead, ..client.clone() }.meets(server.address(), "graph.facebook.com").await;
    }
    // 397 days in all, for some clients refuse more than 398.
    for (ahead, why) in [(-31 * DAY, "not valid yet"), (368 * DAY, "expired")] {
        Client { ahead, ..client.clone() }.fails(server.address(), "graph.facebook.com", why).await;
    }
}

#[tokio::test]
async fn the_control_api_hands_out_the_ca() {
    let server = TestServer::start(BAKERY).await;
    let reply = server.ask(get("/_control/ca.pem")).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/x-pem-file")));
    assert_eq!(reply.text(), ca_of(&server));
    assert!(reply.text().starts_with("-----BEGIN CERTIFICATE-----") && !reply.text().contains("PRIVATE"));
    let refused = server.ask(post("/_control/ca.pem")).await;
    assert_eq!(refused.status, 405, "{}", refused.text());
}

#[tokio::test]
async fn the_control_api_is_guarded_inside_tls_too() {
    let server = TestServer::start(BAKERY).await;
    let client = Client::trusting(ca_of(&server));
    let ask = async |path: &str, headers: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n\r\n");
        client.ask(server.address(), "localhost", &request).await.expect("an answer")
    };
    assert!(ask("/_control/health", "Host: localhost").await.starts_with("HTTP/1.1 200"));
    let refusal = ask("/_control/health", "Host: graph.facebook.com").await;
    assert!(refusal.starts_with("HTTP/1.1 403") && refusal.contains("--allow-host graph.facebook.com"), "{refusal}");
    let refusal = ask("/_control/health", "Host: localhost\r\nOrigin: https://evil.example").await;
    assert!(refusal.starts_with("HTTP/1.1 403"), "{refusal}");
}

#[tokio::test]
async fn a_world_has_the_url_by_which_it_was_reached() {
    let server = TestServer::start(BAKERY).await;
    let client = Client::trusting(ca_of(&server));
    let request = "GET /_control/worlds/default HTTP/1.1\r\nHost: localhost:4004\r\nConnection: close\r\n\r\n";
    let answer = client.ask(server.address(), "localhost", request).await.expect("an answer");
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    assert_eq!(parsed(body.as_bytes())["graph_url"], json!("https://localhost:4004"));
    assert_eq!(server.control("").await["graph_url"], json!(server.emulator.url()));
}

#[tokio::test]
async fn a_client_of_another_ca_fails_and_the_server_goes_on_and_says_why() {
    let stranger = TestServer::start(BAKERY).await;
    let mut server = Served::start(1, &[]);
    let address = server.address().to_owned();
    for versions in [&[&TLS12], &[&TLS13]] {
        let client = Client { versions, ..Client::trusting(ca_of(&stranger)) };
        client.fails(&address, "graph.facebook.com", "UnknownIssuer").await;
        let shown = server.says();
        assert!(shown.contains("the client does not trust our CA"), "{shown}");
        assert!(shown.contains(&format!("give it http://{address}/_control/ca.pem")), "{shown}");
    }
    Client::trusting(&server.ca().await).meets(&address, "graph.facebook.com").await;
}

#[tokio::test]
async fn what_is_no_handshake_costs_one_connection() {
    let mut server = Served::start(1, &[]);
    let address = server.address().to_owned();
    for (sent, why) in [
        (b"\x16".as_slice(), "the client hung up in the middle of its first words"),
        (b"\x16\x03\x01\x00\x05hello", "the client does not speak TLS as it should"),
    ] {
        let mut stream = TcpStream::connect(&address).await.expect("the server accepts");
        stream.write_all(sent).await.expect("the server reads");
        stream.shutdown().await.expect("an open connection");
        stream.read_to_end(&mut Vec::new()).await.expect("an end");
        let shown = server.says();
        assert!(shown.contains("a TLS handshake failed") && shown.contains(why), "{shown}");
    }
    Client::trusting(&server.ca().await).meets(&address, "graph.facebook.com").await;
}

#[tokio::test]
async fn a_name_is_certified_if_it_was_declared() {
    let mut server = Served::start(1, &["--tls-name", "graph.example.com,*.bots.test", "--tls-name", "10.1.2.3"]);
    let (address, ca) = (server.address().to_owned(), server.ca().await);
    let client = Client::trusting(&ca);
    for name in ["graph.example.com", "one.bots.test", "10.1.2.3", "graph.facebook.com"] {
        client.meets(&address, name).await;
    }
    client.fails(&address, "graph.whatsapp.com", "not valid for name").await;
    let shown = server.says();
    assert!(shown.contains("https://graph.whatsapp.com") && shown.contains("--tls-name graph.whatsapp.com"), "{shown}");
}

#[tokio::test]
async fn a_seed_gives_the_same_ca_to_every_server() {
    let (one, two) = (Served::start(1, &["--ca-seed", "7"]), Served::start(1, &["--ca-seed", "7"]));
    let (ca, same) = (one.ca().await, two.ca().await);
    assert_eq!(ca, same);
    let client = Client::trusting(&ca);
    client.meets(two.address(), "graph.facebook.com").await;
    let other = Served::start(1, &["--ca-seed", "8"]);
    client.fails(other.address(), "graph.facebook.com", "UnknownIssuer").await;
}

#[tokio::test]
async fn the_ca_is_in_the_file_when_the_server_is_ready() {
    let path = file("out.pem", "-----BEGIN CERTIFICATE-----\nan old one\n");
    let server = Served::start(1, &["--ca-out", &path]);
    let written = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(written, server.ca().await);
    Client::trusting(&written).meets(server.address(), "graph.instagram.com").await;
}

#[tokio::test]
async fn all_ports_answer_the_same() {
    let server = Served::start(2, &["--also-listen", "127.0.0.1:0"]);
    let ca = server.ca().await;
    let [first, second] = server.addresses.as_slice() else { panic!("{:?}", server.addresses) };
    assert_ne!(first, second);
    for address in [first, second] {
        Client::trusting(&ca).meets(address, "graph.facebook.com").await;
        let plain = Connection::open(address).await.ask(&get("/_control/health").bytes(address)).await;
        assert_eq!(plain.status, 200);
    }
}

/// A CA as people have them: a subject of several parts and a key id of its own.
fn ca(change: impl FnOnce(&mut CertificateParams)) -> (String, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "Bäckerei");
    params.distinguished_name.push(DnType::CommonName, "Bakery CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_identifier_method = KeyIdMethod::PreSpecified(vec![7; 20]);
    change(&mut params);
    (params.self_signed(&key).expect("a certificate").pem(), key)
}

#[tokio::test]
async fn a_ca_of_ones_own_signs_the_certificate() {
    let (pem, key) = ca(|_| {});
    let key = key.serialize_pem();
    // Some keep both in one file, of which only the certificate may go out.
    let (both, key) = (file("own.pem", &format!("{key}A comment.\n{pem}")), file("own.key", &key));
    let server = Served::start(1, &["--ca-cert", &both, "--ca-key", &key]);
    assert_eq!(server.ca().await, pem.replace("\r\n", "\n"));
    Client::trusting(&pem).meets(server.address(), "graph.facebook.com").await;
}

#[tokio::test]
async fn an_intermediate_ca_goes_out_with_the_certificate() {
    let (root, root_key) = ca(|_| {});
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Bakery root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_params = params.clone();
    let root_of = rcgen::Issuer::from_params(&root_params, &root_key);
    let root_pem = root_params.self_signed(&root_key).expect("a certificate").pem();
    params.distinguished_name.push(DnType::CommonName, "Bakery department");
    let key = KeyPair::generate().expect("a key");
    let middle = params.signed_by(&key, &root_of).expect("a certificate").pem();
    let (chain, key) = (file("chain.pem", &format!("{middle}{root_pem}")), file("chain.key", &key.serialize_pem()));
    let server = Served::start(1, &["--ca-cert", &chain, "--ca-key", &key]);
    Client::trusting(&root_pem).meets(server.address(), "graph.facebook.com").await;
    Client::trusting(&root).fails(server.address(), "graph.facebook.com", "").await;
}

#[test]
fn a_ca_that_cannot_sign_is_refused_at_the_start() {
    let (pem, key) = ca(|_| {});
    let (certificate, key_file) = (file("good.pem", &pem), file("good.key", &key.serialize_pem()));
    let other_key = file("other.key", &ca(|_| {}).1.serialize_pem());
    let (no_ca, no_ca_key) = ca(|params| params.is_ca = IsCa::ExplicitNoCa);
    let (no_ca, no_ca_key) = (file("no-ca.pem", &no_ca), file("no-ca.key", &no_ca_key.serialize_pem()));
    let old = key.serialize_pem().replace("PRIVATE KEY", "EC PRIVATE KEY");
    let (old, text) = (file("old.key", &old), file("text.pem", "hello"));
    for (certificate, key, code, why) in [
        (certificate.as_str(), other_key.as_str(), 2, "not the one of the CA certificate"),
        (&no_ca, &no_ca_key, 2, "does not belong to a CA"),
        (&certificate, &old, 2, "openssl pkcs8 -topk8"),
        (&certificate, &text, 2, "the CA key is not PEM"),
        (&text, &key_file, 2, "the CA certificate is not PEM"),
        ("nowhere.pem", &key_file, 3, "cannot read nowhere.pem"),
    ] {
        let (status, shown) = refused(&["--ca-cert", certificate, "--ca-key", key]);
        assert!(status == code && shown.contains(why), "{status}: {shown}");
    }
    for arguments in [
        ["--ca-cert", &certificate].as_slice(),
        &["--ca-cert", &certificate, "--ca-key", &key_file, "--ca-seed", "1"],
        &["--tls-name", "https://graph.example.com"],
    ] {
        assert_eq!(refused(arguments).0, 1, "{arguments:?}");
    }
    let (status, shown) = refused(&["--ca-out", "/nowhere/ca.pem"]);
    assert!(status == 3 && shown.contains("cannot write /nowhere/ca.pem"), "{shown}");
}

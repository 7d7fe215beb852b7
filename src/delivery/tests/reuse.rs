//! Tests of connections that bots end: at each point of a request, the requests that a bot sees are the attempts of the ledger.

use std::collections::VecDeque;
use std::io::Write;
use std::net::Shutdown;
use std::sync::{Mutex, mpsc};

use proptest::prelude::*;
use rustix::net::sockopt::set_socket_linger;

use super::*;

/// How a bot ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Close,
    Reset,
    /// Closes its half, reads on without looking at it until the other side closes, and closes then.
    Linger,
}

/// What a bot does with its next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Answers,
    /// Ends the connection when the request has come, without reading it.
    BeforeReading(End),
    AfterHead(End),
    AfterBody(End),
    /// After some bytes of its answer: of the head, or of the body.
    AfterHalfHead(End),
    AfterHalfAnswer(End),
    AfterAnswer(End),
}

impl Point {
    fn is_accepted(self) -> bool {
        matches!(self, Self::Answers | Self::AfterAnswer(_))
    }

    /// True if the bot reads the request.
    fn is_seen(self) -> bool {
        !matches!(self, Self::BeforeReading(_))
    }

    fn end(self) -> Option<End> {
        match self {
            Self::Answers => None,
            Self::BeforeReading(end)
            | Self::AfterHead(end)
            | Self::AfterBody(end)
            | Self::AfterHalfHead(end)
            | Self::AfterHalfAnswer(end)
            | Self::AfterAnswer(end) => Some(end),
        }
    }
}

fn any_point() -> impl Strategy<Value = Point> {
    let end = || prop_oneof![Just(End::Close), Just(End::Reset), Just(End::Linger)];
    prop_oneof![
        3 => Just(Point::Answers),
        1 => end().prop_map(Point::BeforeReading),
        1 => end().prop_map(Point::AfterHead),
        1 => end().prop_map(Point::AfterBody),
        1 => end().prop_map(Point::AfterHalfHead),
        1 => end().prop_map(Point::AfterHalfAnswer),
        2 => end().prop_map(Point::AfterAnswer),
    ]
}

/// A bot that does with each request what comes next.
struct PointBot {
    url: String,
    script: Arc<BotScript>,
    /// Says when a connection was ended.
    ended: mpsc::Receiver<()>,
}

struct BotScript {
    points: Mutex<VecDeque<Point>>,
    /// Requests of which the bot has read at least the head.
    seen: AtomicUsize,
    /// Requests that came although nothing was left of the script.
    unexpected: AtomicUsize,
    ended: Mutex<mpsc::Sender<()>>,
}

impl PointBot {
    fn new(points: impl IntoIterator<Item = Point>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/webhook", listener.local_addr().expect("an address"));
        let (sender, ended) = mpsc::channel();
        let script = Arc::new(BotScript {
            points: Mutex::new(points.into_iter().collect()),
            seen: AtomicUsize::new(0),
            unexpected: AtomicUsize::new(0),
            ended: Mutex::new(sender),
        });
        let shared = script.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let script = shared.clone();
                std::thread::spawn(move || script.serve(stream));
            }
        });
        Self { url, script, ended }
    }
}

impl BotScript {
    fn serve(&self, mut stream: TcpStream) {
        while matches!(stream.peek(&mut [0]), Ok(1)) {
            let Some(point) = self.points.lock().expect("no panic").pop_front() else {
                self.unexpected.fetch_add(1, Ordering::SeqCst);
                return;
            };
            if point.is_seen() {
                self.seen.fetch_add(1, Ordering::SeqCst);
            }
            react(point, &mut stream);
            if let Some(end) = point.end() {
                return self.end(stream, end);
            }
        }
    }

    fn end(&self, mut stream: TcpStream, end: End) {
        let ended = self.ended.lock().expect("no panic").clone();
        match end {
            End::Close => drop(stream),
            End::Reset => {
                set_socket_linger(&stream, Some(Duration::ZERO)).expect("an open socket");
                drop(stream);
            }
            End::Linger => {
                // It fails if the other side is gone.
                stream.shutdown(Shutdown::Write).unwrap_or_default();
                ended.send(()).unwrap_or_default();
                while stream.read(&mut [0; 512]).is_ok_and(|count| count > 0) {}
                return;
            }
        }
        ended.send(()).unwrap_or_default();
    }
}

/// Reads and writes as much as the point says.
fn react(point: Point, stream: &mut TcpStream) {
    let answered: &[u8] = match point {
        Point::BeforeReading(_) => return,
        Point::AfterHead(_) => return drop(read_head(stream)),
        Point::AfterBody(_) => b"",
        Point::AfterHalfHead(_) => b"HTTP/1.1 200 OK\r\nContent-",
        Point::AfterHalfAnswer(_) => b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf",
        Point::Answers | Point::AfterAnswer(_) => OK.as_bytes(),
    };
    read_request(stream).expect("a whole request");
    stream.write_all(answered).expect("the sender reads");
}

/// Sends a webhook for each point, each when the bot is done with the one before.
async fn send_one_by_one(points: &[Point], reuse_after: Duration) -> Result<(), TestCaseError> {
    let bot = PointBot::new(points.iter().copied());
    let settings = DeliverySettings { reuse_after, ..DeliverySettings::default() };
    let (world, _) = world_with(&bot.url, 1, settings);
    for (number, point) in points.iter().enumerate() {
        send_text(&world, 0, "hello");
        wait_until_quiet(&world).await;
        let results = results(&world);
        prop_assert_eq!(results.len(), number + 1, "one attempt for each webhook");
        prop_assert_eq!(results[number].is_success(), point.is_accepted(), "{:?}", results[number]);
        if point.end().is_some() {
            prop_assert!(bot.ended.recv_timeout(BUDGET).is_ok(), "the bot ends the connection");
        }
    }
    let seen = points.iter().filter(|point| point.is_seen()).count();
    prop_assert_eq!(bot.script.seen.load(Ordering::SeqCst), seen);
    prop_assert_eq!(bot.script.unexpected.load(Ordering::SeqCst), 0, "no request is sent twice");
    Ok(())
}

fn block_on<R>(work: impl Future<Output = R>) -> R {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn requests_at_the_bot_are_attempts_in_the_ledger(points in prop::collection::vec(any_point(), 1..8)) {
        // Connections are used again at once, and never.
        block_on(send_one_by_one(&points, Duration::ZERO))?;
        block_on(send_one_by_one(&points, BUDGET))?;
    }
}

#[tokio::test]
async fn a_bot_that_ends_each_connection_after_its_answer_gets_every_webhook_once() {
    for end in [End::Close, End::Reset, End::Linger] {
        let bot = PointBot::new(vec![Point::AfterAnswer(end); 60]);
        let world = world(&bot.url);
        for number in 0..60 {
            send_text(&world, number % 2, "hello");
        }
        wait_until_quiet(&world).await;
        assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 60], "{end:?}");
        assert_eq!(bot.script.seen.load(Ordering::SeqCst), 60);
        assert_eq!(bot.script.unexpected.load(Ordering::SeqCst), 0);
    }
}

/// Some servers say 408 on a connection that was idle for too long.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_not_taken_for_the_answer_to_a_webhook() {
    let (give, idle) = mpsc::channel();
    let give = Mutex::new(give);
    let bot = TestBot::new(move |_, stream| {
        let socket = stream.try_clone().expect("a socket");
        give.lock().expect("no panic").send(socket).is_ok() && stream.write_all(OK.as_bytes()).is_ok()
    });
    let world = reusing_world(&bot.url);
    send_text(&world, 0, "one");
    wait_until_quiet(&world).await;
    let mut idle = idle.recv().expect("the bot answers");
    idle.write_all(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n").expect("an open connection");
    send_text(&world, 0, "two");
    wait_until_quiet(&world).await;
    assert_eq!(results(&world), vec![DeliveryResult::Answered(200); 2]);
    assert_eq!(bot.connections(), 2);
}

#[tokio::test]
async fn connections_are_used_again_once_the_bot_has_kept_one_open() {
    let mut bot = TestBot::answering(OK);
    let world = world(&bot.url);
    let mut connections = Vec::new();
    // The first of them come too early.
    while !connections.iter().any(|number| connections.iter().filter(|other| *other == number).count() > 1) {
        send_text(&world, 0, "hello");
        wait_until_quiet(&world).await;
        connections.push(bot.requests.recv().await.expect("a webhook").connection);
    }
    send_text(&world, 0, "hello");
    wait_until_quiet(&world).await;
    let last = bot.requests.recv().await.expect("a webhook").connection;
    assert_eq!(Some(&last), connections.last(), "from then on, at once");
}

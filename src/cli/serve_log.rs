//! What `serve` prints while it runs: with `-v` a line for each Graph call and each webhook, and always what is surely a mistake. It reads
//! the ledgers when something was written, so no call waits for it, and a server that nobody calls costs nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;

use crate::engine::{ActiveWorld, Engine};
use crate::text::printable::for_log;

use super::serve_lines::{LineTone, ServeLine, line_of, mistake_of, unmatched_call};
use super::terminal::colors_on;

/// How long the ledgers are left alone after they were read, while much is written: with `-v`, and without.
const VERBOSE_PAUSE: Duration = Duration::from_millis(20);
const PAUSE: Duration = Duration::from_millis(250);
/// A mistake is printed once in this time.
const ONCE_IN: Duration = Duration::from_secs(10);
/// The most different mistakes that are printed in this time.
const MAX_MISTAKES: usize = 20;
/// The most characters of a line about a call or a webhook, and of one about a mistake.
const MAX_LINE: usize = 400;
const MAX_MISTAKE: usize = 1000;

/// The log of a server.
pub struct ServeLog {
    engine: Arc<Engine>,
    verbose: bool,
    colors: bool,
    /// The world whose name is not printed.
    default_world: &'static str,
    /// How far the ledger of each world was read.
    read: BTreeMap<Box<str>, ReadWorld>,
    unmatched: u64,
    mistakes: PrintedMistakes,
}

/// How far a world's ledger was read.
struct ReadWorld {
    generation: u64,
    cursor: u64,
}

/// The log as a task, until it is stopped.
pub struct RunningLog {
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl RunningLog {
    /// Prints what is left, and ends.
    pub async fn stop(self) {
        self.stop.send(()).unwrap_or_default();
        self.task.await.unwrap_or_default();
    }
}

impl ServeLog {
    /// Begins to print.
    pub fn start(engine: Arc<Engine>, default_world: &'static str, verbose: bool) -> RunningLog {
        let colors = colors_on(&std::io::stderr());
        let mistakes = PrintedMistakes::default();
        let log = Self { engine, verbose, colors, default_world, read: BTreeMap::new(), unmatched: 0, mistakes };
        let (stop, stopped) = oneshot::channel();
        RunningLog { stop, task: tokio::spawn(log.run(stopped)) }
    }

    async fn run(mut self, mut stopped: oneshot::Receiver<()>) {
        let written = self.engine.written().clone();
        let mut ticks = tokio::time::interval(if self.verbose { VERBOSE_PAUSE } else { PAUSE });
        // After a time in which nothing was written, the next tick comes at once.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_over = false;
        loop {
            written.arm();
            let lines = self.new_lines(Instant::now());
            if !lines.is_empty() {
                std::io::stderr().write_all(lines.as_bytes()).unwrap_or_default();
            }
            if is_over {
                return;
            }
            let news = async {
                written.written().await;
                ticks.tick().await;
            };
            tokio::select! {
                () = news => {}
                _ = &mut stopped => is_over = true,
            }
        }
    }

    /// What has happened since the last look.
    fn new_lines(&mut self, now: Instant) -> String {
        let mut lines = String::new();
        let names = self.engine.names();
        self.read.retain(|name, _| names.contains(name));
        for name in names {
            if let Some(world) = self.engine.world(&name) {
                self.read_world(&name, &world, now, &mut lines);
            }
        }
        for call in self.engine.unmatched().reported_after(self.unmatched) {
            self.unmatched = call.number;
            self.mistake(&unmatched_call(&call.text()), now, &mut lines);
        }
        lines
    }

    fn read_world(&mut self, name: &str, world: &ActiveWorld, now: Instant, lines: &mut String) {
        let generation = world.generation();
        let read = self.read.entry(name.into()).or_insert(ReadWorld { generation, cursor: 0 });
        let is_same = read.generation == generation;
        let verbose = self.verbose;
        let (found, cursor) = world.read(|world, ledger, _| {
            let newest = ledger.next_cursor() - 1;
            let after = match is_same && read.cursor <= newest {
                true => read.cursor.max(ledger.oldest_cursor() - 1),
                // The world was put back: what it repeats is not printed again.
                false => newest,
            };
            let config = world.config();
            let entries = ledger.after(after).into_iter().flatten();
            let found: Vec<_> = entries
                .map(|entry| (line_of(config, ledger, entry).filter(|_| verbose), mistake_of(config, entry)))
                .filter(|(line, mistake)| line.is_some() || mistake.is_some())
                .collect();
            (found, newest)
        });
        *read = ReadWorld { generation, cursor };
        for (line, mistake) in found {
            if let Some(line) = line {
                self.line(name, &line, lines);
            }
            if let Some(mistake) = mistake {
                self.mistake(&mistake, now, lines);
            }
        }
    }

    fn line(&self, world: &str, line: &ServeLine, lines: &mut String) {
        let world = if world == self.default_world { String::new() } else { format!("{world}: ") };
        let ServeLine { tone, what, result, details } = line;
        let [what, result, details] = [what, result, details].map(|text| on_one_line(text));
        let colour = if *tone == LineTone::Good { "32" } else { "31" };
        let plain = format!("{world}{what}  ");
        let room = MAX_LINE.saturating_sub(plain.chars().count() + result.chars().count());
        let details: String = details.chars().take(room).collect();
        let text = format!("{plain}{}  {}", self.paint(colour, &result), self.paint("2", &details));
        writeln!(lines, "{}", text.trim_end()).unwrap_or_default();
    }

    fn mistake(&mut self, text: &str, now: Instant, lines: &mut String) {
        let text = &shortened(&on_one_line(text), MAX_MISTAKE);
        match self.mistakes.admit(text, now) {
            Admission::Printed => writeln!(lines, "{}: {text}", self.paint("31", "mistake")).unwrap_or_default(),
            Admission::Last => {
                writeln!(lines, "more mistakes are not printed for {} s", ONCE_IN.as_secs()).unwrap_or_default()
            }
            Admission::LeftOut => {}
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        match self.colors && !text.is_empty() {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}

/// The text, or what fits of it.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}… (cut: {} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

/// What apps and people have written, on one line of a log.
fn on_one_line(text: &str) -> String {
    for_log(&text.replace('\n', "\\n"))
}

/// The mistakes that were printed a short time ago.
#[derive(Debug, Default)]
struct PrintedMistakes {
    printed: BTreeMap<String, Instant>,
    is_full: bool,
}

/// Whether a mistake is printed.
#[derive(Debug, PartialEq, Eq)]
enum Admission {
    Printed,
    /// It is not, and that is said once.
    Last,
    LeftOut,
}

impl PrintedMistakes {
    fn admit(&mut self, text: &str, now: Instant) -> Admission {
        self.printed.retain(|_, at| now.duration_since(*at) < ONCE_IN);
        self.is_full &= self.printed.len() >= MAX_MISTAKES;
        if self.printed.contains_key(text) || self.is_full {
            return Admission::LeftOut;
        }
        if self.printed.len() >= MAX_MISTAKES {
            self.is_full = true;
            return Admission::Last;
        }
        self.printed.insert(text.to_owned(), now);
        Admission::Printed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_length() {
        let line = shortened(&"ä".repeat(20_000), MAX_MISTAKE);
        assert_eq!(line, format!("{}… (cut: 40000 bytes)", "ä".repeat(MAX_MISTAKE)));
        assert_eq!(shortened(&"ä".repeat(MAX_MISTAKE), MAX_MISTAKE), "ä".repeat(MAX_MISTAKE));
    }

    #[test]
    fn a_mistake_is_printed_once_in_a_while_and_many_are_cut() {
        let mut mistakes = PrintedMistakes::default();
        let now = Instant::now();
        assert_eq!(mistakes.admit("one", now), Admission::Printed);
        assert_eq!(mistakes.admit("one", now), Admission::LeftOut);
        for number in 1..MAX_MISTAKES {
            assert_eq!(mistakes.admit(&number.to_string(), now), Admission::Printed);
        }
        assert_eq!(mistakes.admit("another", now), Admission::Last);
        assert_eq!(mistakes.admit("another", now), Admission::LeftOut);
        assert_eq!(mistakes.admit("one", now + ONCE_IN), Admission::Printed);
    }
}

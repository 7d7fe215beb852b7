//! Calls that belong to no world: their token is missing or unknown, or they cannot be read as a call. The newest ones are kept.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::domain::model::time::Moment;

use super::clock::wall_now;

/// Calls that are kept. The oldest makes room for the next.
const MAX_UNMATCHED_CALLS: usize = 200;
/// Of them, those that stand in reports.
const MAX_REPORTED: usize = 5;
/// The bytes that are kept of each text of a call.
const MAX_UNMATCHED_TEXT: usize = 1000;
/// The first letters of a token that are kept.
const SHOWN_OF_TOKEN: usize = 6;

/// A call that belongs to no world.
#[derive(Debug, Clone)]
pub struct UnmatchedCall {
    /// Its number, counted from 1.
    pub number: u64,
    /// When it came, in real time.
    pub at: Moment,
    pub method: String,
    pub path: String,
    /// The HTTP status of the answer; `None` if only a report says that there was the call.
    pub status: Option<u16>,
    /// Meta's error code.
    pub code: Option<i32>,
    pub message: String,
    /// The first letters of the token that the call had.
    pub token: Option<String>,
}

impl UnmatchedCall {
    /// A call, which gets its number when it is noted.
    pub fn new(method: &str, path: &str, message: &str) -> Self {
        Self {
            number: 0,
            at: wall_now(),
            method: beginning(method),
            path: beginning(path),
            status: None,
            code: None,
            message: beginning(message),
            token: None,
        }
    }

    /// The call of a report.
    pub fn of_text(text: &str) -> Self {
        let (call, message) = text.split_once(" — ").unwrap_or((text, ""));
        let (method, path) = call.split_once(' ').unwrap_or(("", call));
        Self::new(method, path, message)
    }

    /// The call with what it was answered.
    #[must_use]
    pub fn answered(self, status: u16, code: i32) -> Self {
        Self { status: Some(status), code: Some(code), ..self }
    }

    /// The call with its token, of which only the first letters are kept.
    #[must_use]
    pub fn with_token(self, token: Option<&str>) -> Self {
        Self { token: token.map(masked), ..self }
    }

    /// The call in a line: `GET /me — Invalid OAuth access token.`
    pub fn text(&self) -> String {
        format!("{} {} — {}", self.method, self.path, self.message)
    }
}

/// A text, or its beginning if it is long.
fn beginning(text: &str) -> String {
    match text.len() <= MAX_UNMATCHED_TEXT {
        true => text.to_owned(),
        false => format!("{}…", &text[..text.floor_char_boundary(MAX_UNMATCHED_TEXT)]),
    }
}

/// The first letters of a token, as long as most of it stays hidden.
fn masked(token: &str) -> String {
    let shown = token.chars().take(SHOWN_OF_TOKEN.min(token.chars().count() / 3));
    shown.chain("***".chars()).collect()
}

/// The newest calls that belonged to no world.
#[derive(Debug)]
pub struct UnmatchedCalls {
    /// Oldest first.
    last: Mutex<VecDeque<UnmatchedCall>>,
    /// How many there were.
    noted: watch::Sender<u64>,
}

impl Default for UnmatchedCalls {
    fn default() -> Self {
        Self { last: Mutex::default(), noted: watch::Sender::new(0) }
    }
}

impl UnmatchedCalls {
    /// Keeps a call.
    pub(super) fn note(&self, call: UnmatchedCall) {
        let mut last = self.lock();
        if last.len() == MAX_UNMATCHED_CALLS {
            last.pop_front();
        }
        let number = *self.noted.borrow() + 1;
        last.push_back(UnmatchedCall { number, ..call });
        self.noted.send_replace(number);
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        *self.noted.borrow()
    }

    /// The kept calls after this number, oldest first.
    pub fn after(&self, number: u64) -> Vec<UnmatchedCall> {
        self.lock().iter().filter(|call| call.number > number).cloned().collect()
    }

    /// Waits for a call after this number.
    pub async fn wait_after(&self, number: u64, within: Duration) {
        let mut noted = self.noted.subscribe();
        // An error says that the time is up, or that the engine is gone. Then there is no such call.
        let _ = tokio::time::timeout(within, noted.wait_for(|noted| *noted > number)).await;
    }

    /// The newest calls after this number, as many as a report has.
    pub fn reported_after(&self, number: u64) -> Vec<UnmatchedCall> {
        let last = self.lock();
        let newest = last.iter().skip(last.len().saturating_sub(MAX_REPORTED));
        newest.filter(|call| call.number > number).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<UnmatchedCall>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_calls_are_kept_and_no_more_than_their_beginnings() {
        let calls = UnmatchedCalls::default();
        for number in 1..=MAX_UNMATCHED_CALLS as u64 + 3 {
            calls.note(UnmatchedCall::new("GET", &format!("/{number}"), &"ü".repeat(MAX_UNMATCHED_TEXT)));
        }
        let kept = calls.after(0);
        assert_eq!((kept.len(), kept[0].number, &*kept[0].path), (MAX_UNMATCHED_CALLS, 4, "/4"));
        assert!(kept.iter().all(|call| call.message.len() <= MAX_UNMATCHED_TEXT + '…'.len_utf8()));
        assert_eq!(calls.after(calls.count() - 2).len(), 2);
        assert_eq!(calls.reported_after(0).len(), MAX_REPORTED);
        assert!(calls.reported_after(calls.count()).is_empty());
    }

    #[test]
    fn a_token_is_never_kept_whole() {
        for (token, shown) in [("EAAsupport-token", "EAAsu***"), ("abc", "a***"), ("ab", "***"), ("", "***")] {
            let call = UnmatchedCall::new("GET", "/me", "").with_token(Some(token));
            assert_eq!(call.token.as_deref(), Some(shown), "{token}");
        }
    }

    #[test]
    fn a_call_of_a_report_has_its_parts_again() {
        let call = UnmatchedCall::new("GET", "/me", "Invalid OAuth access token. — Sorry");
        let again = UnmatchedCall::of_text(&call.text());
        assert_eq!((again.method, again.path, again.message), (call.method, call.path, call.message));
    }
}

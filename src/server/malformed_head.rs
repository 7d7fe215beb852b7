//! Heads that are not HTTP. hyper answers them by itself, with a status and nothing else. This file finds that answer among what hyper
//! writes, so that a better one can be sent in its place, and remembers where the request wanted to go.

use hyper::StatusCode;

/// How much of a head is kept. That is enough for the path of any API.
const KEPT_HEAD: usize = 256;

/// The longest answer that hyper makes by itself, and somewhat more.
const MAX_AUTOMATIC_ANSWER: usize = 256;

/// The head that a connection sends at this time.
#[derive(Debug, Default)]
pub(super) struct HeadInProgress {
    start: Vec<u8>,
    /// The status of the answer that hyper made by itself.
    refused: Option<StatusCode>,
}

impl HeadInProgress {
    /// Keeps the start of the head.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let room = KEPT_HEAD.saturating_sub(self.start.len());
        self.start.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The head is whole.
    pub(super) fn clear(&mut self) {
        self.start.clear();
    }

    /// The path that the request line names, as far as it can be read.
    pub(super) fn path(&self) -> String {
        let line = self.start.split(|byte| matches!(byte, b'\r' | b'\n')).find(|line| !line.is_empty());
        let target = line.unwrap_or_default().split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let path = target.split(|byte| *byte == b'?').next().unwrap_or_default();
        String::from_utf8_lossy(path).into_owned()
    }

    /// The status of the answer that hyper made by itself. `None` if it made none.
    pub(super) fn refused(&self) -> Option<StatusCode> {
        self.refused
    }

    /// Takes notice of bytes that hyper wants to write. Returns how many of them are to be written: all but an automatic answer at their end.
    pub(super) fn without_automatic_answer(&mut self, bytes: &[u8]) -> usize {
        let Some((start, status)) = find_automatic_answer(bytes) else { return bytes.len() };
        if start == 0 {
            self.refused = Some(status);
        }
        start
    }
}

/// Where an automatic answer begins, and its status. It has no header but these, which no other answer has.
fn find_automatic_answer(bytes: &[u8]) -> Option<(usize, StatusCode)> {
    if !bytes.ends_with(b"\r\n\r\n") {
        return None;
    }
    let skipped = bytes.len().saturating_sub(MAX_AUTOMATIC_ANSWER);
    let tail = &bytes[skipped..];
    let start = tail.windows(7).rposition(|window| window == b"HTTP/1.")?;
    let head = std::str::from_utf8(&tail[start..]).ok()?;
    let (line, headers) = head.split_once("\r\n")?;
    let status = line.split(' ').nth(1)?.parse::<u16>().ok()?;
    let is_automatic =
        |header: &str| matches!(header, "" | "content-length: 0" | "connection: close") || header.starts_with("date: ");
    let says_nothing = headers.contains("content-length: 0\r\n") && headers.split("\r\n").all(is_automatic);
    let is_refusal = matches!(status, 400 | 414 | 431) && says_nothing;
    is_refusal.then(|| Some((skipped + start, StatusCode::from_u16(status).ok()?)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTOMATIC: &[u8] =
        b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\ndate: Mon, 30 Nov 2026 21:00:00 GMT\r\n\r\n";

    #[test]
    fn an_automatic_answer_is_found_behind_another() {
        assert_eq!(find_automatic_answer(AUTOMATIC), Some((0, StatusCode::BAD_REQUEST)));
        let before = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        let both = [&before[..], AUTOMATIC].concat();
        assert_eq!(find_automatic_answer(&both), Some((before.len(), StatusCode::BAD_REQUEST)));
    }

    #[test]
    fn other_answers_are_not_automatic() {
        for other in [
            &b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n"[..],
            b"HTTP/1.1 204 No Content\r\ndate: x\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            b"\r\n\r\n",
            &AUTOMATIC[..AUTOMATIC.len() - 1],
        ] {
            assert_eq!(find_automatic_answer(other), None);
        }
    }

    #[test]
    fn the_path_of_a_broken_head_is_read_as_far_as_possible() {
        let path = |start: &[u8]| {
            let mut head = HeadInProgress::default();
            head.extend(start);
            head.path()
        };
        assert_eq!(path(b"GET /_control/worlds?a=b HTTP/1.1\r\nbad header\r\n\r\n"), "/_control/worlds");
        assert_eq!(path(b"\r\nGET /me"), "/me");
        assert_eq!(path(b"what?"), "");
        assert_eq!(path(b"\xff \xff"), "\u{fffd}");
    }
}

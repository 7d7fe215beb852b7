//! The headers in which Meta reports how much of its quota an app has used.

use std::sync::LazyLock;

use bytes::Bytes;
use hyper::http::{HeaderMap, HeaderName, HeaderValue};

use crate::engine::Principal;
use crate::engine::fault::Usage;

use super::call::Call;

const APP_USAGE: HeaderName = HeaderName::from_static("x-app-usage");
const BUSINESS_USAGE: HeaderName = HeaderName::from_static("x-business-use-case-usage");
/// The calls that an app may make in a day for each person it talks to.
const CALLS_PER_PERSON: u64 = 200;

pub struct UsageHeaders {
    of_app: HeaderValue,
    /// The page's quota is reported as well.
    of_page: Option<HeaderValue>,
}

/// The figures that both headers have.
struct Figures {
    text: String,
    of_app: HeaderValue,
}

/// The figures of every percentage. Every response has some, so they are made once.
static COUNTED: LazyLock<Vec<Figures>> = LazyLock::new(|| (0..=100).map(counted_usage).map(Figures::of).collect());

/// How the header of a page ends that need not wait for access.
const NO_WAIT: &str = r#","estimated_time_to_regain_access":0}]}"#;

fn counted_usage(percent: u32) -> Usage {
    Usage { call_count: percent, total_cputime: percent, total_time: percent, minutes_to_regain_access: 0 }
}

impl Figures {
    fn of(usage: Usage) -> Self {
        let Usage { call_count, total_cputime, total_time, .. } = usage;
        let text = format!(r#""call_count":{call_count},"total_cputime":{total_cputime},"total_time":{total_time}"#);
        Self { of_app: header_value(format!("{{{text}}}")), text }
    }

    /// The headers of a call. `end` is the end of the one for the page.
    fn headers(&self, call: &Call, end: &str) -> UsageHeaders {
        let of_page = match call.holder {
            Principal::Asset(page, _) => {
                let id = &call.config().asset(page).id;
                Some(header_value(["{\"", id, r#"":[{"type":"messenger","#, &self.text, end].concat()))
            }
            Principal::App(_) | Principal::User(..) => None,
        };
        UsageHeaders { of_app: self.of_app.clone(), of_page }
    }
}

impl UsageHeaders {
    /// Usage by the number of the world's calls. No call is refused for it; a scenario that wants refusals arms a fault.
    pub fn counted(call: &Call) -> Self {
        let quota = CALLS_PER_PERSON * call.config().people.count().max(1);
        let percent = (call.world().answered_calls() * 100 / quota).min(100);
        match COUNTED.get(percent as usize) {
            Some(figures) => figures.headers(call, NO_WAIT),
            None => Self::new(call, counted_usage(100)),
        }
    }

    pub fn new(call: &Call, usage: Usage) -> Self {
        let end = format!(r#","estimated_time_to_regain_access":{}}}]}}"#, usage.minutes_to_regain_access);
        Figures::of(usage).headers(call, &end)
    }

    pub fn insert_into(self, headers: &mut HeaderMap) {
        if let Some(of_page) = self.of_page {
            headers.insert(BUSINESS_USAGE, of_page);
        }
        headers.insert(APP_USAGE, self.of_app);
    }
}

/// Figures and page ids are letters and digits, so the value is always valid.
fn header_value(text: String) -> HeaderValue {
    HeaderValue::from_maybe_shared(Bytes::from(text)).unwrap_or(HeaderValue::from_static(""))
}

//! The headers in which Meta reports how much of its quota an app has used.

use hyper::http::{HeaderMap, HeaderName, HeaderValue};
use smallvec::SmallVec;

use crate::engine::Principal;
use crate::engine::fault::Usage;

use super::call::Call;

const APP_USAGE: HeaderName = HeaderName::from_static("x-app-usage");
const BUSINESS_USAGE: HeaderName = HeaderName::from_static("x-business-use-case-usage");
/// The calls that an app may make in a day for each person it talks to.
const CALLS_PER_PERSON: u64 = 200;

/// The text of a header while it is written. It stands on the stack, unless it is very long.
type HeaderText = SmallVec<[u8; 192]>;

pub struct UsageHeaders {
    of_app: HeaderValue,
    /// The page's quota is reported as well.
    of_page: Option<HeaderValue>,
}

impl UsageHeaders {
    /// Usage by the number of the world's calls. No call is refused for it; a scenario that wants refusals arms a fault.
    pub fn counted(call: &Call) -> Self {
        let quota = CALLS_PER_PERSON * (call.world().config().people.list().len() as u64).max(1);
        let percent = u32::try_from((call.world().answered_calls() * 100 / quota).min(100)).unwrap_or(100);
        let usage =
            Usage { call_count: percent, total_cputime: percent, total_time: percent, minutes_to_regain_access: 0 };
        Self::new(call, usage)
    }

    pub fn new(call: &Call, usage: Usage) -> Self {
        // Every response has these headers, so they are written by hand.
        let mut text = HeaderText::new();
        put(&mut text, "{");
        put_figures(&mut text, &usage);
        put(&mut text, "}");
        let of_app = header_value(&text);
        let of_page = match call.holder {
            Principal::Page(page, _) => {
                text.clear();
                let id = &call.world().config().page(page).id;
                ["{\"", id, r#"":[{"type":"messenger","#].into_iter().for_each(|part| put(&mut text, part));
                put_figures(&mut text, &usage);
                put_figure(&mut text, r#","estimated_time_to_regain_access":"#, usage.minutes_to_regain_access);
                put(&mut text, "}]}");
                Some(header_value(&text))
            }
            Principal::App(_) | Principal::User(..) => None,
        };
        Self { of_app, of_page }
    }

    pub fn insert_into(self, headers: &mut HeaderMap) {
        if let Some(of_page) = self.of_page {
            headers.insert(BUSINESS_USAGE, of_page);
        }
        headers.insert(APP_USAGE, self.of_app);
    }
}

fn put(text: &mut HeaderText, part: &str) {
    text.extend_from_slice(part.as_bytes());
}

fn put_figures(text: &mut HeaderText, usage: &Usage) {
    put_figure(text, r#""call_count":"#, usage.call_count);
    put_figure(text, r#","total_cputime":"#, usage.total_cputime);
    put_figure(text, r#","total_time":"#, usage.total_time);
}

fn put_figure(text: &mut HeaderText, name: &str, figure: impl itoa::Integer) {
    put(text, name);
    put(text, itoa::Buffer::new().format(figure));
}

/// Figures and page ids are letters and digits, so the value is always valid.
fn header_value(text: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(text).unwrap_or(HeaderValue::from_static(""))
}

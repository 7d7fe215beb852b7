//! The headers in which Meta reports how much of its quota an app has used.

use hyper::http::{HeaderMap, HeaderName, HeaderValue};

use crate::engine::Principal;
use crate::engine::fault::Usage;

use super::call::Call;

const APP_USAGE: HeaderName = HeaderName::from_static("x-app-usage");
const BUSINESS_USAGE: HeaderName = HeaderName::from_static("x-business-use-case-usage");
/// The calls that an app may make in a day for each person it talks to.
const CALLS_PER_PERSON: u64 = 200;

/// As much as the text of both headers usually needs.
const USUAL_LENGTH: usize = 192;

pub struct UsageHeaders {
    usage: Usage,
    /// The id of the page whose quota is reported as well.
    page: Option<String>,
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
        let page = match call.holder {
            Principal::Page(page, _) => Some(call.world().config().page(page).id.to_string()),
            Principal::App(_) | Principal::User(..) => None,
        };
        Self { usage, page }
    }

    pub fn insert_into(self, headers: &mut HeaderMap) {
        // Every response has these headers, so they are written by hand: first the value for the page, which contains that for the app.
        let Self { usage, page } = self;
        let mut text = String::with_capacity(USUAL_LENGTH);
        if let Some(page) = &page {
            text.extend(["{\"", page, r#"":[{"type":"messenger","#]);
        }
        let begin = text.len();
        put_figure(&mut text, r#""call_count":"#, usage.call_count);
        put_figure(&mut text, r#","total_cputime":"#, usage.total_cputime);
        put_figure(&mut text, r#","total_time":"#, usage.total_time);
        let of_app = header_value(&["{", &text[begin..], "}"].concat());
        if page.is_some() {
            put_figure(&mut text, r#","estimated_time_to_regain_access":"#, usage.minutes_to_regain_access);
            text.push_str("}]}");
            headers.insert(BUSINESS_USAGE, header_value(&text));
        }
        headers.insert(APP_USAGE, of_app);
    }
}

fn put_figure(text: &mut String, name: &str, figure: impl itoa::Integer) {
    text.push_str(name);
    text.push_str(itoa::Buffer::new().format(figure));
}

/// Figures and page ids are letters and digits, so the value is always valid.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

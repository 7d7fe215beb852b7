//! The headers in which Meta reports how much of its quota an app has used.

use hyper::http::{HeaderMap, HeaderName, HeaderValue};

use crate::engine::Principal;
use crate::engine::fault::Usage;

use super::call::Call;

const APP_USAGE: HeaderName = HeaderName::from_static("x-app-usage");
const BUSINESS_USAGE: HeaderName = HeaderName::from_static("x-business-use-case-usage");
/// The calls that an app may make in a day for each person it talks to.
const CALLS_PER_PERSON: u64 = 200;

pub struct UsageHeaders {
    usage: Usage,
    /// The id of the page whose quota is reported as well.
    page: Option<String>,
}

impl UsageHeaders {
    /// Usage by the number of the world's calls. No call is refused for it; a scenario that wants refusals arms a fault.
    pub fn counted(call: &Call) -> Self {
        let quota = CALLS_PER_PERSON * (call.config().people.count()).max(1);
        let percent = u32::try_from((call.world().answered_calls() * 100 / quota).min(100)).unwrap_or(100);
        let usage =
            Usage { call_count: percent, total_cputime: percent, total_time: percent, minutes_to_regain_access: 0 };
        Self::new(call, usage)
    }

    pub fn new(call: &Call, usage: Usage) -> Self {
        let page = match call.holder {
            Principal::Page(page, _) => Some(call.config().page(page).id.to_string()),
            Principal::App(_) | Principal::User(..) => None,
        };
        Self { usage, page }
    }

    pub fn insert_into(self, headers: &mut HeaderMap) {
        let Usage { call_count, total_cputime, total_time, minutes_to_regain_access } = self.usage;
        let [calls, cpu, time] = [call_count, total_cputime, total_time].map(|percent| percent.to_string());
        // Every response has these headers, so they are concatenated instead of serialized.
        let figures = [r#""call_count":"#, &calls, r#","total_cputime":"#, &cpu, r#","total_time":"#, &time].concat();
        if let Some(page) = self.page {
            let minutes = minutes_to_regain_access.to_string();
            let (kind, regain) = (r#"":[{"type":"messenger","#, r#","estimated_time_to_regain_access":"#);
            headers
                .insert(BUSINESS_USAGE, header_value(["{\"", &page, kind, &figures, regain, &minutes, "}]}"].concat()));
        }
        headers.insert(APP_USAGE, header_value(["{", &figures, "}"].concat()));
    }
}

/// Figures and page ids are letters and digits, so the value is always valid.
fn header_value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

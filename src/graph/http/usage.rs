//! Graph room: what an app has used of its quota, as Meta's headers say it. Only `answer` enters.

use hyper::http::{HeaderMap, HeaderName, HeaderValue};

use crate::engine::Principal;
use crate::engine::fault;

use super::call::Call;

const APP_USAGE: HeaderName = HeaderName::from_static("x-app-usage");
const BUSINESS_USAGE: HeaderName = HeaderName::from_static("x-business-use-case-usage");
/// Calls that an app may make in a day for each person that it talks to.
const CALLS_PER_PERSON: u64 = 200;

/// What an app has used of its quota.
pub struct Usage {
    figures: fault::QuotaUsage,
    /// On this page.
    page: Option<String>,
}

impl Usage {
    /// By the calls of the world. Nothing is ever refused for it: a scenario that wants that says so with a fault.
    pub fn of(call: &Call) -> Self {
        let quota = CALLS_PER_PERSON * (call.world().config().people.list().len() as u64).max(1);
        let percent = u32::try_from((call.world().answers() * 100 / quota).min(100)).unwrap_or(100);
        let figures = fault::QuotaUsage {
            call_count: percent,
            total_cputime: percent,
            total_time: percent,
            minutes_to_regain_access: 0,
        };
        Self::told(call, figures)
    }

    /// As somebody says.
    pub fn told(call: &Call, figures: fault::QuotaUsage) -> Self {
        let page = match call.holder {
            Principal::Page(page, _) => Some(call.world().config().page(page).id.to_string()),
            Principal::App(_) | Principal::User(..) => None,
        };
        Self { figures, page }
    }

    /// Puts it into the head of an answer.
    pub fn insert_into(self, headers: &mut HeaderMap) {
        let fault::QuotaUsage { call_count, total_cputime, total_time, minutes_to_regain_access } = self.figures;
        let [calls, cpu, time] = [call_count, total_cputime, total_time].map(|percent| percent.to_string());
        // Every answer has these, so they are put together from pieces.
        let figures = [r#""call_count":"#, &calls, r#","total_cputime":"#, &cpu, r#","total_time":"#, &time].concat();
        if let Some(page) = self.page {
            let minutes = minutes_to_regain_access.to_string();
            let (kind, regain) = (r#"":[{"type":"messenger","#, r#","estimated_time_to_regain_access":"#);
            headers.insert(BUSINESS_USAGE, own(["{\"", &page, kind, &figures, regain, &minutes, "}]}"].concat()));
        }
        headers.insert(APP_USAGE, own(["{", &figures, "}"].concat()));
    }
}

/// Figures and a page's id are letters and digits, which a header can carry.
fn own(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

//! Handles `POST /{app}/activities` and `POST /{app}/page_activities`: events that an app reports about itself. They change nothing;
//! the ledger has the call.

use crate::domain::model::ids::AppKey;

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::param_value::ParamValue;
use crate::graph::http::params;
use crate::graph::http::relaxed_json::structured;
use crate::graph::http::response::{Result, success};

const EVENTS: &[&str] = &["MOBILE_APP_INSTALL", "CUSTOM_APP_EVENTS", "DEFERRED_APP_LINK"];
/// The most events in one call.
const MAX_EVENTS: usize = 50;
/// The parameters of the edge.
pub const PARAMS: &[&str] = &[
    "event",
    "custom_events",
    "advertiser_tracking_enabled",
    "application_tracking_enabled",
    "extinfo",
    "page_id",
    "page_scoped_user_id",
    "logging_source",
    "logging_target",
];

/// Checks the events.
pub fn report(call: &Call, _: AppKey) -> Result {
    params::word("event", &call.params.required_text("event")?, EVENTS)?;
    let Some(events) = call.params.get("custom_events") else { return success() };
    match structured(events).as_deref() {
        Some(ParamValue::List(events)) if events.len() > MAX_EVENTS => {
            Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", "custom_events")]).into())
        }
        Some(ParamValue::List(_)) => success(),
        _ => Err(catalogue::PARAM_MUST_BE.with(&[("param", "custom_events"), ("kind", "an array")]).into()),
    }
}

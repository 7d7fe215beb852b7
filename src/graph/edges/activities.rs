//! Handles `POST /{app}/activities` and `POST /{app}/page_activities`: events that an app reports about itself. They change nothing;
//! the ledger has the call.

use crate::domain::model::ids::AppKey;

use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{List, Object, Word};
use crate::graph::http::param_table::{Least, ListOf, ParamTable, optional, required};
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

static REPORT: ParamTable = ParamTable::of_call(&[
    required("event", Word(EVENTS)),
    optional("custom_events", List(&ListOf::of(Object(&EVENT), Least::Zero, MAX_EVENTS))),
]);

static EVENT: ParamTable = ParamTable::open();

/// Checks the events.
pub fn report(call: &Call, _: AppKey) -> Result {
    ParamObject::of_call(&call.params, &REPORT)?;
    success()
}

//! Edges room: the Handover Protocol's calls, `POST /{page}/pass_thread_control` and its siblings.

use crate::domain::command::{Command, HandoverCall};
use crate::domain::model::time::Span;

use super::messages::target;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::params::check_length;
use crate::graph::http::response::{Result, success};
use crate::graph::send::recipient;

const KNOWN: &[&str] = &["recipient", "target_app_id", "metadata", "duration"];

/// Whether the edge moves control.
pub fn knows(edge: &str) -> bool {
    edge.ends_with("_thread_control") || edge == "pass_thread_metadata"
}

/// Moves control, or refuses to.
pub fn answer(call: &Call, edge: &str) -> Result {
    call.page()?;
    call.warn_about_unknown_params(KNOWN);
    let control = control(call, edge)?;
    let (thread, _) = recipient::thread(call)?;
    call.execute(Command::Control(thread, call.app(), control))?;
    success()
}

fn control(call: &Call, edge: &str) -> std::result::Result<HandoverCall, Failure> {
    let metadata = call.params.text("metadata")?.map(Box::<str>::from);
    if let Some(metadata) = &metadata {
        check_length("metadata", metadata, call.knobs().metadata_max)?;
    }
    let named = || Ok::<_, Failure>(call.params.text("target_app_id")?.map(|id| target(call, &id)));
    Ok(match edge {
        "pass_thread_control" => HandoverCall::Pass { target: named()?, metadata },
        "take_thread_control" => HandoverCall::Take { metadata },
        "request_thread_control" => HandoverCall::Request { metadata },
        "extend_thread_control" => HandoverCall::Extend { duration: duration(call)? },
        "release_thread_control" => HandoverCall::Release,
        _ => HandoverCall::PassMetadata { target: named()?, metadata },
    })
}

fn duration(call: &Call) -> std::result::Result<Span, Failure> {
    let seconds = call.params.required_text("duration")?;
    match seconds.parse::<u64>() {
        Ok(seconds) if seconds > 0 => Ok(Span(seconds.saturating_mul(1000))),
        _ => Err(catalogue::PARAM_MUST_BE
            .with(&[("param", "duration"), ("kind", "an unsigned integer of seconds")])
            .into()),
    }
}

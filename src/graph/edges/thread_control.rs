//! Handles `POST /{page}/pass_thread_control` and the other calls of the Handover Protocol.

use crate::domain::command::{Command, HandoverCall, Target};
use crate::domain::model::ids::AssetKey;
use crate::domain::model::knobs::Knobs;
use crate::domain::model::time::Span;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::params::check_length;
use crate::graph::http::response::{Result, success};
use crate::graph::send::message_params::target;
use crate::graph::send::recipient;

/// The parameters of all these edges.
///
/// Bots add `platform`, which Meta takes and ignores: the recipient decides.
pub const PARAMS: &[&str] = &["recipient", "target_app_id", "metadata", "duration", "platform"];

/// Handles `POST /{page}/pass_thread_control`.
pub fn pass(call: &Call, _: AssetKey) -> Result {
    execute_control(call, |metadata| Ok(HandoverCall::Pass { target: target_app(call)?, metadata }))
}

/// Handles `POST /{page}/take_thread_control`.
pub fn take(call: &Call, _: AssetKey) -> Result {
    execute_control(call, |metadata| Ok(HandoverCall::Take { metadata }))
}

/// Handles `POST /{page}/request_thread_control`.
pub fn request(call: &Call, _: AssetKey) -> Result {
    execute_control(call, |metadata| Ok(HandoverCall::Request { metadata }))
}

/// Handles `POST /{page}/extend_thread_control`.
pub fn extend(call: &Call, _: AssetKey) -> Result {
    execute_control(call, |_| Ok(HandoverCall::Extend { duration: duration(call)? }))
}

/// Handles `POST /{page}/release_thread_control`.
pub fn release(call: &Call, _: AssetKey) -> Result {
    execute_control(call, |_| Ok(HandoverCall::Release))
}

/// Handles `POST /{page}/pass_thread_metadata`.
pub fn pass_metadata(call: &Call, _: AssetKey) -> Result {
    execute_control(call, |metadata| Ok(HandoverCall::PassMetadata { target: target_app(call)?, metadata }))
}

/// Checks `metadata`, even of a call that has no use for it, then executes the hand-over.
fn execute_control(call: &Call, control: impl FnOnce(Option<Box<str>>) -> Fallible<HandoverCall>) -> Result {
    let metadata = call.params.text("metadata")?.map(Box::<str>::from);
    if let Some(metadata) = &metadata {
        check_length("metadata", metadata, knobs(call).metadata_max)?;
    }
    let control = control(metadata)?;
    let (thread, _) = recipient::thread(call)?;
    call.execute(Command::Control(thread, call.app(), control))?;
    success()
}

/// The knobs of the asset that the recipient writes with.
fn knobs(call: &Call) -> Knobs {
    recipient::find_thread(call).map_or_else(|| call.knobs(), |thread| call.config().asset(thread.asset).knobs)
}

fn target_app(call: &Call) -> Fallible<Option<Target>> {
    Ok(call.params.text("target_app_id")?.map(|id| target(call, &id)))
}

/// The parameter `duration`, in seconds.
fn duration(call: &Call) -> Fallible<Span> {
    let seconds = call.params.required_text("duration")?;
    match seconds.parse::<u64>() {
        Ok(seconds) if seconds > 0 => Ok(Span(seconds.saturating_mul(1000))),
        _ => Err(catalogue::PARAM_MUST_BE
            .with(&[("param", "duration"), ("kind", "an unsigned integer of seconds")])
            .into()),
    }
}

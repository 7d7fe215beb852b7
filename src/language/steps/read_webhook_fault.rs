//! Language room: what goes wrong with a webhook, from the part of a file that says so. Only `read_fault` enters.

use super::read_fault::{number, text};
use crate::domain::model::config::MAX_BATCH;
use crate::domain::model::time::Span;
use crate::engine::fault::{Detour, FakedFailure, WebhookFault};
use crate::language::node::Node;
use crate::language::schema::vocabulary::TIMEOUT;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::parse_duration;
use crate::wire::{PostOptions, Signed};

/// Keys that say what goes wrong. A fault has one of them; the last two go together.
const TROUBLES: [&str; 6] = ["goes", "late", "fails", "batch", "signed", "re_encoded"];

/// The longest that a webhook is late: Meta gives up after that.
const MAX_LATE: Span = Span::hours(36);

/// Reads what goes wrong.
pub(crate) fn trouble(node: &Node) -> Result<WebhookFault, Diagnostic> {
    let said: Vec<&str> = TROUBLES.into_iter().filter(|key| node.get(key).is_some()).collect();
    match said.as_slice() {
        [] => {
            let help = format!("say one of {}", TROUBLES.map(|key| format!("`{key}`")).join(", "));
            Err(node.mistake("nothing goes wrong with this fault").note(help))
        }
        ["goes"] => {
            let route = text(node, "goes").and_then(|word| Detour::parse(&word));
            route.map(WebhookFault::Detour).ok_or_else(|| node.mistake("`goes` is a word"))
        }
        ["late"] => late(node),
        ["fails"] => fails(node).map(WebhookFault::Fails),
        ["batch"] => Ok(WebhookFault::Batch(number(node, "batch", 2, 2, MAX_BATCH as u32)? as usize)),
        ["signed"] | ["re_encoded"] | ["signed", "re_encoded"] => Ok(WebhookFault::Altered(options(node))),
        several => {
            let several = several.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
            Err(node
                .mistake(format!("one thing goes wrong with a webhook, and this fault has {several}"))
                .note("arm several faults for several webhooks"))
        }
    }
}

fn late(node: &Node) -> Result<WebhookFault, Diagnostic> {
    let late = text(node, "late").and_then(|text| parse_duration(&text)).unwrap_or_default();
    match late > Span(0) && late <= MAX_LATE {
        true => Ok(WebhookFault::Late(late)),
        false => {
            Err(node.get("late").unwrap_or(node).mistake("a webhook is late by up to 36h, and by more than nothing"))
        }
    }
}

fn fails(node: &Node) -> Result<FakedFailure, Diagnostic> {
    match text(node, "fails").as_deref() {
        Some(TIMEOUT) => Ok(FakedFailure::Timeout),
        _ => Ok(FakedFailure::Status(number(node, "fails", 500, 300, 599)? as u16)),
    }
}

fn options(node: &Node) -> PostOptions {
    let signed = text(node, "signed").and_then(|word| Signed::parse(&word)).unwrap_or_default();
    PostOptions { signed, re_encoded: node.get("re_encoded").is_some() }
}

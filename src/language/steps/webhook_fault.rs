//! What goes wrong with a webhook, as a `fault` step says it.

use super::read_node::{bounded_number, text};
use crate::domain::model::config::MAX_BATCH;
use crate::domain::model::time::Span;
use crate::engine::fault::{Failing, Route, WebhookTrouble};
use crate::language::node::Node;
use crate::language::schema::vocabulary::TIMEOUT;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::parse_duration;
use crate::wire::{PostOptions, Signed};

/// Keys that say what goes wrong. A fault has one of them, except that the last two go together.
const TROUBLES: [&str; 6] = ["goes", "late", "fails", "batch", "signed", "re_encoded"];

/// The longest that a webhook is late: Meta gives up after that.
const MAX_LATE: Span = Span::hours(36);

pub(super) fn read_webhook_trouble(node: &Node) -> Result<WebhookTrouble, Diagnostic> {
    let given: Vec<&str> = TROUBLES.into_iter().filter(|key| node.get(key).is_some()).collect();
    match given.as_slice() {
        [] => {
            let help = format!("say one of {}", TROUBLES.map(|key| format!("`{key}`")).join(", "));
            Err(node.mistake("nothing goes wrong with this fault").note(help))
        }
        ["goes"] => {
            let route = text(node, "goes").and_then(|word| Route::parse(&word));
            route.map(WebhookTrouble::Goes).ok_or_else(|| node.mistake("`goes` is the name of a route"))
        }
        ["late"] => read_late(node),
        ["fails"] => read_failing(node).map(WebhookTrouble::Fails),
        ["batch"] => Ok(WebhookTrouble::Batch(bounded_number(node, "batch", 2, 2, MAX_BATCH as u32)? as usize)),
        ["signed"] | ["re_encoded"] | ["signed", "re_encoded"] => Ok(WebhookTrouble::Made(read_options(node))),
        several => {
            let several = several.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
            Err(node
                .mistake(format!("one thing goes wrong with a webhook, and this fault has {several}"))
                .note("arm several faults for several webhooks"))
        }
    }
}

fn read_late(node: &Node) -> Result<WebhookTrouble, Diagnostic> {
    let late = text(node, "late").and_then(|text| parse_duration(&text)).unwrap_or_default();
    match late > Span(0) && late <= MAX_LATE {
        true => Ok(WebhookTrouble::Late(late)),
        false => Err(node.get("late").unwrap_or(node).mistake("`late` is more than 0s and at most 36h")),
    }
}

fn read_failing(node: &Node) -> Result<Failing, Diagnostic> {
    match text(node, "fails").as_deref() {
        Some(TIMEOUT) => Ok(Failing::Timeout),
        _ => Ok(Failing::Status(bounded_number(node, "fails", 500, 300, 599)? as u16)),
    }
}

fn read_options(node: &Node) -> PostOptions {
    let signed = text(node, "signed").and_then(|word| Signed::parse(&word)).unwrap_or_default();
    PostOptions { signed, re_encoded: node.get("re_encoded").is_some() }
}

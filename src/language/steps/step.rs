//! A step of a scenario, and how any step is read. Each step keeps its place, so that a failure is drawn there.

use super::admin_step::{AdminChange, read_admin_step};
use super::app_step::{AppStep, read_app_step};
use super::call_step::{CallStep, read_call_step};
use super::clock_step::{ClockStep, read_clock_step};
use super::expectation::{Expectation, read_expectations};
use super::fault_step::{FaultStep, read_fault_step};
use super::inbox_step::{InboxStep, read_inbox_step};
use super::read_node::{duration, text};
pub use super::references::SavedNames;
use super::references::{check_references, collect_references};
use super::user_step::{UserStep, read_user_step};
use crate::domain::model::time::Span;
use crate::language::node::Node;
use crate::language::schema::names::Names;
use crate::language::schema::shape::{Mistakes, Shape, check};
use crate::language::schema::vocabulary;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    pub place: SourcePlace,
    /// The page that the step names.
    pub page: Option<String>,
    /// How long the step waits for a real app.
    pub within: Option<Span>,
    /// Values to save: a name, and a JSON pointer into the answer.
    pub save: Vec<(String, String)>,
    /// The `${names}` in it.
    pub references: Vec<String>,
    pub kind: StepKind,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum StepKind {
    User(UserStep),
    App(AppStep),
    Admin(Vec<AdminChange>),
    Inbox(InboxStep),
    Clock(ClockStep),
    Fault(FaultStep),
    Call(CallStep),
    Expect(Vec<Expectation>),
}

/// Reads one step and reports all its mistakes. The names that it saves are added to `saved`, for later steps.
pub fn read_step(node: &Node, names: &Names, saved: &mut SavedNames) -> Result<Step, Mistakes> {
    let mut mistakes = Mistakes::new();
    check(node, &Shape::Tagged(&vocabulary::STEP), names, &mut mistakes);
    check_references(node, names, saved, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    if let (Some(page), Some(on)) = (text(node, "page"), text(node, "on"))
        && page != on
    {
        return Err(vec![
            node.mistake(format!("the step is at `{page}` by `page` and at `{on}` by `on`: leave one of them out")),
        ]);
    }
    let kind = read_kind(node, names)?;
    let mut references = Vec::new();
    collect_references(node, &mut references);
    let save = node.pairs("save");
    saved.extend(save.iter().map(|(name, _)| name.clone()));
    if let StepKind::Expect(expectations) = &kind {
        saved.extend(expectations.iter().flat_map(|expectation| &expectation.save).map(|(name, _)| name.clone()));
    }
    let of_call = node.get("call").and_then(|call| text(call, "page").or_else(|| text(call, "on")));
    let page = ["page", "on", "admin", "inbox"].iter().find_map(|key| text(node, key)).or(of_call);
    Ok(Step { place: node.place.clone(), page, within: duration(node, "within"), save, references, kind })
}

fn read_kind(node: &Node, names: &Names) -> Result<StepKind, Mistakes> {
    let is_subject = |key: &&str| vocabulary::STEP.subjects().any(|subject| subject == *key);
    let subject = node.entries().iter().filter_map(|(key, _)| key.text()).find(is_subject);
    let one = |mistake: Diagnostic| vec![mistake];
    match subject {
        Some("user") => read_user_step(node).map(StepKind::User).map_err(one),
        Some("app") => read_app_step(node).map(StepKind::App).map_err(one),
        Some("admin") => read_admin_step(node).map(StepKind::Admin).map_err(one),
        Some("inbox") => read_inbox_step(node).map(StepKind::Inbox).map_err(one),
        Some("clock") => read_clock_step(node).map(StepKind::Clock).map_err(one),
        Some("fault") => read_fault_step(node).map(StepKind::Fault).map_err(one),
        Some("call") => read_call_step(node).map(StepKind::Call).map_err(one),
        Some("expect") => read_expectations(node, names).map(StepKind::Expect),
        _ => {
            let subjects: Vec<&str> = vocabulary::STEP.subjects().collect();
            Err(one(node.mistake(format!("a step needs one of: {}", subjects.join(", ")))))
        }
    }
}

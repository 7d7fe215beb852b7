//! Run room: faults are armed: by steps, by the control API, and by the command line. The look at the end whether each fired as often as its
//! step says, and what a step says of an answer that a fault kept from its app. `session`, `runner`, `control` and `cli` enter.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::model::config::Config;
use crate::engine::ActiveWorld;
use crate::engine::armed::Armed;
use crate::engine::fault::{CallTrouble, Effect, Fault, Instead, Times};

use super::session::Session;
use crate::journal::fault_text::fault_text;
use crate::language::steps::app_step::AppStep;
use crate::language::steps::fault_step::{FaultStep, read_fault};
use crate::language::steps::step::Step;
use crate::language::{Names, Node};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{SourcePlace, SourceText};

/// A fault that every scenario of a run begins with whose world understands it. It belongs to the run and not to a scenario: none fails
/// because it does not fire.
#[derive(Debug)]
pub struct RunFault {
    /// As it was written.
    pub written: Arc<Node>,
    fired: AtomicBool,
}

impl RunFault {
    /// One that has not fired.
    pub fn new(written: Arc<Node>) -> Self {
        Self { written, fired: AtomicBool::new(false) }
    }

    /// Whether it fired in any scenario so far.
    pub fn has_fired(&self) -> bool {
        self.fired.load(Ordering::Relaxed)
    }

    /// Arms it; its number, if the world understands it.
    pub(crate) fn arm(&self, world: &Arc<ActiveWorld>) -> Option<u32> {
        // One that a world does not understand is for others: `cli` asks whether there are any.
        arm(world, std::slice::from_ref(&self.written)).ok()?.pop()
    }

    /// Notes whether it fired in the world where it had this number.
    pub(crate) fn note(&self, world: &ActiveWorld, number: u32) {
        let fired = world.faults().iter().any(|armed| armed.number == number && armed.fired > 0);
        self.fired.fetch_or(fired, Ordering::Relaxed);
    }
}

/// Faults in text, JSON or YAML: one, or a list of them.
///
/// # Errors
/// It is neither.
pub fn parse(name: &str, text: &str) -> Result<Vec<Arc<Node>>, Diagnostic> {
    let node = Node::parse(&SourceText::inline(name, text))?;
    Ok(match node.is_map() || node.items().is_empty() {
        true => vec![Arc::new(node)],
        false => node.items().iter().cloned().map(Arc::new).collect(),
    })
}

/// Whether a world with these names understands a fault.
///
/// # Errors
/// All mistakes, drawn at their places.
pub fn check(fault: &Node, names: &Names) -> Result<(), Vec<Diagnostic>> {
    read_fault(fault, names).map(drop)
}

/// Arms faults that are no steps; their numbers. A mistake in one, or one too many, and none is armed.
///
/// # Errors
/// All mistakes, drawn at their places.
pub fn arm(world: &Arc<ActiveWorld>, faults: &[Arc<Node>]) -> Result<Vec<u32>, Vec<Diagnostic>> {
    let config = world.config();
    let names = Names::of_config(config);
    let (mut read, mut mistakes) = (Vec::new(), Vec::new());
    for node in faults {
        match read_fault(node, &names) {
            Ok(step) => match fault_of(config, &step, &node.place) {
                Ok(fault) => read.push((fault, node)),
                Err(mistake) => mistakes.push(mistake),
            },
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let Some((_, last)) = read.last() else { return Ok(Vec::new()) };
    let place = last.place.clone();
    let faults = read.into_iter().map(|(fault, _)| fault).collect();
    world.arm_all(faults).map_err(|error| vec![Diagnostic::new(place, error.to_string())])
}

/// A fault of a world in the words of the language.
///
/// # Errors
/// All mistakes, drawn at their places.
pub fn read(config: &Config, words: &Node) -> Result<Fault, Vec<Diagnostic>> {
    let step = read_fault(words, &Names::of_config(config))?;
    fault_of(config, &step, &words.place).map_err(|mistake| vec![mistake])
}

/// A fault with the names of its world looked up.
fn fault_of(config: &Config, step: &FaultStep, place: &SourcePlace) -> Result<Fault, Diagnostic> {
    let unknown = |what: &str| Diagnostic::new(place.clone(), format!("which {what} is meant?"));
    let app = step.app.as_deref().map(|name| config.app_by_name(name).ok_or_else(|| unknown("app")));
    let page = step.page.as_deref().map(|name| config.page_by_name(name).ok_or_else(|| unknown("page")));
    let person = step.to.as_deref().map(|name| config.person_by_name(name).ok_or_else(|| unknown("person")));
    Ok(Fault {
        at: step.site,
        app: app.transpose()?,
        page: page.transpose()?,
        person: person.transpose()?,
        turns: step.schedule,
        optional: step.optional,
        effect: step.effect.clone(),
    })
}

impl Session {
    /// Arms a fault for the calls to come.
    pub(crate) fn arm(&mut self, fault: &FaultStep, place: &SourcePlace) -> Result<(), Diagnostic> {
        let mut filled = fault.clone();
        if let Effect::Call(CallTrouble { instead: Instead::Own { body, .. }, .. }) = &mut filled.effect {
            let page = self.page(fault.page.as_deref());
            *body = self.fill(body, page, place)?.into();
        }
        let fault = fault_of(&self.config, &filled, place)?;
        let number = self.world.arm(fault).map_err(|error| Diagnostic::new(place.clone(), error.to_string()))?;
        self.armed.push((number, place.clone()));
        Ok(())
    }

    /// Faults of this scenario that fired less often than they say, each at its step.
    pub(crate) fn unfired(&self) -> Vec<Diagnostic> {
        let all = self.world.faults();
        let unspent = |number: &u32| all.iter().find(|armed| armed.number == *number && !armed.is_fulfilled());
        let of_step = |(number, place): &(u32, SourcePlace)| Some(self.unspent(unspent(number)?, place));
        self.armed.iter().filter_map(of_step).collect()
    }

    fn unspent(&self, armed: &Armed, place: &SourcePlace) -> Diagnostic {
        let message = match (armed.fired, armed.fault.turns.times) {
            (0, _) => "this fault never fired".to_owned(),
            (1, Times::Exactly(times)) => format!("this fault fired once, not {times} times"),
            (fired, Times::Exactly(times)) => format!("this fault fired {fired} times, not {times} times"),
            (fired, Times::Always) => format!("this fault fired {fired} times"),
        };
        let what = match armed.fault.effect {
            Effect::Call(_) => "call",
            Effect::Webhook(_) => "webhook",
        };
        let calls = match armed.met {
            0 => format!("no {what} came that fits it"),
            1 => format!("one {what} came that fits it"),
            met => format!("{met} {what}s came that fit it"),
        };
        Diagnostic::new(place.clone(), message)
            .note(format!("it waits for a {what}: {}", fault_text(&self.config, &armed.fault)))
            .note(format!("{calls}; of faults that a {what} could meet, the one that was armed first fires"))
            .note("if it need not fire, say so with `optional: true`")
    }

    /// Whether a puppet's answer was lost where its step says so, and only there.
    pub(crate) fn judge_loss(&self, step: &Step, app: &AppStep) -> Result<(), Diagnostic> {
        let lost = self.last_fault().and_then(|(number, lost)| Some((number, lost?)));
        match lost {
            Some((number, lost)) if !app.response_lost => {
                let message = format!("app `{}` got no answer that it could read: {lost}", app.app);
                Err(Diagnostic::new(step.place.clone(), message)
                    .note(format!("because of fault {number}, which a step armed"))
                    .note("if that is what should happen, say so with `response_lost: true`"))
            }
            None if app.response_lost => {
                let message = format!("app `{}` got its answer, which should have been lost", app.app);
                Err(Diagnostic::new(step.place.clone(), message)
                    .note("a fault before this step keeps the answer away: `fault: { at: send, breaks: reset }`"))
            }
            _ => Ok(()),
        }
    }
}

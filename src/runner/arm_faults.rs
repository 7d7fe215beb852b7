//! Arms faults: from steps, from the control API and from the command line. Checks at the end of a scenario that each
//! fired as often as its step says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::model::config::Config;
use crate::engine::ActiveWorld;
use crate::engine::armed::Armed;
use crate::engine::fault::{AnswerOverride, CallFault, Fault, FaultEffect, Times};
use crate::engine::ledger_entry::{LedgerEntry, Record};

use super::new_people::meet;
use super::session::Session;
use crate::journal::fault_text::fault_text;
use crate::language::steps::fault_step::{FaultStep, read_fault};
use crate::language::steps::on_platform::fault_mistake;
use crate::language::{Names, Node};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{SourcePlace, SourceText};

/// A fault of the command line. It is armed in every scenario whose world understands it. A scenario does not fail if
/// the fault never fires.
#[derive(Debug)]
pub struct RunFault {
    pub written: Arc<Node>,
    fired: AtomicBool,
}

impl RunFault {
    pub fn new(written: Arc<Node>) -> Self {
        Self { written, fired: AtomicBool::new(false) }
    }

    /// True if it fired in any scenario so far.
    pub fn has_fired(&self) -> bool {
        self.fired.load(Ordering::Relaxed)
    }

    /// Arms the fault. Returns its number if the world understands it.
    pub(crate) fn arm(&self, world: &Arc<ActiveWorld>) -> Option<u32> {
        // `cli` has checked that at least one world understands the fault.
        arm(world, std::slice::from_ref(&self.written)).ok()?.pop()
    }

    /// Records whether the fault with this number fired in the world.
    pub(crate) fn record_firing(&self, world: &ActiveWorld, number: u32) {
        let fired = world.faults().iter().any(|armed| armed.number == number && armed.fired > 0);
        self.fired.fetch_or(fired, Ordering::Relaxed);
    }
}

/// Parses JSON or YAML with one fault or a list of faults.
pub fn parse_faults(name: &str, text: &str) -> Result<Vec<Arc<Node>>, Diagnostic> {
    let node = Node::parse(&SourceText::inline(name, text))?;
    Ok(match node.is_map() || node.items().is_empty() {
        true => vec![Arc::new(node)],
        false => node.items().iter().cloned().map(Arc::new).collect(),
    })
}

/// Checks that a world with these names understands a fault. Returns all mistakes.
pub fn check_fault(fault: &Node, names: &Names) -> Result<(), Vec<Diagnostic>> {
    read_fault(fault, names).map(drop)
}

/// Arms faults that do not come from steps. Returns their numbers. If one has a mistake, or they are too many, none is
/// armed.
pub fn arm(world: &Arc<ActiveWorld>, faults: &[Arc<Node>]) -> Result<Vec<u32>, Vec<Diagnostic>> {
    let names = Names::OfWorld(world.config());
    let (mut steps, mut mistakes) = (Vec::new(), Vec::new());
    for node in faults {
        match read_fault(node, &names) {
            Ok(step) => steps.push((step, node)),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    steps.iter().filter_map(|(step, _)| step.to.as_deref()).for_each(|name| meet(world, name));
    let config = world.config();
    let mut read = Vec::new();
    for (step, node) in steps {
        match fault_of(&config, &step, &node.place) {
            Ok(fault) => read.push((fault, node)),
            Err(mistake) => mistakes.push(mistake),
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

/// Reads a fault in the words of a `fault` step. Returns all mistakes.
pub fn read_fault_words(config: &Arc<Config>, words: &Node) -> Result<Fault, Vec<Diagnostic>> {
    let step = read_fault(words, &Names::OfWorld(config.clone()))?;
    fault_of(config, &step, &words.place).map_err(|mistake| vec![mistake])
}

/// Looks up the names of a fault in its world.
fn fault_of(config: &Config, step: &FaultStep, place: &SourcePlace) -> Result<Fault, Diagnostic> {
    let unknown = |what: &str| Diagnostic::new(place.clone(), format!("which {what} is meant?"));
    let app = step.app.as_deref().map(|name| config.app_by_name(name).ok_or_else(|| unknown("app")));
    let page = step.page.as_deref().map(|name| config.asset_by_name(name).ok_or_else(|| unknown("page")));
    let person = step.to.as_deref().map(|name| config.person_by_name(name).ok_or_else(|| unknown("person")));
    if let Some(mistake) = fault_mistake(config, step) {
        return Err(Diagnostic::new(place.clone(), mistake));
    }
    Ok(Fault {
        at: step.site,
        app: app.transpose()?,
        page: page.transpose()?,
        person: person.transpose()?,
        schedule: step.schedule,
        optional: step.optional,
        effect: step.effect.clone(),
    })
}

impl Session {
    /// Arms the fault of a step.
    pub(crate) fn arm_step(&mut self, fault: &FaultStep, place: &SourcePlace) -> Result<(), Diagnostic> {
        let mut filled = fault.clone();
        if let FaultEffect::Call(CallFault { answer: AnswerOverride::Custom { body, .. }, .. }) = &mut filled.effect {
            let page = self.find_page(fault.page.as_deref());
            *body = self.fill_text(body, page, place)?.into();
        }
        let fault = fault_of(&self.config, &filled, place)?;
        let number = self.world.arm(fault).map_err(|error| Diagnostic::new(place.clone(), error.to_string()))?;
        self.armed.push((number, place.clone()));
        self.own_fault(number);
        Ok(())
    }

    /// Notes the entry of a fault that the running step armed.
    fn own_fault(&mut self, armed: u32) {
        let is_entry = |entry: &&LedgerEntry| matches!(entry.record, Record::Armed { number, .. } if number == armed);
        let entry = self.world.read(|_, ledger, _| {
            let mut entries = ledger.after(self.memory.window.start()).into_iter().flatten();
            entries.find(is_entry).map(|entry| entry.cursor)
        });
        self.own(entry.as_slice());
    }

    /// Faults of this scenario that fired less often than their steps say.
    pub(crate) fn unfired_faults(&self) -> Vec<Diagnostic> {
        let all = self.world.faults();
        let unfired = |number: &u32| all.iter().find(|armed| armed.number == *number && !armed.is_fulfilled());
        let of_step = |(number, place): &(u32, SourcePlace)| Some(self.describe_unfired(unfired(number)?, place));
        self.armed.iter().filter_map(of_step).collect()
    }

    fn describe_unfired(&self, armed: &Armed, place: &SourcePlace) -> Diagnostic {
        let message = match (armed.fired, armed.fault.schedule.times) {
            (0, _) => "this fault never fired".to_owned(),
            (1, Times::Exactly(times)) => format!("this fault fired once, not {times} times"),
            (fired, Times::Exactly(times)) => format!("this fault fired {fired} times, not {times} times"),
            (fired, Times::Always) => format!("this fault fired {fired} times"),
        };
        let what = match armed.fault.effect {
            FaultEffect::Call(_) => "call",
            FaultEffect::Webhook(_) => "webhook",
        };
        let calls = match armed.met {
            0 => format!("no {what} matched it"),
            1 => format!("one {what} matched it"),
            met => format!("{met} {what}s matched it"),
        };
        Diagnostic::new(place.clone(), message)
            .note(format!("the fault: {}", fault_text(&self.config, &armed.fault)))
            .note(format!("{calls}; if several faults match a {what}, the one that was armed first fires"))
            .note("if it need not fire, write `optional: true`")
    }
}

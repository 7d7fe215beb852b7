//! Run room: steps that arm faults, and the look at the end whether each fired as often as its step says.

use crate::engine::fault::{Armed, Effect, Fault};

use super::super::language::diagnostic::Diagnostic;
use super::super::language::source::Place;
use super::super::language::step::FaultStep;
use super::record::fault_text;
use super::stage::Stage;

impl Stage {
    /// Arms a fault for the calls to come.
    pub(super) fn arm(&mut self, fault: &FaultStep, place: &Place) -> Result<(), Diagnostic> {
        let unknown = |what: &str| Diagnostic::new(place.clone(), format!("which {what} is meant?"));
        let app = fault.app.as_deref().map(|name| self.config.app_by_name(name).ok_or_else(|| unknown("app")));
        let page = fault.page.as_deref().map(|name| self.config.page_by_name(name).ok_or_else(|| unknown("page")));
        let person = fault.to.as_deref().map(|name| self.config.person_by_name(name).ok_or_else(|| unknown("person")));
        let armed = self.world.arm(Fault {
            at: fault.at,
            app: app.transpose()?,
            page: page.transpose()?,
            person: person.transpose()?,
            times: fault.times,
            effect: Effect::Reply(fault.reply),
        });
        let number = armed.map_err(|error| Diagnostic::new(place.clone(), error.to_string()))?;
        self.armed.push((number, place.clone()));
        Ok(())
    }

    /// Faults of this scenario that fired less often than they say, each at its step.
    pub(super) fn unfired(&self) -> Vec<Diagnostic> {
        let all = self.world.faults();
        let unspent = |number: &u32| all.iter().find(|armed| armed.number == *number && !armed.is_spent());
        let of_step = |(number, place): &(u32, Place)| Some(self.unspent(unspent(number)?, place));
        self.armed.iter().filter_map(of_step).collect()
    }

    fn unspent(&self, armed: &Armed, place: &Place) -> Diagnostic {
        let message = match (armed.fired, armed.fault.times) {
            (0, _) => "this fault never fired".to_owned(),
            (1, times) => format!("this fault fired once, not {times} times"),
            (fired, times) => format!("this fault fired {fired} times, not {times} times"),
        };
        Diagnostic::new(place.clone(), message)
            .note(format!("it waits for a call: {}", fault_text(&self.config, &armed.fault)))
            .note("of faults that a call could meet, the one that was armed first fires")
    }
}

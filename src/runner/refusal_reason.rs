//! Why the last Graph call of the window was refused. The notes below a failure show it.

use crate::domain::rules::RuleId;
use crate::engine::ledger_entry::{LedgerEntry, Record};

use super::ledger_window::LedgerWindow;
use super::recorded_call::rule_of_refusal;
use super::session::Session;

impl Session {
    /// The rule behind the last refusal of the window, or the fault that caused it.
    pub(crate) fn why_refused(&self) -> Vec<String> {
        if let Some(number) = self.fault_of_refusal() {
            return vec![format!("fault {number} caused it")];
        }
        let rule = self.rule_of_refusal();
        rule.map(|rule| format!("because of {rule}: {}", rule.rule().statement)).into_iter().collect()
    }

    /// Warnings in the window.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.read_window(|entries| entries.filter_map(|entry| entry.record.warning().map(str::to_owned)).collect())
    }

    fn fault_of_refusal(&self) -> Option<u32> {
        self.last_fault().map(|(number, _)| number)
    }

    /// The last fault that affected a call of the window, and how the answer was lost, if it was.
    pub(crate) fn last_fault(&self) -> Option<(u32, Option<&'static str>)> {
        self.read_window(|entries| {
            let faults = entries.map(|entry| match &entry.record {
                Record::GraphCall(call) => call.fault.map(|number| (number, call.lost)),
                _ => None,
            });
            faults.flatten().last()
        })
    }

    pub(crate) fn rule_of_refusal(&self) -> Option<RuleId> {
        self.read_window(|entries| entries.filter_map(|entry| rule_of_refusal(&entry.record)).last())
    }

    /// Reads the entries of the window, and all entries since a call that was observed; none if some of them are gone.
    fn read_window<R>(&self, read: impl FnOnce(&mut dyn Iterator<Item = &LedgerEntry>) -> R) -> R {
        self.world.read(|_, ledger, _| {
            let observed = self.observations.lock();
            match &self.memory.window {
                LedgerWindow::OfStep(scope) => {
                    read(&mut scope.effects(&self.config, ledger, &observed, scope.followed_by()))
                }
                window => read(&mut ledger.after(window.start()).into_iter().flatten()),
            }
        })
    }
}

//! Welcome message flows: what an ad says to people who tap it, saved at a page or at an Instagram account. No ad of a world uses one.

use serde::{Deserialize, Serialize};

use super::ids::{AssetKey, IdKind, IdStream};
use super::time::Moment;

/// The most flows of a page or an account. Meta names no number; the bound keeps the world finite.
pub const MAX_WELCOME_FLOWS: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WelcomeFlow {
    pub id: Box<str>,
    pub content: WelcomeFlowContent,
    pub updated: Moment,
}

/// What an app says about a flow. A change keeps what it leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeFlowContent {
    pub name: Option<Box<str>>,
    /// The flow as text, which nobody reads here.
    pub flow: Option<Box<str>>,
    pub platforms: Option<Vec<Box<str>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WelcomeFlowChange {
    Makes(WelcomeFlowContent),
    /// Changes the flow with this id.
    Changes(Box<str>, WelcomeFlowContent),
    Deletes(Box<str>),
}

/// The flows of a page or an account, oldest first.
#[derive(Debug, Clone, Default)]
pub struct WelcomeFlows {
    list: Vec<WelcomeFlow>,
    /// How many flows were ever made, so that no id is used twice.
    made: u64,
}

impl WelcomeFlows {
    pub fn list(&self) -> &[WelcomeFlow] {
        &self.list
    }

    /// Makes a flow and returns its id; `None` if there are too many.
    pub fn make(&mut self, seed: u64, asset: AssetKey, content: WelcomeFlowContent, now: Moment) -> Option<Box<str>> {
        if self.list.len() >= MAX_WELCOME_FLOWS {
            return None;
        }
        let mut ids = IdStream::new(seed, IdKind::WelcomeFlow, u64::from(asset.0), self.made);
        let id: Box<str> = ids.digits(16).to_string().into();
        self.made += 1;
        self.list.push(WelcomeFlow { id: id.clone(), content, updated: now });
        Some(id)
    }

    /// Changes a flow. Returns false if there is none.
    pub fn change(&mut self, id: &str, content: &WelcomeFlowContent, now: Moment) -> bool {
        let Some(flow) = self.list.iter_mut().find(|flow| *flow.id == *id) else { return false };
        let before = std::mem::take(&mut flow.content);
        flow.content = WelcomeFlowContent {
            name: content.name.clone().or(before.name),
            flow: content.flow.clone().or(before.flow),
            platforms: content.platforms.clone().or(before.platforms),
        };
        flow.updated = now;
        true
    }

    /// Deletes a flow. Returns false if there is none.
    pub fn delete(&mut self, id: &str) -> bool {
        let before = self.list.len();
        self.list.retain(|flow| *flow.id != *id);
        self.list.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_comes_twice_and_there_is_an_end() {
        let mut flows = WelcomeFlows::default();
        let make = |flows: &mut WelcomeFlows| {
            flows.make(1, AssetKey(0), WelcomeFlowContent::default(), Moment::from_millis(0))
        };
        let first = make(&mut flows).unwrap_or_default();
        assert!(flows.delete(&first) && !flows.delete(&first));
        assert_ne!(make(&mut flows).unwrap_or_default(), first);
        let more = (0..MAX_WELCOME_FLOWS).filter(|_| make(&mut flows).is_some()).count();
        assert_eq!((more, flows.list().len()), (MAX_WELCOME_FLOWS - 1, MAX_WELCOME_FLOWS));
    }
}

//! Run room: what differs between the outcomes of one step under several routings. `compare` enters.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Aspect, Fact, Finding, Outcome};
use crate::text::source::SourcePlace;

/// One aspect of a step's outcome under every routing.
#[derive(Debug)]
pub struct ComparedAspect {
    /// Which.
    pub about: About,
    /// Whether it is a difference of this step.
    pub differs: bool,
    /// Routings that come to the same, together.
    pub groups: Vec<Group>,
}

/// What an aspect is about.
#[derive(Debug, Clone)]
pub enum About {
    /// What the step's Graph call was answered.
    Answer,
    /// Whether the step is as the file says.
    Step,
    /// Whether an expectation holds.
    Expectation(SourcePlace),
    /// Whether `strict` of the scenario holds, at its end.
    Strict,
    /// What somebody should know of it.
    Warning,
    /// Whose the thread is after the step; of whom, where there are several.
    Owner(Option<String>),
    /// What an app was told.
    App(String),
}

/// Routings that come to the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The routings.
    pub routings: Vec<String>,
    /// What they come to.
    pub facts: Vec<Fact>,
}

/// The owners of threads as the last step left them.
pub(crate) type Owners = BTreeMap<Aspect, Vec<Group>>;

/// What is to be said about each aspect of a step.
pub(crate) fn compared_aspects(
    outcomes: &[(&str, &Outcome)],
    owners: &mut Owners,
    about: impl Fn(Aspect, bool) -> About,
) -> Vec<ComparedAspect> {
    let keys: BTreeSet<Aspect> = outcomes.iter().flat_map(|(_, outcome)| outcome.findings.keys()).copied().collect();
    let is_only_thread = keys.iter().filter(|key| matches!(key, Aspect::Owner(_))).count() == 1;
    let mut aspects: Vec<ComparedAspect> = Vec::new();
    for key in keys {
        let groups = groups(key, outcomes);
        let differs = groups.len() > 1
            && match key {
                // Told at the step after which it begins to differ, and not again at each step that leaves it so.
                Aspect::Owner(_) => owners.get(&key) != Some(&groups),
                // That the call was answered otherwise says all that the step has to say; a call that was never made does not.
                Aspect::Step => aspects.iter().all(|answer| !answer.differs) || !outcomes.iter().all(was_answered),
                _ => true,
            };
        if matches!(key, Aspect::Owner(_)) {
            owners.insert(key, groups.clone());
        }
        aspects.push(ComparedAspect { about: about(key, is_only_thread), differs, groups });
    }
    aspects
}

fn was_answered((_, outcome): &(&str, &Outcome)) -> bool {
    outcome.findings.contains_key(&Aspect::Answer)
}

/// Routings that come to the same, together, in the order in which they are compared.
fn groups(key: Aspect, outcomes: &[(&str, &Outcome)]) -> Vec<Group> {
    let nothing_found = Finding::default();
    let findings: Vec<&Finding> =
        outcomes.iter().map(|(_, outcome)| outcome.findings.get(&key).unwrap_or(&nothing_found)).collect();
    let mut groups: Vec<Group> = Vec::new();
    for (((routing, _), finding), rest) in outcomes.iter().zip(&findings).zip(rests(&findings)) {
        let facts = if rest.is_empty() { vec![no_fact(key, finding)] } else { rest };
        match groups.iter_mut().find(|group| group.facts == facts) {
            Some(group) => group.join(routing, &facts),
            None => groups.push(Group { routings: vec![(*routing).to_owned()], facts }),
        }
    }
    groups
}

/// What is left of each where they differ: not what they have in common, unless nothing but the order differs.
fn rests(findings: &[&Finding]) -> Vec<Vec<Fact>> {
    let whole: Vec<Vec<Fact>> = findings.iter().map(|finding| finding.facts.clone()).collect();
    let Some((first, others)) = whole.split_first() else { return whole };
    if others.iter().all(|other| other == first) {
        return whole;
    }
    let mut rests = whole.clone();
    for fact in first {
        let places: Option<Vec<usize>> = rests.iter().map(|rest| rest.iter().position(|other| other == fact)).collect();
        for (rest, place) in rests.iter_mut().zip(places.into_iter().flatten()) {
            rest.remove(place);
        }
    }
    if rests.iter().all(Vec::is_empty) { whole } else { rests }
}

fn no_fact(key: Aspect, finding: &Finding) -> Fact {
    let what = match key {
        Aspect::Answer => "no call",
        Aspect::Step => "as the file says",
        Aspect::Owner(_) => "not begun",
        _ if finding.facts.is_empty() => "nothing",
        _ => "nothing else",
    };
    Fact { what: what.to_owned(), because: finding.withheld.clone() }
}

impl Group {
    fn join(&mut self, routing: &str, facts: &[Fact]) {
        self.routings.push(routing.to_owned());
        for (fact, same) in self.facts.iter_mut().zip(facts) {
            let new = same.because.iter().filter(|rule| !fact.because.contains(rule)).copied();
            let new: Vec<&str> = new.collect();
            fact.because.extend(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::{AppKey, PageKey, PersonKey, ThreadKey};

    fn fact(what: &str, rule: &'static str) -> Fact {
        Fact { what: what.to_owned(), because: vec![rule] }
    }

    fn outcome(key: Aspect, facts: &[Fact]) -> Outcome {
        let finding = Finding { facts: facts.to_vec(), withheld: vec!["withheld"] };
        Outcome { findings: BTreeMap::from([(key, finding)]), holds: true }
    }

    fn told(outcomes: &[(&str, &Outcome)]) -> Vec<(String, Vec<String>)> {
        let words =
            |group: &Group| group.facts.iter().map(|fact| format!("{} {:?}", fact.what, fact.because)).collect();
        let groups = groups(APP, outcomes);
        groups.iter().map(|group| (group.routings.join("+"), words(group))).collect()
    }

    const APP: Aspect = Aspect::App(AppKey(0));

    #[test]
    fn another_rule_alone_is_no_difference_and_both_are_named() {
        let [one, other] = [outcome(APP, &[fact("a", "x")]), outcome(APP, &[fact("a", "y")])];
        let told = told(&[("one", &one), ("other", &other)]);
        assert_eq!(told, [("one+other".to_owned(), vec![r#"a ["x", "y"]"#.to_owned()])]);
    }

    #[test]
    fn what_all_have_in_common_is_left_out_as_often_as_all_have_it() {
        let [a, b] = [fact("a", "x"), fact("b", "x")];
        let one = outcome(APP, &[a.clone(), b, a.clone()]);
        let other = outcome(APP, &[a]);
        let told = told(&[("one", &one), ("other", &other)]);
        let one = vec![r#"b ["x"]"#.to_owned(), r#"a ["x"]"#.to_owned()];
        let other = vec![r#"nothing else ["withheld"]"#.to_owned()];
        assert_eq!(told, [("one".to_owned(), one), ("other".to_owned(), other)]);
    }

    #[test]
    fn where_the_order_alone_differs_all_of_it_is_told() {
        let [a, b] = [fact("a", "x"), fact("b", "x")];
        let [one, other] = [outcome(APP, &[a.clone(), b.clone()]), outcome(APP, &[b, a])];
        let told = told(&[("one", &one), ("other", &other)]);
        let words = |what: [&str; 2]| what.map(|what| format!(r#"{what} ["x"]"#)).to_vec();
        assert_eq!(told, [("one".to_owned(), words(["a", "b"])), ("other".to_owned(), words(["b", "a"]))]);
    }

    #[test]
    fn who_is_told_nothing_is_told_by_which_rule() {
        let [one, other] = [outcome(APP, &[fact("a", "x")]), outcome(APP, &[])];
        let told = told(&[("one", &one), ("other", &other), ("third", &Outcome::default())]);
        assert_eq!(told[1].0, "other+third");
        assert_eq!(told[1].1, [r#"nothing ["withheld"]"#]);
    }

    #[test]
    fn an_owner_that_differs_is_told_once_until_it_changes() {
        let owner = Aspect::Owner(ThreadKey { page: PageKey(0), person: PersonKey(0) });
        let by = |app: &str| outcome(owner, &[fact(app, "x")]);
        let mut owners = Owners::new();
        let mut differs = |one: &str, other: &str| {
            let (one, other) = (by(one), by(other));
            let aspects = compared_aspects(&[("one", &one), ("other", &other)], &mut owners, |_, _| About::Owner(None));
            aspects.iter().any(|aspect| aspect.differs)
        };
        let steps =
            [("bot", "bot"), ("bot", "desk"), ("bot", "desk"), ("desk", "bot"), ("bot", "bot"), ("desk", "bot")];
        assert_eq!(steps.map(|(one, other)| differs(one, other)), [false, true, false, true, false, true]);
    }
}

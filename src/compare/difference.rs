//! Finds what differs between the outcomes of one step under several routings.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Aspect, AspectFacts, Fact, StepOutcome};
use crate::text::source::SourcePlace;

/// One aspect of a step under every routing.
#[derive(Debug)]
pub struct ComparedAspect {
    pub about: About,
    pub differs: bool,
    /// The routings, grouped by equal results.
    pub groups: Vec<RoutingGroup>,
}

/// What an aspect is about, in the words of a report.
#[derive(Debug, Clone)]
pub enum About {
    /// The answer to the Graph call of the step.
    Answer,
    /// Whether the step succeeds.
    Step,
    /// Whether an expectation holds.
    Expectation(SourcePlace),
    /// Whether `strict` holds at the end of the scenario.
    Strict,
    Warning,
    /// The owner of a thread after the step. The thread is named if there are several.
    Owner(Option<String>),
    /// The webhooks that an app received.
    App(String),
}

/// Routings with the same result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingGroup {
    pub routings: Vec<String>,
    pub facts: Vec<Fact>,
}

/// The owners of threads after the last step.
pub(crate) type Owners = BTreeMap<Aspect, Vec<RoutingGroup>>;

/// Compares each aspect of a step.
pub(crate) fn compared_aspects(
    outcomes: &[(&str, &StepOutcome)],
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
                // An owner is reported at the step after which it begins to differ, not at every later step.
                Aspect::Owner(_) => owners.get(&key) != Some(&groups),
                // A different answer already explains why the step differs, unless a call was never made.
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

fn was_answered((_, outcome): &(&str, &StepOutcome)) -> bool {
    outcome.findings.contains_key(&Aspect::Answer)
}

/// Groups the routings by equal results, in the order of the routings.
fn groups(key: Aspect, outcomes: &[(&str, &StepOutcome)]) -> Vec<RoutingGroup> {
    let nothing_found = AspectFacts::default();
    let findings: Vec<&AspectFacts> =
        outcomes.iter().map(|(_, outcome)| outcome.findings.get(&key).unwrap_or(&nothing_found)).collect();
    let mut groups: Vec<RoutingGroup> = Vec::new();
    for (((routing, _), finding), rest) in outcomes.iter().zip(&findings).zip(without_common_facts(&findings)) {
        let facts = if rest.is_empty() { vec![no_fact(key, finding)] } else { rest };
        match groups.iter_mut().find(|group| group.facts == facts) {
            Some(group) => group.join(routing, &facts),
            None => groups.push(RoutingGroup { routings: vec![(*routing).to_owned()], facts }),
        }
    }
    groups
}

/// The facts of each routing without the facts that all have in common. If only the order differs, all facts.
fn without_common_facts(findings: &[&AspectFacts]) -> Vec<Vec<Fact>> {
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

fn no_fact(key: Aspect, finding: &AspectFacts) -> Fact {
    let what = match key {
        Aspect::Answer => "no call",
        Aspect::Step => "succeeds",
        Aspect::Owner(_) => "no thread",
        _ if finding.facts.is_empty() => "nothing",
        _ => "nothing else",
    };
    Fact { what: what.to_owned(), because: finding.withheld.clone() }
}

impl RoutingGroup {
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
    use crate::domain::model::ids::{AppKey, AssetKey, PersonKey, ThreadKey};

    fn fact(what: &str, rule: &'static str) -> Fact {
        Fact { what: what.to_owned(), because: vec![rule] }
    }

    fn outcome(key: Aspect, facts: &[Fact]) -> StepOutcome {
        let finding = AspectFacts { facts: facts.to_vec(), withheld: vec!["withheld"] };
        StepOutcome { findings: BTreeMap::from([(key, finding)]), holds: true }
    }

    fn shown(outcomes: &[(&str, &StepOutcome)]) -> Vec<(String, Vec<String>)> {
        let words =
            |group: &RoutingGroup| group.facts.iter().map(|fact| format!("{} {:?}", fact.what, fact.because)).collect();
        let groups = groups(APP, outcomes);
        groups.iter().map(|group| (group.routings.join("+"), words(group))).collect()
    }

    const APP: Aspect = Aspect::App(AppKey(0));

    #[test]
    fn another_rule_alone_is_no_difference_and_both_are_named() {
        let [one, other] = [outcome(APP, &[fact("a", "x")]), outcome(APP, &[fact("a", "y")])];
        let shown = shown(&[("one", &one), ("other", &other)]);
        assert_eq!(shown, [("one+other".to_owned(), vec![r#"a ["x", "y"]"#.to_owned()])]);
    }

    #[test]
    fn what_all_have_in_common_is_left_out_as_often_as_all_have_it() {
        let [a, b] = [fact("a", "x"), fact("b", "x")];
        let one = outcome(APP, &[a.clone(), b, a.clone()]);
        let other = outcome(APP, &[a]);
        let shown = shown(&[("one", &one), ("other", &other)]);
        let one = vec![r#"b ["x"]"#.to_owned(), r#"a ["x"]"#.to_owned()];
        let other = vec![r#"nothing else ["withheld"]"#.to_owned()];
        assert_eq!(shown, [("one".to_owned(), one), ("other".to_owned(), other)]);
    }

    #[test]
    fn if_only_the_order_differs_all_facts_are_shown() {
        let [a, b] = [fact("a", "x"), fact("b", "x")];
        let [one, other] = [outcome(APP, &[a.clone(), b.clone()]), outcome(APP, &[b, a])];
        let shown = shown(&[("one", &one), ("other", &other)]);
        let words = |what: [&str; 2]| what.map(|what| format!(r#"{what} ["x"]"#)).to_vec();
        assert_eq!(shown, [("one".to_owned(), words(["a", "b"])), ("other".to_owned(), words(["b", "a"]))]);
    }

    #[test]
    fn an_app_that_gets_nothing_is_shown_with_the_rule() {
        let [one, other] = [outcome(APP, &[fact("a", "x")]), outcome(APP, &[])];
        let shown = shown(&[("one", &one), ("other", &other), ("third", &StepOutcome::default())]);
        assert_eq!(shown[1].0, "other+third");
        assert_eq!(shown[1].1, [r#"nothing ["withheld"]"#]);
    }

    #[test]
    fn an_owner_that_differs_is_shown_once_until_it_changes() {
        let owner = Aspect::Owner(ThreadKey { asset: AssetKey(0), person: PersonKey(0) });
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

//! A comparison of routings as text: each step that differs, with the result under each routing.

use std::collections::BTreeSet;

use crate::compare::{About, ComparedAspect, ComparedScenario, ComparedStep, Comparison, Fact, RoutingGroup};
use crate::text::printable::printable;
use crate::text::source::SourcePlace;

/// How much of a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    Differences,
    All,
}

impl Extent {
    fn of_scenario(self, scenario: &ComparedScenario) -> bool {
        self == Self::All || scenario.differs()
    }

    pub(crate) fn of_step(self, step: &ComparedStep) -> bool {
        self == Self::All || step.differs()
    }

    pub(crate) fn of_aspect(self, aspect: &ComparedAspect) -> bool {
        self == Self::All || aspect.differs
    }
}

pub fn comparison_text(comparison: &Comparison, extent: Extent, colors: bool) -> String {
    let mut text = ComparisonText { colors, extent, all: comparison.routings.len(), out: String::new() };
    text.head(comparison);
    let mut file = "";
    for scenario in comparison.scenarios.iter().filter(|scenario| extent.of_scenario(scenario)) {
        if file != scenario.file {
            file = &scenario.file;
            let file = text.paint(BOLD, file);
            text.line(&format!("\n{file}"));
        }
        text.scenario(scenario);
    }
    text.summary(comparison);
    text.out.trim_matches('\n').to_owned()
}

const BOLD: &str = "1";
const DIM: &str = "2";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";

struct ComparisonText {
    colors: bool,
    extent: Extent,
    /// The number of routings.
    all: usize,
    out: String,
}

/// A short name of a routing: only its generation, if it has one.
fn short(routing: &str) -> &str {
    routing.strip_prefix("conversation_routing@").unwrap_or(routing)
}

fn listed(routings: &[String]) -> String {
    routings.iter().map(|routing| short(routing)).collect::<Vec<_>>().join(", ")
}

/// The text of a place on one line, with commas in place of line breaks.
pub(crate) fn one_line(place: &SourcePlace) -> String {
    let mut text = String::new();
    for line in place.text().lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let goes_on = text.ends_with([':', ',', '{', '[']) || line.starts_with(['}', ']']);
        let between = match (text.is_empty(), goes_on) {
            (true, _) => "",
            (false, true) => " ",
            (false, false) => ", ",
        };
        text.push_str(between);
        text.push_str(line);
    }
    text
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

impl ComparisonText {
    /// A part of a line in a colour, if there are colours.
    fn paint(&self, code: &str, text: &str) -> String {
        let text = printable(text);
        if self.colors { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into_owned() }
    }

    /// Adds a line, whose parts are printable.
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn head(&mut self, comparison: &Comparison) {
        let generations = comparison.routings.iter().filter(|routing| short(routing) != routing.as_str());
        for routing in generations {
            let line = format!("{} is {routing}", short(routing));
            self.line(&line);
        }
        if !comparison.unmoved_accounts.is_empty() {
            let accounts: Vec<&str> = comparison.unmoved_accounts.iter().map(String::as_str).collect();
            self.line(&format!(
                "handover_protocol is about pages: on Instagram it has ended, and {} as in the world",
                printable(&stays(&accounts))
            ));
        }
        if !comparison.not_called.is_empty() {
            let apps: Vec<&str> = comparison.not_called.iter().map(String::as_str).collect();
            self.line(&format!(
                "every app is a puppet here: the webhook URLs of {} are not called",
                printable(&apps.join(", "))
            ));
        }
    }

    fn scenario(&mut self, scenario: &ComparedScenario) {
        let name = self.paint(BOLD, &scenario.name);
        self.line(&format!("\n  {name}"));
        for (routing, why) in &scenario.impossible {
            let routing = self.paint(CYAN, short(routing));
            self.line(&format!("    cannot run under {routing}: {}", printable(why)));
        }
        let extent = self.extent;
        for step in scenario.steps.iter().filter(|step| extent.of_step(step)) {
            self.step(step);
        }
    }

    fn step(&mut self, step: &ComparedStep) {
        let aspects: Vec<&ComparedAspect> =
            step.aspects.iter().filter(|aspect| self.extent.of_aspect(aspect)).collect();
        if !step.expects {
            self.source(&step.place);
        }
        let width = aspects.iter().map(|aspect| printable(&subject(&aspect.about)).chars().count()).max().unwrap_or(0);
        let labels = aspects.iter().flat_map(|aspect| &aspect.groups).map(|group| self.label(group).chars().count());
        let label_width = labels.max().unwrap_or(0);
        for aspect in aspects {
            match &aspect.about {
                About::Expectation(place) => self.source(place),
                About::Strict => self.line("        strict: true"),
                _ => {}
            }
            self.aspect(aspect, width, label_width);
        }
    }

    fn source(&mut self, place: &SourcePlace) {
        let number = self.paint(DIM, &format!("{:>6}", place.line_and_column().0));
        self.line(&format!("{number}  {}", printable(&one_line(place))));
    }

    fn aspect(&mut self, aspect: &ComparedAspect, width: usize, label_width: usize) {
        let mut subject = printable(&subject(&aspect.about)).into_owned();
        for group in &aspect.groups {
            let mut label = self.label(group);
            for fact in &group.facts {
                let rules = self.rules(fact);
                let padded = self.paint(CYAN, &format!("{label:label_width$}"));
                let gap = if width == 0 { "" } else { "  " };
                let line = format!("          {subject:width$}{gap}{padded}  {}{rules}", printable(&fact.what));
                self.line(&line);
                subject.clear();
                label.clear();
            }
        }
    }

    fn label(&self, group: &RoutingGroup) -> String {
        if group.routings.len() == self.all { "everywhere".to_owned() } else { listed(&group.routings) }
    }

    fn rules(&self, fact: &Fact) -> String {
        match fact.because.as_slice() {
            [] => String::new(),
            rules => self.paint(DIM, &format!("  ({})", rules.join(", "))),
        }
    }

    fn summary(&mut self, comparison: &Comparison) {
        let (steps, scenarios) = (comparison.steps(), comparison.scenarios.len());
        self.line("");
        if !comparison.differs() {
            let nothing = self.paint(GREEN, "nothing differs");
            let (steps, scenarios) = (count(steps, "step"), count(scenarios, "scenario"));
            self.line(&format!(
                "{nothing}: {steps} in {scenarios} have the same result under {}",
                listed(&comparison.routings)
            ));
        } else {
            let differing = comparison.scenarios.iter().filter(|scenario| scenario.differs()).count();
            let of_steps = format!("{} of {}", comparison.steps_that_differ(), count(steps, "step"));
            let of_steps = self.paint(YELLOW, &format!("{of_steps} differ"));
            self.line(&format!("{of_steps}, in {differing} of {}", count(scenarios, "scenario")));
        }
        self.passing(comparison);
    }

    /// Under which routings the scenarios pass.
    fn passing(&mut self, comparison: &Comparison) {
        let (everywhere, elsewhere): (Vec<&ComparedScenario>, Vec<_>) =
            comparison.scenarios.iter().partition(|scenario| scenario.holds_under.len() == self.all);
        self.line(&format!("{} under every routing", count_passing(everywhere.len(), comparison.scenarios.len())));
        let files = comparison.scenarios.iter().map(|scenario| &scenario.file).collect::<BTreeSet<_>>().len();
        for scenario in elsewhere {
            let under = match scenario.holds_under.as_slice() {
                [] => "passes under no routing".to_owned(),
                routings => format!("passes only under {}", listed(routings)),
            };
            let file = if files > 1 { format!("  ({})", scenario.file) } else { String::new() };
            let line = format!("  {under}: {}{file}", scenario.name);
            self.line(&printable(&line));
        }
    }
}

fn count_passing(some: usize, all: usize) -> String {
    format!("{some} of {} {}", count(all, "scenario"), if some == 1 { "passes" } else { "pass" })
}

/// The label of an aspect. An expectation has none, because its text stands above it.
fn subject(about: &About) -> String {
    match about {
        About::Answer => "answer".to_owned(),
        About::Step => "step".to_owned(),
        About::Warning => "warning".to_owned(),
        About::Expectation(_) | About::Strict => String::new(),
        About::Owner(None) => "owner".to_owned(),
        About::Owner(Some(thread)) => format!("owner of {thread}"),
        About::App(app) => app.clone(),
    }
}

/// Accounts that stay, as the end of a sentence.
fn stays(accounts: &[&str]) -> String {
    let verb = if accounts.len() == 1 { "stays" } else { "stay" };
    format!("{} {verb}", accounts.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::text::source::SourceText;

    use super::*;

    #[test]
    fn a_name_has_no_colours_of_its_own() {
        let text = ComparisonText { colors: true, extent: Extent::All, all: 2, out: String::new() };
        assert_eq!(text.paint(BOLD, "a\u{1b}[2Jb"), "\u{1b}[1ma\\u{1b}[2Jb\u{1b}[0m");
    }

    #[test]
    fn a_step_is_printed_on_one_line() {
        for (written, printed) in [
            ("{ user: alice, says: Hi }", "{ user: alice, says: Hi }"),
            ("{ user: alice,\n  says: Hi\n}", "{ user: alice, says: Hi }"),
            ("app: a\n  # why\n  sends:\n    text: Hi\n\n  to: bob", "app: a, sends: text: Hi, to: bob"),
        ] {
            let place = SourcePlace { source: SourceText::inline("steps.yaml", written), span: 0..written.len() };
            assert_eq!(one_line(&place), printed);
        }
    }
}

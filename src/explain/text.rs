//! Prints an explanation for a terminal: what happened on the left, the rule behind it on the right, and the statements of the rules at
//! the end.

use crate::text::printable::printable;

use super::explanation::{
    AppDecision, AppPermissions, Chapter, ChapterRefusal, Consequence, DecisionWord, DryRun, Explanation, MomentText,
    RuleText, ThreadStatus,
};

/// The most characters of a line of prose.
const WIDTH: usize = 100;
/// A line with more characters does not move the column of rules further to the right.
const MAX_LEFT: usize = 68;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";

/// A line of text with its colour and the rule behind it.
struct TextLine {
    text: String,
    /// An ANSI colour code.
    color: Option<&'static str>,
    rule: Option<RuleText>,
}

impl TextLine {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), color: None, rule: None }
    }

    fn painted(color: &'static str, text: impl Into<String>) -> Self {
        Self { color: Some(color), ..Self::plain(text) }
    }

    fn printable(&self) -> Self {
        Self { text: printable(&self.text).into_owned(), color: self.color, rule: self.rule }
    }

    fn by(self, rule: impl Into<Option<RuleText>>) -> Self {
        Self { rule: rule.into(), ..self }
    }
}

/// The explanation as text, with the colours of a terminal if `colors`.
pub fn text(explanation: &Explanation, colors: bool) -> String {
    let sections = [
        status(&explanation.status),
        section("The story so far", story(explanation)),
        section("What each app may do now", permissions(&explanation.may)),
        section("What the other rules above say", other_rules(explanation)),
    ];
    sections
        .iter()
        .filter(|lines| !lines.is_empty())
        .map(|lines| rendered(lines, colors))
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn section(title: &str, mut lines: Vec<TextLine>) -> Vec<TextLine> {
    if !lines.is_empty() {
        lines.insert(0, TextLine::painted(BOLD, title));
    }
    lines
}

fn story(explanation: &Explanation) -> Vec<TextLine> {
    let forgotten = explanation.forgotten.iter().map(|forgotten| TextLine::painted(YELLOW, format!("  … {forgotten}")));
    let lines: Vec<TextLine> = forgotten.chain(explanation.story.iter().flat_map(chapter)).collect();
    if lines.is_empty() { vec![TextLine::plain("  nothing has happened")] } else { lines }
}

/// The rules that are not stated with the status at the top.
fn other_rules(explanation: &Explanation) -> Vec<TextLine> {
    let stated = [explanation.status.because, explanation.status.window.because];
    let others = explanation.rules.iter().filter(|rule| !stated.contains(&rule.id));
    let lines = others.flat_map(|rule| {
        let statement = wrapped(rule.statement, "    ").into_iter().map(|line| TextLine::painted(DIM, line));
        std::iter::once(TextLine::plain(format!("  {}", rule.id))).chain(statement)
    });
    lines.collect()
}

/// Lines with their rules in one column.
fn rendered(lines: &[TextLine], colors: bool) -> String {
    // Names and texts are other people's. What is made of them has the colours of this page only.
    let lines: Vec<TextLine> = lines.iter().map(TextLine::printable).collect();
    let paint = |color: &str, text: &str| match colors {
        true => format!("\u{1b}[{color}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let width = |line: &TextLine| line.text.chars().count();
    let with_rules = lines.iter().filter(|line| line.rule.is_some()).map(width);
    let column = with_rules.filter(|width| *width <= MAX_LEFT).max().unwrap_or_default() + 2;
    let render = |line: &TextLine| {
        let text = line.color.map_or_else(|| line.text.clone(), |color| paint(color, &line.text));
        match line.rule {
            Some(rule) => {
                let gap = column.saturating_sub(width(line)).max(2);
                format!("{text}{:gap$}{}", "", paint(DIM, &rule.to_string()))
            }
            None => text,
        }
    };
    lines.iter().map(render).collect::<Vec<_>>().join("\n")
}

/// Prose in lines of at most [`WIDTH`] characters.
fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    lines
}

/// The first [`WIDTH`] characters of a line.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.trim_end().to_owned(),
    }
}

fn or_nobody(app: &Option<String>) -> &str {
    app.as_deref().unwrap_or("nobody")
}

fn status(status: &ThreadStatus) -> Vec<TextLine> {
    let ThreadStatus {
        page,
        person,
        psid,
        now,
        owner,
        since,
        until,
        window,
        blocked,
        ruleset,
        default_app,
        primary,
        ..
    } = status;
    let id_word = status.platform.scoped_id_word();
    let since = since.map_or_else(|| "from the beginning".to_owned(), |since| format!("since {since}"));
    let until = until.map_or_else(|| "an app gets it".to_owned(), |until| until.to_string());
    let (main, main_app) = match primary {
        Some(primary) => ("primary", primary.as_str()),
        None => ("default app", default_app.as_deref().unwrap_or("none")),
    };
    let mut lines = vec![
        TextLine::painted(BOLD, format!("{person}@{page}")),
        TextLine::plain(format!("  now          {now}")),
        TextLine::plain(format!("  {id_word:<11}  {psid}")),
        TextLine::plain(format!("  rules        {ruleset}")),
        TextLine::plain(format!("  {main:<11}  {main_app}")),
        TextLine::plain(format!("  owner        {}, {since}, until {until}", or_nobody(owner))),
    ];
    lines.extend(because(status.because));
    lines.push(TextLine::plain(format!("  window       {}", window_text(window.open, window.until))));
    lines.extend(because(window.because));
    if let (false, Some(until)) = (window.open, window.human_agent_until) {
        let with_tag = if until <= *now { "closed since" } else { "open until" };
        lines.push(TextLine::plain(format!("  HUMAN_AGENT  {with_tag} {until}")));
    }
    if *blocked {
        lines.push(TextLine::painted(YELLOW, format!("  blocked      {person} has blocked the business")));
    }
    lines
}

/// The rule behind the line above, with its statement.
fn because(rule: RuleText) -> Vec<TextLine> {
    let indent = "               ";
    let mut lines = vec![TextLine::painted(DIM, format!("{indent}{rule}"))];
    lines.extend(wrapped(rule.statement(), indent).into_iter().map(|line| TextLine::painted(DIM, line)));
    lines
}

fn window_text(open: bool, until: Option<MomentText>) -> String {
    match (open, until) {
        (true, Some(until)) => format!("open until {until}"),
        (true, None) => "open".to_owned(),
        (false, Some(until)) => format!("closed since {until}"),
        (false, None) => "closed, never opened".to_owned(),
    }
}

fn chapter(chapter: &Chapter) -> Vec<TextLine> {
    let color = if chapter.refused.is_some() { RED } else { BOLD };
    let mut lines = vec![TextLine::painted(color, shortened(&format!("  {}  {}", chapter.at, chapter.what)))];
    lines.extend(chapter.refused.iter().flat_map(refused));
    for consequence in &chapter.outcome {
        match consequence {
            Consequence::OwnerChanged { from, to, at, rule } => {
                let dated = if *at == chapter.at { String::new() } else { format!(" at {at}") };
                let text = format!("    owner {} → {}{dated}", or_nobody(from), or_nobody(to));
                lines.push(TextLine::painted(YELLOW, text).by(*rule));
            }
            Consequence::Event { text, rule } => {
                lines.push(TextLine::plain(shortened(&format!("    {text}"))).by(*rule))
            }
            Consequence::Webhook { field, about, decisions } => {
                lines.push(TextLine::plain(shortened(&format!("    {field} {about}"))));
                lines.extend(webhook(decisions));
            }
        }
    }
    lines
}

fn refused(refused: &ChapterRefusal) -> Vec<TextLine> {
    let mut reason = wrapped(&format!("refused: {}", refused.reason), "    ").into_iter();
    let mut lines: Vec<TextLine> =
        reason.next().map(|first| TextLine::plain(first).by(refused.rule)).into_iter().collect();
    let answer = refused.answer.iter().flat_map(|answer| wrapped(answer, "    "));
    lines.extend(reason.chain(answer).map(TextLine::plain));
    lines
}

/// One line for all apps with the same decision and the same rule.
fn webhook(decisions: &[AppDecision]) -> Vec<TextLine> {
    let mut lines: Vec<(String, TextLine)> = Vec::new();
    for decision in decisions {
        let how = decision_text(decision);
        let same = |line: &&mut (String, TextLine)| line.0 == how && line.1.rule == Some(decision.rule);
        match lines.iter_mut().find(same) {
            Some((_, line)) => line.text.push_str(&format!(", {}", decision.app)),
            None => {
                let mark = if decision.decision == DecisionWord::Deliver { "→" } else { "✗" };
                lines.push((how, TextLine::plain(format!("      {mark} {}", decision.app)).by(decision.rule)));
            }
        }
    }
    if lines.is_empty() {
        return vec![TextLine::plain("      delivered to no app")];
    }
    let mut lines: Vec<TextLine> =
        lines.into_iter().map(|(how, line)| TextLine { text: line.text + &how, ..line }).collect();
    let failed = decisions.iter().filter_map(|decision| decision.delivery.as_ref()).filter(|attempt| !attempt.taken);
    lines.extend(failed.map(|attempt| TextLine::painted(RED, shortened(&format!("      ! {}", attempt.text)))));
    lines
}

fn decision_text(decision: &AppDecision) -> String {
    let without = match decision.without.as_slice() {
        [] => String::new(),
        parts => format!(", without the {}", parts.join(" and the ")),
    };
    match decision.decision {
        DecisionWord::Deliver => format!(" on {}{without}", decision.channel),
        DecisionWord::Withhold => format!(" withheld on {}", decision.channel),
    }
}

/// What each app may do, in columns: the action, the rule that allows or refuses it, and its result.
fn permissions(apps: &[AppPermissions]) -> Vec<TextLine> {
    let attempts = || apps.iter().flat_map(|app| &app.attempts);
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let what = widest(&mut attempts().map(|attempt| attempt.what.as_str()));
    let rule = widest(&mut attempts().map(rule_id));
    let mut lines = Vec::new();
    for app in apps {
        let owns = if app.is_owner { ", the owner" } else { "" };
        lines.push(TextLine::painted(BOLD, format!("  {}{owns}", app.app)));
        lines.extend(app.attempts.iter().map(|attempt| {
            let (mark, color) = if attempt.allowed { ("✓", GREEN) } else { ("✗", DIM) };
            let line = format!("    {mark} {:what$}  {:rule$}  {}", attempt.what, rule_id(attempt), result(attempt));
            TextLine::painted(color, line.trim_end())
        }));
    }
    lines
}

fn rule_id(attempt: &DryRun) -> &'static str {
    attempt.rule.map_or("", |rule| rule.0.rule().id)
}

/// The result of an action. A refusal by a rule needs no more words than the rule.
fn result(attempt: &DryRun) -> String {
    match (attempt.allowed, attempt.moves, attempt.until) {
        (false, ..) if attempt.rule.is_some() => String::new(),
        (false, ..) => attempt.reason.clone().unwrap_or_default(),
        (true, true, _) => format!("moves the thread to {}", or_nobody(&attempt.owner)),
        (true, false, Some(until)) => format!("keeps the thread until {until}"),
        (true, false, None) => "does not move the thread".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_colours_of_its_own() {
        let lines = [TextLine::painted(BOLD, "a\u{1b}[2Jb"), TextLine::plain("c\0")];
        assert_eq!(rendered(&lines, true), "\u{1b}[1ma\\u{1b}[2Jb\u{1b}[0m\nc\\u{0}");
        assert_eq!(rendered(&lines, false), "a\\u{1b}[2Jb\nc\\u{0}");
    }
}

//! Explain room: an explanation in words, for people at a terminal: what happened on the left, the rule behind it on the right, and what
//! the rules say at the end.

use super::explanation::{AppMay, Chapter, Explanation, May, Outcome, Refused, Rule, Standing, Told, When};

/// Characters that a line of prose has at most.
const WIDTH: usize = 100;
/// Characters beyond which a line does not push the column of rules further to the right.
const MAX_LEFT: usize = 68;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";

/// A line: what is said, how it is painted, and the rule behind it.
struct Line {
    text: String,
    code: Option<&'static str>,
    rule: Option<Rule>,
}

impl Line {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: None, rule: None }
    }

    fn painted(code: &'static str, text: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::plain(text) }
    }

    fn by(self, rule: impl Into<Option<Rule>>) -> Self {
        Self { rule: rule.into(), ..self }
    }
}

/// The explanation in words.
pub fn text(explanation: &Explanation, colors: bool) -> String {
    let sections = [
        standing(&explanation.standing),
        section("The story so far", story(explanation)),
        section("What each app may do now", permissions(&explanation.may)),
        section("What the other rules say", other_rules(explanation)),
    ];
    sections.iter().filter(|lines| !lines.is_empty()).map(|lines| drawn(lines, colors)).collect::<Vec<_>>().join("\n\n")
}

fn section(title: &str, mut lines: Vec<Line>) -> Vec<Line> {
    if !lines.is_empty() {
        lines.insert(0, Line::painted(BOLD, title));
    }
    lines
}

fn story(explanation: &Explanation) -> Vec<Line> {
    let forgotten = explanation.forgotten.iter().map(|forgotten| Line::painted(YELLOW, format!("  … {forgotten}")));
    let lines: Vec<Line> = forgotten.chain(explanation.story.iter().flat_map(chapter)).collect();
    if lines.is_empty() { vec![Line::plain("  nothing has happened")] } else { lines }
}

/// Every statement stands once: those by which the thread stands as it does stand at the top.
fn other_rules(explanation: &Explanation) -> Vec<Line> {
    let at_the_top = [explanation.standing.because, explanation.standing.window.because];
    let others = explanation.rules.iter().filter(|rule| !at_the_top.contains(&rule.id));
    let lines = others.flat_map(|rule| {
        let statement = wrapped(rule.statement, "    ").into_iter().map(|line| Line::painted(DIM, line));
        std::iter::once(Line::plain(format!("  {}", rule.id))).chain(statement)
    });
    lines.collect()
}

/// Lines with their rules in one column.
fn drawn(lines: &[Line], colors: bool) -> String {
    let paint = |code: &str, text: &str| match colors {
        true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let width = |line: &Line| line.text.chars().count();
    let with_rules = lines.iter().filter(|line| line.rule.is_some()).map(width);
    let column = with_rules.filter(|width| *width <= MAX_LEFT).max().unwrap_or_default() + 2;
    let draw = |line: &Line| {
        let text = line.code.map_or_else(|| line.text.clone(), |code| paint(code, &line.text));
        match line.rule {
            Some(rule) => {
                let gap = column.saturating_sub(width(line)).max(2);
                format!("{text}{:gap$}{}", "", paint(DIM, &rule.to_string()))
            }
            None => text,
        }
    };
    lines.iter().map(draw).collect::<Vec<_>>().join("\n")
}

/// Prose in lines of bearable length.
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

/// A line with as much of what was said as it can bear.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.trim_end().to_owned(),
    }
}

fn or_nobody(app: &Option<String>) -> &str {
    app.as_deref().unwrap_or("nobody")
}

fn standing(standing: &Standing) -> Vec<Line> {
    let Standing {
        page, person, psid, now, owner, since, until, window, blocked, ruleset, default_app, primary, ..
    } = standing;
    let since = since.map_or_else(|| "from the beginning".to_owned(), |since| format!("since {since}"));
    let until = until.map_or_else(|| "an app gets it".to_owned(), |until| until.to_string());
    let (main, main_app) = match primary {
        Some(primary) => ("primary", primary.as_str()),
        None => ("default app", default_app.as_deref().unwrap_or("none")),
    };
    let mut lines = vec![
        Line::painted(BOLD, format!("{person}@{page}")),
        Line::plain(format!("  now          {now}")),
        Line::plain(format!("  psid         {psid}")),
        Line::plain(format!("  rules        {ruleset}")),
        Line::plain(format!("  {main:<11}  {main_app}")),
        Line::plain(format!("  owner        {}, {since}, until {until}", or_nobody(owner))),
    ];
    lines.extend(because(standing.because));
    lines.push(Line::plain(format!("  window       {}", window_text(window.open, window.until))));
    lines.extend(because(window.because));
    if let (false, Some(until)) = (window.open, window.human_agent_until) {
        let with_tag = if until <= *now { "closed since" } else { "open until" };
        lines.push(Line::plain(format!("  HUMAN_AGENT  {with_tag} {until}")));
    }
    if *blocked {
        lines.push(Line::painted(YELLOW, format!("  blocked      {person} has blocked the page")));
    }
    lines
}

/// A rule and what it says, under what it is about.
fn because(rule: Rule) -> Vec<Line> {
    let indent = "               ";
    let mut lines = vec![Line::painted(DIM, format!("{indent}{rule}"))];
    lines.extend(wrapped(rule.statement(), indent).into_iter().map(|line| Line::painted(DIM, line)));
    lines
}

fn window_text(open: bool, until: Option<When>) -> String {
    match (open, until) {
        (true, Some(until)) => format!("open until {until}"),
        (true, None) => "open".to_owned(),
        (false, Some(until)) => format!("closed since {until}"),
        (false, None) => "closed, and never was open".to_owned(),
    }
}

fn chapter(chapter: &Chapter) -> Vec<Line> {
    let code = if chapter.refused.is_some() { RED } else { BOLD };
    let mut lines = vec![Line::painted(code, shortened(&format!("  {}  {}", chapter.at, chapter.what)))];
    lines.extend(chapter.refused.iter().flat_map(refused));
    for outcome in &chapter.outcome {
        match outcome {
            Outcome::OwnerChanged { from, to, at, rule } => {
                let dated = if *at == chapter.at { String::new() } else { format!(" at {at}") };
                let text = format!("    owner {} → {}{dated}", or_nobody(from), or_nobody(to));
                lines.push(Line::painted(YELLOW, text).by(*rule));
            }
            Outcome::Event { text, rule } => lines.push(Line::plain(shortened(&format!("    {text}"))).by(*rule)),
            Outcome::Webhook { field, about, decisions } => {
                lines.push(Line::plain(shortened(&format!("    {field} {about}"))));
                lines.extend(webhook(decisions));
            }
        }
    }
    lines
}

fn refused(refused: &Refused) -> Vec<Line> {
    let mut reason = wrapped(&format!("refused: {}", refused.reason), "    ").into_iter();
    let mut lines: Vec<Line> = reason.next().map(|first| Line::plain(first).by(refused.rule)).into_iter().collect();
    let answer = refused.answer.iter().flat_map(|answer| wrapped(answer, "    "));
    lines.extend(reason.chain(answer).map(Line::plain));
    lines
}

/// Apps that were told the same, or not told for the same reason, in one line.
fn webhook(decisions: &[Told]) -> Vec<Line> {
    let mut lines: Vec<(String, Line)> = Vec::new();
    for told in decisions {
        let how = how_told(told);
        let same = |line: &&mut (String, Line)| line.0 == how && line.1.rule == Some(told.rule);
        match lines.iter_mut().find(same) {
            Some((_, line)) => line.text.push_str(&format!(", {}", told.app)),
            None => {
                let mark = if told.told { "→" } else { "✗" };
                lines.push((how, Line::plain(format!("      {mark} {}", told.app)).by(told.rule)));
            }
        }
    }
    if lines.is_empty() {
        return vec![Line::plain("      told to no app")];
    }
    let mut lines: Vec<Line> = lines.into_iter().map(|(how, line)| Line { text: line.text + &how, ..line }).collect();
    let lost = decisions.iter().filter_map(|told| told.delivery.as_ref()).filter(|delivery| !delivery.taken);
    lines.extend(lost.map(|delivery| Line::painted(RED, shortened(&format!("      ! {}", delivery.text)))));
    lines
}

fn how_told(told: &Told) -> String {
    let without = match told.without.as_slice() {
        [] => String::new(),
        parts => format!(", without the {}", parts.join(" and the ")),
    };
    match told.told {
        true => format!(" on {}{without}", told.channel),
        false => format!(" not told on {}", told.channel),
    }
}

/// What each app may do, in columns: the attempt, the rule that allows or refuses it, and what would come of it.
fn permissions(apps: &[AppMay]) -> Vec<Line> {
    let attempts = || apps.iter().flat_map(|app| &app.attempts);
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let what = widest(&mut attempts().map(|may| may.what.as_str()));
    let rule = widest(&mut attempts().map(rule_id));
    let mut lines = Vec::new();
    for app in apps {
        let owns = if app.is_owner { ", the owner" } else { "" };
        lines.push(Line::painted(BOLD, format!("  {}{owns}", app.app)));
        lines.extend(app.attempts.iter().map(|may| {
            let (mark, code) = if may.allowed { ("✓", GREEN) } else { ("✗", DIM) };
            let line = format!("    {mark} {:what$}  {:rule$}  {}", may.what, rule_id(may), outcome(may));
            Line::painted(code, line.trim_end())
        }));
    }
    lines
}

fn rule_id(may: &May) -> &'static str {
    may.rule.map_or("", |rule| rule.0.rule().id)
}

/// What would come of an attempt. Of a refused one the rule says enough, where there is one.
fn outcome(may: &May) -> String {
    match (may.allowed, may.moves, may.until) {
        (false, ..) if may.rule.is_some() => String::new(),
        (false, ..) => may.reason.clone().unwrap_or_default(),
        (true, true, _) => format!("moves the thread to {}", or_nobody(&may.owner)),
        (true, false, Some(until)) => format!("keeps the thread until {until}"),
        (true, false, None) => "moves nothing".to_owned(),
    }
}

//! What happened in the scenarios of a file, in short. A line for each rule that decided something: the ledger kinds that it wrote, the person
//! or app, the owner afterwards, the code of a refusal, the rule. Below it a line for each event: the apps that receive its webhook (→),
//! the apps from which it is withheld (✗), the field, and the rule for that. No line quotes words that are meant for people.
//!
//! Calls that went well have no line, for a refused one has. Events in a row that reach the same apps share a line, and so do cases
//! of a scenario in which the same happens.

use std::collections::BTreeSet;

use serde_json::Value;

/// The outline of a file from the ledgers of its scenarios.
pub fn of_file(ledgers: &[(String, Vec<Value>)]) -> String {
    let mut blocks: Vec<Block> = Vec::new();
    for (name, entries) in ledgers {
        let (name, case) = name.split_once(" [").map_or((name.as_str(), None), |(name, case)| (name, Some(case)));
        let lines = of_scenario(entries);
        match blocks.iter_mut().find(|block| block.name == name && block.lines == lines) {
            Some(block) => block.cases.extend(case),
            None => blocks.push(Block { name, cases: case.into_iter().collect(), lines }),
        }
    }
    blocks.iter().map(Block::text).collect()
}

/// Scenarios of one name in which the same happens.
struct Block<'l> {
    name: &'l str,
    cases: Vec<&'l str>,
    lines: String,
}

impl Block<'_> {
    fn text(&self) -> String {
        let cases: String = self.cases.iter().map(|case| format!(" [{case}")).collect();
        let cases = if cases.is_empty() { cases } else { format!(" {cases}\n") };
        format!("# {}\n{cases}{}", self.name, self.lines)
    }
}

/// What makes one line.
enum Group<'e> {
    /// Entries with one cause which one rule decided.
    Decision(Vec<&'e Value>),
    /// The webhooks of an event.
    Event(Vec<Receivers<'e>>),
}

fn of_scenario(entries: &[Value]) -> String {
    let pages: BTreeSet<&str> = entries.iter().map(|entry| text(entry, "page")).collect();
    let has_pages = pages.iter().filter(|page| !page.is_empty()).count() > 1;
    let line = |group: &Group| match group {
        Group::Decision(entries) => decision(entries, has_pages),
        Group::Event(receivers) => {
            format!("  {}", receivers.iter().map(Receivers::text).collect::<Vec<_>>().join(", "))
        }
    };
    groups(entries).iter().map(|group| line(group) + "\n").collect()
}

fn groups(entries: &[Value]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for entry in entries.iter().filter(|entry| !went_well(entry)) {
        match (text(entry, "kind"), groups.last_mut()) {
            ("webhook_event", _) => groups.push(Group::Event(Vec::new())),
            ("webhook", Some(Group::Event(receivers))) => Receivers::add(receivers, entry),
            ("webhook", _) => groups.push(Group::Event(vec![Receivers::of(entry)])),
            (_, Some(Group::Decision(group))) if belongs_to(group, entry) => group.push(entry),
            _ => groups.push(Group::Decision(vec![entry])),
        }
    }
    let mut merged: Vec<Group> = Vec::new();
    for group in groups {
        match (group, merged.last_mut()) {
            (Group::Event(receivers), _) if receivers.is_empty() => {}
            (Group::Event(receivers), Some(Group::Event(last))) if Receivers::are_same(last, &receivers) => {
                last.iter_mut().zip(receivers).for_each(|(one, other)| one.fields.extend(other.fields));
            }
            (group, _) => merged.push(group),
        }
    }
    merged
}

fn text<'e>(entry: &'e Value, key: &str) -> &'e str {
    entry[key].as_str().unwrap_or_default()
}

fn went_well(entry: &Value) -> bool {
    let is_plain = entry.get("fault").is_none() && entry.get("lost").is_none();
    text(entry, "kind") == "graph_call" && entry["status"] == 200 && is_plain
}

/// The rule of an entry whose kind does not say which it must have been.
fn rule(entry: &Value) -> &str {
    match text(entry, "rule") {
        "window.opened" => "",
        rule => rule,
    }
}

fn belongs_to(group: &[&Value], entry: &Value) -> bool {
    let is_same_rule = |other: &&Value| rule(entry).is_empty() || rule(other).is_empty() || rule(other) == rule(entry);
    group[0]["cause"] == entry["cause"] && group.iter().all(is_same_rule)
}

/// Kinds, subjects, owner and rule of entries that belong together.
fn decision(entries: &[&Value], has_pages: bool) -> String {
    let kinds: Vec<&str> = entries.iter().map(|entry| text(entry, "kind")).collect();
    let mut words = vec![format!("{}:", kinds.join("+"))];
    let mut add = |word: String| {
        if !words.contains(&word) {
            words.push(word);
        }
    };
    for entry in entries.iter().filter(|entry| !text(entry, "person").is_empty()) {
        let page = if has_pages { format!("@{}", text(entry, "page")) } else { String::new() };
        add(format!("{}{page}", text(entry, "person")));
    }
    let change = entries.iter().find(|entry| text(entry, "kind") == "owner_changed");
    match change {
        Some(change) => add(format!("{} → {}", owner(&change["from"]), owner(&change["to"]))),
        None => entries
            .iter()
            .map(|entry| text(entry, "app"))
            .filter(|app| !app.is_empty())
            .for_each(|app| add(app.to_owned())),
    }
    entries.iter().flat_map(|entry| details(entry)).for_each(&mut add);
    entries.iter().map(|entry| rule(entry)).filter(|rule| !rule.is_empty()).for_each(|rule| add(format!("({rule})")));
    words.join(" ")
}

fn owner(name: &Value) -> &str {
    name.as_str().unwrap_or("nobody")
}

/// What an entry says besides, where its kind alone does not.
fn details(entry: &Value) -> Vec<String> {
    let keys: &[&str] = match text(entry, "kind") {
        "call_failed" => &["code", "subcode", "fault", "lost"],
        "graph_call" => &["status", "fault", "lost"],
        "delivery_attempt" => &["attempt", "status", "fault"],
        "delivery_state" => &["what"],
        "fault_armed" | "fault_disarmed" => &["fault"],
        "clock" => &["at"],
        _ => &[],
    };
    let detail = |key: &&str| match &entry[key] {
        Value::Null => None,
        Value::String(word) => Some(word.clone()),
        number => Some(format!("{key} {number}")),
    };
    keys.iter().filter_map(detail).collect()
}

/// Apps that receive an event by one rule, or from which it is withheld by one.
struct Receivers<'e> {
    is_delivered: bool,
    rule: &'e str,
    /// One for each event of the line.
    fields: Vec<&'e str>,
    apps: Vec<&'e str>,
}

impl<'e> Receivers<'e> {
    fn of(webhook: &'e Value) -> Self {
        Self {
            is_delivered: webhook["decision"] == "deliver",
            rule: text(webhook, "rule"),
            fields: vec![text(webhook, "field")],
            apps: vec![text(webhook, "app")],
        }
    }

    fn add(all: &mut Vec<Self>, webhook: &'e Value) {
        let new = Self::of(webhook);
        let is_alike =
            |old: &&mut Self| (old.is_delivered, old.rule, &old.fields) == (new.is_delivered, new.rule, &new.fields);
        match all.iter_mut().find(is_alike) {
            Some(old) => old.apps.extend(new.apps),
            None => all.push(new),
        }
    }

    fn are_same(some: &[Self], others: &[Self]) -> bool {
        let is_same = |(one, other): (&Self, &Self)| {
            (one.is_delivered, one.rule, &one.apps) == (other.is_delivered, other.rule, &other.apps)
        };
        some.len() == others.len() && some.iter().zip(others).all(is_same)
    }

    fn text(&self) -> String {
        let arrow = if self.is_delivered { "→" } else { "✗" };
        let fields = match self.fields.as_slice() {
            [field] => (*field).to_owned(),
            [field, rest @ ..] if rest.iter().all(|other| other == field) => format!("{field} ×{}", rest.len() + 1),
            fields => fields.join("+"),
        };
        format!("{arrow} {} {fields} ({})", self.apps.join(" "), self.rule.trim_start_matches("webhook."))
    }
}

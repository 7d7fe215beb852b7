//! What happened in the scenarios of a file, in short: a line for each rule that decided something, with the ledger kinds that it wrote, the
//! person or app, the owner afterwards, and Meta's code of a refusal; below it, a line for each event with the apps that receive
//! its webhook, the field on which they do, and the apps from which it is withheld. No line quotes words that are meant for people.
//!
//! Left out: calls that went well (a refused one has its line), and `webhook_event`, which the receivers follow.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The outline of a file from the ledgers of its scenarios. Cases of a scenario in which the same happens share a block.
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

/// The scenarios of one name in which the same happens.
struct Block<'l> {
    name: &'l str,
    cases: Vec<&'l str>,
    lines: String,
}

impl Block<'_> {
    fn text(&self) -> String {
        let cases: String = self.cases.iter().map(|case| format!("  [{case}\n")).collect();
        format!("# {}\n{cases}{}", self.name, self.lines)
    }
}

fn of_scenario(entries: &[Value]) -> String {
    let pages: BTreeSet<&str> = entries.iter().map(|entry| text(entry, "page")).collect();
    let has_pages = pages.iter().filter(|page| !page.is_empty()).count() > 1;
    let mut groups: Vec<Vec<&Value>> = Vec::new();
    for entry in entries.iter().filter(|entry| !is_left_out(entry)) {
        match groups.last_mut().filter(|group| belongs_to(group, entry)) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    // An event has no line of its own: it only begins a group of webhooks.
    groups.retain(|group| text(group[0], "kind") != "webhook_event");
    let line = |group: &Vec<&Value>| match text(group[0], "kind") {
        "webhook" => receivers(group),
        _ => decision(group, has_pages),
    };
    groups.iter().map(|group| line(group) + "\n").collect()
}

fn text<'e>(entry: &'e Value, key: &str) -> &'e str {
    entry[key].as_str().unwrap_or_default()
}

fn is_left_out(entry: &Value) -> bool {
    let went_well = entry["status"] == 200 && entry.get("fault").is_none() && entry.get("lost").is_none();
    text(entry, "kind") == "graph_call" && went_well
}

/// True for another webhook of the same event, and for another entry with the same cause that the same rule decided, or none.
fn belongs_to(group: &[&Value], entry: &Value) -> bool {
    let kinds = (text(group[0], "kind"), text(entry, "kind"));
    let is_own_line = |kind: &str| kind == "webhook" || kind == "webhook_event";
    if is_own_line(kinds.0) || is_own_line(kinds.1) {
        return kinds == ("webhook", "webhook");
    }
    let rule = text(entry, "rule");
    let is_same_rule =
        |other: &&Value| rule.is_empty() || text(other, "rule").is_empty() || text(other, "rule") == rule;
    group[0]["cause"] == entry["cause"] && group.iter().all(is_same_rule)
}

/// Kinds, subjects, owner and rule of entries that belong together.
fn decision(entries: &[&Value], has_pages: bool) -> String {
    let last = |key: &str| entries.iter().rev().map(|entry| text(entry, key)).find(|text| !text.is_empty());
    let kinds: Vec<&str> = entries.iter().map(|entry| text(entry, "kind")).collect();
    let mut words = vec![format!("{}:", kinds.join("+"))];
    words.extend(last("person").map(|person| match last("page").filter(|_| has_pages) {
        Some(page) => format!("{person}@{page}"),
        None => person.to_owned(),
    }));
    match entries.iter().find(|entry| text(entry, "kind") == "owner_changed") {
        Some(change) => words.push(format!("{} → {}", owner(&change["from"]), owner(&change["to"]))),
        None => words.extend(last("app").map(str::to_owned)),
    }
    entries.iter().for_each(|entry| words.extend(details(entry)));
    words.extend(last("rule").map(|rule| format!("({rule})")));
    words.join(" ")
}

fn owner(name: &Value) -> &str {
    name.as_str().unwrap_or("nobody")
}

/// What an entry says besides, where its kind alone does not.
fn details(entry: &Value) -> Vec<String> {
    let number = |key: &str| entry.get(key).filter(|value| !value.is_null()).map(|value| format!("{key} {value}"));
    let keys: &[&str] = match text(entry, "kind") {
        "call_failed" => &["code", "subcode", "fault", "lost"],
        "graph_call" => &["status", "fault", "lost"],
        "delivery_attempt" => &["attempt", "status", "fault"],
        "delivery_state" => &["what"],
        "fault_armed" | "fault_disarmed" => &["fault"],
        "clock" => &["at"],
        _ => &[],
    };
    keys.iter().filter_map(|key| number(key)).collect()
}

/// Who receives an event, by field and rule, and from whom it is withheld.
fn receivers(webhooks: &[&Value]) -> String {
    let mut order = Vec::new();
    let mut apps = BTreeMap::<(&str, &str, bool), Vec<&str>>::new();
    for webhook in webhooks {
        let key = (text(webhook, "field"), text(webhook, "rule"), webhook["decision"] == "deliver");
        let group = apps.entry(key).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push(text(webhook, "app"));
    }
    let groups = order.iter().map(|key| {
        let (field, rule, delivered) = key;
        let rule = rule.trim_start_matches("webhook.");
        let arrow = if *delivered { "→" } else { "✗" };
        format!("{arrow} {} {field} ({rule})", apps[key].join(" "))
    });
    format!("  {}", groups.collect::<Vec<_>>().join(", "))
}

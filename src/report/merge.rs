//! Puts the reports of shards together: JUnit XML or JSON Lines. What stands for a scenario is copied as it is, and the counts are added.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};

/// A report and the name of its file.
pub struct ShardReport {
    pub name: String,
    pub text: String,
}

/// One report of the whole suite. All reports must be of one kind.
pub fn merge(reports: &[ShardReport]) -> Result<String, String> {
    let is_xml = |report: &ShardReport| report.text.trim_start().starts_with('<');
    match reports.iter().filter(|report| is_xml(report)).count() {
        0 => merge_lines(reports),
        all if all == reports.len() => merge_junit(reports),
        _ => Err("some of the reports are JUnit XML and others are not: merge each kind by itself".to_owned()),
    }
}

/// The counts of a whole JUnit report.
#[derive(Default)]
struct JunitCounts {
    tests: u64,
    failures: u64,
    errors: u64,
    seconds: f64,
}

impl JunitCounts {
    fn add(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = std::str::from_utf8(&attribute.value).unwrap_or_default();
            match attribute.key.as_ref() {
                b"tests" => self.tests += value.parse().unwrap_or(0),
                b"failures" => self.failures += value.parse().unwrap_or(0),
                b"errors" => self.errors += value.parse().unwrap_or(0),
                b"time" => self.seconds += value.parse().unwrap_or(0.0),
                _ => {}
            }
        }
        Ok(())
    }
}

fn merge_junit(reports: &[ShardReport]) -> Result<String, String> {
    let (mut counts, mut suites) = (JunitCounts::default(), String::new());
    for ShardReport { name, text } in reports {
        let inside =
            inside_of_root(text, &mut counts).map_err(|error| format!("{name} is no JUnit report: {error}"))?;
        let inside = inside.trim_matches(['\n', '\r']).trim_end();
        if !inside.is_empty() {
            suites.push_str(inside);
            suites.push('\n');
        }
    }
    let JunitCounts { tests, failures, errors, seconds } = counts;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"graphdouble\" tests=\"{tests}\" failures=\"{failures}\" \
         errors=\"{errors}\" time=\"{seconds:.3}\">\n{suites}</testsuites>\n"
    ))
}

/// What stands inside of `<testsuites>`, as it is. The counts of the element are added.
fn inside_of_root<'t>(text: &'t str, counts: &mut JunitCounts) -> Result<&'t str, String> {
    let mut reader = Reader::from_str(text);
    let mut begin = None;
    loop {
        let before = reader.buffer_position() as usize;
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) if begin.is_none() && element.name().as_ref() == b"testsuites" => {
                counts.add(&element)?;
                begin = Some(reader.buffer_position() as usize);
            }
            Event::Empty(element) if begin.is_none() && element.name().as_ref() == b"testsuites" => {
                counts.add(&element)?;
                return Ok("");
            }
            Event::Start(_) | Event::Empty(_) if begin.is_none() => {
                return Err("it does not begin with <testsuites>".to_owned());
            }
            Event::End(element) if element.name().as_ref() == b"testsuites" => {
                return begin.and_then(|begin| text.get(begin..before)).ok_or_else(|| "it is damaged".to_owned());
            }
            Event::Eof => return Err("it is cut".to_owned()),
            _ => {}
        }
    }
}

fn merge_lines(reports: &[ShardReport]) -> Result<String, String> {
    let (mut lines, mut rules) = (Vec::new(), BTreeSet::new());
    let mut sums = [("scenarios", 0), ("passed", 0), ("failed", 0), ("findings", 0)];
    let (mut files, mut number, mut took) = (BTreeSet::new(), 0, 0);
    for ShardReport { name, text } in reports {
        for (line, place) in text.lines().filter(|line| !line.trim().is_empty()).zip(1..) {
            let mut event: Value = serde_json::from_str(line)
                .map_err(|error| format!("{name}:{place}: this is no line of a report: {error}"))?;
            for (key, sum) in &mut sums {
                *sum += event.get(*key).and_then(Value::as_u64).unwrap_or(0);
            }
            match event.get("event").and_then(Value::as_str) {
                Some("started") => {}
                Some("finished") => took = took.max(event.get("took_ms").and_then(Value::as_u64).unwrap_or(0)),
                Some("begins") => {
                    number += 1;
                    event["number"] = json!(number);
                    lines.push(event);
                }
                Some(kind) => {
                    if kind == "scenario" {
                        let named = event.get("rules").and_then(Value::as_array).into_iter().flatten();
                        rules.extend(named.filter_map(Value::as_str).map(str::to_owned));
                        files.extend(event.pointer("/at/file").and_then(Value::as_str).map(str::to_owned));
                    }
                    lines.push(event);
                }
                None => return Err(format!("{name}:{place}: this line has no `event`")),
            }
        }
    }
    let [(_, scenarios), (_, passed), (_, failed), (_, findings)] = sums;
    let started = json!({ "event": "started", "scenarios": scenarios, "files": files.len() });
    let finished = json!({
        "event": "finished", "passed": passed, "failed": failed, "findings": findings, "rules": rules.len(), "took_ms": took,
    });
    let all = std::iter::once(started).chain(lines).chain([finished]);
    Ok(all.map(|event| format!("{event}\n")).collect())
}

//! JUnit XML for Jenkins, GitLab and GitHub: a suite for each file, a test case for each scenario. It is written at the
//! end, because the counts come first.

use std::io;
use std::time::Duration;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::{ElementWriter, Writer};

use crate::runner::run_events::{LateReport, Reporter, RunEvent, ScenarioReport, SkippedScenario, StopCause};

use crate::text::printable::printable;

use super::report_output::ReportOutput;
use super::shared_text;

type Xml = Writer<Vec<u8>>;

pub struct JunitReporter {
    output: ReportOutput,
    suites: Vec<JunitSuite>,
}

/// The scenarios of one file.
struct JunitSuite {
    file: String,
    cases: Vec<JunitCase>,
}

#[derive(Default)]
struct JunitCase {
    name: String,
    took: Duration,
    /// Why the run could not begin, or not go on.
    error: Option<String>,
    /// Why the scenario did not run.
    skipped: Option<String>,
    /// The message and the full text.
    failure: Option<(String, String)>,
    /// Warnings and findings.
    remarks: String,
    /// The output of the bot.
    printed: String,
}

impl JunitReporter {
    pub fn new(output: ReportOutput) -> Self {
        Self { output, suites: Vec::new() }
    }

    /// Adds a case to the suite of its file.
    fn add_case(&mut self, file: &str, case: JunitCase) {
        match self.suites.iter_mut().rfind(|suite| suite.file == file) {
            Some(suite) => suite.cases.push(case),
            None => self.suites.push(JunitSuite { file: file.to_owned(), cases: vec![case] }),
        }
    }

    /// A run that could not begin is one case with an error. A report without cases would look like a success.
    fn abandoned(&mut self) {
        self.suites.clear();
        self.add_error(shared_text::ABANDONED.to_owned());
        self.finished(Duration::ZERO);
    }

    /// Adds a case for each scenario that did not run.
    fn stopped(&mut self, why: &StopCause, skipped: &[SkippedScenario]) {
        for SkippedScenario { file, name, .. } in skipped {
            let skipped = Some(shared_text::stop_cause(why).to_owned());
            self.add_case(file, JunitCase { name: name.clone(), skipped, ..JunitCase::default() });
        }
        // A scenario that failed says so itself.
        if *why != StopCause::FirstFailure {
            self.add_error(shared_text::stopped(why, skipped));
        }
    }

    /// A case with an error of the run as a whole.
    fn add_error(&mut self, error: String) {
        let case = JunitCase { name: "the run".to_owned(), error: Some(error), ..JunitCase::default() };
        self.suites.push(JunitSuite { file: "graphdouble".to_owned(), cases: vec![case] });
    }

    /// Adds late findings to the case of their scenario.
    fn late(&mut self, late: &LateReport) {
        let suite = self.suites.iter_mut().filter(|suite| suite.file == late.file);
        let Some(case) = suite.flat_map(|suite| &mut suite.cases).find(|case| case.name == late.name) else { return };
        let lines: Vec<String> = late.findings.iter().map(shared_text::finding).collect();
        if !case.remarks.is_empty() {
            case.remarks.push('\n');
        }
        case.remarks.push_str(&lines.join("\n"));
        let denied = late.findings.iter().find(|found| found.denied);
        if let (Some(denied), None) = (denied, &case.failure) {
            let message = format!("{} is denied: {}", denied.finding.lint.name, denied.finding.text());
            case.failure = Some((message, lines.join("\n")));
        }
    }

    fn finished(&mut self, took: Duration) {
        let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
        match document(&mut xml, &self.suites, took) {
            Ok(()) => self.output.write(&(String::from_utf8_lossy(&xml.into_inner()) + "\n")),
            Err(error) => self.output.write(&format!("<!-- {error} -->\n")),
        }
    }
}

impl JunitCase {
    fn of(report: &ScenarioReport) -> Self {
        let failure = report.failure.as_ref().map(|failure| {
            let owners = shared_text::owners(report).map(|owners| format!("\n{owners}"));
            (failure.message.clone(), failure.render(false) + &owners.collect::<String>())
        });
        let remarks: Vec<String> = shared_text::remarks(report).collect();
        let printed = report.output.clone().unwrap_or_default();
        let (name, remarks) = (report.name.clone(), remarks.join("\n"));
        Self { name, took: report.took, failure, remarks, printed, ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        let results = [&self.error, &self.skipped];
        let has_result = self.failure.is_some() || results.iter().any(|result| result.is_some());
        !has_result && self.remarks.is_empty() && self.printed.is_empty()
    }
}

impl Reporter for JunitReporter {
    fn report(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { .. } | RunEvent::ScenarioStarted { .. } | RunEvent::Progress(_) => {}
            RunEvent::ScenarioFinished(report) => self.add_case(&report.file, JunitCase::of(report)),
            RunEvent::Late(late) => self.late(late),
            RunEvent::Stopped { why, skipped } => self.stopped(why, skipped),
            RunEvent::Finished(summary) => self.finished(summary.took),
            RunEvent::Abandoned => self.abandoned(),
        }
    }

    fn write_error(&self) -> Option<String> {
        self.output.write_error()
    }
}

fn document(xml: &mut Xml, suites: &[JunitSuite], took: Duration) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    let all = counted(xml.create_element("testsuites").with_attribute(("name", "graphdouble")), cases, took);
    all.write_inner_content(|xml| suites.iter().try_for_each(|one| suite(xml, one)))?;
    Ok(())
}

fn suite(xml: &mut Xml, suite: &JunitSuite) -> io::Result<()> {
    let took = suite.cases.iter().map(|case| case.took).sum();
    let file = legal(&suite.file);
    let element = xml.create_element("testsuite").with_attribute(("name", file.as_str()));
    let skipped = suite.cases.iter().filter(|case| case.skipped.is_some()).count().to_string();
    let element = counted(element, || suite.cases.iter(), took)
        .with_attribute(("skipped", skipped.as_str()))
        .with_attribute(("file", file.as_str()));
    element.write_inner_content(|xml| suite.cases.iter().try_for_each(|one| case(xml, &suite.file, one)))?;
    Ok(())
}

/// Adds the counts of the cases to an element.
fn counted<'x, 'c, I: Iterator<Item = &'c JunitCase>>(
    element: ElementWriter<'x, Vec<u8>>,
    cases: impl Fn() -> I,
    took: Duration,
) -> ElementWriter<'x, Vec<u8>> {
    let count = |is_such: fn(&&JunitCase) -> bool| cases().filter(is_such).count().to_string();
    element
        .with_attribute(("tests", count(|_| true).as_str()))
        .with_attribute(("failures", count(|case| case.failure.is_some()).as_str()))
        .with_attribute(("errors", count(|case| case.error.is_some()).as_str()))
        .with_attribute(("time", seconds(took).as_str()))
}

fn case(xml: &mut Xml, file: &str, case: &JunitCase) -> io::Result<()> {
    let element = xml
        .create_element("testcase")
        .with_attribute(("name", legal(&case.name).as_str()))
        .with_attribute(("classname", class_name(file).as_str()))
        .with_attribute(("time", seconds(case.took).as_str()));
    if case.is_empty() {
        return element.write_empty().map(|_| ());
    }
    element.write_inner_content(|xml| {
        if let Some(why) = &case.skipped {
            xml.create_element("skipped").with_attribute(("message", legal(why).as_str())).write_empty()?;
        }
        if let Some(error) = &case.error {
            xml.create_element("error")
                .with_attribute(("type", "abandoned"))
                .with_attribute(("message", legal(error).as_str()))
                .write_empty()?;
        }
        if let Some((message, text)) = &case.failure {
            xml.create_element("failure")
                .with_attribute(("type", "failed"))
                .with_attribute(("message", legal(message).as_str()))
                .write_text_content(BytesText::new(&legal(text)))?;
        }
        for (name, text) in [("system-out", &case.remarks), ("system-err", &case.printed)] {
            if !text.is_empty() {
                xml.create_element(name).write_text_content(BytesText::new(&legal(text)))?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// The file in the form of a class name: `scenarios.ads.tulips`. Tools group cases by it.
fn class_name(file: &str) -> String {
    let stem = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml")).unwrap_or(file);
    legal(&stem.trim_start_matches(['.', '/']).replace('.', "_").replace(['/', '\\'], "."))
}

fn seconds(took: Duration) -> String {
    format!("{:.3}", took.as_secs_f64())
}

/// Replaces characters that XML does not allow.
fn legal(text: &str) -> String {
    let is_legal = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
    printable(text).chars().map(|c| if is_legal(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

//! Cli room: the reports of a run: which are asked for, and where they go. Every file is opened before anything runs.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::report::{
    ConsoleReporter, ConsoleStyle, CoverageFormat, CoverageReporter, Folders, GithubReporter, JsonLinesReporter,
    JunitReporter, MarkdownReporter, MultiReporter, ReportKind, ReportOutput, ReportRequest, TapReporter,
};

use super::exit::Exit;
use super::terminal::fail;

/// Where GitHub Actions takes the summary of a job from. Every step of the job appends to it.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The reports of a run.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Another report of the run: junit, tap, jsonl, markdown, coverage or coverage-json, to standard output or to NAME=FILE; github
    /// for annotations, which come by themselves in GitHub Actions unless there is a no-github. May be given several times, or several
    /// with commas.
    #[arg(
        long = "report",
        value_name = "NAME[=FILE]",
        env = "GRAPHDOUBLE_REPORT",
        value_delimiter = ',',
        value_parser = ReportRequest::parse
    )]
    requests: Vec<ReportRequest>,
}

impl ReportArgs {
    /// Opens all reports.
    ///
    /// # Errors
    /// They contradict each other, or a file cannot be written; it is said on standard error already.
    pub fn open(&self, verbose: bool) -> Result<MultiReporter, Exit> {
        self.check()?;
        let printed = self.is_printed();
        let mut several = MultiReporter::default();
        several.add(human(printed, verbose));
        if self.annotates() {
            several.add(GithubReporter::new(for_people(printed), folders()));
        }
        for request in &self.requests {
            open(&mut several, request, printed)?;
        }
        Ok(several)
    }

    /// Says something to people before the run begins.
    pub fn say(&self, text: &str) {
        for_people(self.is_printed()).write(&format!("{text}\n"));
    }

    /// Whether standard output is for a program.
    fn is_printed(&self) -> bool {
        self.requests.iter().any(|request| request.kind.is_for_programs() && request.file.is_none())
    }

    fn has(&self, kind: ReportKind) -> bool {
        self.requests.iter().any(|request| request.kind == kind)
    }

    fn annotates(&self) -> bool {
        let in_github = env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        !self.has(ReportKind::NoGithub) && (in_github || self.has(ReportKind::Github))
    }

    fn check(&self) -> Result<(), Exit> {
        if self.has(ReportKind::Github) && self.has(ReportKind::NoGithub) {
            return Err(fail(Exit::Usage, "--report: `github` and `no-github` contradict each other"));
        }
        let printed: Vec<&str> = self
            .requests
            .iter()
            .filter(|request| request.kind.is_for_programs() && request.file.is_none())
            .map(|request| request.kind.name())
            .collect();
        if let [first, second, ..] = printed.as_slice() {
            let message = format!(
                "--report: `{first}` and `{second}` would be mixed up on standard output: give one a file, as in {second}=FILE"
            );
            return Err(fail(Exit::Usage, &message));
        }
        self.check_files()
    }

    fn check_files(&self) -> Result<(), Exit> {
        let mut seen: Vec<&Path> = Vec::new();
        for file in self.requests.iter().filter_map(|request| request.file.as_deref()) {
            if seen.contains(&file) {
                let message = format!("--report: two reports would be written to {}", file.display());
                return Err(fail(Exit::Usage, &message));
            }
            seen.push(file);
        }
        Ok(())
    }
}

fn folders() -> Folders {
    // Whoever has no folder of their own names files by their whole paths.
    let current = env::current_dir().unwrap_or_default();
    Folders { workspace: env::var_os("GITHUB_WORKSPACE").map(PathBuf::from), current }
}

/// Where people read: standard error, where a program reads standard output.
fn for_people(is_printed: bool) -> ReportOutput {
    match is_printed {
        true => ReportOutput::new("on standard error", std::io::stderr()),
        false => ReportOutput::new("on standard output", std::io::stdout()),
    }
}

fn human(is_printed: bool, verbose: bool) -> ConsoleReporter {
    let is_terminal = if is_printed { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    let colors = is_terminal && env::var_os("NO_COLOR").is_none();
    ConsoleReporter::new(for_people(is_printed), ConsoleStyle { colors, verbose, progress: is_terminal && !is_dumb })
}

fn open(several: &mut MultiReporter, request: &ReportRequest, is_printed: bool) -> Result<(), Exit> {
    let output = || match file_of(request) {
        Some(file) => to_file(request.kind, &file),
        // A summary for people is no part of what a program reads.
        None if !request.kind.is_for_programs() => Ok(for_people(is_printed)),
        None => Ok(ReportOutput::new("on standard output", std::io::stdout())),
    };
    match request.kind {
        ReportKind::Junit => several.add(JunitReporter::new(output()?)),
        ReportKind::Tap => several.add(TapReporter::new(output()?)),
        ReportKind::JsonLines => several.add(JsonLinesReporter::new(output()?)),
        ReportKind::Markdown => several.add(MarkdownReporter::new(output()?)),
        ReportKind::Coverage => several.add(CoverageReporter::new(output()?, CoverageFormat::Text)),
        ReportKind::CoverageJson => several.add(CoverageReporter::new(output()?, CoverageFormat::Json)),
        ReportKind::Github | ReportKind::NoGithub => {}
    }
    Ok(())
}

/// Markdown without a file is the summary of the job, where there is one.
fn file_of(request: &ReportRequest) -> Option<PathBuf> {
    let summary = || env::var_os(STEP_SUMMARY).filter(|_| request.kind == ReportKind::Markdown).map(PathBuf::from);
    request.file.clone().or_else(summary)
}

fn to_file(kind: ReportKind, file: &Path) -> Result<ReportOutput, Exit> {
    let is_summary = env::var_os(STEP_SUMMARY).is_some_and(|summary| Path::new(&summary) == file);
    let opened = match is_summary {
        true => OpenOptions::new().append(true).create(true).open(file),
        false => File::create(file),
    };
    let name = file.display();
    opened.map(|opened| ReportOutput::new(name.to_string(), opened)).map_err(|error| {
        let hint = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                format!(" (make the folder {} first)", folder.display())
            }
            _ => String::new(),
        };
        fail(Exit::CouldNotRun, &format!("--report {}={name}: {error}{hint}", kind.name()))
    })
}

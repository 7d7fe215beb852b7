//! The flag `--report`: opens every report before anything runs.

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
use super::output_files::CommandOutput;
use super::terminal::{colors_on, fail, is_set};

/// The variable in which GitHub Actions names the file with the job summary. Every step of the job appends to that
/// file.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Reports of a run beside the one on the terminal.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Write one more report: junit, tap, jsonl, markdown, html, coverage, coverage-json, github or no-github.
    /// NAME=FILE writes to a file, NAME alone to standard output. Separate several reports with commas.
    ///
    /// `html=FILE` is the inspector page with every scenario that failed, in one file that needs no network.
    ///
    /// `github` prints annotations for GitHub Actions. They are printed there by default; `no-github` turns them off.
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
    /// Opens all reports. Fails if they contradict each other or a file cannot be written.
    pub fn open(&self, verbose: bool) -> Result<MultiReporter, Exit> {
        self.check()?;
        let printed = self.stdout_is_for_programs();
        let mut reporters = MultiReporter::default();
        reporters.add(human(printed, verbose));
        if self.annotates() {
            reporters.add(GithubReporter::new(for_people(printed), folders()));
        }
        for request in &self.requests {
            open(&mut reporters, request, printed)?;
        }
        Ok(reporters)
    }

    /// The files that reports are written to.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.requests.iter().filter_map(|request| request.file.as_deref())
    }

    /// The same, with the flags that name them.
    pub fn outputs(&self) -> impl Iterator<Item = CommandOutput> {
        let named = self.requests.iter().filter_map(|request| Some((request.kind.name(), request.file.as_deref()?)));
        named.map(|(kind, file)| CommandOutput::file(format!("--report {kind}"), file))
    }

    /// The file of the inspector page with what failed, if it is wanted.
    pub fn html(&self) -> Option<&Path> {
        self.requests.iter().find(|request| request.kind == ReportKind::Html)?.file.as_deref()
    }

    /// Prints a line for people before the run begins.
    pub fn print_note(&self, text: &str) {
        for_people(self.stdout_is_for_programs()).write(&format!("{text}\n"));
    }

    /// True if a report for programs goes to standard output.
    fn stdout_is_for_programs(&self) -> bool {
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
                "--report: `{first}` and `{second}` would both go to standard output: give one a file, as in {second}=FILE"
            );
            return Err(fail(Exit::Usage, &message));
        }
        Ok(())
    }
}

fn folders() -> Folders {
    // Without a current folder, files are named by their full paths.
    let current = env::current_dir().unwrap_or_default();
    Folders { workspace: env::var_os("GITHUB_WORKSPACE").map(PathBuf::from), current }
}

/// Standard output, or standard error if a program reads standard output.
fn for_people(stdout_is_taken: bool) -> ReportOutput {
    match stdout_is_taken {
        true => ReportOutput::new("on standard error", std::io::stderr()),
        false => ReportOutput::new("on standard output", std::io::stdout()),
    }
}

fn human(stdout_is_taken: bool, verbose: bool) -> ConsoleReporter {
    let is_terminal = if stdout_is_taken { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    // Some CI systems give their jobs a terminal, and nobody looks at it before the end.
    let is_watched = is_terminal && !is_dumb && !is_set("CI");
    let colors = if stdout_is_taken { colors_on(&std::io::stderr()) } else { colors_on(&std::io::stdout()) };
    ConsoleReporter::new(for_people(stdout_is_taken), ConsoleStyle { colors, verbose, progress: is_watched })
}

fn open(reporters: &mut MultiReporter, request: &ReportRequest, stdout_is_taken: bool) -> Result<(), Exit> {
    let output = || match file_of(request) {
        Some(file) => to_file(request.kind, &file),
        None if !request.kind.is_for_programs() => Ok(for_people(stdout_is_taken)),
        None => Ok(ReportOutput::new("on standard output", std::io::stdout())),
    };
    match request.kind {
        ReportKind::Junit => reporters.add(JunitReporter::new(output()?)),
        ReportKind::Tap => reporters.add(TapReporter::new(output()?)),
        ReportKind::JsonLines => reporters.add(JsonLinesReporter::new(output()?)),
        ReportKind::Markdown => reporters.add(MarkdownReporter::new(output()?)),
        ReportKind::Coverage => reporters.add(CoverageReporter::new(output()?, CoverageFormat::Text)),
        ReportKind::CoverageJson => reporters.add(CoverageReporter::new(output()?, CoverageFormat::Json)),
        // The page is written when the run is over.
        ReportKind::Github | ReportKind::NoGithub | ReportKind::Html => {}
    }
    Ok(())
}

/// The file of a report. Markdown without a file goes to the job summary of GitHub Actions, if there is one.
fn file_of(request: &ReportRequest) -> Option<PathBuf> {
    let summary = || {
        env::var_os(STEP_SUMMARY)
            .filter(|path| request.kind == ReportKind::Markdown && !path.is_empty())
            .map(PathBuf::from)
    };
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

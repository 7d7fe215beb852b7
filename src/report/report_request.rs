//! The kinds of reports by name, and a report that the command line asks for.

use std::path::PathBuf;

use crate::text::suggest::did_you_mean;

/// A kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// JUnit XML.
    Junit,
    /// TAP 14.
    Tap,
    /// A line of JSON for each event.
    JsonLines,
    /// Annotations for GitHub Actions.
    Github,
    /// No annotations, not even in GitHub Actions.
    NoGithub,
    /// The inspector page with the scenarios that failed, as one file.
    Html,
    /// Markdown, for a job summary.
    Markdown,
    /// The rules that were applied, as text.
    Coverage,
    /// The same as JSON.
    CoverageJson,
}

const NAMES: &[(&str, ReportKind)] = &[
    ("junit", ReportKind::Junit),
    ("tap", ReportKind::Tap),
    ("jsonl", ReportKind::JsonLines),
    ("github", ReportKind::Github),
    ("no-github", ReportKind::NoGithub),
    ("html", ReportKind::Html),
    ("markdown", ReportKind::Markdown),
    ("coverage", ReportKind::Coverage),
    ("coverage-json", ReportKind::CoverageJson),
];

impl ReportKind {
    /// True if a program reads the report, so that nothing else may be printed with it.
    pub fn is_for_programs(self) -> bool {
        matches!(self, Self::Junit | Self::Tap | Self::JsonLines | Self::CoverageJson)
    }

    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, kind)| *kind == self).map(|(name, _)| *name).unwrap_or_default()
    }
}

/// A report that `--report` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRequest {
    pub kind: ReportKind,
    pub file: Option<PathBuf>,
}

impl ReportRequest {
    /// Parses `NAME` or `NAME=FILE`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err(format!("`{text}` names no file: write NAME=FILE, or NAME alone")),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let Some((_, kind)) = NAMES.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            let nearest = did_you_mean(name, known.iter().copied());
            return Err(format!("there is no report `{name}`{nearest} (known reports: {})", known.join(", ")));
        };
        match (kind, &file) {
            (ReportKind::Github | ReportKind::NoGithub, Some(_)) => {
                Err(format!("`{name}` takes no file: GitHub Actions reads annotations from the output of the run"))
            }
            (ReportKind::Html, None) => {
                Err("`html` is a page to be opened, so it needs a file: `html=report.html`".to_owned())
            }
            _ => Ok(Self { kind: *kind, file }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_name_and_an_optional_file() {
        let file = |file: &str| Some(PathBuf::from(file));
        assert_eq!(
            ReportRequest::parse("junit=a=b.xml"),
            Ok(ReportRequest { kind: ReportKind::Junit, file: file("a=b.xml") })
        );
        assert_eq!(ReportRequest::parse("github"), Ok(ReportRequest { kind: ReportKind::Github, file: None }));
        for (text, wrong) in [
            ("junitt=x", "there is no report `junitt`, did you mean `junit`?"),
            ("tap=", "`tap=` names no file"),
            ("github=x", "`github` takes no file"),
            ("html", "`html` is a page to be opened, so it needs a file"),
        ] {
            let error = ReportRequest::parse(text).expect_err(text);
            assert!(error.starts_with(wrong), "{error}");
        }
    }
}

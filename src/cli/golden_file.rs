//! A transcript file: the transcripts of all scenarios of one file, as text that people review.

use std::path::{Path, PathBuf};

/// The name of the folder beside the scenario files.
pub const FOLDER: &str = "__transcripts__";
/// The start of a scenario's title line.
const HEAD: &str = "# ";
/// The first line of a transcript file has the name of the scenario file between these.
const FIRST_WORDS: &str = "What happens in ";
const OTHER_WORDS: &str = ". `graphdouble run` compares with this file; `graphdouble run --bless` rewrites it.";
/// Stands before each line of a transcript, so that no line looks like a title.
const INDENT: &str = "  ";

/// Transcripts with the names of their scenarios, in the order of the file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct GoldenFile {
    sections: Vec<(String, String)>,
}

/// The path of the transcript file of a scenario file.
pub fn path_of(scenario_file: &Path) -> PathBuf {
    let name = scenario_file.file_name().unwrap_or_default().to_string_lossy();
    scenario_file.with_file_name(FOLDER).join(format!("{name}.txt"))
}

/// The scenario file that a transcript file belongs to.
pub fn scenario_file_of(golden: &Path) -> Option<PathBuf> {
    let name = golden.file_name()?.to_str()?.strip_suffix(".txt")?;
    Some(golden.parent()?.with_file_name(name))
}

/// The name of a scenario on one line.
fn title(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl GoldenFile {
    /// True if `print` wrote this text. Nothing else is overwritten or removed.
    pub fn is_written_here(text: &str) -> bool {
        let first = text.lines().next().unwrap_or_default();
        first.starts_with(FIRST_WORDS) && first.ends_with(OTHER_WORDS)
    }

    /// Reads a transcript file. Lines before the first title are ignored.
    pub fn parse(text: &str) -> Self {
        let mut sections: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix(HEAD) {
                sections.push((name.to_owned(), String::new()));
            } else if let (Some((_, transcript)), Some(line)) = (sections.last_mut(), line.strip_prefix(INDENT)) {
                transcript.push_str(line);
                transcript.push('\n');
            }
        }
        Self { sections }
    }

    pub fn print(&self, scenario_file: &Path) -> String {
        let name = scenario_file.file_name().unwrap_or_default().to_string_lossy();
        let mut text = format!("{FIRST_WORDS}{name}{OTHER_WORDS}\n");
        for (name, transcript) in &self.sections {
            text.push_str(&format!("\n{HEAD}{name}\n"));
            transcript.lines().for_each(|line| text.push_str(&format!("{INDENT}{line}\n")));
        }
        text
    }

    pub fn transcript(&self, scenario: &str) -> Option<&str> {
        let title = title(scenario);
        self.sections.iter().find(|(name, _)| *name == title).map(|(_, transcript)| transcript.as_str())
    }

    /// Replaces the transcript of a scenario, or appends it.
    pub fn put(&mut self, scenario: &str, transcript: &str) {
        let title = title(scenario);
        match self.sections.iter_mut().find(|(name, _)| *name == title) {
            Some((_, old)) => *old = transcript.to_owned(),
            None => self.sections.push((title, transcript.to_owned())),
        }
    }

    /// Sorts the transcripts in the order of `scenarios` and removes all others. Returns the names of the removed ones.
    pub fn arrange(&mut self, scenarios: &[String]) -> Vec<String> {
        let titles: Vec<String> = scenarios.iter().map(|name| title(name)).collect();
        let place = |name: &String| titles.iter().position(|title| title == name);
        let stale = self.sections.iter().filter(|(name, _)| place(name).is_none());
        let stale = stale.map(|(name, _)| name.clone()).collect();
        self.sections.retain(|(name, _)| place(name).is_some());
        self.sections.sort_by_key(|(name, _)| place(name));
        stale
    }

    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        let mut golden = GoldenFile::default();
        golden.put("one [routing: x]", "alice says \"Hi\"\n  → a messages\n");
        golden.put("two\n lines", "");
        let text = golden.print(Path::new("a/b.yaml"));
        assert_eq!(GoldenFile::parse(&text), golden, "{text}");
        assert_eq!(golden.transcript("two  lines"), Some(""));
        assert_eq!(golden.arrange(&["two lines".to_owned()]), ["one [routing: x]"]);
        assert_eq!(golden.transcript("one [routing: x]"), None);
    }

    #[test]
    fn a_golden_file_stands_in_a_folder_beside_its_scenario_file() {
        let golden = path_of(Path::new("scenarios/ads/tap.yaml"));
        assert_eq!(golden, Path::new("scenarios/ads/__transcripts__/tap.yaml.txt"));
        assert_eq!(scenario_file_of(&golden).as_deref(), Some(Path::new("scenarios/ads/tap.yaml")));
    }
}

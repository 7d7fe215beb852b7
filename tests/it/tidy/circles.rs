//! No file imports itself by way of others. An import of a re-exported name counts as an import of the file that defines it. The first file
//! of a room may hand work to the files of that room: such an arrow does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::{code, read, root, sources};

/// The modules of this crate.
pub static CRATE: LazyLock<Modules> = LazyLock::new(|| Modules::read("src", "lib.rs"));

#[test]
fn no_files_import_each_other_in_circles() {
    let circles = CRATE.circles();
    let names: Vec<String> = circles.iter().map(|circle| circle.join(" ")).collect();
    assert!(circles.is_empty(), "{} circles of files:\n{}", circles.len(), names.join("\n"));
    assert!(Modules::read("benches/ratios", "main.rs").circles().is_empty(), "the benches have a circle");
}

/// The modules of a crate: their files, and the names that they import.
pub struct Modules {
    modules: BTreeMap<Vec<String>, Module>,
}

#[derive(Default)]
struct Module {
    file: String,
    code: String,
    /// What `use` brings into the module, by the name that it has there: absolute paths.
    imports: BTreeMap<String, Vec<String>>,
    /// Absolute paths of `use` items that are not re-exports.
    used: Vec<Vec<String>>,
}

impl Modules {
    pub fn read(folder: &str, main: &str) -> Self {
        let mut modules = BTreeMap::new();
        let skipped = ["src/main.rs", "src/internals.rs"].map(|path| root().join(path));
        for path in sources(folder).into_iter().filter(|path| !skipped.contains(path)) {
            let below: PathBuf = path.strip_prefix(root().join(folder)).expect("below the folder").to_owned();
            if below.iter().any(|part| part == "tests") {
                continue;
            }
            let mut name: Vec<String> =
                below.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if below == Path::new(main) || name.last().is_some_and(|last| last == "mod") {
                name.pop();
            }
            let file = below.display().to_string();
            modules.insert(name, Module { file, code: without_strings(&code(&read(&path))), ..Module::default() });
        }
        assert!(modules.len() > 5, "{folder} has hardly a module");
        let mut read = Self { modules };
        for name in read.modules.keys().cloned().collect::<Vec<_>>() {
            read.read_imports(&name);
        }
        read
    }

    /// Takes the `use` items out of a module's code.
    fn read_imports(&mut self, name: &[String]) {
        let code = std::mem::take(&mut self.modules.get_mut(name).expect("a module").code);
        let mut rest = String::new();
        let mut imports = BTreeMap::new();
        let mut used = Vec::new();
        for item in code.split_inclusive(';') {
            let Some(at) = item.rfind("use ").filter(|at| is_item(&item[..*at])) else {
                rest.push_str(item);
                continue;
            };
            let (before, tree) = item.split_at(at);
            rest.push_str(before.trim_end_matches(|letter| letter != '\n'));
            let is_reexport = before.trim_end().ends_with("pub") || before.trim_end().ends_with(')');
            for (local, path) in expand(tree.trim_start_matches("use ").trim_end_matches(';')) {
                let Some(path) = self.absolute(name, &path) else { continue };
                if !is_reexport {
                    used.push(path.clone());
                }
                imports.insert(local, path);
            }
        }
        let module = self.modules.get_mut(name).expect("a module");
        (module.code, module.imports, module.used) = (rest, imports, used);
    }

    /// The absolute path of a path in a module; none if it leads out of the crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let base = match first.as_str() {
            "crate" => return Some(rest.to_vec()),
            "self" => return Some([module, rest].concat()),
            "super" => {
                let (_, parent) = module.split_last()?;
                let above = [&["self".to_owned()], rest].concat();
                return match rest.first().is_some_and(|next| next == "super") {
                    true => self.absolute(parent, rest),
                    false => self.absolute(parent, &above),
                };
            }
            child => [module, &[child.to_owned()]].concat(),
        };
        self.modules.contains_key(&base).then(|| [&base, rest].concat())
    }

    /// The file that defines what a path names. None for a module, since what is used of it is another path.
    fn file(&self, path: &[String]) -> Option<&str> {
        let mut path = path.to_vec();
        // A path of re-exports ends after a few of them.
        for _ in 0..10 {
            let depth = (0..=path.len()).rev().find(|depth| self.modules.contains_key(&path[..*depth]))?;
            let module = &self.modules[&path[..depth]];
            let (name, rest) = path[depth..].split_first()?;
            match module.imports.get(name) {
                Some(import) => path = [import, rest].concat(),
                None => return Some(&module.file),
            }
        }
        None
    }

    /// The files that a module takes something from.
    fn neighbours(&self, name: &[String]) -> BTreeSet<&str> {
        let module = &self.modules[name];
        let mut paths = module.used.clone();
        for path in paths_in(&module.code) {
            match module.imports.get(&path[0]) {
                Some(import) => paths.push([import, &path[1..]].concat()),
                None => paths.extend(self.absolute(name, &path)),
            }
        }
        let is_below = |other: &Vec<String>| other.starts_with(name);
        let below: BTreeSet<&str> =
            self.modules.iter().filter(|(other, _)| is_below(other)).map(|(_, module)| &*module.file).collect();
        paths.iter().filter_map(|path| self.file(path)).filter(|file| !below.contains(file)).collect()
    }

    /// Every file with every file that it takes something from.
    pub fn arrows(&self) -> Vec<(&str, &str)> {
        let arrows = self
            .modules
            .iter()
            .flat_map(|(name, module)| self.neighbours(name).into_iter().map(|to| (&*module.file, to)));
        arrows.collect()
    }

    /// Groups of files each of which reaches every other one.
    fn circles(&self) -> Vec<Vec<&str>> {
        let arrows: BTreeMap<&str, BTreeSet<&str>> =
            self.modules.iter().map(|(name, module)| (&*module.file, self.neighbours(name))).collect();
        let reached: BTreeMap<&str, BTreeSet<&str>> = arrows.keys().map(|file| (*file, reach(&arrows, file))).collect();
        let mut circles: Vec<Vec<&str>> = Vec::new();
        for (file, others) in &reached {
            if !others.contains(file) || circles.iter().flatten().any(|known| known == file) {
                continue;
            }
            circles.push(others.iter().copied().filter(|other| reached[other].contains(file)).collect());
        }
        circles
    }
}

fn reach<'f>(arrows: &BTreeMap<&'f str, BTreeSet<&'f str>>, file: &str) -> BTreeSet<&'f str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = arrows[file].iter().copied().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(arrows[file].iter().copied());
        }
    }
    reached
}

/// Whether text ends where an item may begin: at its visibility, or at none.
fn is_item(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    line.is_empty() || line == "pub" || (line.starts_with("pub(") && line.ends_with(')'))
}

/// The paths of a `use` tree, each with the name that it gets.
fn expand(tree: &str) -> Vec<(String, Vec<String>)> {
    let tree = tree.trim();
    let segments = |text: &str| -> Vec<String> {
        text.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    if let Some((before, rest)) = tree.split_once('{') {
        let inside = rest.trim_end().trim_end_matches('}');
        let prefix = segments(before);
        let parts = split_outside_braces(inside);
        let expanded = parts.into_iter().flat_map(expand);
        return expanded
            .map(|(local, path)| match path.first().is_some_and(|first| first == "self") && path.len() == 1 {
                true => (prefix.last().cloned().unwrap_or_default(), prefix.clone()),
                false => (local, [&*prefix, &*path].concat()),
            })
            .collect();
    }
    let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
    let path = segments(path);
    let local = alias.map(|alias| alias.trim().to_owned()).or_else(|| path.last().cloned());
    local.map(|local| (local, path)).into_iter().collect()
}

fn split_outside_braces(text: &str) -> Vec<&str> {
    let (mut depth, mut begin) = (0, 0);
    let mut parts = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Every path of two segments or more.
fn paths_in(code: &str) -> Vec<Vec<String>> {
    static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z_]\w*(::[A-Za-z_]\w*)+").expect("a pattern"));
    PATH.find_iter(code).map(|found| found.as_str().split("::").map(str::to_owned).collect()).collect()
}

fn without_strings(code: &str) -> String {
    static STRING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r##"(?s)r#".*?"#|'\\?"'|"(\\.|[^"\\])*""##).expect("a pattern"));
    STRING.replace_all(code, "0").into_owned()
}

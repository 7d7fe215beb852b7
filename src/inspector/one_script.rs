//! The page's modules as one script, for a page that is one file. Each module becomes a function that fills the object of what it exports,
//! after those that it imports from. Modules may import functions from each other in a circle.
//!
//! It reads only how the page's own modules are written: imports stand at their beginning, and `export` stands at the beginning of a line, or
//! at the end of a vendored file in one list. A test runs the result in a browser.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::page_files::PageFile;

/// The module that is loaded first.
const MAIN: &str = "main.js";

/// The words between `export` and the name.
const DECLARATIONS: &[&str] = &["const ", "function ", "async function ", "class "];

/// Why the modules do not become one script.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NoScript {
    #[error("the page has no module `{0}`")]
    NoModule(String),
    #[error("`{module}` has `{line}`, which cannot become a part of one script")]
    Unreadable { module: String, line: String },
    #[error("`{module}` imports `{name}` from `{from}`, which does not export it")]
    NoExport { module: String, name: String, from: String },
}

/// A module, read.
#[derive(Debug, Default)]
struct Module {
    imports: Vec<Import>,
    /// Names as others know them, and as the module does.
    exports: Vec<(String, String)>,
    /// Its code without imports and exports.
    code: String,
}

/// What a module takes from another.
#[derive(Debug)]
struct Import {
    from: String,
    names: ImportedNames,
}

#[derive(Debug)]
enum ImportedNames {
    /// `* as name`.
    All(String),
    /// Names as the other module knows them, and as this one does.
    Some(Vec<(String, String)>),
    /// Only for its effects.
    None,
}

/// The script of all modules that the page loads.
pub fn one_script() -> Result<String, NoScript> {
    let read = |name: &str| {
        let file = PageFile::find(name).ok_or_else(|| NoScript::NoModule(name.to_owned()))?;
        Ok(String::from_utf8_lossy(&file.bytes()).into_owned())
    };
    script_of(read)
}

fn script_of(read: impl Fn(&str) -> Result<String, NoScript>) -> Result<String, NoScript> {
    let mut modules = BTreeMap::new();
    let mut order = Vec::new();
    load(MAIN, &read, &mut modules, &mut order)?;
    let mut script = String::from("const modules = {};\n");
    for name in &order {
        let _ = writeln!(script, "modules['{name}'] = {{}};");
    }
    let mut evaluated = BTreeSet::new();
    for name in &order {
        let Some(module) = modules.get(name) else { continue };
        write_module(name, module, (&modules, &evaluated), &mut script)?;
        evaluated.insert(name.as_str());
    }
    Ok(script)
}

/// Reads a module and those that it imports from. The order is the one in which a browser runs them.
fn load(
    name: &str,
    read: &impl Fn(&str) -> Result<String, NoScript>,
    modules: &mut BTreeMap<String, Module>,
    order: &mut Vec<String>,
) -> Result<(), NoScript> {
    if modules.contains_key(name) {
        return Ok(());
    }
    let module = read_module(name, &read(name)?)?;
    let imported: Vec<String> = module.imports.iter().map(|import| import.from.clone()).collect();
    modules.insert(name.to_owned(), module);
    imported.iter().try_for_each(|imported| load(imported, read, modules, order))?;
    order.push(name.to_owned());
    Ok(())
}

fn read_module(name: &str, text: &str) -> Result<Module, NoScript> {
    let mut module = Module::default();
    let mut rest = text;
    while let Some(begin) = begin_of_import(rest) {
        let end = rest[begin..].find(';').ok_or_else(|| unreadable(name, &rest[begin..]))? + begin;
        let statement = &rest[begin + "import".len()..end];
        module.imports.push(read_import(name, statement)?);
        rest = &rest[end + 1..];
    }
    for line in rest.split_inclusive('\n') {
        let code = export_of_line(line, &mut module.exports).ok_or_else(|| unreadable(name, line))?;
        module.code.push_str(code);
    }
    take_export_list(&mut module);
    Ok(module)
}

fn unreadable(module: &str, line: &str) -> NoScript {
    let line = line.lines().next().unwrap_or_default().chars().take(80).collect();
    NoScript::Unreadable { module: module.to_owned(), line }
}

/// Where an import stands, if nothing but comments and empty lines comes before it.
fn begin_of_import(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_before = line.trim().is_empty() || line.starts_with("//");
        if !is_before {
            return line.starts_with("import ").then_some(at);
        }
        at += line.len();
    }
    None
}

/// Reads ` { a, b as c } from './x.js'`, ` * as x from './x.js'` or ` './x.js'`.
fn read_import(module: &str, statement: &str) -> Result<Import, NoScript> {
    let wrong = || unreadable(module, statement);
    let (names, from) = statement.rsplit_once(" from ").unwrap_or(("", statement));
    let from = from.trim().trim_matches(['\'', '"']);
    let from = from.strip_prefix("./").ok_or_else(wrong)?.to_owned();
    let names = names.trim();
    let names = match (names.strip_prefix("* as "), names.strip_prefix('{').and_then(|names| names.strip_suffix('}'))) {
        (Some(name), _) => ImportedNames::All(name.trim().to_owned()),
        (None, Some(list)) => ImportedNames::Some(name_pairs(list)),
        (None, None) if names.is_empty() => ImportedNames::None,
        (None, None) => return Err(wrong()),
    };
    Ok(Import { from, names })
}

/// `a, b as c` as pairs of names.
fn name_pairs(list: &str) -> Vec<(String, String)> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let pair = |name: &str| match name.split_once(" as ") {
        Some((before, after)) => (before.trim().to_owned(), after.trim().to_owned()),
        None => (name.to_owned(), name.to_owned()),
    };
    names.map(pair).collect()
}

/// The line without `export`, whose name is noted. `None` if it exports something else than a declaration.
fn export_of_line<'l>(line: &'l str, exports: &mut Vec<(String, String)>) -> Option<&'l str> {
    let Some(declared) = line.strip_prefix("export ") else { return Some(line) };
    let Some(after) = DECLARATIONS.iter().find_map(|word| declared.strip_prefix(word)) else {
        // A text that begins so is none: what the page shows may have such lines.
        let is_declared = ["let ", "var ", "default ", "* ", "{"].iter().any(|word| declared.starts_with(word));
        return (!is_declared).then_some(line);
    };
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).collect();
    exports.push((name.clone(), name.clone()));
    (!name.is_empty()).then_some(declared)
}

/// Takes `export{a as b, c};` out of the end of the code.
fn take_export_list(module: &mut Module) {
    let Some((code, list)) = module.code.rsplit_once("export{") else { return };
    let Some((list, after)) = list.split_once('}') else { return };
    let is_comment = |line: &str| line.trim().is_empty() || line.starts_with("//");
    if !after.trim_start_matches(';').lines().all(is_comment) {
        return;
    }
    // Inside of the module stands the name before `as`, which others know by the name after it.
    let exports = name_pairs(list).into_iter().map(|(inside, outside)| (outside, inside));
    module.exports.extend(exports.collect::<Vec<_>>());
    module.code = code.to_owned();
}

/// Writes a module as a function that is called at once.
fn write_module(
    name: &str,
    module: &Module,
    (modules, evaluated): (&BTreeMap<String, Module>, &BTreeSet<&str>),
    script: &mut String,
) -> Result<(), NoScript> {
    script.push_str("await (async () => {\n");
    for import in &module.imports {
        let from = &import.from;
        let exported = modules.get(from).map(|other| other.exports.as_slice()).unwrap_or_default();
        match &import.names {
            ImportedNames::None => {}
            ImportedNames::All(own) => {
                let _ = writeln!(script, "const {own} = modules['{from}'];");
            }
            ImportedNames::Some(names) => {
                for (other, own) in names {
                    if !exported.iter().any(|(known, _)| known == other) {
                        let (module, name, from) = (name.to_owned(), other.clone(), from.clone());
                        return Err(NoScript::NoExport { module, name, from });
                    }
                    // A module of a circle that has not run yet has only functions to give, which are called later.
                    let _ = match evaluated.contains(from.as_str()) {
                        true => writeln!(script, "const {own} = modules['{from}'].{other};"),
                        false => writeln!(script, "const {own} = (...given) => modules['{from}'].{other}(...given);"),
                    };
                }
            }
        }
    }
    script.push_str(&module.code);
    let exports: Vec<String> = module.exports.iter().map(|(outside, inside)| format!("{outside}: {inside}")).collect();
    let _ = writeln!(script, "\nObject.assign(modules['{name}'], {{ {} }});\n}})();", exports.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(modules: &[(&str, &str)]) -> Result<String, NoScript> {
        script_of(|name| {
            let found = modules.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
            found.ok_or_else(|| NoScript::NoModule(name.to_owned()))
        })
    }

    #[test]
    fn modules_run_after_those_that_they_import_from() {
        let script = script(&[
            (
                "main.js",
                "// Main.\nimport * as x from './x.js';\nimport { b as c,\n  d } from './y.js';\n\nrun(x, c, d);\n",
            ),
            ("x.js", "import { b } from './y.js';\nexport const a = b;\nexport async function e() {}\n"),
            ("y.js", "const t=1,u=2;export{t as b,u as d};\n//# sourceMappingURL=y.js.map\n"),
        ]);
        let expected = "\
const modules = {};
modules['y.js'] = {};
modules['x.js'] = {};
modules['main.js'] = {};
await (async () => {
const t=1,u=2;
Object.assign(modules['y.js'], { b: t, d: u });
})();
await (async () => {
const b = modules['y.js'].b;

const a = b;
async function e() {}

Object.assign(modules['x.js'], { a: a, e: e });
})();
await (async () => {
const x = modules['x.js'];
const c = modules['y.js'].b;
const d = modules['y.js'].d;


run(x, c, d);

Object.assign(modules['main.js'], {  });
})();
";
        assert_eq!(script.as_deref(), Ok(expected));
    }

    #[test]
    fn in_a_circle_functions_are_found_when_they_are_called() {
        let script = script(&[
            ("main.js", "import { a } from './x.js';\na();\n"),
            ("x.js", "import { b } from './y.js';\nexport function a() { b(); }\n"),
            ("y.js", "import { a } from './x.js';\nexport function b() { a(); }\n"),
        ]);
        let script = script.expect("a script");
        assert!(script.contains("const a = (...given) => modules['x.js'].a(...given);"), "{script}");
        assert!(script.contains("const b = modules['y.js'].b;"), "{script}");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let error = |text: &str| script(&[("main.js", text), ("x.js", "export const a = 1;\n")]).expect_err(text);
        for text in
            ["export let a = 1;\n", "export default a;\n", "import a from './x.js';\n", "import { a } from 'x';\n"]
        {
            assert!(matches!(error(text), NoScript::Unreadable { .. }), "{text}");
        }
        assert!(matches!(error("import { b } from './x.js';\n"), NoScript::NoExport { .. }));
        assert!(matches!(error("import { b } from './z.js';\n"), NoScript::NoModule(_)));
        let shown = script(&[("main.js", "show(`\nexport GRAPH_URL=x\n`);\n")]);
        assert!(shown.is_ok_and(|script| script.contains("\nexport GRAPH_URL=x\n")), "a text that is shown stays");
    }
}

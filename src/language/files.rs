//! Reads scenario files into scenarios that can run. All mistakes of a file and of its world are reported together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::expand::{RoomForRows, expand};
use super::node::{Node, NodeValue};
use super::readable_files::ReadableFiles;
use super::schema::names::Names;
use super::schema::shape::{Mistakes, Shape, check};
use super::schema::vocabulary;
use super::steps::check_threads::check_threads;
use super::steps::step::{SavedNames, Step, read_step};
use super::world::overrides::WorldOverrides;
use super::world::read_world;
use super::world::routings;
use crate::text::diagnostic::{Diagnostic, MAX_DRAWN, in_order, without_repeats};
use crate::text::source::{SourcePlace, SourceText};

/// The most scenarios of one file, where each row of `cases` counts.
pub const MAX_SCENARIOS: usize = 10_000;
const LIST_OF_STEPS: &str = "a list of steps has a line like `- { user: alice, says: Hi }` for each";

/// A scenario, ready to run.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The name of the file.
    pub file: String,
    /// The name; with `cases` it includes the row.
    pub name: String,
    /// The name without the row's `routing`. Rows with the same such name differ only in routing.
    pub name_of_any_routing: String,
    /// The place of its name.
    pub place: SourcePlace,
    /// What fails it if no step expects it.
    pub strict: Strictness,
    /// Lints that are not reported.
    pub allow_lints: Vec<String>,
    /// The world file.
    pub world: Arc<Node>,
    /// The row's `routing`.
    pub routing: Option<String>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// What fails a scenario if no step expects it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Nothing.
    Off,
    /// A webhook.
    Webhooks,
    /// A message of a real app.
    Messages,
}

fn read_strictness(scenario: &Node) -> Strictness {
    match scenario.get("strict") {
        Some(strict) if strict.text() == Some("messages") => Strictness::Messages,
        Some(strict) if strict.text() == Some("webhooks") || strict.bool() == Some(true) => Strictness::Webhooks,
        _ => Strictness::Off,
    }
}

/// Reads one file. The error has all its mistakes.
pub fn read(path: &Path) -> Result<Vec<Scenario>, Vec<Diagnostic>> {
    check_file(path, None, &ReadableFiles::of(&[path.to_owned()], &[]))
}

/// Reads one file as a run would in which only these apps and those with a webhook are real.
pub fn check_file(
    path: &Path,
    attached: Option<&[String]>,
    readable: &ReadableFiles,
) -> Result<Vec<Scenario>, Vec<Diagnostic>> {
    let source = read_source(path, readable).map_err(|error| vec![unreadable(path, error)])?;
    let file = Node::parse(&source).map_err(|mistake| vec![mistake])?;
    refuse_world(&file)?;
    read_file(&source, &file, attached, readable)
}

/// What a file holds.
#[derive(Debug)]
pub enum FileContent {
    Scenarios(Vec<Scenario>),
    /// A world, which scenario files name.
    World,
}

/// Reads the text of a file that may be read.
pub fn read_source(path: &Path, readable: &ReadableFiles) -> Result<Arc<SourceText>, String> {
    readable.check(path)?;
    SourceText::read(path)
}

/// Reads one file, which may also be a world file.
pub fn read_any(path: &Path, readable: &ReadableFiles) -> Result<FileContent, Vec<Diagnostic>> {
    let source = read_source(path, readable).map_err(|error| vec![unreadable(path, error)])?;
    let file = Node::parse(&source).map_err(|mistake| vec![mistake])?;
    match world_key(&file) {
        Some(_) => Ok(FileContent::World),
        None => read_file(&source, &file, None, readable).map(FileContent::Scenarios),
    }
}

/// The key by which one sees that a file is a world file: a scenario file has `scenarios` or `world`, and no key of a world.
fn world_key(file: &Node) -> Option<&Node> {
    if file.get("scenarios").is_some() || file.get("world").is_some() {
        return None;
    }
    let is_of_world = |key: &str| vocabulary::WORLD.keys.iter().any(|known| known.name == key);
    file.entries().iter().map(|(key, _)| key).find(|key| key.text().is_some_and(is_of_world))
}

/// Fails if the file is a world file.
fn refuse_world(file: &Node) -> Result<(), Vec<Diagnostic>> {
    let Some(key) = world_key(file) else { return Ok(()) };
    let mistake = key.mistake("this is a world file, and a scenario file is expected");
    Err(vec![mistake.note("a scenario file names its world: `world: FILE`. `serve --world FILE` serves the world")])
}

fn unreadable(path: &Path, error: String) -> Diagnostic {
    let source = Arc::new(SourceText { name: path.display().to_string(), text: String::new(), path: None });
    Diagnostic::new(SourcePlace { source, span: 0..0 }, error)
}

/// `attached` are the apps that get a webhook beside those that have one; `None` if that may be any.
fn read_file(
    source: &Arc<SourceText>,
    file: &Node,
    attached: Option<&[String]>,
    readable: &ReadableFiles,
) -> Result<Vec<Scenario>, Vec<Diagnostic>> {
    let mut mistakes = Mistakes::new();
    let world = file.get("world").and_then(|world| load_world(source, world, readable, &mut mistakes));
    let names = world.as_deref().map(read_world::names).unwrap_or_default();
    let mut config = None;
    if let Some(world) = &world {
        match read_world::read(world, &WorldOverrides::default()) {
            Ok(read) => config = Some(read),
            Err(found) => mistakes.extend(found),
        }
    }
    let scenarios = read_scenarios(source, file, world.as_ref(), &names, &mut mistakes);
    if let (Some(config), true) = (&config, mistakes.is_empty()) {
        let is_real = |app: &str| config.app_by_name(app).is_some_and(|app| config.app(app).webhook.is_some());
        let is_puppet =
            |app: &str| attached.is_some_and(|attached| !attached.iter().any(|name| name == app)) && !is_real(app);
        let found = scenarios.iter().flat_map(|scenario| check_threads(config, &scenario.steps, &is_puppet));
        mistakes.extend(found);
    }
    found_or(scenarios, mistakes)
}

/// Reads scenarios for a world that exists already. The text is a scenario file, whose own world is ignored, or a list of steps, which
/// becomes a scenario without a name.
pub fn read_for(source: &Arc<SourceText>, world: &Arc<Node>) -> Result<Vec<Scenario>, Vec<Diagnostic>> {
    let file = Node::parse(source).map_err(|mistake| vec![mistake])?;
    let names = read_world::names(world);
    let mut mistakes = Mistakes::new();
    let scenarios = match &file.kind {
        NodeValue::List(steps) => vec![Scenario {
            file: source.name.clone(),
            name: String::new(),
            name_of_any_routing: String::new(),
            place: file.place.clone(),
            strict: Strictness::Off,
            allow_lints: Vec::new(),
            world: world.clone(),
            routing: None,
            steps: read_steps(steps, (&[], &mut RoomForRows::default()), &names, &mut mistakes),
        }],
        _ if file.get("scenarios").is_some() => read_scenarios(source, &file, Some(world), &names, &mut mistakes),
        _ => {
            mistakes.push(file.mistake("this is neither a list of steps nor a scenario file").note(LIST_OF_STEPS));
            Vec::new()
        }
    };
    found_or(scenarios, mistakes)
}

fn read_scenarios(
    source: &SourceText,
    file: &Node,
    world: Option<&Arc<Node>>,
    names: &Names,
    mistakes: &mut Mistakes,
) -> Vec<Scenario> {
    // Steps are checked one by one below, because only there the names saved by earlier steps are known.
    check_outline(file, mistakes);
    let (mut scenarios, mut room) = (Vec::new(), RoomForRows::default());
    for node in file.get("scenarios").map(Node::items).unwrap_or_default() {
        // Without the world every name would be unknown. The mistakes of the world come first.
        if let Some(world) = world {
            let shared = OpenFile { source, world, names };
            scenarios.extend(read_scenario(&shared, node, &mut room, mistakes));
        }
    }
    check_names(file, mistakes);
    if scenarios.len() > MAX_SCENARIOS {
        mistakes.push(file.mistake(format!("a file has at most {MAX_SCENARIOS} scenarios and rows")));
    }
    scenarios
}

/// Reports identify a scenario by its name, so no two may share one.
fn check_names(file: &Node, mistakes: &mut Mistakes) {
    let scenarios = file.get("scenarios").map(Node::items).unwrap_or_default();
    let names: Vec<&Node> = scenarios.iter().filter_map(|node| node.get("name")).collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].iter().any(|earlier| earlier.text() == name.text()) {
            mistakes.push(name.mistake("another scenario of this file has the same name"));
        }
    }
}

fn check_outline(file: &Node, mistakes: &mut Mistakes) {
    let mut found = Mistakes::new();
    check(file, &Shape::Object(&vocabulary::FILE), &Names::default(), &mut found);
    let steps: Vec<std::ops::Range<usize>> = file
        .get("scenarios")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|scenario| scenario.get("steps"))
        .filter(|steps| !steps.items().is_empty())
        .map(|steps| steps.place.span.clone())
        .collect();
    let inside = |at: usize| steps.iter().any(|span| span.contains(&at));
    mistakes.extend(found.into_iter().filter(|mistake| !inside(mistake.place.span.start)));
}

fn load_world(
    source: &SourceText,
    world: &Node,
    readable: &ReadableFiles,
    mistakes: &mut Mistakes,
) -> Option<Arc<Node>> {
    let Some(path) = world.text() else { return world.is_map().then(|| Arc::new(world.clone())) };
    let folder = source.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let path: PathBuf = folder.join(path);
    match read_source(&path, readable) {
        Ok(source) => Node::parse(&source).map(Arc::new).map_err(|mistake| mistakes.push(mistake)).ok(),
        Err(error) => {
            mistakes
                .push(world.mistake(error).note("the path of a world is relative to the folder of the scenario file"));
            None
        }
    }
}

/// What all scenarios of a file share.
struct OpenFile<'f> {
    source: &'f SourceText,
    world: &'f Arc<Node>,
    names: &'f Names,
}

fn read_scenario(file: &OpenFile<'_>, node: &Node, room: &mut RoomForRows, mistakes: &mut Mistakes) -> Vec<Scenario> {
    let OpenFile { source, world, names } = *file;
    let rows = match node.get("cases") {
        Some(cases) => rows(cases, mistakes),
        None => vec![Vec::new()],
    };
    let step_nodes = node.get("steps").map(Node::items).unwrap_or_default();
    if step_nodes.is_empty() && node.get("steps").is_some() {
        mistakes.push(node.mistake("a scenario needs at least one step"));
    }
    check_columns_used(node, rows.first().map(Vec::as_slice).unwrap_or_default(), mistakes);
    let name = node.get("name").and_then(Node::text).unwrap_or_default();
    rows.iter().for_each(|row| mistakes.extend(check_routing(row, world)));
    let scenario = |row: CaseRow, room: &mut RoomForRows, mistakes: &mut Mistakes| Scenario {
        file: source.name.clone(),
        name: row_name(name, &row, |_| true),
        name_of_any_routing: row_name(name, &row, |column| column != "routing"),
        place: node.get("name").unwrap_or(node).place.clone(),
        strict: read_strictness(node),
        allow_lints: node.get("allow_lints").map(Node::items).unwrap_or_default().iter().filter_map(text).collect(),
        world: world.clone(),
        routing: row.iter().find(|(name, _)| name == "routing").and_then(|(_, value)| Some(value.text()?.to_owned())),
        steps: read_steps(step_nodes, (&row, room), names, mistakes),
    };
    // The rows that follow would mostly repeat what the first ones have shown.
    let before = mistakes.len();
    let mut scenarios = Vec::new();
    for row in rows {
        if mistakes.len() > before + MAX_DRAWN {
            break;
        }
        scenarios.push(scenario(row, room, mistakes));
    }
    scenarios
}

/// Checks that the row's routing exists, and that the world can be read under it.
fn check_routing(row: &[(String, Node)], world: &Node) -> Option<Diagnostic> {
    let (_, at) = row.iter().find(|(name, _)| name == "routing")?;
    let word = at.text()?;
    if let Err(unknown) = routings::check(word) {
        return Some(at.mistake(unknown));
    }
    let overrides = WorldOverrides { routing: Some(word.to_owned()), ..WorldOverrides::default() };
    let found = read_world::read(world, &overrides).err()?;
    let why: Vec<&str> = found.iter().map(|mistake| mistake.message.as_str()).collect();
    Some(at.mistake(format!("the world cannot be read under `{word}`: {}", why.join("; "))))
}

/// Reads the steps of one row. Each `${name}` of a column is replaced first.
fn read_steps(
    nodes: &[Node],
    (row, room): (&[(String, Node)], &mut RoomForRows),
    names: &Names,
    mistakes: &mut Mistakes,
) -> Vec<Step> {
    let mut saved = SavedNames::new();
    let mut steps = Vec::new();
    for node in nodes {
        let expanded = match expand(node, row, room) {
            Ok(expanded) => expanded,
            Err(mistake) => {
                mistakes.push(mistake);
                break;
            }
        };
        match read_step(&expanded, names, &mut saved) {
            Ok(step) => steps.push(step),
            Err(found) => mistakes.extend(found),
        }
    }
    steps
}

/// The scenarios, or their mistakes. One that several rows repeat is reported once.
fn found_or(scenarios: Vec<Scenario>, mut mistakes: Mistakes) -> Result<Vec<Scenario>, Vec<Diagnostic>> {
    if mistakes.is_empty() {
        return Ok(scenarios);
    }
    without_repeats(&mut mistakes);
    Err(in_order(mistakes))
}

fn check_columns_used(scenario: &Node, row: &[(String, Node)], mistakes: &mut Mistakes) {
    let steps = scenario.get("steps").map(|steps| steps.json().to_string()).unwrap_or_default();
    for (name, _) in row.iter().filter(|(name, _)| name != "routing") {
        if !steps.contains(&format!("${{{name}}}")) {
            let at = scenario.get("cases").unwrap_or(scenario);
            let mistake = at.mistake(format!("the column `{name}` of `cases` is never used"));
            mistakes.push(mistake.note(format!("steps use it as ${{{name}}}")));
        }
    }
}

fn text(node: &Node) -> Option<String> {
    node.text().map(str::to_owned)
}

/// A row of `cases`.
type CaseRow = Vec<(String, Node)>;

fn row_name(name: &str, row: &[(String, Node)], shows: impl Fn(&str) -> bool) -> String {
    let word = |value: &Node| value.text().map_or_else(|| value.json().to_string(), str::to_owned);
    let shown = row.iter().filter(|(column, _)| shows(column));
    let words: Vec<String> = shown.map(|(column, value)| format!("{column}: {}", word(value))).collect();
    if words.is_empty() { name.to_owned() } else { format!("{name} [{}]", words.join(", ")) }
}

/// A list of maps, or a map of lists of equal length.
fn rows(cases: &Node, mistakes: &mut Mistakes) -> Vec<CaseRow> {
    let key = |key: &Node| key.text().unwrap_or_default().to_owned();
    if cases.is_map() {
        let columns = cases.entries();
        let length = columns.first().map_or(0, |(_, list)| list.items().len());
        if length == 0 || columns.iter().any(|(_, list)| list.items().len() != length) {
            mistakes.push(cases.mistake("every list of `cases` has the same length, and at least one item"));
            return Vec::new();
        }
        let row = |index: usize| columns.iter().map(|(name, list)| (key(name), list.items()[index].clone())).collect();
        return (0..length).map(row).collect();
    }
    if cases.items().is_empty() || cases.items().iter().any(|row| !row.is_map()) {
        mistakes.push(
            cases
                .mistake("`cases` is a list of maps, or a map of lists")
                .note("like `cases: { word: [hello, goodbye] }`, used as ${word}"),
        );
        return Vec::new();
    }
    cases
        .items()
        .iter()
        .map(|row| row.entries().iter().map(|(name, value)| (key(name), value.clone())).collect())
        .collect()
}

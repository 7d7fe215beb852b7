//! What a row of the table of routes is made of, and how a path finds its row.

use std::pin::Pin;

use crate::text::suggest::did_you_mean;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::query::{Parameter, ParameterKind};

/// A method at a path: what it takes, what it answers, and which code handles it.
pub struct ControlRoute {
    pub method: &'static str,
    /// From the root; `{…}` stands for any one segment.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    pub query: &'static [Parameter],
    /// The component schema of the request body, where it takes one.
    pub body: Option<&'static str>,
    /// Every answer of its own. Any call may also be answered with an `Error`: by the guard, or because the path is wrong.
    pub answers: &'static [PossibleAnswer],
    pub handler: ControlHandler,
}

/// A status with which a route answers.
pub struct PossibleAnswer {
    pub status: u16,
    pub meaning: &'static str,
    pub content: AnswerContent,
}

/// What stands in the body of an answer.
#[derive(Clone, Copy)]
pub enum AnswerContent {
    /// No body.
    Nothing,
    /// JSON of this component schema.
    Json(&'static str),
    /// JSON of this component schema, or, where the caller accepts them, JSON Lines of ledger entries.
    JsonOrLines(&'static str),
    /// JSON Lines of ledger entries.
    Lines,
    /// YAML of this component schema.
    Yaml(&'static str),
    /// Server-sent events.
    Events,
    /// A certificate as PEM.
    #[cfg(feature = "tls")]
    Pem,
}

/// What a handler comes to.
pub type Handled = Result<ControlAnswer, Problem>;

/// A handler that has to wait for something.
type AsyncHandler = for<'c> fn(&'c ControlCall<'c>) -> Pin<Box<dyn Future<Output = Handled> + Send + 'c>>;

/// The code that handles a call.
pub enum ControlHandler {
    Sync(fn(&ControlCall<'_>) -> Handled),
    Async(AsyncHandler),
}

/// The variable parts of paths.
pub const PATH_PARAMETERS: &[Parameter] = &[
    Parameter { name: "world", meaning: "The name of the world.", kind: ParameterKind::Name },
    Parameter {
        name: "page",
        meaning: "The name of the page or Instagram account in the world file.",
        kind: ParameterKind::Name,
    },
    Parameter { name: "app", meaning: "The name of the app in the world file.", kind: ParameterKind::Name },
    Parameter {
        name: "person",
        meaning: "The name of the person, as in `alice` or `crowd.17`.",
        kind: ParameterKind::Name,
    },
    Parameter { name: "cursor", meaning: "The cursor of the ledger entry.", kind: ParameterKind::Cursor },
    Parameter { name: "number", meaning: "The number of the fault, as it was answered.", kind: ParameterKind::Count },
];

/// Why no route fits a call.
#[derive(Debug, thiserror::Error)]
pub enum NoRoute {
    /// The path has routes for other methods.
    #[error("{path} takes {}, not {method}", allowed.join(" and "))]
    OtherMethods { path: String, method: String, allowed: Vec<&'static str> },
    /// The path leads nowhere.
    #[error("there is nothing at {path}{nearest} (below {parent} are: {}; /_control/openapi.json describes everything)", known.join(", "))]
    NoSuchPath { path: String, nearest: String, parent: String, known: Vec<&'static str> },
}

impl ControlRoute {
    fn words(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter(|word| !word.is_empty())
    }

    /// True if the path begins with these segments.
    fn begins_with(&self, segments: &[&str]) -> bool {
        let fits = |(word, segment): (&'static str, &&str)| word == *segment || variable(word).is_some();
        self.words().count() >= segments.len() && self.words().zip(segments).all(fits)
    }

    /// True if the path has exactly these segments. Each call asks this of many routes, so a last word that is another one decides first.
    fn is_at(&self, segments: &[&str]) -> bool {
        let may_end_so = |last: &&str| self.path.ends_with(*last) || self.path.ends_with('}');
        if !segments.last().is_some_and(may_end_so) {
            return false;
        }
        let mut rest = self.path;
        for segment in segments {
            let Some(word) = rest.strip_prefix('/') else { return false };
            let (word, after) = word.split_at(word.find('/').unwrap_or(word.len()));
            if word != *segment && variable(word).is_none() {
                return false;
            }
            rest = after;
        }
        rest.is_empty()
    }

    /// The parameters in its path.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        let named = |name| PATH_PARAMETERS.iter().find(move |parameter| parameter.name == name);
        self.words().filter_map(variable).filter_map(named)
    }
}

/// The name of a variable part.
fn variable(word: &'static str) -> Option<&'static str> {
    word.strip_prefix('{')?.strip_suffix('}')
}

/// The names of the variable parts of a path, and what stands there.
pub type PathValues<'s> = Vec<(&'static str, &'s str)>;

/// The route of a call, and the variable parts of its path.
pub fn find<'s>(
    routes: &'static [ControlRoute],
    method: &str,
    segments: &[&'s str],
) -> Result<(&'static ControlRoute, PathValues<'s>), NoRoute> {
    if let Some(route) = routes.iter().find(|route| route.method == method && route.is_at(segments)) {
        let values = route.words().zip(segments).filter_map(|(word, segment)| Some((variable(word)?, *segment)));
        return Ok((route, values.collect()));
    }
    let at_path: Vec<&ControlRoute> = routes.iter().filter(|route| route.is_at(segments)).collect();
    let path = format!("/{}", segments.join("/"));
    if at_path.is_empty() {
        return Err(no_such_path(routes, segments, path));
    }
    let allowed = at_path.iter().map(|route| route.method).collect();
    Err(NoRoute::OtherMethods { path, method: method.to_owned(), allowed })
}

/// Says how far the path leads, and what can stand in the place of the first segment that leads nowhere.
fn no_such_path(routes: &'static [ControlRoute], segments: &[&str], path: String) -> NoRoute {
    let leads = |length: &usize| routes.iter().any(|route| route.begins_with(&segments[..*length]));
    let length = (0..=segments.len()).rev().find(leads).unwrap_or(0);
    let (parent, wrong) = (&segments[..length], segments.get(length).copied().unwrap_or_default());
    let mut known: Vec<&str> = Vec::new();
    for word in routes.iter().filter(|route| route.begins_with(parent)).filter_map(|route| route.words().nth(length)) {
        if !known.contains(&word) {
            known.push(word);
        }
    }
    let nearest = did_you_mean(wrong, known.iter().copied().filter(|word| variable(word).is_none()));
    NoRoute::NoSuchPath { path, nearest, parent: format!("/{}", parent.join("/")), known }
}

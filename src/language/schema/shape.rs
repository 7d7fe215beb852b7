//! Language room: what a part of a file must look like, as data, and the check of a file against it. The check goes on after a
//! mistake, so that one run reports them all.

use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::time::Moment;
use crate::domain::rules::{RULES, RuleId};
use crate::graph::errors::catalogue;
use crate::language::node::{Kind, Node};
use crate::text::diagnostic::Diagnostic;
use crate::text::suggest::did_you_mean;
use crate::text::units::{
    DURATION_HELP, MOMENT_HELP, PERCENT_HELP, UNTIL_HELP, parse_duration, parse_moment, parse_percent, parse_until,
};

/// What a part must look like.
#[derive(Debug)]
pub enum Shape {
    /// Text; numbers are text too.
    Text,
    /// `true` alone: the key says it all.
    True,
    /// `true` or `false`.
    Bool,
    /// A whole number from 0.
    Integer,
    /// A whole number from 0, or this word.
    IntegerOr(&'static str),
    /// From 1% to 100%.
    Percent,
    /// A length of time.
    Duration,
    /// `+` and a length of time.
    Advance,
    /// A moment.
    Moment,
    /// A length of time, or a moment.
    Until,
    /// The name of something in the world.
    Name(Noun),
    /// The name of something in the world, or this word.
    NameOr(Noun, &'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A webhook field.
    Field,
    /// A webhook field, or this word.
    FieldOr(&'static str),
    /// The id of a rule.
    Rule,
    /// The name of an error.
    Error,
    /// Anything; `${names}` are filled in.
    Any,
    /// Something to match with.
    Matcher,
    /// A JSON pointer.
    Pointer,
    /// A list.
    List(&'static Shape),
    /// A map with these keys.
    Object(&'static Object),
    /// A map from names to parts of this shape; names of the world, or new ones.
    MapOf(Option<Noun>, &'static Shape),
    /// A map, or a scalar.
    MapOrScalar(&'static Shape, &'static Shape),
    /// A map, told apart by which of these keys it has.
    Tagged(&'static Tagged),
}

/// A map with known keys.
#[derive(Debug)]
pub struct Object {
    /// What it is called in errors and in the schema.
    pub title: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key of a map.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What stands behind it.
    pub shape: Shape,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// Whether it must be there.
    pub needed: bool,
    /// Whether it is known but not built yet.
    pub later: bool,
}

/// Maps that are told apart by one of their keys.
#[derive(Debug)]
pub struct Tagged {
    /// What they are called in errors.
    pub title: &'static str,
    /// What each key makes of the map.
    pub objects: &'static [&'static Object],
}

/// Kinds of names in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// An app.
    App,
    /// A page.
    Page,
    /// A person.
    Person,
    /// An ad.
    Ad,
    /// An m.me link.
    Link,
    /// Somebody who administrates pages.
    User,
}

impl Noun {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Page => "page",
            Self::Person => "person",
            Self::Ad => "ad",
            Self::Link => "link",
            Self::User => "user",
        }
    }
}

/// The names of a world.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Apps, the inbox included.
    pub apps: Vec<String>,
    /// Pages.
    pub pages: Vec<String>,
    /// People.
    pub people: Vec<String>,
    /// Ads.
    pub ads: Vec<String>,
    /// Links of all pages.
    pub links: Vec<String>,
    /// Those who administrate pages.
    pub users: Vec<String>,
}

impl Names {
    /// The names of a world that is at work.
    pub fn of_config(config: &Config) -> Self {
        let strings = |names: &mut dyn Iterator<Item = &Box<str>>| names.map(|name| name.to_string()).collect();
        Self {
            apps: strings(&mut config.apps.iter().map(|app| &app.name)),
            pages: strings(&mut config.pages.iter().map(|page| &page.name)),
            people: strings(&mut config.people.list().iter().map(|person| &person.name)),
            ads: strings(&mut config.ads.iter().map(|ad| &ad.name)),
            links: strings(&mut config.pages.iter().flat_map(|page| &page.links).map(|link| &link.name)),
            users: strings(&mut config.users.iter().map(|user| &user.name)),
        }
    }

    fn of(&self, noun: Noun) -> &[String] {
        match noun {
            Noun::App => &self.apps,
            Noun::Page => &self.pages,
            Noun::Person => &self.people,
            Noun::Ad => &self.ads,
            Noun::Link => &self.links,
            Noun::User => &self.users,
        }
    }
}

/// Mistakes of a file, as they are found.
pub type Mistakes = Vec<Diagnostic>;

/// Holds a part against a shape.
pub fn check(node: &Node, shape: &Shape, names: &Names, mistakes: &mut Mistakes) {
    match shape {
        Shape::Any | Shape::Matcher => {}
        Shape::List(item) => check_list(node, item, names, mistakes),
        Shape::Object(object) => check_object(node, object, names, mistakes),
        Shape::MapOf(noun, value) => check_map(node, *noun, value, names, mistakes),
        Shape::MapOrScalar(map, scalar) => check(node, if node.is_map() { map } else { scalar }, names, mistakes),
        Shape::Tagged(tagged) => check_tagged(node, tagged, names, mistakes),
        scalar => mistakes.extend(check_scalar(node, scalar, names)),
    }
}

fn check_list(node: &Node, item: &Shape, names: &Names, mistakes: &mut Mistakes) {
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|node| check(node, item, names, mistakes)),
        _ => mistakes.push(
            node.mistake(format!("expected a list, found {}", node.describe()))
                .note("a list is written `[a, b]`, or one `- item` a line"),
        ),
    }
}

fn check_object(node: &Node, object: &Object, names: &Names, mistakes: &mut Mistakes) {
    if !node.is_map() && !node.is_null() {
        mistakes.push(node.mistake(format!("{} is a map, found {}", object.title, node.describe())));
        return;
    }
    for (key, value) in node.entries() {
        let name = key.text().unwrap_or_default();
        match object.keys.iter().find(|known| known.name == name) {
            None => mistakes.push(unknown_key(key, value, object)),
            Some(known) if known.later => mistakes.push(
                key.mistake(format!("`{name}` is not built yet"))
                    .note("the README's table says what works and what does not yet"),
            ),
            Some(known) => check(value, &known.shape, names, mistakes),
        }
    }
    for missing in object.keys.iter().filter(|key| key.needed && node.get(key.name).is_none()) {
        mistakes.push(node.mistake(format!("{} needs `{}`", object.title, missing.name)).note(missing.doc));
    }
}

fn unknown_key(key: &Node, value: &Node, object: &Object) -> Diagnostic {
    let name = key.text().unwrap_or_default();
    let known: Vec<&str> = object.keys.iter().filter(|key| !key.later).map(|key| key.name).collect();
    let mistake = key
        .mistake(format!("unknown key `{name}` in {}{}", object.title, did_you_mean(name, known.iter().copied())))
        .label("unknown key");
    // `{ says: Hi, there }` is a key `there` without a value.
    match value.is_null() {
        true => mistake.note("text with a comma needs quotes"),
        false => mistake.note(format!("known are: {}", known.join(", "))),
    }
}

fn check_map(node: &Node, noun: Option<Noun>, value: &Shape, names: &Names, mistakes: &mut Mistakes) {
    if !node.is_map() && !node.is_null() {
        mistakes.push(node.mistake(format!("expected a map, found {}", node.describe())));
        return;
    }
    for (key, child) in node.entries() {
        match noun {
            Some(noun) => mistakes.extend(check_name(key, noun, None, names)),
            None => mistakes.extend(check_new_name(key)),
        }
        check(child, value, names, mistakes);
    }
}

fn check_tagged(node: &Node, tagged: &Tagged, names: &Names, mistakes: &mut Mistakes) {
    let tags: Vec<&str> = tagged.objects.iter().filter_map(|object| object.keys.first()).map(|key| key.name).collect();
    let present: Vec<&&Object> = tagged
        .objects
        .iter()
        .filter(|object| object.keys.first().is_some_and(|key| node.get(key.name).is_some()))
        .collect();
    match present.as_slice() {
        [object] => check_object(node, object, names, mistakes),
        [] => {
            let first = node.entries().first().and_then(|(key, _)| key.text()).unwrap_or_default();
            let nearest = did_you_mean(first, tags.iter().copied());
            let mut mistake =
                node.mistake(format!("{} begins with one of: {}{nearest}", tagged.title, tags.join(", ")));
            if !node.is_map() {
                mistake = mistake.label(format!("this is {}", node.describe()));
            }
            mistakes.push(mistake);
        }
        several => {
            let subjects: Vec<String> =
                several.iter().filter_map(|object| object.keys.first()).map(|key| format!("`{}`", key.name)).collect();
            mistakes.push(node.mistake(format!(
                "{} has one subject, this has {}",
                tagged.title,
                subjects.join(" and ")
            )));
        }
    }
}

fn check_scalar(node: &Node, shape: &Shape, names: &Names) -> Option<Diagnostic> {
    let Some(text) = node.text() else {
        return Some(node.mistake(format!("expected {}, found {}", describe(shape), node.describe())));
    };
    let is_free = matches!(shape, Shape::Text | Shape::Any | Shape::Matcher | Shape::Integer);
    if text.contains("${") && is_free {
        return None; // filled in when the step runs; what it becomes is checked there
    }
    let wrong = |help: &str| Some(node.mistake(format!("expected {}, found `{text}`", describe(shape))).note(help));
    match shape {
        Shape::True if node.bool() != Some(true) => wrong("write `true`; what is not to happen is left out"),
        Shape::Bool if node.bool().is_none() => wrong("write `true` or `false`"),
        Shape::Integer if text.parse::<u64>().is_err() => wrong("a whole number from 0"),
        Shape::IntegerOr(word) if text != *word && text.parse::<u64>().is_err() => {
            wrong(&format!("a whole number from 0, or `{word}`"))
        }
        Shape::Percent if parse_percent(text).is_none() => wrong(PERCENT_HELP),
        Shape::Duration if parse_duration(text).is_none() => wrong(DURATION_HELP),
        Shape::Advance if text.strip_prefix('+').and_then(parse_duration).is_none() => {
            wrong("write `+24h`, or `{ to: 2026-03-03T09:00:00Z }` for a moment")
        }
        Shape::Moment if parse_moment(text).is_none() => wrong(MOMENT_HELP),
        Shape::Until if parse_until(text, Moment::default()).is_none() => wrong(UNTIL_HELP),
        Shape::Name(noun) => check_name(node, *noun, None, names),
        Shape::NameOr(noun, word) => check_name(node, *noun, Some(word), names),
        Shape::Word(words) if !words.contains(&text) => Some(
            node.mistake(format!("unknown word `{text}`{}", did_you_mean(text, words.iter().copied())))
                .note(format!("known are: {}", words.join(", "))),
        ),
        Shape::FieldOr(word) if text == *word => None,
        Shape::Field | Shape::FieldOr(_) if Field::parse(text).is_none() => {
            let known = Field::ALL.iter().map(|field| field.name());
            let mut mistake =
                node.mistake(format!("`{text}` is no webhook field of a page{}", did_you_mean(text, known)));
            if text == "messaging_handover" || text == "messaging_referral" {
                mistake = mistake.note("Page fields are plural; the singular names belong to the Instagram object");
            }
            Some(mistake)
        }
        Shape::Rule if RuleId::parse(text).is_none() => {
            let nearest = did_you_mean(text, RULES.iter().map(|rule| rule.id));
            Some(node.mistake(format!("`{text}` is no rule{nearest}")).note("`graphdouble rules` lists them all"))
        }
        Shape::Error if catalogue::by_name(text).is_none() => {
            let nearest = did_you_mean(text, catalogue::NAMES.iter().copied());
            Some(node.mistake(format!("`{text}` is no error{nearest}")).note("`graphdouble errors` lists them all"))
        }
        Shape::Pointer if !text.starts_with('/') => wrong("a JSON pointer begins with `/`, like /message/text"),
        _ => None,
    }
}

fn check_name(node: &Node, noun: Noun, or: Option<&str>, names: &Names) -> Option<Diagnostic> {
    let text = node.text().unwrap_or_default();
    let known = names.of(noun);
    if or == Some(text) || known.iter().any(|name| name == text) {
        return None;
    }
    let nearest = did_you_mean(text, known.iter().map(String::as_str));
    let word = noun.word();
    let mistake =
        node.mistake(format!("unknown {word} `{text}`{nearest}")).label(format!("no such {word} in the world"));
    let mut listed: Vec<&str> = known.iter().map(String::as_str).collect();
    listed.extend(or);
    Some(match listed.is_empty() {
        true => mistake.note(format!("the world has no {word}")),
        false => mistake.note(format!("known are: {}", listed.join(", "))),
    })
}

/// Names are words that can stand in `${…}`.
fn check_new_name(node: &Node) -> Option<Diagnostic> {
    let text = node.text().unwrap_or_default();
    let fits = text.chars().all(|character| character.is_alphanumeric() || "_-".contains(character));
    let begins = text.starts_with(|first: char| first.is_alphabetic());
    match fits && begins {
        true => None,
        false => Some(
            node.mistake(format!("`{text}` cannot be a name"))
                .note("a name begins with a letter and has letters, digits, `_` and `-`"),
        ),
    }
}

/// A shape in words, with its article where it has one.
pub fn describe(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::True => "`true`".to_owned(),
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Integer => "a whole number".to_owned(),
        Shape::IntegerOr(word) => format!("a whole number, or `{word}`"),
        Shape::Percent => "a percentage".to_owned(),
        Shape::Duration => "a length of time".to_owned(),
        Shape::Advance => "`+` and a length of time".to_owned(),
        Shape::Moment => "a moment".to_owned(),
        Shape::Until => "a length of time, or a moment".to_owned(),
        Shape::Name(noun) => format!("the name of {} {}", article(noun.word()), noun.word()),
        Shape::NameOr(noun, word) => format!("the name of {} {}, or `{word}`", article(noun.word()), noun.word()),
        Shape::Word(words) => format!("one of {}", words.join(", ")),
        Shape::Field => "a webhook field".to_owned(),
        Shape::FieldOr(word) => format!("a webhook field, or `{word}`"),
        Shape::Rule => "the id of a rule".to_owned(),
        Shape::Error => "the name of an error".to_owned(),
        Shape::Pointer => "a JSON pointer".to_owned(),
        Shape::Any | Shape::Matcher => "anything".to_owned(),
        Shape::List(_) => "a list".to_owned(),
        Shape::Object(object) => object.title.to_owned(),
        Shape::MapOf(..) => "a map".to_owned(),
        Shape::MapOrScalar(_, scalar) => describe(scalar),
        Shape::Tagged(tagged) => tagged.title.to_owned(),
    }
}

/// The article of a word.
pub fn article(word: &str) -> &'static str {
    // What sounds like "you" takes no "an".
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) && !word.starts_with("user") { "an" } else { "a" }
}

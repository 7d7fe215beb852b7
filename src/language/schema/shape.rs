//! What a part of a file must look like, as data, and the check of a file against it. The check goes on after a mistake, so that all
//! mistakes are reported together.

use super::matchers::{check_matcher, check_text_matcher};
use super::names::{NameKind, Names};
use super::other_platform;
use crate::domain::model::fields::{Field, singular_of};
use crate::domain::model::people::is_name;
use crate::domain::model::platform::Platform;
use crate::domain::model::time::Moment;
use crate::domain::rules::{RULES, RuleId};
use crate::graph::errors::catalogue;
use crate::language::node::{Node, NodeValue};
use crate::text::diagnostic::Diagnostic;
use crate::text::renamed::{renamed_key, renamed_rule};
use crate::text::suggest::did_you_mean;
use crate::text::units::{
    DURATION_HELP, MOMENT_HELP, PERCENT_HELP, UNTIL_HELP, parse_duration, parse_moment, parse_percent, parse_until,
};

/// What a part must look like.
#[derive(Debug)]
pub enum Shape {
    /// Text; numbers are text too.
    Text,
    /// Only `true`: the key says it all.
    True,
    Bool,
    /// `true`, `false`, or one of these words.
    BoolOr(&'static [&'static str]),
    /// A whole number from 0.
    Integer,
    /// A whole number from 0, or this word.
    IntegerOr(&'static str),
    /// A whole number of hours from -24 to 24.
    Hours,
    /// From 1% to 100%.
    Percent,
    Duration,
    /// `+` and a length of time.
    Advance,
    Moment,
    /// A length of time, or a moment.
    Until,
    /// The name of something in the world.
    Name(NameKind),
    /// The name of something in the world, or this word.
    NameOr(NameKind, &'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A webhook field.
    Field,
    /// A webhook field, or this word.
    FieldOr(&'static str),
    /// A webhook field of the platform's object.
    FieldOn(Platform),
    /// The id of a rule.
    Rule,
    /// The name of an error.
    Error,
    /// Any value. A `${name}` in it is filled in.
    Any,
    /// What a value must be like.
    Matcher,
    /// What a text must be like.
    TextMatcher,
    /// A JSON pointer.
    Pointer,
    List(&'static Shape),
    /// A map with these keys.
    Object(&'static Object),
    /// A map from names to values of one shape. The names are known in the world, or new.
    MapOf(Option<NameKind>, &'static Shape),
    /// A map, or a scalar.
    MapOrScalar(&'static Shape, &'static Shape),
    /// One of several maps. Which one it is depends on the key that it has.
    Tagged(&'static Tagged),
}

impl Shape {
    /// True if nothing at all is as good as an empty map.
    fn may_be_empty(&self) -> bool {
        match self {
            Self::Object(object) => !object.keys.iter().any(|key| key.needed),
            Self::MapOf(..) => true,
            _ => false,
        }
    }
}

/// A map with known keys.
#[derive(Debug)]
pub struct Object {
    /// Its name in messages and in the reference.
    pub title: &'static str,
    pub keys: &'static [ObjectKey],
}

/// A key of a map.
#[derive(Debug)]
pub struct ObjectKey {
    pub name: &'static str,
    pub shape: Shape,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// True if the map must have it.
    pub needed: bool,
}

/// Several maps. The first key of each is its subject, by which it is recognized.
#[derive(Debug)]
pub struct Tagged {
    /// Their common name in messages.
    pub title: &'static str,
    pub objects: &'static [&'static Object],
}

impl Tagged {
    /// The subjects of the maps.
    pub fn subjects(&self) -> impl Iterator<Item = &'static str> {
        self.objects.iter().filter_map(|object| object.keys.first()).map(|key| key.name)
    }
}

/// The common name of all steps.
const STEP_TITLE: &str = "a step";
/// Words by which somebody may want to make a pause.
const PAUSES: [&str; 6] = ["wait", "waits", "sleep", "sleeps", "pause", "delay"];
const NO_PAUSE: &str = "steps wait for a real app by themselves, for `within:` or 2s; `{ clock: +2s }` moves the world's time; \
                        `{ app: NAME, stays_silent: 300ms }` waits whether an app stays silent";

/// How unknown people are let in.
const ANY_PERSON: &str = "with `people: any` in the world, an unknown name is a new person";

/// The mistakes found so far.
pub type Mistakes = Vec<Diagnostic>;

/// Checks a part against a shape.
pub fn check(node: &Node, shape: &Shape, names: &Names, mistakes: &mut Mistakes) {
    match shape {
        Shape::Any => {}
        Shape::Matcher => check_matcher(node, mistakes),
        Shape::TextMatcher => check_text_matcher(node, mistakes),
        Shape::List(item) => check_list(node, item, names, mistakes),
        Shape::Object(object) => check_object(node, object, names, mistakes),
        Shape::MapOf(kind, value) => check_map(node, *kind, value, names, mistakes),
        Shape::MapOrScalar(map, scalar) => {
            let is_map = node.is_map() || (node.is_null() && map.may_be_empty());
            check(node, if is_map { map } else { scalar }, names, mistakes);
        }
        Shape::Tagged(tagged) => check_tagged(node, tagged, names, mistakes),
        scalar => mistakes.extend(check_scalar(node, scalar, names)),
    }
}

fn check_list(node: &Node, item: &Shape, names: &Names, mistakes: &mut Mistakes) {
    match &node.kind {
        NodeValue::List(items) => items.iter().for_each(|node| check(node, item, names, mistakes)),
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
            Some(known) => check(value, &known.shape, names, mistakes),
        }
    }
    for missing in object.keys.iter().filter(|key| key.needed && node.get(key.name).is_none()) {
        mistakes.push(node.mistake(format!("{} needs `{}`", object.title, missing.name)).note(missing.doc));
    }
}

fn unknown_key(key: &Node, value: &Node, object: &Object) -> Diagnostic {
    let name = key.text().unwrap_or_default();
    let known: Vec<&str> = object.keys.iter().map(|key| key.name).collect();
    let hint = match renamed_key(name).filter(|now| known.contains(now)) {
        Some(now) => format!("; it is `{now}` now"),
        None => did_you_mean(name, known.iter().copied()),
    };
    let mut mistake = key.mistake(format!("unknown key `{name}` in {}{hint}", object.title)).label("unknown key");
    if let Some(note) = other_platform::note_of(object.title, name) {
        mistake = mistake.note(note);
    }
    // `{ says: Hi, there }` is a key `there` without a value.
    match value.is_null() {
        true => mistake.note("text with a comma needs quotes"),
        false => mistake.note(format!("known are: {}", known.join(", "))),
    }
}

fn check_map(node: &Node, kind: Option<NameKind>, value: &Shape, names: &Names, mistakes: &mut Mistakes) {
    if !node.is_map() && !node.is_null() {
        mistakes.push(node.mistake(format!("expected a map, found {}", node.describe())));
        return;
    }
    for (key, child) in node.entries() {
        match kind {
            Some(kind) => mistakes.extend(check_name(key, kind, None, names)),
            None => mistakes.extend(check_new_name(key)),
        }
        check(child, value, names, mistakes);
    }
}

fn check_tagged(node: &Node, tagged: &Tagged, names: &Names, mistakes: &mut Mistakes) {
    let present: Vec<&&Object> = tagged
        .objects
        .iter()
        .filter(|object| object.keys.first().is_some_and(|key| node.get(key.name).is_some()))
        .collect();
    match present.as_slice() {
        [object] => check_object(node, object, names, mistakes),
        [] => {
            let tags: Vec<&str> = tagged.subjects().collect();
            let first = node.entries().first().and_then(|(key, _)| key.text()).unwrap_or_default();
            let nearest = did_you_mean(first, tags.iter().copied());
            if tagged.title == STEP_TITLE && PAUSES.contains(&first.split(':').next().unwrap_or_default()) {
                mistakes.push(node.mistake("there are no pauses in a scenario").note(NO_PAUSE));
                return;
            }
            let mut mistake = node.mistake(format!("{} needs one of: {}{nearest}", tagged.title, tags.join(", ")));
            if !node.is_map() {
                mistake = mistake.label(format!("this is {}", node.describe()));
            }
            mistakes.push(mistake);
        }
        several => {
            let subjects: Vec<String> =
                several.iter().filter_map(|object| object.keys.first()).map(|key| format!("`{}`", key.name)).collect();
            mistakes.push(node.mistake(format!(
                "{} has one subject, but this has {}",
                tagged.title,
                subjects.join(" and ")
            )));
        }
    }
}

fn check_scalar(node: &Node, shape: &Shape, names: &Names) -> Option<Diagnostic> {
    let Some(text) = node.text() else {
        let mistake = node.mistake(format!("expected {}, found {}", describe(shape), node.describe()));
        let is_written_as_map = node.place.text().starts_with(['{', '[']);
        return Some(match shape {
            Shape::Text if is_written_as_map => mistake.note("a text that begins with `{` or `[` needs quotes"),
            _ => mistake,
        });
    };
    let is_free = matches!(shape, Shape::Text | Shape::Integer);
    if text.contains("${") && is_free {
        return None; // The value is known only when the step runs, and is checked then.
    }
    let wrong = |help: &str| Some(node.mistake(format!("expected {}, found `{text}`", describe(shape))).note(help));
    match shape {
        Shape::True if node.bool() != Some(true) => wrong("write `true`, or leave the key out"),
        Shape::Bool if node.bool().is_none() => wrong("write `true` or `false`"),
        Shape::BoolOr(words) if node.bool().is_none() && !words.contains(&text) => {
            wrong(&format!("write `true`, `false` or {}", quoted(words)))
        }
        Shape::Integer if text.parse::<u64>().is_err() => wrong("a whole number, 0 or more"),
        Shape::IntegerOr(word) if text != *word && text.parse::<u64>().is_err() => {
            wrong(&format!("a whole number from 0, or `{word}`"))
        }
        Shape::Hours if !text.parse().is_ok_and(|hours: i8| (-24..=24).contains(&hours)) => {
            wrong("hours from GMT are a whole number from -24 to 24")
        }
        Shape::Percent if parse_percent(text).is_none() => wrong(PERCENT_HELP),
        Shape::Duration if parse_duration(text).is_none() => wrong(DURATION_HELP),
        Shape::Advance if text.strip_prefix('+').and_then(parse_duration).is_none() => {
            wrong("write `+24h`, or `{ to: 2026-03-03T09:00:00Z }` for a moment")
        }
        Shape::Moment if parse_moment(text).is_none() => wrong(MOMENT_HELP),
        Shape::Until if parse_until(text, Moment::default()).is_none() => wrong(UNTIL_HELP),
        Shape::Name(kind) => check_name(node, *kind, None, names),
        Shape::NameOr(kind, word) => check_name(node, *kind, Some(word), names),
        Shape::Word(words) if !words.contains(&text) => Some(
            node.mistake(format!("unknown word `{text}`{}", did_you_mean(text, words.iter().copied())))
                .note(format!("known are: {}", words.join(", "))),
        ),
        Shape::FieldOr(word) if text == *word => None,
        Shape::Field | Shape::FieldOr(_) if Field::parse(text).is_none() => {
            let known = Field::ALL.iter().map(|field| field.name());
            Some(node.mistake(format!("`{text}` is not a webhook field{}", did_you_mean(text, known))))
        }
        Shape::FieldOn(platform) if Field::parse(text).is_none_or(|field| !field.may_be_of(*platform)) => {
            Some(not_a_field_of(node, text, *platform))
        }
        Shape::Rule if RuleId::parse(text).is_none() => {
            let hint = match renamed_rule(text).filter(|now| RuleId::parse(now).is_some()) {
                Some(now) => format!("; it is `{now}` now"),
                None => did_you_mean(text, RULES.iter().map(|rule| rule.id)),
            };
            Some(node.mistake(format!("`{text}` is not a rule{hint}")).note("`graphdouble rules` lists them all"))
        }
        Shape::Error if catalogue::by_name(text).is_none() => {
            let nearest = did_you_mean(text, catalogue::NAMES.iter().copied());
            Some(node.mistake(format!("`{text}` is not an error{nearest}")).note("`graphdouble errors` lists them all"))
        }
        Shape::Pointer if !text.starts_with('/') => wrong("a JSON pointer begins with `/`, like /message/text"),
        _ => None,
    }
}

/// The mistake of a field that the platform's object does not have.
fn not_a_field_of(node: &Node, text: &str, platform: Platform) -> Diagnostic {
    let known = Field::of(platform).map(Field::name);
    let of = match platform {
        Platform::Messenger => "a page",
        Platform::Instagram => "an Instagram account",
    };
    let mistake = node.mistake(format!("`{text}` is not a webhook field of {of}{}", did_you_mean(text, known)));
    match platform == Platform::Messenger && singular_of(text).is_some() {
        true => mistake.note("Page fields are plural; the singular names belong to the Instagram object"),
        false => mistake,
    }
}

fn check_name(node: &Node, kind: NameKind, or: Option<&str>, names: &Names) -> Option<Diagnostic> {
    let text = node.text().unwrap_or_default();
    if or == Some(text) || names.allows(kind, text) {
        return None;
    }
    if let (NameKind::Asset, Some(platform)) = (kind, Platform::parse(text)) {
        return Some(not_the_only_one(node, platform, names));
    }
    let nearest = names.nearest(&[kind], text);
    let word = names.word(kind);
    let mistake =
        node.mistake(format!("unknown {word} `{text}`{nearest}")).label(format!("no such {word} in the world"));
    if kind == NameKind::Page && names.is_account(text) {
        return Some(mistake.note(format!("`{text}` is an Instagram account")).note(names.listed(kind, or)));
    }
    if kind == NameKind::Person
        && let Some(members) = names.members_of_crowd(text)
    {
        return Some(mistake.note(members));
    }
    let mistake = mistake.note(names.listed(kind, or));
    Some(match kind {
        NameKind::Person if !names.any_person() => mistake.note(ANY_PERSON),
        _ => mistake,
    })
}

/// The mistake of a platform's name in the place of an asset's, in a world that has none or several of that platform.
fn not_the_only_one(node: &Node, platform: Platform, names: &Names) -> Diagnostic {
    let (one, several) = match platform {
        Platform::Messenger => ("page", "pages"),
        Platform::Instagram => ("Instagram account", "Instagram accounts"),
    };
    let mistake = node.mistake(match names.count_on(platform) {
        0 => format!("the world has no {one}"),
        count => format!("`{}` may mean each of {count} {several}", platform.name()),
    });
    mistake.note(names.listed(NameKind::Asset, None))
}

/// A new name must be a word that `${…}` can hold.
fn check_new_name(node: &Node) -> Option<Diagnostic> {
    let text = node.text().unwrap_or_default();
    match is_name(text) {
        true => None,
        false => Some(
            node.mistake(format!("`{text}` cannot be a name"))
                .note("a name begins with a letter and has letters, digits, `_` and `-`"),
        ),
    }
}

/// Words in a list: `a` or `b`.
fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

/// A shape in words, with its article if it has one.
pub fn describe(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::True => "`true`".to_owned(),
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::BoolOr(words) => format!("`true`, `false` or {}", quoted(words)),
        Shape::Integer => "a whole number".to_owned(),
        Shape::IntegerOr(word) => format!("a whole number, or `{word}`"),
        Shape::Hours => "a number of hours".to_owned(),
        Shape::Percent => "a percentage".to_owned(),
        Shape::Duration => "a length of time".to_owned(),
        Shape::Advance => "`+` and a length of time".to_owned(),
        Shape::Moment => "a moment".to_owned(),
        Shape::Until => "a length of time, or a moment".to_owned(),
        Shape::Name(kind) => format!("the name of {} {}", article(kind.word()), kind.word()),
        Shape::NameOr(kind, word) => format!("the name of {} {}, or `{word}`", article(kind.word()), kind.word()),
        Shape::Word(words) => format!("one of {}", words.join(", ")),
        Shape::Field => "a webhook field".to_owned(),
        Shape::FieldOn(platform) => format!("a webhook field of the object {}", platform.object()),
        Shape::FieldOr(word) => format!("a webhook field, or `{word}`"),
        Shape::Rule => "the id of a rule".to_owned(),
        Shape::Error => "the name of an error".to_owned(),
        Shape::Pointer => "a JSON pointer".to_owned(),
        Shape::Any | Shape::Matcher | Shape::TextMatcher => "anything".to_owned(),
        Shape::List(_) => "a list".to_owned(),
        Shape::Object(object) => object.title.to_owned(),
        Shape::MapOf(..) => "a map".to_owned(),
        Shape::MapOrScalar(_, scalar) => describe(scalar),
        Shape::Tagged(tagged) => tagged.title.to_owned(),
    }
}

/// The indefinite article of a word.
pub fn article(word: &str) -> &'static str {
    // "user" begins with the sound of "you".
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) && !word.starts_with("user") { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::super::names::NamesInFile;
    use super::*;
    use crate::language::schema::vocabulary;
    use crate::text::source::SourceText;

    fn mistakes(text: &str, shape: &Shape) -> Vec<String> {
        let node = Node::parse(&SourceText::inline("the file", text)).expect("YAML");
        let names = Names::OfFile(Box::new(NamesInFile { apps: vec!["bot".to_owned()], ..NamesInFile::default() }));
        let mut mistakes = Mistakes::new();
        check(&node, shape, &names, &mut mistakes);
        mistakes.into_iter().map(|mistake| mistake.message).collect()
    }

    #[test]
    fn an_old_word_is_a_mistake_that_names_the_new_one() {
        let scenario = "{ world: w.yaml, scenarios: [{ name: n, allows: [], steps: [] }] }";
        let found = mistakes(scenario, &Shape::Object(&vocabulary::FILE));
        assert_eq!(found, ["unknown key `allows` in a scenario; it is `allow_lints` now"]);
        let step = "{ app: bot, sends: Hi, loses_answer: true }";
        let found = mistakes(step, &Shape::Tagged(&vocabulary::STEP));
        assert_eq!(found, ["unknown key `loses_answer` in an `app` step; it is `response_lost` now"]);
        let rule = "{ app: bot, gets: messages, because: tell.owner }";
        let found = mistakes(rule, &Shape::Tagged(&vocabulary::EXPECTATION));
        assert_eq!(found, ["`tell.owner` is not a rule; it is `webhook.owner` now"]);
    }

    #[test]
    fn an_old_word_where_the_new_one_does_not_belong_is_only_unknown() {
        let found = mistakes("{ app: bot, sends: Hi, allows: [] }", &Shape::Tagged(&vocabulary::STEP));
        assert_eq!(found, ["unknown key `allows` in an `app` step, did you mean `calls`?"]);
    }
}

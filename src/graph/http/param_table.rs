//! Declares what the objects in parameters have: a table of keys for each object, and what each value must be. A table says all that is
//! checked; `param_check` checks it.

use crate::graph::errors::catalogue::ErrorTemplate;

/// An object inside a parameter, or all parameters of a call.
pub struct ParamTable {
    pub keys: &'static [ParamKey],
    /// More keys, which several tables share.
    pub shared: &'static [ParamKey],
    /// What the keys must be together.
    pub rules: &'static [ParamRule],
    /// True if unknown keys are ignored.
    pub is_open: bool,
    /// True if numbers are texts, as they are in a form.
    pub takes_numbers: bool,
}

pub struct ParamKey {
    pub name: &'static str,
    pub kind: ParamKind,
    pub missing: Missing,
}

/// What happens if a key is missing. `null` counts as missing.
#[derive(Clone, Copy)]
pub enum Missing {
    Allowed,
    /// `The parameter … is required`.
    Refused,
    /// Meta finds out after all other checks, in words of its own.
    RefusedLater(&'static ErrorTemplate),
}

/// What a value must be.
pub enum ParamKind {
    /// Whoever reads it checks it.
    Any,
    /// A text of at most so many characters. It may be empty.
    Text(usize),
    /// A text of at least one and at most so many characters.
    NonEmpty(usize),
    /// A text or a number, of at most so many characters.
    Scalar(usize),
    /// A text or a number, which is not empty.
    NonEmptyScalar(usize),
    /// The id of a person. The look-up of the person checks more.
    Id,
    Url,
    /// A URL, whose error names the value and not the parameter.
    MediaUrl,
    /// A URL, or an empty text that stands for none.
    UrlOrEmpty,
    /// An https URL.
    SecureUrl,
    Flag,
    Number,
    /// One of these words, in any case.
    Word(&'static [&'static str]),
    /// One of these words, in any case; other words have errors of their own.
    WordOr(&'static [&'static str], &'static [OtherWord]),
    /// A text that is checked further.
    Special(&'static SpecialText),
    /// Meta had it once, or has it and graphdouble does not: any value has this error.
    Refused(&'static ErrorTemplate),
    Object(&'static ParamTable),
    /// An object whose table depends on one of its keys.
    OneOf(&'static ParamVariants),
    /// An object, or in its place the bare text or number that it has at `id`.
    ObjectOrId(&'static ParamTable),
    List(&'static ListOf),
    /// A list of `then` if one of its objects has the key, of `otherwise` if none has.
    ListWith {
        key: &'static str,
        then: &'static ListOf,
        otherwise: &'static ListOf,
    },
}

/// A word that Meta had once, or that graphdouble does not build, and its error. It may name `{param}`, `{what}` and `{got}`.
pub type OtherWord = (&'static str, &'static ErrorTemplate);

/// A text of at least one and at most so many characters, with a check of its own.
pub struct SpecialText {
    pub most: usize,
    pub accepts: fn(&str) -> bool,
    /// It may name `{param}`, `{kind}` and `{got}`.
    pub error: &'static ErrorTemplate,
    /// What the text must be, for the error.
    pub kind: &'static str,
}

/// An object whose table depends on one of its keys, as a button depends on its `type`.
pub struct ParamVariants {
    pub key: &'static str,
    pub tables: &'static [(&'static str, &'static ParamTable)],
    /// The errors for values that Meta had once, or that are not built.
    pub gone: &'static [OtherWord],
    /// The error for any other value. Without one, the error lists the values.
    pub unknown: Option<&'static ErrorTemplate>,
}

pub struct ListOf {
    pub item: ParamKind,
    pub least: Least,
    pub most: usize,
    pub rule: Option<ListRule>,
}

/// The least elements of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Least {
    Zero,
    /// One. An empty list has `too few elements`.
    One,
    /// One. An empty list `must be non-empty`.
    NonEmpty,
}

/// What the elements of a list must be together.
pub enum ListRule {
    /// Each has another `locale`, and one has `default`.
    Locales,
    /// At most one has this value of this key.
    AtMostOne(&'static str, &'static str, &'static ErrorTemplate),
}

/// What the keys of an object must be together. All are checked after the values.
pub enum ParamRule {
    /// At least one of the keys has a value that is not empty. The error names the first.
    AnyOf(&'static [&'static str], &'static ErrorTemplate),
    /// At most one of the keys is there.
    AtMostOne(&'static [&'static str], &'static ErrorTemplate),
    /// If the key is there, none of the others is.
    Alone(&'static str, &'static [&'static str]),
    /// The first key is not empty, unless the second is there.
    NonEmptyWithout(&'static str, &'static str, &'static ErrorTemplate),
    /// If the flag is true, the list is there and not empty.
    FlagNeeds(&'static str, &'static str),
    /// The amounts are valid in the currency of the object at the key.
    Amounts(&'static str, &'static [&'static str], &'static ErrorTemplate),
}

impl ParamTable {
    pub const fn of(keys: &'static [ParamKey]) -> Self {
        Self { keys, shared: &[], rules: &[], is_open: false, takes_numbers: false }
    }

    /// The parameters of a call.
    pub const fn of_call(keys: &'static [ParamKey]) -> Self {
        Self { is_open: true, takes_numbers: true, ..Self::of(keys) }
    }

    /// An object with any keys.
    pub const fn open() -> Self {
        Self { is_open: true, ..Self::of(&[]) }
    }

    pub const fn and(self, shared: &'static [ParamKey]) -> Self {
        Self { shared, ..self }
    }

    pub const fn rules(self, rules: &'static [ParamRule]) -> Self {
        Self { rules, ..self }
    }

    pub fn all_keys(&self) -> impl Iterator<Item = &'static ParamKey> {
        self.keys.iter().chain(self.shared)
    }

    pub fn knows(&self, name: &str) -> bool {
        self.all_keys().any(|key| key.name == name)
    }
}

/// A key that may be missing.
pub const fn optional(name: &'static str, kind: ParamKind) -> ParamKey {
    ParamKey { name, kind, missing: Missing::Allowed }
}

/// A key that must be there.
pub const fn required(name: &'static str, kind: ParamKind) -> ParamKey {
    ParamKey { name, kind, missing: Missing::Refused }
}

/// A key that must be there, with an error of its own.
pub const fn needed(name: &'static str, kind: ParamKind, error: &'static ErrorTemplate) -> ParamKey {
    ParamKey { name, kind, missing: Missing::RefusedLater(error) }
}

impl ListOf {
    pub const fn of(item: ParamKind, least: Least, most: usize) -> Self {
        Self { item, least, most, rule: None }
    }

    pub const fn rule(self, rule: ListRule) -> Self {
        Self { item: self.item, least: self.least, most: self.most, rule: Some(rule) }
    }
}

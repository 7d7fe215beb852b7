//! Message templates: the templates of utility messages, which Meta reviews before they may be sent.

use serde::{Deserialize, Serialize};

use super::byte_count::byte_count;
use super::ids::{AssetKey, IdKind, IdStream};
use super::template::Button;

/// The maximum number of templates of a page. Meta names no number; the bound keeps the world finite.
pub const MAX_TEMPLATES: usize = 1000;
/// Meta's reason for rejecting a template whose placeholders have no samples.
const NO_SAMPLES: &str = "TEMPLATE_VARIABLES_MISSING_SAMPLE_VALUES";
/// Meta's reason for rejecting a template whose placeholders are malformed.
const WRONG_PLACEHOLDERS: &str = "INCORRECT_PARAMS";

/// A template as an app wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wording {
    /// The name is unique within a language.
    pub name: Box<str>,
    pub language: Box<str>,
    /// True if the placeholders have names instead of numbers.
    pub named: bool,
    /// The line above the text.
    pub header: Option<TemplateText>,
    /// The text.
    pub body: TemplateText,
    /// At most three, each with at most one placeholder.
    pub buttons: Vec<Button>,
    /// The components as the app wrote them.
    pub written: Box<str>,
}

/// TemplateText with placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TemplateText {
    pub text: Box<str>,
    /// True if the app gave sample values for the placeholders.
    pub has_samples: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTemplate {
    pub id: Box<str>,
    pub wording: Wording,
    /// Why Meta rejected the template; `None` if it was approved.
    pub rejected: Option<&'static str>,
}

/// The value of one placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// The name of the placeholder, if placeholders have names.
    pub name: Option<Box<str>>,
    pub text: Box<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateChange {
    Makes(Box<Wording>),
    /// Deletes the templates with this name, in every language.
    DeletesName(Box<str>),
    /// Deletes the template with this id.
    Deletes(Box<str>),
}

/// The templates of a page, oldest first.
#[derive(Debug, Clone, Default)]
pub struct MessageTemplates {
    list: Vec<MessageTemplate>,
    bytes: usize,
    /// How many templates were ever made, so that no id is used twice.
    made: u64,
}

impl MessageTemplates {
    pub fn list(&self) -> &[MessageTemplate] {
        &self.list
    }

    /// The bytes of all of them, estimated.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn find(&self, name: &str, language: &str) -> Option<&MessageTemplate> {
        self.list.iter().find(|one| &*one.wording.name == name && &*one.wording.language == language)
    }

    /// Adds a template and reviews it. Returns its id.
    pub fn add(&mut self, seed: u64, page: AssetKey, wording: Wording) -> Box<str> {
        let stream = IdStream::new(seed, IdKind::MessageTemplate, u64::from(page.0), self.made).digits(15);
        let id: Box<str> = stream.to_string().into();
        self.made += 1;
        let rejected = review(&wording);
        self.bytes += byte_count(&wording);
        self.list.push(MessageTemplate { id: id.clone(), wording, rejected });
        id
    }

    /// Removes the templates that match. Returns how many there were.
    pub fn remove(&mut self, is_it: impl Fn(&MessageTemplate) -> bool) -> usize {
        let before = self.list.len();
        self.list.retain(|one| !is_it(one));
        self.bytes = self.list.iter().map(|one| byte_count(&one.wording)).sum();
        before - self.list.len()
    }
}

/// Meta's reason for rejecting a template. Whether the text is marketing is not checked.
fn review(wording: &Wording) -> Option<&'static str> {
    let texts = || wording.header.iter().chain([&wording.body]);
    if texts().any(|text| !is_well_formed(&text.text, wording.named)) {
        return Some(WRONG_PLACEHOLDERS);
    }
    texts().any(|text| !text.has_samples && placeholders(&text.text).next().is_some()).then_some(NO_SAMPLES)
}

fn is_well_formed(text: &str, named: bool) -> bool {
    let bare = placeholders(text).fold(text.to_owned(), |text, name| text.replacen(&format!("{{{{{name}}}}}"), "", 1));
    let is_name =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let fits = |(place, name): (usize, &str)| match named {
        true => !name.is_empty() && is_name(name) && !name.bytes().all(|byte| byte.is_ascii_digit()),
        false => name == place.to_string(),
    };
    !bare.contains(['{', '}']) && (1..).zip(placeholders(text)).all(fits)
}

/// The names or numbers between double braces.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name)
}

/// Replaces the placeholders. `None` if the number of values or a name does not fit.
pub fn fill(text: &str, fillings: &[Filling]) -> Option<String> {
    let names: Vec<&str> = placeholders(text).collect();
    if names.len() != fillings.len() {
        return None;
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    for (place, name) in names.iter().enumerate() {
        let named = fillings.iter().find(|filling| filling.name.as_deref() == Some(name));
        let value = named.or_else(|| fillings.get(place).filter(|filling| filling.name.is_none()))?;
        let (before, after) = rest.split_once(&format!("{{{{{name}}}}}"))?;
        filled.push_str(before);
        filled.push_str(&value.text);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filling(name: Option<&str>, text: &str) -> Filling {
        Filling { name: name.map(Into::into), text: text.into() }
    }

    #[test]
    fn placeholders_are_filled_in_by_place_or_by_name() {
        let order = [filling(None, "7"), filling(None, "{{1}}")];
        assert_eq!(fill("Order {{1}} for {{2}}.", &order).as_deref(), Some("Order 7 for {{1}}."));
        let named = [filling(Some("who"), "Alice"), filling(Some("order"), "7")];
        assert_eq!(fill("{{order}} of {{who}}", &named).as_deref(), Some("7 of Alice"));
        assert_eq!(fill("nothing", &[]).as_deref(), Some("nothing"));
        for (text, fillings) in [("{{1}}", &[][..]), ("{{1}}", &order), ("{{else}} {{who}}", &named)] {
            assert_eq!(fill(text, fillings), None, "{text}");
        }
    }

    #[test]
    fn meta_rejects_what_cannot_be_filled_in() {
        let rejected = |text: &str, named, has_samples| {
            let body = TemplateText { text: text.into(), has_samples };
            review(&Wording { body, named, ..Wording::default() })
        };
        assert_eq!(rejected("Your order {{1}} of {{2}} is here", false, true), None);
        assert_eq!(rejected("Your order {{order_id}} is here", true, true), None);
        assert_eq!(rejected("Your order is here", false, false), None);
        assert_eq!(rejected("Your order {{1}} is here", false, false), Some(NO_SAMPLES));
        for (text, named) in
            [("{{2}} is", false), ("{{1a}} is", false), ("{1} is", false), ("{{1}} is", true), ("{{ is", true)]
        {
            assert_eq!(rejected(text, named, true), Some(WRONG_PLACEHOLDERS), "{text}");
        }
    }
}

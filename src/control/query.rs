//! Control room: query parameters, of which an unknown one is a mistake and not silence.

use std::borrow::Cow;

use crate::text::suggest::did_you_mean;

use super::answer::Problem;

/// The parameters of a query, each at most once.
pub struct Query<'q> {
    pairs: Vec<(Cow<'q, str>, Cow<'q, str>)>,
}

impl<'q> Query<'q> {
    /// Reads a query, in which only these names may stand.
    pub fn read(query: &'q str, known: &[&str]) -> Result<Self, Problem> {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !name.is_empty()).collect();
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(&&**name)) {
            let nearest = did_you_mean(name, known.iter().copied());
            let known = known.join(", ");
            return Err(Problem::new(400, format!("unknown parameter `{name}`{nearest} (known are: {known})")));
        }
        Ok(Self { pairs })
    }

    /// A parameter as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| &**value)
    }

    /// A parameter as something else.
    pub fn parsed<T>(&self, name: &str, help: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        parse(text).map(Some).ok_or_else(|| Problem::new(400, format!("`{name}={text}`: {help}")))
    }
}

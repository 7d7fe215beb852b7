//! Edges room: people, pages and times as the Conversations API writes them, and parameters that several edges have.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::config::Config;
use crate::domain::ids::{PageKey, ThreadKey};
use crate::domain::time::Moment;

use super::super::call::Call;
use super::super::catalogue::{self, GraphError};
use super::super::failure::Failure;

/// A person of a thread.
pub fn person(config: &Config, thread: ThreadKey) -> Value {
    party(&person_name(config, thread), config.psid(thread))
}

/// First and last name of a person.
pub fn person_name(config: &Config, thread: ThreadKey) -> String {
    let person = config.person(thread.person);
    format!("{} {}", person.first_name, person.last_name).trim().to_owned()
}

/// A page.
pub fn page(config: &Config, page: PageKey) -> Value {
    let page = config.page(page);
    party(&page.name, &page.id)
}

fn party(name: &str, id: &str) -> Value {
    json!({ "name": name, "email": format!("{id}@facebook.com"), "id": id })
}

/// `2021-07-23T09:28:50+0000`.
pub fn time(moment: Moment) -> String {
    let timestamp = i64::try_from(moment.0).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    timestamp.unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// `platform`: Messenger is the one that is built.
pub fn check_platform(call: &Call) -> Result<(), Failure> {
    match one_of(call, "platform", &["MESSENGER", "INSTAGRAM"])? {
        Some("INSTAGRAM") => Err(catalogue::NOT_BUILT.with(&[("what", "platform instagram")]).into()),
        _ => Ok(()),
    }
}

/// An enum parameter in any case, as Meta spells it.
pub fn one_of(call: &Call, param: &str, values: &'static [&'static str]) -> Result<Option<&'static str>, GraphError> {
    match call.params.text(param)? {
        Some(got) => known(param, &got, values).map(Some),
        None => Ok(None),
    }
}

/// A word in any case, as Meta spells it.
pub fn known(param: &str, got: &str, values: &'static [&'static str]) -> Result<&'static str, GraphError> {
    let known = values.iter().find(|value| value.eq_ignore_ascii_case(got)).copied();
    let words = [("param", param), ("values", &*values.join(", ")), ("got", got)];
    known.ok_or_else(|| catalogue::PARAM_ONE_OF.with(&words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_meta_writes_them() {
        assert_eq!(time(Moment(1_627_032_530_999)), "2021-07-23T09:28:50+0000");
    }
}

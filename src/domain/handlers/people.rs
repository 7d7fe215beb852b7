//! Changes of the people of a world: somebody new comes, or a member of a crowd is handed out.

use crate::domain::command::PeopleChange;
use crate::domain::model::people::People;
use crate::domain::model::person::{PersonConfig, PersonDetails};
use crate::domain::outcome::Reply;
use crate::domain::refusal::{Reason, Refusal};

/// The people after a change.
pub fn change_people(people: &People, change: &PeopleChange) -> Result<(People, Reply), Refusal> {
    let mut changed = people.clone();
    let reply = match change {
        PeopleChange::Adds { name, details } => {
            let name = name.clone().unwrap_or_else(|| people.fresh_name().into());
            changed.add(PersonConfig::new(&name, details.clone())).map(Reply::Person)
        }
        PeopleChange::Meets(name) => match people.by_name(name) {
            Some(person) => Ok(Reply::Person(person)),
            None => changed.add(PersonConfig::new(name, PersonDetails::default())).map(Reply::Person),
        },
        PeopleChange::AddsCrowd(crowd) => changed.add_crowd(crowd.clone()).map(|()| Reply::Done),
        PeopleChange::GetNewIds(number) => people.with_new_ids(*number).map(|others| {
            changed = others;
            Reply::Done
        }),
        PeopleChange::Claims(crowd) => changed.claim(crowd).map(Reply::Person),
    };
    match reply {
        Ok(reply) => Ok((changed, reply)),
        Err(mistake) => Err(Refusal { reason: Reason::People(mistake), rule: None }),
    }
}

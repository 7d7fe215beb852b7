//! `/_control/worlds/{world}/people`: people are listed, added and handed out.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::Reply;
use crate::domain::command::{Command, PeopleChange};
use crate::domain::model::config::Config;
use crate::domain::model::crowd::Crowd;
use crate::domain::model::ids::{AssetKey, PersonKey, ThreadKey};
use crate::domain::model::people::PeopleMistake;
use crate::domain::refusal::Reason;
use crate::engine::ActiveWorld;
use crate::engine::ledger_entry::Actor;
use crate::language::world::person::{NewPeople, read_new_people};
use crate::language::{Names, Node};

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::names;
use super::route::Handled;

/// People in one answer.
const MAX_LISTED: u64 = 1000;
/// People in one answer if the call does not say how many.
const LISTED: u64 = 100;
/// The name of a crowd that is given none.
const CROWD: &str = "crowd";

/// Handles `GET …/people`: those with names, or the members of a crowd.
pub fn list(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let config = &*world.config();
    let limit = call.query.parsed("limit", "a number from 1 to 1000", |text| text.parse().ok())?.unwrap_or(LISTED);
    if !(1..=MAX_LISTED).contains(&limit) {
        return Err(Problem::new(400, format!("`limit={limit}`: a number from 1 to {MAX_LISTED}")));
    }
    let crowd = call.query.text("of").map(|name| find_crowd(config, name)).transpose()?;
    let after = match call.query.text("after") {
        Some(name) => Some(person_in_list(config, crowd, name)?),
        None => None,
    };
    let found = people_after(config, crowd, after).take(limit as usize + 1);
    let mut found: Vec<PersonKey> = found.collect();
    let next = (found.len() > limit as usize).then(|| found.pop()).and_then(|_| found.last().copied());
    let links = Links { base_url: &call.base_url, world: world.name() };
    Ok(ControlAnswer::json(
        200,
        &json!({
            "people": found.iter().map(|person| person_json(config, *person, &links)).collect::<Vec<_>>(),
            "next": next.map(|person| config.person_name(person)),
            "crowds": config.people.crowds().map(|crowd| crowd_json(crowd, &links)).collect::<Vec<_>>(),
            "count": config.people.count(),
        }),
    ))
}

/// The person after whom a list goes on, who must stand in it.
fn person_in_list(config: &Config, crowd: Option<&Crowd>, name: &str) -> Result<PersonKey, Problem> {
    let person = names::person(config, name, 400)?;
    let stands_in_it = match crowd {
        Some(crowd) => crowd.number(person).is_some(),
        None => person.0 < config.people.named_count(),
    };
    let list =
        crowd.map_or_else(|| "people with names".to_owned(), |crowd| format!("members of `{}`", crowd.config.name));
    match stands_in_it {
        true => Ok(person),
        false => Err(Problem::new(400, format!("`after={name}`: {name} is not in this list, which has the {list}"))),
    }
}

/// The people with names, or the members of a crowd, after one of them.
fn people_after<'c>(
    config: &'c Config,
    crowd: Option<&'c Crowd>,
    after: Option<PersonKey>,
) -> Box<dyn Iterator<Item = PersonKey> + 'c> {
    match crowd {
        Some(crowd) => {
            let from = after.and_then(|person| crowd.number(person)).map_or(1, |number| number + 1);
            Box::new((from..=crowd.config.count).filter_map(|number| crowd.member(number)))
        }
        None => {
            let from = after.map_or(0, |person| person.0 + 1);
            Box::new((from..config.people.named_count()).map(PersonKey))
        }
    }
}

/// Handles `GET …/people/{person}`.
pub fn read(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let config = &*world.config();
    let person = names::person(config, call.path_value("person"), 404)?;
    let links = Links { base_url: &call.base_url, world: world.name() };
    Ok(ControlAnswer::json(200, &person_json(config, person, &links)))
}

/// Handles `POST …/people`: adds a person, or a crowd.
pub fn add(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let request = call.document("the request")?;
    if !request.is_map() {
        return Err(Problem::new(400, "the body is a map: `{}` for somebody new, or what is known of the person"));
    }
    call.state.engine.check_memory(0).map_err(|error| Problem::new(409, error.to_string()))?;
    let names = Names::OfWorld(world.config());
    let new = read_new_people(&request, &names).map_err(|mistakes| Problem::of_mistakes(400, &mistakes))?;
    let links = Links { base_url: &call.base_url, world: world.name() };
    match new {
        NewPeople::Person(name, details) => {
            let reply = change(&world, PeopleChange::Adds { name, details })?;
            Ok(ControlAnswer::json(201, &person_of_reply(&world, &reply, &links)))
        }
        NewPeople::Crowd(mut crowd) => {
            if crowd.name.is_empty() {
                crowd.name = fresh_crowd_name(&world.config()).into();
            }
            let name = crowd.name.clone();
            change(&world, PeopleChange::AddsCrowd(crowd))?;
            let described = world.config().people.crowd(&name).map(|crowd| crowd_json(crowd, &links));
            Ok(ControlAnswer::json(201, &described.unwrap_or_default()))
        }
    }
}

/// `crowd`, or `crowd-2` and so on if it is taken.
fn fresh_crowd_name(config: &Config) -> String {
    let is_free = |name: &String| config.people.crowd(name).is_none() && config.person_by_name(name).is_none();
    let numbered = (2..).map(|number| format!("{CROWD}-{number}"));
    std::iter::once(CROWD.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// Handles `POST …/people/claim`: hands out a member of a crowd. Nobody else gets the same one.
pub fn claim(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let request = call.document("the request")?;
    let crowd = crowd_to_claim(&request)?;
    find_crowd(&world.config(), crowd)?;
    let reply = change(&world, PeopleChange::Claims(crowd.into()))?;
    let links = Links { base_url: &call.base_url, world: world.name() };
    Ok(ControlAnswer::json(200, &person_of_reply(&world, &reply, &links)))
}

fn crowd_to_claim(request: &Node) -> Result<&str, Problem> {
    let expected = "the body is {\"of\": \"NAME\"}, the name of a crowd";
    let is_only_key = request.entries().len() == 1;
    request.get("of").and_then(Node::text).filter(|_| is_only_key).ok_or_else(|| Problem::new(400, expected))
}

fn find_crowd<'c>(config: &'c Config, name: &str) -> Result<&'c Crowd, Problem> {
    let known: Vec<&str> = config.people.crowds().map(|crowd| &*crowd.config.name).collect();
    config.people.crowd(name).ok_or_else(|| names::unknown_name(404, "crowd", name, known.iter().copied()))
}

/// Changes the people. What would be refused is not tried, so that the ledger does not get an entry about it.
fn change(world: &Arc<ActiveWorld>, change: PeopleChange) -> Result<Reply, Problem> {
    let command = Command::People(change);
    world.read(|world, _, now| world.dry_run(now, &command)).map_err(|refusal| problem(&refusal.reason))?;
    let executed = world.execute(Actor::Script, command);
    executed.map(|executed| executed.answer).map_err(|refused| problem(&refused.refusal.reason))
}

fn problem(reason: &Reason) -> Problem {
    let status = match reason {
        Reason::People(PeopleMistake::AllClaimed { .. }) => 410,
        Reason::People(PeopleMistake::NoSuchCrowd(_)) => 404,
        Reason::People(PeopleMistake::NotAName(_) | PeopleMistake::NameTooLong | PeopleMistake::EmptyCrowd) => 400,
        _ => 409,
    };
    Problem::new(status, reason.to_string())
}

fn person_of_reply(world: &ActiveWorld, reply: &Reply, links: &Links<'_>) -> Value {
    match reply {
        Reply::Person(person) => person_json(&world.config(), *person, links),
        _ => Value::Null,
    }
}

/// Where the people of a world are in this API.
struct Links<'l> {
    base_url: &'l str,
    world: &'l str,
}

impl Links<'_> {
    fn to(&self, path: &[&str]) -> String {
        let path: Vec<String> = std::iter::once(&self.world).chain(path).map(|segment| encoded(segment)).collect();
        format!("{}/_control/worlds/{}", self.base_url, path.join("/"))
    }
}

/// A segment of a path.
fn encoded(segment: &str) -> String {
    form_urlencoded::byte_serialize(segment.as_bytes()).collect::<String>().replace('+', "%20")
}

fn person_json(config: &Config, person: PersonKey, links: &Links<'_>) -> Value {
    let name = config.person_name(person);
    let of_pages = |value: &dyn Fn(AssetKey, &str) -> Value| {
        let pages = (0u16..).map(AssetKey).zip(config.assets.iter());
        pages.map(|(key, page)| (page.name.to_string(), value(key, &page.name))).collect::<Map<_, _>>()
    };
    let threads = of_pages(&|_, page| json!(links.to(&["threads", page, &name])));
    let described = config.person(person);
    json!({
        "name": name,
        "first_name": described.first_name(),
        "last_name": described.last_name(),
        "locale": described.locale(),
        "timezone": described.timezone(),
        "gender": described.gender(),
        "email": described.email(),
        "phone": described.phone(),
        "psids": of_pages(&|page, _| json!(config.psid(ThreadKey { asset: page, person }))),
        "links": { "self": links.to(&["people", &name]), "threads": threads },
    })
}

fn crowd_json(crowd: &Crowd, links: &Links<'_>) -> Value {
    let config = &crowd.config;
    json!({
        "name": config.name,
        "count": config.count,
        "claimed": crowd.claimed,
        "first": format!("{}.1", config.name),
        "last": format!("{}.{}", config.name, config.count),
        "links": { "members": format!("{}?of={}", links.to(&["people"]), encoded(&config.name)) },
    })
}

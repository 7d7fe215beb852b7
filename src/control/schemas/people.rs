//! The schemas of people and crowds.

use serde_json::{Value, json};

use super::parts::{count, list, map, named, nullable, object, text};

pub fn listed() -> Value {
    let members = json!({
        "people": list(named("Person")),
        "next": nullable(text("The `after` of the next page, unless this is the last one.")),
        "crowds": list(named("Crowd")),
        "count": count("How many people are in the world, with the members of crowds."),
    });
    object(members, &[])
}

pub fn person() -> Value {
    let links = json!({
        "self": text("This person."),
        "threads": map(text("The thread with the page or account of this name.")),
    });
    let members = json!({
        "name": text("The name, for steps."),
        "first_name": text("`first_name` of the profile."),
        "last_name": text("`last_name` of the profile."),
        "locale": text("`locale` of the profile."),
        "timezone": { "type": "integer", "description": "`timezone` of the profile: hours from GMT." },
        "gender": nullable(text("`gender` of the profile, if it is known.")),
        "email": text("The e-mail address that a tap on the quick reply `user_email` shares."),
        "phone": text("The telephone number that a tap on the quick reply `user_phone_number` shares."),
        "psids": map(text("The page-scoped id of the person on the page of this name, or the Instagram-scoped id on the account.")),
        "links": object(links, &[]),
    });
    object(members, &[])
}

pub fn crowd() -> Value {
    let members = json!({
        "name": text("The name of the crowd."),
        "count": count("How many members it has."),
        "claimed": count("How many of them are handed out."),
        "first": text("The name of the first member."),
        "last": text("The name of the last member."),
        "links": object(json!({ "members": text("The members, page by page.") }), &[]),
    });
    object(members, &[])
}

pub fn claim() -> Value {
    object(json!({ "of": text("The name of the crowd.") }), &[])
}

//! Crowds: many people who are stored as their number. What a member has, its name, ids and profile, is computed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ids::PersonKey;
use super::person::PersonDetails;

/// The keys of members of crowds. All other people have keys below it.
const MEMBERS: u32 = 1 << 31;
/// The most members of all crowds of a world.
pub const MAX_MEMBERS: u32 = 1_000_000_000;
/// The most crowds of a world.
pub const MAX_CROWDS: usize = 100;

const FIRST_NAMES: &[&str] = &[
    "Ada", "Ben", "Carla", "David", "Elena", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Liam", "Maya", "Noah",
    "Olivia", "Pablo", "Rosa", "Samuel", "Tara", "Victor", "Yara", "Zoe", "Amir", "Bianca", "Chen", "Daria", "Emil",
    "Fatima", "Goran", "Hana", "Ivan", "Julia",
];
const LAST_NAMES: &[&str] = &[
    "Adams", "Baker", "Costa", "Dietrich", "Evans", "Fischer", "Garcia", "Hansen", "Ito", "Jensen", "Klein", "Lopez",
    "Meyer", "Novak", "Okafor", "Peters", "Quinn", "Rossi", "Silva", "Tanaka", "Ueda", "Vega", "Weber", "Young",
];

/// A crowd as it is declared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrowdConfig {
    pub name: Arc<str>,
    /// How many members it has.
    pub count: u32,
    /// What all members have in common.
    pub details: Option<Arc<PersonDetails>>,
}

/// A crowd in a world.
#[derive(Debug, Clone)]
pub struct Crowd {
    pub config: CrowdConfig,
    /// How many members have been handed out.
    pub claimed: u32,
    /// How many members the crowds before it have.
    first: u32,
}

impl Crowd {
    pub(super) fn new(config: CrowdConfig, first: u32) -> Self {
        Self { config, claimed: 0, first }
    }

    /// The key of a member. Members are counted from 1.
    pub fn member(&self, number: u32) -> Option<PersonKey> {
        let is_member = (1..=self.config.count).contains(&number);
        is_member.then(|| PersonKey(MEMBERS | (self.first + number - 1)))
    }

    /// The number of a member, if the person is one.
    pub fn number(&self, person: PersonKey) -> Option<u32> {
        let place = place_of(person).filter(|place| (self.first..self.end()).contains(place));
        place.map(|place| self.number_of(place))
    }

    /// The number of members of this crowd and of those before it.
    pub(super) fn end(&self) -> u32 {
        self.first + self.config.count
    }

    pub(super) fn number_of(&self, place: u32) -> u32 {
        place - self.first + 1
    }
}

/// The place of a member among the members of all crowds. `None` for people with names.
pub(super) fn place_of(person: PersonKey) -> Option<u32> {
    (person.0 & MEMBERS != 0).then_some(person.0 & !MEMBERS)
}

/// The first and the last name of a member.
pub(super) fn names_of(number: u32) -> (&'static str, &'static str) {
    let number = number as usize - 1;
    (FIRST_NAMES[number % FIRST_NAMES.len()], LAST_NAMES[number / FIRST_NAMES.len() % LAST_NAMES.len()])
}

/// The name of a crowd and the number of a member, from the name of the member: `crowd.17`.
pub fn parse_member(name: &str) -> Option<(&str, u32)> {
    let (crowd, number) = name.rsplit_once('.')?;
    let is_plain =
        number.starts_with(|first| matches!(first, '1'..='9')) && number.bytes().all(|byte| byte.is_ascii_digit());
    Some((crowd, if is_plain { number.parse().ok()? } else { return None }))
}

//! The people of a world: those with names, and crowds. A copy shares nearly everything with its original, so a world
//! that gets one more person costs little, and what was read before stays as it was.

use std::borrow::Cow;
use std::sync::Arc;

use thiserror::Error;

use super::crowd::{self, Crowd, CrowdConfig, MAX_CROWDS, MAX_MEMBERS, parse_member};
use super::ids::{AppKey, AssetKey, IdKind, IdStream, PersonKey, ThreadKey, hash_name, member_psid, thread_of_member};
use super::person::{LOCALE, OnInstagram, PersonConfig, PersonDetails};
use super::scoped_id::ScopedId;
use super::shared_array::{SharedArray, SharedTable};

/// The most people with names in a world.
pub const MAX_PEOPLE: usize = 1_000_000;
/// The most scoped ids of people with names: people times pages.
pub const MAX_PSIDS: usize = 2_000_000;
/// Salts of new ids begin here. Those below are for the people of consecutive worlds.
const NEW_IDS: u64 = 1 << 32;
/// The longest name of a person, in characters.
pub const MAX_NAME: usize = 100;

/// The people of a world.
#[derive(Debug, Clone)]
pub struct People {
    seed: u64,
    salt: u64,
    /// The names of the pages. Scoped ids are derived from them.
    pages: Arc<[Box<str>]>,
    /// People with names, by key.
    named: SharedArray<PersonConfig>,
    by_name: SharedTable<PersonKey>,
    by_psid: SharedTable<ThreadKey>,
    /// In the order of the keys of their members.
    crowds: Vec<Arc<Crowd>>,
    /// True if an unknown name in a step is a new person.
    pub any: bool,
}

/// Why a world cannot have these people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeopleMistake {
    #[error("a person or a crowd named `{0}` exists already")]
    NameTaken(Box<str>),
    #[error("`{0}` cannot be a name: a name begins with a letter and has letters, digits, `_` and `-`")]
    NotAName(Box<str>),
    #[error("a name has at most {MAX_NAME} characters")]
    NameTooLong,
    #[error("the id `{0}` is used already: it stands for one person on one page or account")]
    PsidTaken(Box<str>),
    #[error("a world has at most {MAX_PEOPLE} people with names")]
    TooManyPeople,
    #[error("people with names times pages are at most {MAX_PSIDS}: crowds have no such limit")]
    TooManyPsids,
    #[error("a crowd has at least one member")]
    EmptyCrowd,
    #[error("the crowds of a world have at most {MAX_MEMBERS} members")]
    TooManyMembers,
    #[error("a world has at most {MAX_CROWDS} crowds")]
    TooManyCrowds,
    #[error("there is no crowd named `{0}`")]
    NoSuchCrowd(Box<str>),
    #[error("all {count} members of `{crowd}` are handed out; a reset of the world takes them back")]
    AllClaimed { crowd: Box<str>, count: u32 },
}

impl People {
    /// Nobody yet. Scoped ids are derived from the seed, the salt and the names of the pages.
    pub fn new(seed: u64, salt: u64, pages: impl IntoIterator<Item = Box<str>>) -> Self {
        Self {
            seed,
            salt,
            pages: pages.into_iter().collect(),
            named: SharedArray::default(),
            by_name: SharedTable::default(),
            by_psid: SharedTable::default(),
            crowds: Vec::new(),
            any: false,
        }
    }

    /// The same people with other page-scoped ids, except for those that are given.
    pub fn with_new_ids(&self, number: u64) -> Result<Self, PeopleMistake> {
        let mut others = Self { any: self.any, ..Self::new(self.seed, NEW_IDS + number, self.pages.iter().cloned()) };
        for place in 0..self.named.len() {
            if let Some(person) = self.named.get(place) {
                others.add(person.clone())?;
            }
        }
        for crowd in &self.crowds {
            others.add_crowd(crowd.config.clone())?;
        }
        Ok(others)
    }

    /// True if a page-scoped id of anybody is not given.
    pub fn has_derived_ids(&self) -> bool {
        let is_derived = |person: &PersonConfig| self.asset_keys().any(|page| person.given_psid(page).is_none());
        !self.crowds.is_empty() || (0..self.named.len()).any(|place| self.named.get(place).is_some_and(is_derived))
    }

    /// Adds a person with a name. A mistake changes nothing.
    pub fn add(&mut self, person: PersonConfig) -> Result<PersonKey, PeopleMistake> {
        self.check_new_name(&person.name)?;
        if self.named.len() >= MAX_PEOPLE {
            return Err(PeopleMistake::TooManyPeople);
        }
        if (self.named.len() + 1) * self.pages.len() > MAX_PSIDS {
            return Err(PeopleMistake::TooManyPsids);
        }
        let key = PersonKey(self.named.len() as u32);
        let psids: Vec<(AssetKey, ScopedId)> =
            self.asset_keys().map(|page| (page, self.psid_of(&person, page))).collect();
        for (index, (_, psid)) in psids.iter().enumerate() {
            if self.thread_of_id(psid).is_some() || psids[..index].iter().any(|(_, earlier)| earlier == psid) {
                return Err(PeopleMistake::PsidTaken(psid.to_string().into()));
            }
        }
        for (page, psid) in psids {
            self.by_psid.insert(psid.key(), ThreadKey { asset: page, person: key });
        }
        self.by_name.insert(hash_name(&[&person.name]), key);
        self.named.push(person);
        Ok(key)
    }

    /// Adds a crowd. A mistake changes nothing.
    pub fn add_crowd(&mut self, config: CrowdConfig) -> Result<(), PeopleMistake> {
        self.check_new_name(&config.name)?;
        if config.count == 0 {
            return Err(PeopleMistake::EmptyCrowd);
        }
        if self.crowds.len() >= MAX_CROWDS {
            return Err(PeopleMistake::TooManyCrowds);
        }
        let first = self.member_count();
        if first.checked_add(config.count).is_none_or(|end| end > MAX_MEMBERS) {
            return Err(PeopleMistake::TooManyMembers);
        }
        let crowd = Arc::new(Crowd::new(config, first));
        // A given id may look like that of a member.
        let given = self.named.iter().filter_map(PersonConfig::details).flat_map(|details| &details.psids);
        for (_, psid) in given {
            let place = self.member_place(psid).map(|(_, place)| place);
            if place.is_some_and(|place| (first..crowd.end()).contains(&place)) {
                return Err(PeopleMistake::PsidTaken(psid.to_string().into()));
            }
        }
        self.crowds.push(crowd);
        Ok(())
    }

    /// Hands out a member of a crowd that was not handed out before.
    pub fn claim(&mut self, name: &str) -> Result<PersonKey, PeopleMistake> {
        let Some(crowd) = self.crowds.iter_mut().find(|crowd| *crowd.config.name == *name) else {
            return Err(PeopleMistake::NoSuchCrowd(name.into()));
        };
        let Some(member) = crowd.member(crowd.claimed + 1) else {
            return Err(PeopleMistake::AllClaimed { crowd: name.into(), count: crowd.config.count });
        };
        Arc::make_mut(crowd).claimed += 1;
        Ok(member)
    }

    /// Fails if nobody new can have this name.
    fn check_new_name(&self, name: &str) -> Result<(), PeopleMistake> {
        if name.chars().nth(MAX_NAME).is_some() {
            return Err(PeopleMistake::NameTooLong);
        }
        if !is_name(name) {
            return Err(PeopleMistake::NotAName(name.into()));
        }
        match self.by_name(name).is_some() || self.crowd(name).is_some() {
            true => Err(PeopleMistake::NameTaken(name.into())),
            false => Ok(()),
        }
    }

    /// The person of this name: `alice`, or `crowd.17`.
    pub fn by_name(&self, name: &str) -> Option<PersonKey> {
        if let Some((crowd, number)) = parse_member(name) {
            return self.crowd(crowd)?.member(number);
        }
        let is_named = |key: &PersonKey| self.named.get(key.index()).is_some_and(|person| *person.name == *name);
        self.by_name.get(hash_name(&[name])).find(is_named)
    }

    /// A name for a person who is given none: the first of `person-1`, `person-2` and so on that is free.
    pub fn fresh_name(&self) -> String {
        let from = self.named.len() + 1;
        let names = (from..).map(|number| format!("person-{number}"));
        names.into_iter().find(|name| self.check_new_name(name).is_ok()).unwrap_or_default()
    }

    /// The crowd of this name.
    pub fn crowd(&self, name: &str) -> Option<&Crowd> {
        self.crowds.iter().map(|crowd| &**crowd).find(|crowd| *crowd.config.name == *name)
    }

    pub fn crowds(&self) -> impl Iterator<Item = &Crowd> {
        self.crowds.iter().map(|crowd| &**crowd)
    }

    /// The people with names. Members of crowds are not among them.
    pub fn named(&self) -> impl Iterator<Item = &str> + Clone {
        self.named.iter().map(|person| &*person.name)
    }

    /// How many people have names. Their keys are the numbers below it.
    pub fn named_count(&self) -> u32 {
        self.named.len() as u32
    }

    fn member_count(&self) -> u32 {
        self.crowds.last().map_or(0, |crowd| crowd.end())
    }

    /// How many people there are, with the members of crowds.
    pub fn count(&self) -> u64 {
        u64::from(self.named_count()) + u64::from(self.member_count())
    }

    /// The only person, if there is one person.
    pub fn only(&self) -> Option<PersonKey> {
        match (self.named_count(), self.member_count()) {
            (1, 0) => Some(PersonKey(0)),
            (0, 1) => self.crowds.first().and_then(|crowd| crowd.member(1)),
            _ => None,
        }
    }

    /// True if somebody has this key.
    pub fn has(&self, person: PersonKey) -> bool {
        match crowd::place_of(person) {
            Some(place) => place < self.member_count(),
            None => person.0 < self.named_count(),
        }
    }

    /// The person with this key.
    pub fn get(&self, person: PersonKey) -> Person<'_> {
        let found = match crowd::place_of(person) {
            Some(place) => {
                let index = self.crowds.partition_point(|crowd| crowd.end() <= place);
                self.crowds.get(index).map(|crowd| Person::Member(crowd, crowd.number_of(place)))
            }
            None => self.named.get(person.index()).map(Person::Named),
        };
        found.unwrap_or(Person::Nobody)
    }

    /// The page-scoped id of a thread's person.
    pub fn psid(&self, thread: ThreadKey) -> ScopedId {
        match crowd::place_of(thread.person) {
            Some(place) => {
                ScopedId::Number(member_psid(self.member_seed(), ThreadKey { person: PersonKey(place), ..thread }))
            }
            None => match self.named.get(thread.person.index()) {
                Some(person) => self.psid_of(person, thread.asset),
                None => ScopedId::parse(""),
            },
        }
    }

    fn psid_of(&self, person: &PersonConfig, page: AssetKey) -> ScopedId {
        if let Some(given) = person.given_psid(page) {
            return given.clone();
        }
        let page = self.pages.get(page.index()).map(|name| &**name).unwrap_or_default();
        let owner = [page, "/", &person.name];
        ScopedId::Number(IdStream::named_by_parts(self.seed, IdKind::Psid, &owner, self.salt).digits(16))
    }

    /// The thread that a page-scoped id names.
    pub fn thread_of(&self, psid: &str) -> Option<ThreadKey> {
        self.thread_of_id(&ScopedId::parse(psid))
    }

    fn thread_of_id(&self, psid: &ScopedId) -> Option<ThreadKey> {
        let member = self.member_place(psid).and_then(|(page, place)| {
            let index = self.crowds.partition_point(|crowd| crowd.end() <= place);
            let crowd = self.crowds.get(index)?;
            Some(ThreadKey { asset: page, person: crowd.member(crowd.number_of(place))? })
        });
        let is_exact = matches!(psid, ScopedId::Number(_));
        member.or_else(|| self.by_psid.get(psid.key()).find(|thread| is_exact || self.psid(*thread) == *psid))
    }

    /// The page and the place of the member of a crowd who may have this id.
    fn member_place(&self, psid: &ScopedId) -> Option<(AssetKey, u32)> {
        let ScopedId::Number(number) = psid else { return None };
        let thread = thread_of_member(self.member_seed(), *number)?;
        (thread.asset.index() < self.pages.len()).then_some((thread.asset, thread.person.0))
    }

    fn member_seed(&self) -> u64 {
        self.seed ^ self.salt.rotate_left(32)
    }

    fn asset_keys(&self) -> impl Iterator<Item = AssetKey> + use<> {
        (0..self.pages.len() as u16).map(AssetKey)
    }
}

/// True if a person can have this name: a word that `${…}` can hold.
pub fn is_name(name: &str) -> bool {
    let fits = name.chars().all(|character| character.is_alphanumeric() || "_-".contains(character));
    fits && name.starts_with(|first: char| first.is_alphabetic())
}

/// One person.
#[derive(Debug, Clone, Copy)]
pub enum Person<'p> {
    Named(&'p PersonConfig),
    /// A member of a crowd, counted from 1.
    Member(&'p Crowd, u32),
    /// The world has no such person.
    Nobody,
}

impl<'p> Person<'p> {
    pub fn name(self) -> Cow<'p, str> {
        match self {
            Self::Named(person) => Cow::Borrowed(&*person.name),
            Self::Member(crowd, number) => Cow::Owned(format!("{}.{number}", crowd.config.name)),
            Self::Nobody => Cow::Borrowed("nobody"),
        }
    }

    /// True if this is the name.
    pub fn is(self, name: &str) -> bool {
        match self {
            Self::Named(person) => *person.name == *name,
            Self::Member(crowd, number) => parse_member(name) == Some((&*crowd.config.name, number)),
            Self::Nobody => false,
        }
    }

    fn details(self) -> Option<&'p PersonDetails> {
        match self {
            Self::Named(person) => person.details(),
            Self::Member(crowd, _) => crowd.config.details.as_deref(),
            Self::Nobody => None,
        }
    }

    pub fn first_name(self) -> Cow<'p, str> {
        match self {
            Self::Named(person) => Cow::Owned(person.first_name().into()),
            Self::Member(_, number) => Cow::Borrowed(crowd::names_of(number).0),
            Self::Nobody => Cow::Borrowed(""),
        }
    }

    pub fn last_name(self) -> &'p str {
        match self {
            Self::Named(person) => person.last_name(),
            Self::Member(_, number) => crowd::names_of(number).1,
            Self::Nobody => "",
        }
    }

    /// The first and last name.
    pub fn full_name(self) -> String {
        format!("{} {}", self.first_name(), self.last_name()).trim().to_owned()
    }

    /// `locale` of the profile.
    pub fn locale(self) -> &'p str {
        self.details().and_then(|details| details.locale.as_deref()).unwrap_or(LOCALE)
    }

    /// `timezone` of the profile: hours from GMT.
    pub fn timezone(self) -> i8 {
        self.details().map_or(0, |details| details.timezone)
    }

    /// `gender` of the profile.
    pub fn gender(self) -> Option<&'p str> {
        self.details().and_then(|details| details.gender.as_deref())
    }

    /// The e-mail address; one of the name if none is given.
    pub fn email(self) -> Cow<'p, str> {
        match self.details().and_then(|details| details.email.as_deref()) {
            Some(email) => Cow::Borrowed(email),
            None => Cow::Owned(format!("{}@example.com", self.name().to_lowercase())),
        }
    }

    /// The telephone number; one that nobody has, made from the name, if none is given.
    pub fn phone(self) -> Cow<'p, str> {
        match self.details().and_then(|details| details.phone.as_deref()) {
            Some(phone) => Cow::Borrowed(phone),
            None => Cow::Owned(format!("+1555{:07}", hash_name(&[&self.name()]) % 10_000_000)),
        }
    }

    /// What the profile on Instagram says.
    pub fn on_instagram(self) -> OnInstagram {
        self.details().map(|details| details.on_instagram).unwrap_or_default()
    }

    /// True if the person has a role on the app.
    pub fn has_role_on(self, app: AppKey) -> bool {
        self.details().is_some_and(|details| details.roles.contains(&app))
    }
}

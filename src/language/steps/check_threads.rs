//! Finds the steps of a scenario that cannot know which page or whose thread they mean, before anything runs. A run decides the same way:
//! from what the step names, from the threads in which the scenario acted before, and from what the world has only one of.

use std::collections::BTreeSet;

use super::app_step::{AppStep, AppVerb};
use super::expectation::{Expectation, ExpectationKind};
use super::on_platform::{admin_mistake, user_mistake};
use super::step::{Step, StepKind};
use crate::domain::model::config::Config;
use crate::language::schema::shape::Mistakes;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

const NAME_IT: &str = "name the person with `to:` or `of:`, and the page with `page:`";

/// Checks the steps of a scenario, in their order. `is_puppet` says of which apps a run will surely act: such an app must know the thread.
pub fn check_threads(config: &Config, steps: &[Step], is_puppet: &dyn Fn(&str) -> bool) -> Mistakes {
    let mut walk = ThreadWalk { config, is_puppet, active: BTreeSet::new(), knows_all: true };
    steps.iter().flat_map(|step| walk.check(step)).collect()
}

/// The threads in which a scenario has acted so far, by person and page.
struct ThreadWalk<'c> {
    config: &'c Config,
    is_puppet: &'c dyn Fn(&str) -> bool,
    active: BTreeSet<(String, String)>,
    /// False once the scenario has acted in a thread that only the run knows.
    knows_all: bool,
}

impl ThreadWalk<'_> {
    fn check(&mut self, step: &Step) -> Option<Diagnostic> {
        match &step.kind {
            StepKind::User(user) => {
                let page = user.page_name(step.page.as_deref(), self.config);
                let unclear = self.act(&user.person, page.clone(), &step.place);
                unclear.or_else(|| {
                    let asset = self.config.asset_by_name(&page.or_else(|| self.page_of_person(&user.person))?)?;
                    let mistake = user_mistake(self.config, asset, user)?;
                    Some(Diagnostic::new(step.place.clone(), mistake))
                })
            }
            StepKind::Admin(changes) => {
                let asset = self.config.asset_by_name(step.page.as_deref()?)?;
                let mistake = changes.iter().find_map(|change| admin_mistake(self.config, asset, change))?;
                Some(Diagnostic::new(step.place.clone(), mistake))
            }
            StepKind::App(app) => self.check_app(step, app),
            StepKind::Inbox(inbox) => {
                let page = step.page.clone();
                match inbox.to.clone().or_else(|| self.only_person(page.as_deref())) {
                    Some(person) => self.act(&person, page, &step.place),
                    None => self.knows_all.then(|| self.which_thread(&step.place, page.as_deref())),
                }
            }
            StepKind::Call(call) if call.app.is_some() && call.token.is_none() => {
                let page = self.page(step.page.as_deref());
                (self.knows_all && page.is_none()).then(|| self.no_page(&step.place))
            }
            StepKind::Expect(expectations) => {
                expectations.iter().find_map(|expectation| self.check_expectation(expectation, step.page.as_deref()))
            }
            _ => None,
        }
    }

    fn check_app(&mut self, step: &Step, app: &AppStep) -> Option<Diagnostic> {
        let page = step.page.as_deref();
        match (&app.to, &app.verb) {
            (_, AppVerb::StaysSilent(_)) => None,
            (Some(person), _) => self.act(person, step.page.clone(), &step.place),
            (None, _) if self.only_person(page).is_some() => None,
            (None, verb) if !matches!(verb, AppVerb::Calls(_)) && self.knows_all && (self.is_puppet)(&app.app) => {
                Some(self.which_thread(&step.place, page))
            }
            // The step of a real app finds the thread out.
            (None, _) => {
                self.knows_all = false;
                None
            }
        }
    }

    fn which_thread(&self, place: &SourcePlace, page: Option<&str>) -> Diagnostic {
        let threads: Vec<String> = self.threads_on(page).map(|thread| self.name_of(thread)).collect();
        let used = match threads.is_empty() {
            true => String::new(),
            false => format!(" This scenario uses {}", threads.join(", ")),
        };
        Diagnostic::new(place.clone(), format!("which thread is meant?{used}")).note(NAME_IT)
    }

    /// Somebody acts in the thread of this person.
    fn act(&mut self, person: &str, page: Option<String>, place: &SourcePlace) -> Option<Diagnostic> {
        match page.or_else(|| self.page_of_person(person)) {
            Some(page) => {
                self.active.insert((person.to_owned(), page));
                None
            }
            None => self.knows_all.then(|| self.no_page(place)),
        }
    }

    fn check_expectation(&self, expectation: &Expectation, page: Option<&str>) -> Option<Diagnostic> {
        let page = expectation.page.as_deref().or(page);
        let needs_thread = matches!(expectation.kind, ExpectationKind::Owner { .. } | ExpectationKind::Window { .. });
        match &expectation.of {
            _ if !self.knows_all => None,
            Some(person) if page.is_none() && self.page_of_person(person).is_none() => {
                Some(self.no_page(&expectation.place))
            }
            None if needs_thread && self.only_person(page).is_none() => {
                Some(self.which_thread(&expectation.place, page))
            }
            _ => None,
        }
    }

    fn page(&self, name: Option<&str>) -> Option<String> {
        let pages: BTreeSet<&str> = self.active.iter().map(|(_, page)| page.as_str()).collect();
        let name_of = |asset| self.config.asset(asset).name.to_string();
        match name {
            Some(name) => Some(self.config.asset_by_name(name).map_or_else(|| name.to_owned(), name_of)),
            None => {
                let active = pages.first().filter(|_| pages.len() == 1).map(|page| (*page).to_owned());
                active.or_else(|| self.config.only_asset().map(name_of))
            }
        }
    }

    /// The only page on which this person acted, or the only one that there is or in which the scenario acted.
    fn page_of_person(&self, person: &str) -> Option<String> {
        let mut pages = self.active.iter().filter(|(name, _)| name == person).map(|(_, page)| page);
        pages.next().filter(|_| pages.next().is_none()).cloned().or_else(|| self.page(None))
    }

    fn threads_on(&self, page: Option<&str>) -> impl Iterator<Item = &(String, String)> {
        self.active.iter().filter(move |(_, on)| page.is_none_or(|page| page == on))
    }

    /// The person of the only thread that can be meant.
    fn only_person(&self, page: Option<&str>) -> Option<String> {
        let mut threads = self.threads_on(page);
        match (threads.next(), threads.next()) {
            (Some((person, _)), None) => Some(person.clone()),
            (None, _) if self.page(page).is_some() => {
                self.config.people.only().map(|person| self.config.person_name(person).into_owned())
            }
            _ => None,
        }
    }

    fn name_of(&self, (person, page): &(String, String)) -> String {
        if self.config.assets.len() == 1 { person.clone() } else { format!("{person}@{page}") }
    }

    fn no_page(&self, place: &SourcePlace) -> Diagnostic {
        let pages: Vec<String> = self.config.assets.iter().map(|page| format!("`page: {}`", page.name)).collect();
        let message = "which page is meant? The world has several";
        Diagnostic::new(place.clone(), message).note(format!("write one of {}", pages.join(", ")))
    }
}

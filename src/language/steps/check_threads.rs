//! Finds the steps of a scenario that cannot know which page or whose thread they mean, before anything runs. A run decides the same way:
//! from what the step names, from the threads in which the scenario acted before, and from what the world has only one of.

use std::collections::BTreeSet;

use super::app_step::{AppStep, AppVerb, ShownField};
use super::expectation::{Expectation, ExpectationKind};
use super::host_verbs::host_mistake;
use super::on_platform::{admin_mistake, fault_mistake, field_mistake, inbox_mistake, user_mistake};
use super::step::{Step, StepKind};
use crate::domain::model::config::Config;
use crate::language::schema::shape::Mistakes;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

/// What a step of several threads needs.
pub const NAME_IT: &str = "name the person with `to:` or `of:`, and the page or account with `page:` or `on:`";

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
                let page = self.canonical(user.page_name(step.page.as_deref(), self.config).as_deref());
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
            StepKind::Fault(fault) => {
                let mistake = fault_mistake(self.config, fault)?;
                Some(Diagnostic::new(step.place.clone(), mistake))
            }
            StepKind::Inbox(inbox) => {
                let page = self.canonical(step.page.as_deref());
                let unclear = match inbox.to.clone().or_else(|| self.only_person(page.as_deref())) {
                    Some(person) => self.act(&person, page.clone(), &step.place),
                    None => self.knows_all.then(|| self.which_thread(&step.place, page.as_deref())),
                };
                unclear.or_else(|| {
                    let mistake = inbox_mistake(self.config, self.config.asset_by_name(&page?)?, inbox)?;
                    Some(Diagnostic::new(step.place.clone(), mistake))
                })
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
        let page = self.canonical(step.page.as_deref());
        let page = page.as_deref();
        let asset = self.page(page).filter(|_| page.is_some() || self.knows_all);
        let asset = asset.and_then(|page| self.config.asset_by_name(&page));
        if let Some(mistake) = asset.and_then(|asset| host_mistake(self.config, asset, app, &step.place)) {
            return Some(mistake);
        }
        if let (AppVerb::Shows(ShownField::Of(field)), Some(asset)) = (&app.verb, asset.filter(|_| page.is_some())) {
            let mistake = field_mistake(self.config, asset, *field)?;
            return Some(Diagnostic::new(step.place.clone(), mistake));
        }
        match (&app.to, &app.verb) {
            (_, AppVerb::StaysSilent(_)) => None,
            (Some(person), _) => self.act(person, page.map(str::to_owned), &step.place),
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
        let page = self.canonical(expectation.page.as_deref().or(page));
        let page = page.as_deref();
        if let Some(mistake) = self.check_field(expectation, page) {
            return Some(mistake);
        }
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

    /// An app gets webhooks of the fields of a platform. Without the name of a page or an account, those of every asset count.
    fn check_field(&self, expectation: &Expectation, page: Option<&str>) -> Option<Diagnostic> {
        let ExpectationKind::Gets { app, field, .. } = &expectation.kind else { return None };
        if self.config.app_by_name(app).is_some_and(|app| self.config.is_metas(app)) {
            let message = format!("`{app}` is Meta's own app: it gets no webhooks");
            return Some(Diagnostic::new(expectation.place.clone(), message));
        }
        let mistake = match page {
            Some(page) => field_mistake(self.config, self.config.asset_by_name(page)?, *field)?,
            None if self.config.assets.iter().any(|asset| field.is_of(asset.platform())) => return None,
            None => field_mistake(self.config, self.config.only_asset()?, *field)?,
        };
        Some(Diagnostic::new(expectation.place.clone(), mistake))
    }

    /// The own name of the asset that a step names, perhaps by its platform. A thread has one name, whatever a step writes.
    fn canonical(&self, name: Option<&str>) -> Option<String> {
        let name = name?;
        let asset = self.config.asset_by_name(name);
        Some(asset.map_or_else(|| name.to_owned(), |asset| self.config.asset(asset).name.to_string()))
    }

    fn page(&self, name: Option<&str>) -> Option<String> {
        let pages: BTreeSet<&str> = self.active.iter().map(|(_, page)| page.as_str()).collect();
        self.canonical(name).or_else(|| {
            let active = pages.first().filter(|_| pages.len() == 1).map(|page| (*page).to_owned());
            active.or_else(|| self.config.only_asset().map(|asset| self.config.asset(asset).name.to_string()))
        })
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
        which_asset(self.config, place)
    }
}

/// The mistake of a step that does not say which page or account it means.
pub fn which_asset(config: &Config, place: &SourcePlace) -> Diagnostic {
    let names: Vec<String> = config.assets.iter().map(|asset| format!("`page: {}`", asset.name)).collect();
    let message = format!("which {} is meant? The world has several", config.asset_words());
    Diagnostic::new(place.clone(), message).note(format!("write one of {}", names.join(", ")))
}

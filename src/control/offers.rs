//! `GET /_control/worlds/{world}/threads/{page}/{person}/offers`: what the person can do now, each with the step that does it.

use serde_json::{Value, json};

use crate::domain::World;
use crate::domain::handlers::offers::{ButtonTap, OfferedButton, Offers};
use crate::domain::model::config::Config;
use crate::domain::model::ids::ThreadKey;
use crate::journal::message_entries::MessageEntries;
use crate::language::steps::user_step::user_verbs;
use crate::runner::Session;

use super::answer::ControlAnswer;
use super::call::ControlCall;
use super::names;
use super::route::Handled;

/// Ads and links in one answer.
const MAX_ENTRIES: usize = 100;

/// Handles `GET …/threads/{page}/{person}/offers`.
pub async fn list(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let thread = names::thread(&world.config(), call.path_value("page"), call.path_value("person"))?;
    // The session is only asked what would be, so it is nobody's.
    let asked = call.sessions()?.begin(None).await?;
    let offers = ThreadOffers::read(&asked.session, thread);
    let described = offers.json(&asked.session);
    asked.abandon();
    Ok(ControlAnswer::json(200, &described))
}

/// What a thread offers, and the person for whom the steps are.
struct ThreadOffers {
    page: String,
    person: String,
    offers: Offers,
    /// Where the ledger has the messages with the buttons.
    entries: MessageEntries,
    ads: Vec<Value>,
    links: Vec<Value>,
    is_started: bool,
    blocked: bool,
}

impl ThreadOffers {
    fn read(session: &Session, thread: ThreadKey) -> Self {
        session.world.read(|world, ledger, now| {
            let config = world.config();
            let state = world.thread(thread);
            Self {
                page: config.asset(thread.asset).name.to_string(),
                person: config.person_name(thread.person).into_owned(),
                offers: world.offers(thread, now),
                entries: MessageEntries::read(ledger, thread),
                ads: ads(config, thread),
                links: links(world, thread),
                is_started: state.is_some_and(|state| state.is_started()),
                blocked: state.is_some_and(|state| state.blocked),
            }
        })
    }

    fn json(&self, session: &Session) -> Value {
        let with_step = |offer: Value, words: Option<(&str, Value)>| self.with_step(session, offer, words);
        let entry_steps = |offers: &[Value], verb: &str| -> Vec<Value> {
            offers.iter().map(|offer| with_step(offer.clone(), Some((verb, offer["name"].clone())))).collect()
        };
        let ice_breakers = self.offers.ice_breakers.iter();
        let menu = self.offers.menu.iter().map(|item| {
            let kind = if item.is_postback { "postback" } else { "web_url" };
            let words = item.is_postback.then(|| ("taps_menu", json!(item.title)));
            with_step(json!({ "title": item.title, "type": kind }), words)
        });
        let buttons = self.offers.buttons.iter().map(|button| {
            let described = self.on_message(json!({ "title": button.title, "type": type_of(button) }), &button.mid);
            with_step(described, words_of(button))
        });
        let quick_replies = self.offers.quick_replies.iter().map(|reply| {
            let described = json!({ "title": reply.title, "content_type": reply.kind.name() });
            let described = self.on_message(described, &reply.mid);
            with_step(described, Some(("taps_quick_reply", json!(reply.title))))
        });
        json!({
            "ads": entry_steps(&self.ads, "taps_ad"),
            "links": entry_steps(&self.links, "opens_link"),
            "get_started": !self.is_started && session.can_do(&self.step("gets_started", json!(true))),
            "ice_breakers": ice_breakers.map(|question| {
                with_step(json!({ "question": question }), Some(("taps_ice_breaker", json!(question))))
            }).collect::<Vec<_>>(),
            "menu": menu.collect::<Vec<_>>(),
            "buttons": buttons.collect::<Vec<_>>(),
            "quick_replies": quick_replies.collect::<Vec<_>>(),
            "blocked": self.blocked,
            "can": self.verbs(session),
        })
    }

    fn step(&self, verb: &str, value: Value) -> Value {
        json!({ "user": self.person, "page": self.page, verb: value })
    }

    /// An offer with the step that takes it; null if no step does, because no webhook follows.
    fn with_step(&self, session: &Session, mut offer: Value, words: Option<(&str, Value)>) -> Value {
        let step = words.map(|(verb, value)| self.step(verb, value)).filter(|step| session.can_do(step));
        offer["step"] = json!(step);
        offer
    }

    fn on_message(&self, mut offer: Value, mid: &str) -> Value {
        offer["mid"] = json!(mid);
        if let Some(entry) = self.entries.of(mid) {
            offer["entry"] = json!(entry);
        }
        offer
    }

    /// The verbs of steps that would not be refused now.
    fn verbs(&self, session: &Session) -> Vec<&'static str> {
        let can = |verb: &str| self.example(verb).is_some_and(|value| session.can_do(&self.step(verb, value)));
        user_verbs().iter().copied().filter(|verb| can(verb)).collect()
    }

    /// A value with which a person could do this now. What names something in public that the person has written is not looked for.
    fn example(&self, verb: &str) -> Option<Value> {
        let tap = |wanted: &str| {
            self.offers.buttons.iter().filter_map(words_of).find(|(verb, _)| *verb == wanted).map(|(_, value)| value)
        };
        let name = |offers: &[Value]| offers.first().map(|offer| offer["name"].clone());
        match verb {
            "taps_ad" => name(&self.ads),
            "opens_link" => name(&self.links),
            "taps_button" | "answers_survey" | "opens_coupon" => tap(verb),
            "taps_quick_reply" => self.offers.quick_replies.first().map(|reply| json!(reply.title)),
            "taps_ice_breaker" => self.offers.ice_breakers.first().map(|question| json!(question)),
            "taps_menu" => self.offers.menu.iter().find(|item| item.is_postback).map(|item| json!(item.title)),
            "stops_messages" | "resumes_messages" => tap("opts_in").map(|asked| asked["to"].clone()),
            "opts_in" => Some(tap("opts_in").unwrap_or_else(|| json!({ "user_ref": "checkbox" }))),
            "sends" => Some(json!({ "text": "Hi" })),
            "reacts" => Some(json!("love")),
            "shares" => Some(json!("post")),
            "blocks" => (!self.blocked).then(|| json!(true)),
            "unblocks" => self.blocked.then(|| json!(true)),
            "gets_started" | "unreacts" | "mentions_in_story" | "unsends" | "comments_gif" | "opens_login"
            | "unlinks_account" | "reads" => Some(json!(true)),
            "edits_comment" | "edits_post" | "removes_comment" | "removes_post" => None,
            _ => Some(json!("Hi")),
        }
    }
}

fn ads(config: &Config, thread: ThreadKey) -> Vec<Value> {
    let of_page = config.ads.iter().filter(|ad| ad.page == thread.asset);
    let described = of_page.map(|ad| json!({ "name": ad.name, "title": ad.shown.title }));
    described.take(MAX_ENTRIES).collect()
}

fn links(world: &World, thread: ThreadKey) -> Vec<Value> {
    let links = world.config().asset(thread.asset).links.iter();
    links.map(|link| json!({ "name": link.name, "ref": link.reference })).take(MAX_ENTRIES).collect()
}

fn type_of(button: &OfferedButton) -> &'static str {
    match button.tap {
        ButtonTap::Button(name) => name,
        ButtonTap::OptIn => "opt_in",
        ButtonTap::OneTimeOptIn => "one_time_opt_in",
        ButtonTap::OpensCoupon => "coupon",
        ButtonTap::OpensSurvey(_) => "survey",
    }
}

/// The verb of the step that taps it, and its value.
fn words_of(button: &OfferedButton) -> Option<(&'static str, Value)> {
    match &button.tap {
        ButtonTap::Button("postback") => Some(("taps_button", json!(button.title))),
        ButtonTap::Button("account_link") => Some(("opens_login", json!(true))),
        ButtonTap::Button("account_unlink") => Some(("unlinks_account", json!(true))),
        ButtonTap::Button(_) => None,
        ButtonTap::OptIn | ButtonTap::OneTimeOptIn => Some(("opts_in", json!({ "to": button.title }))),
        ButtonTap::OpensCoupon => Some(("opens_coupon", json!(button.title))),
        ButtonTap::OpensSurvey(reply) => {
            let given = [("score", &reply.score), ("text", &reply.text)];
            let given = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))));
            Some(("answers_survey", Value::Object(given.collect())))
        }
    }
}

//! Taps that send a postback: Get Started, buttons of messages, ice breakers, and the persistent menu.

use std::sync::Arc;

use super::entry::{begin_contact, begin_organic_contact};
use super::offered_buttons::{
    find_postback_button, never_sent, owner_of_profile_button, owner_of_sent_button, page_messages,
};
use crate::domain::event::WebhookPayload;
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::{Author, Referral};
use crate::domain::model::profile::{IceBreaker, MenuItem, for_locale};
use crate::domain::model::template::Button;
use crate::domain::outcome::Reply;
use crate::domain::policy::entry_points::{self, Route};
use crate::domain::policy::fan_out::ButtonOwner;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// The payload of a Get Started button that no app has set.
const GET_STARTED_PAYLOAD: &str = "GET_STARTED";
const GET_STARTED_TITLE: &str = "Get Started";

pub fn get_started(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let (payload, owner) = match tx.asset().profile.get_started() {
        Some((payload, by)) => (payload, owner_of_profile_button(tx, by)),
        None => (GET_STARTED_PAYLOAD, ButtonOwner::Page),
    };
    let route = entry_points::get_started(&tx.thread, tx.asset(), tx.now);
    // The social route leads to an app that may not have set the button. The tap is meant for it, and for nobody else.
    let owner = match route {
        Route::To(app, rules::GET_STARTED_TO_SOCIAL) => ButtonOwner::SetBy(app),
        _ => owner,
    };
    let referral = begin_contact(tx, route);
    let tapped = Tapped { title: GET_STARTED_TITLE, payload, owner, has_mid: true };
    Ok(send_postback(tx, tapped, referral))
}

pub fn tap_button(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let (payload, owner) = find_postback_button(tx, label)?;
    Ok(tap(tx, Tapped { title: label, payload: &payload, owner, has_mid: true }))
}

pub fn tap_ice_breaker(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let (offered, owner) = shown_ice_breakers(tx);
    let Some((_, payload)) = offered.iter().find(|(question, _)| *question == label) else {
        return Err(never_sent("ice breaker", label, offered.iter().map(|(question, _)| *question)));
    };
    let has_mid = ice_breakers_have_mid(tx);
    Ok(tap(tx, Tapped { title: label, payload, owner, has_mid }))
}

/// The questions that the person can tap, each with its payload, and whose they are: those of the newest ad, or those of the page if that
/// ad has none.
pub fn shown_ice_breakers<'w>(tx: &ThreadTx<'w>) -> (Vec<(&'w str, &'w str)>, ButtonOwner) {
    let (author, of_ad) = newest_ad_ice_breakers(tx);
    if !of_ad.is_empty() {
        let owner = author.map_or(ButtonOwner::Page, |author| owner_of_sent_button(tx, author));
        let questions = of_ad.iter().filter_map(|button| match button {
            Button::Postback { title, payload } => Some((&**title, &**payload)),
            _ => None,
        });
        return (questions.collect(), owner);
    }
    let locale = tx.config.person(tx.key.person).locale();
    let (of_page, by) = tx.asset().profile.ice_breakers(locale).unzip();
    let owner = by.map_or(ButtonOwner::Page, |by| owner_of_profile_button(tx, by));
    let questions = of_page.unwrap_or_default().iter();
    (questions.map(|IceBreaker { question, payload, .. }| (&**question, &**payload)).collect(), owner)
}

fn newest_ad_ice_breakers<'w>(tx: &ThreadTx<'w>) -> (Option<Author>, &'w [Button]) {
    let newest = page_messages(tx).find_map(|message| match message.author {
        Author::Ad(key, _) => Some(key),
        _ => None,
    });
    let Some(key) = newest else { return (None, &[]) };
    let ad = tx.config.ad(key);
    let receiver = ad.app.filter(|_| tx.asset().ruleset.ads_lead);
    (Some(Author::Ad(key, receiver)), ad.welcome.as_ref().map_or(&[], |welcome| &welcome.ice_breakers))
}

pub fn tap_menu_item(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let (payload, owner) = find_menu_item(tx, label)?;
    Ok(tap(tx, Tapped { title: label, payload: &payload, owner, has_mid: true }))
}

/// The menu that the person sees, and the app that set it: their own menu before the page's, each in their locale.
pub fn shown_menu<'t>(tx: &'t ThreadTx<'_>) -> Result<(&'t [MenuItem], AppKey), Refusal> {
    let profile = &tx.asset().profile;
    let own = tx.thread.menu().map(|own| (own.menus.as_slice(), own.by));
    let shown = own.or(profile.menus()).filter(|_| profile.get_started().is_some() || tx.is_on_instagram());
    let Some((menus, by)) = shown else {
        let why = if own.is_some() { ": it is not shown before a Get Started button is set" } else { "" };
        return Err(Refusal::not_there_yet(format!("there is no persistent menu in this thread{why}")));
    };
    let locale = tx.config.person(tx.key.person).locale();
    Ok((for_locale(menus, locale).map(|menu| menu.items.as_slice()).unwrap_or_default(), by))
}

fn find_menu_item(tx: &ThreadTx<'_>, label: &str) -> Result<(Box<str>, ButtonOwner), Refusal> {
    let (items, by) = shown_menu(tx)?;
    match items.iter().find(|item| item.title() == label) {
        Some(MenuItem::Postback { payload, .. }) => Ok((payload.clone(), owner_of_profile_button(tx, by))),
        Some(MenuItem::WebUrl { title, .. }) => {
            Err(Refusal::script(format!("`{title}` opens a page: Meta sends no webhook for a tap on it")))
        }
        None => {
            let has: Vec<String> = items.iter().map(|item| format!("`{}`", item.title())).collect();
            let has = if has.is_empty() { "it is empty".to_owned() } else { format!("it has {}", has.join(", ")) };
            Err(Refusal::not_there_yet(format!("the persistent menu has no item labelled `{label}`: {has}")))
        }
    }
}

/// What a person tapped.
struct Tapped<'t> {
    title: &'t str,
    payload: &'t str,
    owner: ButtonOwner,
    /// False if the postback names no message.
    has_mid: bool,
}

fn ice_breakers_have_mid(tx: &ThreadTx<'_>) -> bool {
    !(tx.is_on_instagram() && tx.asset().knobs.instagram.ice_breaker_without_mid)
}

fn tap(tx: &mut ThreadTx<'_>, tapped: Tapped<'_>) -> Reply {
    let referral = begin_organic_contact(tx);
    send_postback(tx, tapped, referral)
}

fn send_postback(tx: &mut ThreadTx<'_>, tapped: Tapped<'_>, referral: Option<Arc<Referral>>) -> Reply {
    let mid = tx.new_message_id();
    let at = tx.thread.next_timestamp(tx.now);
    tx.thread.record_person(at);
    let postback = WebhookPayload::Postback {
        mid: tapped.has_mid.then(|| mid.clone()),
        title: tapped.title.into(),
        payload: tapped.payload.into(),
        referral,
    };
    tx.emit_at(at, postback, Some(tapped.owner));
    Reply::Sent { mid, attachment_id: None }
}

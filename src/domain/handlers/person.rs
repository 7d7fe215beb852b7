//! Acts room: what a person does. Enters threads, writes, taps, reacts, reads, blocks. Only `World::apply` enters.

use std::sync::Arc;

use super::{checkbox_and_comments, lead, linking, moderation, notification_opt_ins, surveys_and_coupons};
use crate::domain::command::{UserAction, UserMessage};
use crate::domain::event::{Event, NotificationChange, WebhookPayload};
use crate::domain::model::ids::{AdKey, AppKey};
use crate::domain::model::message::{
    Attachment, Author, Content, Message, QuickReplyKind, Reaction, Referral, ReplyTo,
};
use crate::domain::model::profile::{IceBreaker, MenuItem, for_locale};
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::model::template::{Button, Template};
use crate::domain::model::thread::PendingEntry;
use crate::domain::outcome::Reply;
use crate::domain::policy::entry_points;
use crate::domain::policy::entry_points::Route;
use crate::domain::policy::fan_out::ButtonOwner;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::thread_tx::{Draft, ThreadTx};

/// The payload of a Get Started button that no app has set.
const GET_STARTED_PAYLOAD: &str = "GET_STARTED";
const GET_STARTED_TITLE: &str = "Get Started";

pub fn act(tx: &mut ThreadTx<'_>, action: &UserAction) -> Result<Reply, Refusal> {
    if tx.thread.blocked && !matches!(action, UserAction::Unblocks | UserAction::Blocks) {
        let person = &tx.config.person(tx.key.person).name;
        return Err(Refusal::script(format!(
            "{person} has blocked the page and cannot act in the thread before `unblocks`"
        )));
    }
    let is_about_page = matches!(action, UserAction::Unblocks | UserAction::Blocks);
    if !is_about_page && moderation::goes_unheard(tx) {
        return Ok(Reply::Done);
    }
    match action {
        UserAction::TapsAd(ad, then) => taps_ad(tx, *ad, then.as_deref()),
        UserAction::OpensLink(link, then) => opens_link(tx, *link, then.as_deref()),
        UserAction::GetsStarted => gets_started(tx),
        UserAction::Says(saying) => says(tx, saying),
        UserAction::TapsButton(label) => taps_button(tx, label),
        UserAction::TapsQuickReply(label) => taps_quick_reply(tx, label),
        UserAction::TapsIceBreaker(label) => taps_ice_breaker(tx, label),
        UserAction::TapsMenu(label) => taps_menu(tx, label),
        UserAction::Reacts { message, reaction } => reacts(tx, message.as_deref(), reaction.as_ref()),
        UserAction::Reads => reads(tx),
        UserAction::OptsIn { user_ref, reference } => checkbox_and_comments::ticks(tx, user_ref, reference.as_deref()),
        UserAction::OptsInTo(title) => notification_opt_ins::opts_in(tx, title),
        UserAction::StopsMessages(topic) => notification_opt_ins::changes(tx, topic, NotificationChange::Stops),
        UserAction::ResumesMessages(topic) => notification_opt_ins::changes(tx, topic, NotificationChange::Resumes),
        UserAction::AnswersSurvey(reply) => surveys_and_coupons::fills_in(tx, reply),
        UserAction::OpensCoupon(title) => surveys_and_coupons::opens_coupon(tx, title),
        UserAction::Comments(_) => checkbox_and_comments::publishes(tx, RecipientIdKind::Comment),
        UserAction::Posts(_) => checkbox_and_comments::publishes(tx, RecipientIdKind::Post),
        UserAction::OpensLogin => linking::opens(tx),
        UserAction::LinksAccount(code) => linking::links(tx, code),
        UserAction::UnlinksAccount => linking::unlinks(tx),
        UserAction::Blocks => block(tx, true),
        UserAction::Unblocks => block(tx, false),
    }
}

fn taps_ad(tx: &mut ThreadTx<'_>, key: AdKey, then: Option<&UserAction>) -> Result<Reply, Refusal> {
    let ad = tx.config.ad(key);
    if ad.page != tx.key.page {
        let page = &tx.config.page(ad.page).name;
        return Err(Refusal::script(format!(
            "the ad `{}` opens a conversation with `{page}`, not with this page",
            ad.name
        )));
    }
    if ad.lead.is_some() {
        greet(tx, key, rules::LEAD_FLOW);
        lead::begin(tx, key);
        return and_then(tx, then);
    }
    let referral = Arc::new(Referral::Ad { ad: key });
    let held_before = tx.holder().map(|holder| holder.app);
    lead::leave(tx);
    let route = entry_points::ad(ad.app, &tx.thread, tx.page(), tx.now);
    tx.follow_route(route);
    if let (Some(idle_timeout), true) = (ad.control, tx.page().ruleset.ad_windows && matches!(route, Route::To(..))) {
        tx.extend_idle_timeout(idle_timeout, rules::AD_WINDOW);
    }
    greet(tx, key, route.rule());
    if matches!(then, None | Some(UserAction::Says(_))) {
        tx.emit(WebhookPayload::Referral(referral.clone()));
    }
    tell_marketing_app(tx, route, held_before);
    tx.thread.pending = Some(Box::new(PendingEntry { referral, since: tx.now, link: None }));
    and_then(tx, then)
}

/// The ad's message template appears in the thread. Meta sends no echo of it.
fn greet(tx: &mut ThreadTx<'_>, key: AdKey, rule: rules::RuleId) {
    let ad = tx.config.ad(key);
    let Some(welcome) = &ad.welcome else { return };
    let sender = ad.app.filter(|_| tx.page().ruleset.ads_lead).or(tx.page().default_app);
    let mut content = Content { quick_replies: welcome.quick_replies.clone(), ..Content::text(welcome.text.clone()) };
    if !welcome.buttons.is_empty() {
        let template = Template::Button { text: welcome.text.clone(), buttons: welcome.buttons.clone() };
        content = Content { text: None, attachments: vec![Attachment::Template(template)], ..content };
    }
    let message = tx.write_message(Author::Ad(key, sender), Draft { content, ..Draft::default() });
    tx.push_event(Event::Shown { message, rule });
}

fn opens_link(tx: &mut ThreadTx<'_>, place: usize, then: Option<&UserAction>) -> Result<Reply, Refusal> {
    let Some(link) = tx.page().links.get(place) else {
        return Err(Refusal::script("the page has no such link"));
    };
    let referral = Arc::new(Referral::Link { reference: link.reference.clone() });
    if tx.thread.is_started() {
        let route = route_of_link(tx, place);
        let entered = follow(tx, route);
        tx.thread.pending = None;
        tx.open_window();
        tx.emit(WebhookPayload::Referral(referral));
        tell_linked_app(tx, entered);
    } else {
        tx.push_event(Event::Routed { thread: tx.key, app: None, rule: rules::LINK_NEW_THREAD });
        tx.thread.pending = Some(Box::new(PendingEntry { referral, since: tx.now, link: Some(place) }));
    }
    and_then(tx, then)
}

/// Where a link leads now; its route may have changed since it was tapped.
fn route_of_link(tx: &ThreadTx<'_>, place: usize) -> Route {
    let app = tx.page().links.get(place).and_then(|link| link.app);
    entry_points::link(app, &tx.thread, tx.page(), tx.now)
}

/// Follows a route. One that leads to an app is the end of whatever an ad was asking.
fn follow(tx: &mut ThreadTx<'_>, route: Route) -> Option<(AppKey, Option<AppKey>)> {
    let held_before = tx.holder().map(|holder| holder.app);
    if matches!(route, Route::To(..)) {
        lead::leave(tx);
    }
    tx.follow_route(route).map(|(app, _)| (app, held_before))
}

fn and_then(tx: &mut ThreadTx<'_>, then: Option<&UserAction>) -> Result<Reply, Refusal> {
    then.map_or(Ok(Reply::Done), |action| act(tx, action))
}

/// The table of webhooks has no exception: the marketing app is told at every tap, whether or not the thread was its own before.
fn tell_marketing_app(tx: &mut ThreadTx<'_>, route: Route, held_before: Option<AppKey>) {
    let Route::To(app, rules::AD_TO_MARKETING_APP) = route else { return };
    let previous = held_before.filter(|before| *before != app);
    tx.emit_handover(app, rules::WEBHOOK_TO_ROUTED_APP, WebhookPayload::Passed { previous, new: app, metadata: None });
}

/// An app that got the thread by the route of a link.
fn tell_linked_app(tx: &mut ThreadTx<'_>, entered: Option<(AppKey, Option<AppKey>)>) {
    let Some((app, previous)) = entered else { return };
    if tx.holder().is_some_and(|holder| holder.because == rules::LINK_TO_APP) {
        tx.emit_handover(
            app,
            rules::WEBHOOK_TO_LINKED_APP,
            WebhookPayload::Passed { previous, new: app, metadata: None },
        );
    }
}

/// The person speaks or taps: routes the thread, opens the window, restarts the idle clock.
fn speaks(tx: &mut ThreadTx<'_>, organic: Route) -> Option<Arc<Referral>> {
    let pending = tx.take_pending_entry();
    let link = pending.as_ref().and_then(|pending| pending.link);
    let entered = follow(tx, link.map_or(organic, |link| route_of_link(tx, link)));
    tx.restart_idle_clock();
    if link.is_some() {
        tell_linked_app(tx, entered);
    }
    tx.open_window();
    tx.thread.last_person_message = Some(tx.now);
    pending.map(|pending| pending.referral)
}

fn enters(tx: &ThreadTx<'_>) -> Route {
    entry_points::organic(&tx.thread, tx.page(), tx.now)
}

fn gets_started(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let (payload, button) = match tx.page().profile.get_started() {
        Some((payload, by)) => (payload, button_set_by(tx, by)),
        None => (GET_STARTED_PAYLOAD, ButtonOwner::Page),
    };
    let referral = speaks(tx, entry_points::get_started(&tx.thread, tx.page(), tx.now));
    taps(tx, GET_STARTED_TITLE, payload, button, referral)
}

fn says(tx: &mut ThreadTx<'_>, saying: &UserMessage) -> Result<Reply, Refusal> {
    let reply_to = match &saying.replies_to {
        Some(wanted) => Some(reply_to(tx, wanted)?),
        None => None,
    };
    let content =
        Content { text: saying.text.clone(), attachments: saying.attachments.clone(), quick_replies: Vec::new() };
    hears(tx, Draft { content, reply_to, ..Draft::default() })
}

fn reply_to(tx: &ThreadTx<'_>, wanted: &str) -> Result<ReplyTo, Refusal> {
    let message = said(tx, wanted).ok_or_else(|| never_said(tx, wanted))?;
    Ok(ReplyTo { mid: message.mid.clone(), is_self_reply: message.author == Author::Person })
}

fn hears(tx: &mut ThreadTx<'_>, draft: Draft) -> Result<Reply, Refusal> {
    if tx.lead().is_some() {
        return lead::hears(tx, draft);
    }
    let route = enters(tx);
    let referral = speaks(tx, route);
    let message = tx.write_message(Author::Person, draft);
    tx.emit_at(message.at, WebhookPayload::Message { message: message.clone(), referral }, None);
    Ok(Reply::Sent { mid: message.mid.clone(), attachment_id: None })
}

fn taps_button(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let (payload, button) = find_button(tx, label)?;
    let route = enters(tx);
    let referral = speaks(tx, route);
    taps(tx, label, &payload, button, referral)
}

fn taps(
    tx: &mut ThreadTx<'_>,
    title: &str,
    payload: &str,
    button: ButtonOwner,
    referral: Option<Arc<Referral>>,
) -> Result<Reply, Refusal> {
    let mid = tx.new_message_id();
    let at = tx.thread.next_timestamp(tx.now);
    tx.thread.record_person(at);
    let body = WebhookPayload::Postback { mid: mid.clone(), title: title.into(), payload: payload.into(), referral };
    tx.emit_at(at, body, Some(button));
    Ok(Reply::Sent { mid, attachment_id: None })
}

fn taps_quick_reply(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let offered = from_page(tx).flat_map(|message| &message.content.quick_replies).find(|reply| &*reply.title == label);
    let Some(reply) = offered else {
        let sent = from_page(tx).flat_map(|message| &message.content.quick_replies).map(|reply| &*reply.title);
        return Err(never_sent("quick reply", label, sent));
    };
    if reply.kind != QuickReplyKind::Text {
        return Err(Refusal::script(format!(
            "a tap on `{label}` shares what Messenger knows of the person: not built yet"
        )));
    }
    let quick_reply = Some(reply.payload.clone());
    hears(tx, Draft { content: Content::text(label), quick_reply, ..Draft::default() })
}

/// A question to tap instead of typing, a button that no message carries: of the newest ad, or of the page where that ad has none.
fn taps_ice_breaker(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let (message, offered) = newest_ice_breakers(tx);
    if offered.is_empty() {
        return taps_question(tx, label);
    }
    let Some(Button::Postback { payload, .. }) = offered.iter().find(|button| button.title() == label) else {
        return Err(never_sent("ice breaker", label, offered.iter().map(Button::title)));
    };
    let button = message.map_or(ButtonOwner::Page, |author| button_of_author(tx, author));
    let route = enters(tx);
    let referral = speaks(tx, route);
    taps(tx, label, payload, button, referral)
}

/// An ice breaker of the page.
fn taps_question(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let locale = &tx.config.person(tx.key.person).locale;
    let (questions, by) = tx.page().profile.ice_breakers(locale).unzip();
    let questions = questions.unwrap_or_default();
    let Some(IceBreaker { payload, .. }) = questions.iter().find(|question| &*question.question == label) else {
        return Err(never_sent("ice breaker", label, questions.iter().map(|question| &*question.question)));
    };
    let button = by.map_or(ButtonOwner::Page, |by| button_set_by(tx, by));
    let route = enters(tx);
    let referral = speaks(tx, route);
    taps(tx, label, payload, button, referral)
}

fn taps_menu(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let (payload, button) = find_menu_item(tx, label)?;
    let route = enters(tx);
    let referral = speaks(tx, route);
    taps(tx, label, &payload, button, referral)
}

/// An item of the menu that the person sees: their own before the page's, each in their locale.
fn find_menu_item(tx: &ThreadTx<'_>, label: &str) -> Result<(Box<str>, ButtonOwner), Refusal> {
    let profile = &tx.page().profile;
    let own = tx.thread.menu.as_deref().map(|own| (own.menus.as_slice(), own.by));
    let shown = own.or(profile.menus()).filter(|_| profile.get_started().is_some());
    let Some((menus, by)) = shown else {
        let why = if own.is_some() { ": it is not shown before a Get Started button is set" } else { "" };
        return Err(Refusal::script(format!("there is no persistent menu in this thread{why}")));
    };
    let locale = &tx.config.person(tx.key.person).locale;
    let items = for_locale(menus, locale).map(|menu| menu.items.as_slice()).unwrap_or_default();
    match items.iter().find(|item| item.title() == label) {
        Some(MenuItem::Postback { payload, .. }) => Ok((payload.clone(), button_set_by(tx, by))),
        Some(MenuItem::WebUrl { title, .. }) => {
            Err(Refusal::script(format!("`{title}` opens a page: Meta tells nobody of a tap on it")))
        }
        None => {
            let has: Vec<String> = items.iter().map(|item| format!("`{}`", item.title())).collect();
            let has = if has.is_empty() { "it is empty".to_owned() } else { format!("it has {}", has.join(", ")) };
            Err(Refusal::script(format!("the persistent menu has no item labelled `{label}`: {has}")))
        }
    }
}

fn newest_ice_breakers<'w>(tx: &ThreadTx<'w>) -> (Option<Author>, &'w [Button]) {
    let newest = from_page(tx).find_map(|message| match message.author {
        Author::Ad(key, _) => Some(key),
        _ => None,
    });
    let Some(key) = newest else { return (None, &[]) };
    let ad = tx.config.ad(key);
    let receiver = ad.app.filter(|_| tx.page().ruleset.ads_lead);
    (Some(Author::Ad(key, receiver)), ad.welcome.as_ref().map_or(&[], |welcome| &welcome.ice_breakers))
}

fn find_button(tx: &ThreadTx<'_>, label: &str) -> Result<(Box<str>, ButtonOwner), Refusal> {
    let with_button = from_page(tx).find_map(|message| Some((message, button_of(message, label)?)));
    match with_button {
        Some((message, Button::Postback { payload, .. })) => {
            Ok((payload.clone(), button_of_author(tx, message.author)))
        }
        Some((_, button)) => Err(Refusal::script(format!(
            "`{}` is not a postback button: Meta tells nobody of a tap on it",
            button.title()
        ))),
        None => {
            let sent = from_page(tx).flat_map(|message| buttons(message)).map(Button::title);
            Err(never_sent("button", label, sent))
        }
    }
}

pub(crate) fn from_page<'t>(tx: &'t ThreadTx<'_>) -> impl Iterator<Item = &'t Arc<Message>> {
    tx.messages().filter(|message| message.author != Author::Person)
}

pub(crate) fn buttons(message: &Message) -> Vec<&Button> {
    let templates = message.content.attachments.iter().filter_map(|attachment| match attachment {
        Attachment::Template(template) => Some(template),
        _ => None,
    });
    templates.flat_map(Template::buttons).collect()
}

fn button_of<'m>(message: &'m Message, label: &str) -> Option<&'m Button> {
    buttons(message).into_iter().find(|button| button.title() == label)
}

/// A button whose app has left the page belongs to the page.
pub(crate) fn button_of_author(tx: &ThreadTx<'_>, author: Author) -> ButtonOwner {
    match author {
        Author::App(app) | Author::Ad(_, Some(app)) if tx.page().is_connected(app) => ButtonOwner::App(app),
        _ => ButtonOwner::Page,
    }
}

/// What an app set in the page's profile belongs to the page once the app has left it.
fn button_set_by(tx: &ThreadTx<'_>, app: AppKey) -> ButtonOwner {
    if tx.page().is_connected(app) { ButtonOwner::SetBy(app) } else { ButtonOwner::Page }
}

pub(crate) fn never_sent<'a>(what: &str, label: &str, sent: impl Iterator<Item = &'a str>) -> Refusal {
    let mut sent: Vec<String> = sent.map(|title| format!("`{title}`")).collect();
    sent.dedup();
    let known = if sent.is_empty() { format!("no {what} was sent") } else { format!("sent were {}", sent.join(", ")) };
    Refusal::script(format!("no {what} labelled `{label}` was ever sent in this thread: {known}"))
}

/// People point at a message by its text; a script may also have saved its id.
fn said<'t>(tx: &'t ThreadTx<'_>, wanted: &str) -> Option<&'t Arc<Message>> {
    tx.message_by_text(wanted).or_else(|| tx.message_by_id(wanted))
}

fn never_said(tx: &ThreadTx<'_>, wanted: &str) -> Refusal {
    let messages = tx.messages();
    let said: Vec<String> =
        messages.filter_map(|message| Some(format!("`{}`", message.content.text.as_ref()?))).collect();
    let known = if said.is_empty() { "nothing was said".to_owned() } else { format!("said were {}", said.join(", ")) };
    Refusal::script(format!("no message `{wanted}` is in this thread: {known}"))
}

fn reacts(tx: &mut ThreadTx<'_>, wanted: Option<&str>, reaction: Option<&Reaction>) -> Result<Reply, Refusal> {
    let found = match wanted {
        Some(wanted) => said(tx, wanted),
        None => from_page(tx).next(),
    };
    let Some(message) = found else {
        return Err(match wanted {
            Some(wanted) => never_said(tx, wanted),
            None => Refusal::script("there is no message of the page in this thread to react to"),
        });
    };
    let body = WebhookPayload::Reacted { mid: message.mid.clone(), reaction: reaction.cloned() };
    if reaction.is_some() {
        tx.open_window();
    }
    tx.emit(body);
    Ok(Reply::Done)
}

fn reads(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let watermark = tx.thread.last_timestamp.max(tx.now);
    tx.emit(WebhookPayload::Read { watermark });
    Ok(Reply::Done)
}

fn block(tx: &mut ThreadTx<'_>, blocked: bool) -> Result<Reply, Refusal> {
    tx.thread.blocked = blocked;
    Ok(Reply::Done)
}

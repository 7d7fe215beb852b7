//! What a thread offers a person to tap now. The taps look for the same things when they happen.

use std::sync::Arc;

use super::offered_buttons::{buttons_of, page_messages, template_of};
use super::person::offered_quick_replies;
use super::postbacks::{shown_ice_breakers, shown_menu};
use super::surveys_and_coupons::fitting_reply;
use crate::domain::command::SurveyReply;
use crate::domain::model::message::{Message, QuickReplyKind};
use crate::domain::model::profile::MenuItem;
use crate::domain::model::template::Template;
use crate::domain::thread_tx::ThreadTx;

/// The most of each kind.
const MAX_OFFERS: usize = 100;

/// What a person can tap, the newest first. Of several with one label only the newest can be tapped.
#[derive(Debug, Default)]
pub struct Offers {
    /// The questions.
    pub ice_breakers: Vec<Box<str>>,
    /// The items of the persistent menu.
    pub menu: Vec<OfferedItem>,
    /// What messages have to tap, without their quick replies.
    pub buttons: Vec<OfferedButton>,
    pub quick_replies: Vec<OfferedReply>,
}

/// An item of the persistent menu.
#[derive(Debug)]
pub struct OfferedItem {
    pub title: Box<str>,
    /// True if Meta sends a webhook for a tap on it.
    pub is_postback: bool,
}

/// Something to tap in a message.
#[derive(Debug)]
pub struct OfferedButton {
    pub title: Box<str>,
    pub tap: ButtonTap,
    pub mid: Arc<str>,
}

/// What a tap in a message does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ButtonTap {
    /// It is a button of this type, in Meta's word.
    Button(&'static str),
    /// It accepts a request for notification messages.
    OptIn,
    /// It accepts a request for one message.
    OneTimeOptIn,
    OpensCoupon,
    /// It opens a survey, which takes this answer.
    OpensSurvey(SurveyReply),
}

/// A quick reply.
#[derive(Debug)]
pub struct OfferedReply {
    /// What stands on it for this person.
    pub title: Box<str>,
    pub kind: QuickReplyKind,
    pub mid: Arc<str>,
}

/// What the person of this thread can tap.
pub fn offers(tx: &ThreadTx<'_>) -> Offers {
    let (ice_breakers, _) = shown_ice_breakers(tx);
    let menu = shown_menu(tx).map_or(&[][..], |(items, _)| items);
    Offers {
        ice_breakers: ice_breakers.into_iter().take(MAX_OFFERS).map(|(question, _)| question.into()).collect(),
        menu: menu.iter().take(MAX_OFFERS).map(menu_item).collect(),
        buttons: buttons(tx),
        quick_replies: quick_replies(tx),
    }
}

fn menu_item(item: &MenuItem) -> OfferedItem {
    OfferedItem { title: item.title().into(), is_postback: matches!(item, MenuItem::Postback { .. }) }
}

fn buttons(tx: &ThreadTx<'_>) -> Vec<OfferedButton> {
    let mut found: Vec<OfferedButton> = Vec::new();
    for message in page_messages(tx) {
        for (title, tap) in taps_of(message) {
            let is_known = found.iter().any(|button| *button.title == *title && same_kind(&button.tap, &tap));
            if !is_known && found.len() < MAX_OFFERS {
                found.push(OfferedButton { title, tap, mid: message.mid.clone() });
            }
        }
    }
    found
}

/// True if a step finds only the newer one of two with one label.
fn same_kind(one: &ButtonTap, other: &ButtonTap) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn taps_of(message: &Message) -> Vec<(Box<str>, ButtonTap)> {
    let buttons = buttons_of(message).into_iter();
    let mut taps: Vec<_> =
        buttons.map(|button| (button.title().into(), ButtonTap::Button(button.type_name()))).collect();
    match template_of(message) {
        Some(Template::OptIn { requests, .. }) => {
            taps.extend(requests.iter().map(|request| (request.topic().into(), ButtonTap::OptIn)));
        }
        Some(Template::OneTimeOptIn { title, .. }) => taps.push((title.clone(), ButtonTap::OneTimeOptIn)),
        Some(Template::Coupon(coupon)) => taps.push((coupon.title.clone(), ButtonTap::OpensCoupon)),
        Some(Template::Feedback(survey)) => {
            taps.push((survey.button_title.clone(), ButtonTap::OpensSurvey(fitting_reply(&survey.question))));
        }
        _ => {}
    }
    taps
}

fn quick_replies(tx: &ThreadTx<'_>) -> Vec<OfferedReply> {
    let mut found: Vec<OfferedReply> = Vec::new();
    for (title, reply, message) in offered_quick_replies(tx) {
        if found.len() < MAX_OFFERS && !found.iter().any(|known| known.title == title) {
            found.push(OfferedReply { title, kind: reply.kind, mid: message.mid.clone() });
        }
    }
    found
}

//! The ads of a world file: their message templates, and the questions of lead-generation ads.

use super::asset_apps::AssetScope;
use super::world_reader::{WorldReader, named, text};
use crate::domain::model::ad_config::{AdConfig, LeadForm, LeadQuestion, ShownAd, Welcome};
use crate::domain::model::config::{AppConfig, AssetConfig, asset_named};
use crate::domain::model::ids::{AssetKey, IdKind, IdStream};
use crate::domain::model::message::QuickReply;
use crate::domain::model::platform::Platform;
use crate::domain::model::template::{Button, Link};
use crate::domain::model::time::Span;
use crate::language::node::Node;
use crate::text::suggest::did_you_mean;

impl WorldReader<'_> {
    pub(super) fn read_ad(&mut self, entry: &(Node, Node), apps: &[AppConfig], pages: &[AssetConfig]) -> AdConfig {
        let (name, node) = named(entry);
        let page = node.get("page").and_then(Node::text).unwrap_or_default();
        let page = asset_named(pages, page).map_or(0, AssetKey::index);
        let app = self.read_ad_app(node, apps);
        if let Some(asset) = pages.get(page) {
            if let Some((app, at)) = app {
                let scope =
                    AssetScope { name: &asset.name, platform: asset.platform(), apps, connections: &asset.connections };
                self.check_led_to(at, app, &format!("the app of the ad `{name}`"), scope);
            }
            self.check_platform_of_ad(node, asset);
        }
        let app = app.map(|(app, _)| app);
        let longest = pages.get(page).map_or(0, |page| page.knobs.ad_expiration_max_days);
        let id = || IdStream::named(self.seed, IdKind::Ad, name, 0).digits(16).to_string().into();
        AdConfig {
            name: name.into(),
            id: text(node, "id").unwrap_or_else(id),
            page: AssetKey(page as u16),
            app,
            reference: text(node, "ref"),
            control: self.read_ad_days(node).map(|days| ad_window(days, longest)),
            shown: ShownAd {
                title: text(node, "title"),
                photo_url: text(node, "photo_url"),
                video_url: text(node, "video_url"),
                post_id: text(node, "post_id"),
                product_id: text(node, "product_id"),
            },
            welcome: self.read_greeting(node),
            lead: node.get("lead").map(|node| self.read_lead(node, app.is_some())),
        }
    }

    /// Checks what an ad that leads to an Instagram account has. Lead-generation ads are not built for Instagram.
    fn check_platform_of_ad(&mut self, node: &Node, asset: &AssetConfig) {
        if asset.platform() == Platform::Messenger {
            return;
        }
        if let Some(at) = node.get("lead") {
            let message = format!("a lead-generation ad cannot lead to the Instagram account `{}`", asset.name);
            self.wrong(at, message, "leave out `lead`, or name a page with `page:`");
        }
        for key in ["post_id", "product_id"] {
            if let Some(at) = node.get(key) {
                let message = format!("the referral of an ad on Instagram has no {key}");
                self.wrong(at, message, "leave it out: it may have `title`, `photo_url` and `video_url`");
            }
        }
    }

    /// The message template: our short form, or Ads Manager's JSON.
    fn read_greeting(&mut self, node: &Node) -> Option<Welcome> {
        match (node.get("welcome"), node.get("message")) {
            (Some(_), Some(at)) => {
                self.wrong(at, "an ad has one greeting".to_owned(), "leave out `welcome` or `message`");
                None
            }
            (welcome, None) => welcome.map(read_welcome),
            (None, Some(message)) => self.read_ad_message(message),
        }
    }

    /// If a question has choices, `disqualified_by` may only name choices: a person can give no other answer by tapping.
    fn check_answers(&mut self, asked: &Node) {
        let choices = read_question(asked).choices;
        let wrong = asked.get("disqualified_by").map(Node::items).unwrap_or_default();
        for answer in wrong.iter().filter(|_| !choices.is_empty()) {
            let text = answer.text().unwrap_or_default();
            let titles = choices.iter().map(|choice| &*choice.title);
            if titles.clone().all(|title| title.to_lowercase() != text.to_lowercase()) {
                let nearest = did_you_mean(text, titles);
                self.wrong(
                    answer,
                    format!("`{text}` is not one of the choices{nearest}"),
                    "leave out `choices` if people may write anything",
                );
            }
        }
    }

    fn read_lead(&mut self, node: &Node, has_app: bool) -> LeadForm {
        let questions = node.get("questions").map(Node::items).unwrap_or_default();
        if questions.is_empty() {
            self.wrong(
                node,
                "a lead-generation ad asks at least one question".to_owned(),
                "list them under `questions`",
            );
        }
        questions.iter().for_each(|question| self.check_answers(question));
        let flag = |key: &str| node.get(key).and_then(Node::bool);
        if let Some(at) = node.get("interruptible").filter(|_| flag("interruptible") == Some(true) && !has_app) {
            self.wrong(at, "this ad has no app that could interrupt".to_owned(), "name the ad's app with `app:`");
        }
        if let Some(at) = node.get("summary").filter(|_| flag("summary") == Some(true) && !has_app) {
            self.wrong(at, "this ad has no app that could get the summary".to_owned(), "name the ad's app with `app:`");
        }
        LeadForm {
            questions: questions.iter().map(read_question).collect(),
            interruptible: flag("interruptible").unwrap_or(false),
            summary: flag("summary").unwrap_or(has_app),
            stop_keywords: texts(node, "stop_keywords"),
            confirmation: text(node, "confirmation"),
        }
    }
}

/// The time for which an ad keeps the thread. A number of days out of bounds means one day, as with Meta.
fn ad_window(days: u64, longest: u64) -> Span {
    Span::days(if (1..=longest).contains(&days) { days } else { 1 })
}

/// A question is a text alone, or a map with its choices.
fn read_question(node: &Node) -> LeadQuestion {
    LeadQuestion {
        text: node.text().map(Into::into).or_else(|| text(node, "asks")).unwrap_or_default(),
        choices: node.get("choices").map(Node::items).unwrap_or_default().iter().map(read_quick_reply).collect(),
        disqualifying: texts(node, "disqualified_by"),
    }
}

fn texts(node: &Node, key: &str) -> Vec<Box<str>> {
    let list = node.get(key).map(Node::items).unwrap_or_default();
    list.iter().filter_map(|item| item.text().map(Into::into)).collect()
}

fn read_welcome(node: &Node) -> Welcome {
    let labels = |key: &str| node.get(key).map(Node::items).unwrap_or_default();
    Welcome {
        text: text(node, "text").unwrap_or_default(),
        quick_replies: labels("quick_replies").iter().map(read_quick_reply).collect(),
        buttons: labels("buttons").iter().map(read_button).collect(),
        ice_breakers: labels("ice_breakers").iter().map(read_button).collect(),
    }
}

/// Reads title and payload. A label without a payload is its own payload.
fn read_label(node: &Node) -> (Box<str>, Box<str>) {
    let title = node.text().map(Into::into).or_else(|| text(node, "title")).unwrap_or_default();
    (title.clone(), text(node, "payload").unwrap_or(title))
}

fn read_quick_reply(node: &Node) -> QuickReply {
    let (title, payload) = read_label(node);
    QuickReply { title, payload, ..QuickReply::default() }
}

fn read_button(node: &Node) -> Button {
    let (title, payload) = read_label(node);
    match text(node, "url") {
        Some(url) => Button::WebUrl { title, link: Link { url, ..Link::default() } },
        None => Button::Postback { title, payload },
    }
}

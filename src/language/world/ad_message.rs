//! The message template of an ad in Ads Manager's JSON: the greeting, and the app that the ad names in it.

use super::world_reader::{WorldReader, text};
use crate::domain::model::ad_config::Welcome;
use crate::domain::model::config::AppConfig;
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::QuickReply;
use crate::domain::model::template::{Button, Link};
use crate::language::node::Node;
use crate::text::suggest::did_you_mean;

/// The keys of an ad that say what the greeting is.
const KEYS: &str = "it may have: text, attachment, quick_replies, receiving_app_id, receiving_app_control_expiration";
const BUTTON_TEMPLATE: &str =
    "graphdouble shows `{ type: template, payload: { template_type: button, text: …, buttons: […] } }`";

impl WorldReader<'_> {
    /// The app of an ad: `app`, or Meta's `receiving_app_id`, which may also stand in the ad's `message`.
    pub(super) fn read_ad_app<'n>(&mut self, ad: &'n Node, apps: &[AppConfig]) -> Option<(AppKey, &'n Node)> {
        let in_message = ad.get("message").and_then(|message| message.get("receiving_app_id"));
        let ids = [ad.get("receiving_app_id"), in_message];
        let by_name = ad.get("app").and_then(|at| Some((Self::app_key(apps, at.text()?)?, at)));
        let mut found = by_name;
        for at in ids.into_iter().flatten() {
            let Some(app) = self.app_by_name_or_id(at, apps) else { continue };
            match found {
                Some((other, _)) if other != app => {
                    let name = |key: AppKey| apps.get(key.index()).map(|app| &*app.name).unwrap_or_default();
                    let message = format!("an ad has one app, and this one names {} and {}", name(other), name(app));
                    self.wrong(at, message, "`app` and `receiving_app_id` mean the same: write one of them");
                }
                _ => found = Some((app, at)),
            }
        }
        found
    }

    fn app_by_name_or_id(&mut self, at: &Node, apps: &[AppConfig]) -> Option<AppKey> {
        let wanted = at.text().unwrap_or_default();
        let is_meant = |app: &&AppConfig| *app.name == *wanted || app.id.0.to_string() == wanted;
        if let Some(app) = apps.iter().find(is_meant) {
            return Self::app_key(apps, &app.name);
        }
        let nearest = did_you_mean(wanted, apps.iter().map(|app| &*app.name));
        self.wrong(
            at,
            format!("no app of the world has the name or the id `{wanted}`{nearest}"),
            "give the app its `id`",
        );
        None
    }

    /// The days for which the ad's app keeps the thread: a key of the ad, or of its `message`.
    pub(super) fn read_ad_days(&mut self, ad: &Node) -> Option<u64> {
        let in_message = ad.get("message").and_then(|message| message.get("receiving_app_control_expiration"));
        if let (Some(at), Some(_)) = (in_message, ad.get("receiving_app_control_expiration")) {
            self.wrong(at, "receiving_app_control_expiration stands twice".to_owned(), "leave one of them out");
        }
        let at = ad.get("receiving_app_control_expiration").or(in_message)?;
        let days = at.text().and_then(|text| text.parse().ok());
        if days.is_none() {
            self.wrong(at, "receiving_app_control_expiration is a number of days".to_owned(), "from 1 to 30");
        }
        days
    }

    /// The greeting in Ads Manager's JSON; `None` if it has mistakes.
    pub(super) fn read_ad_message(&mut self, message: &Node) -> Option<Welcome> {
        const KNOWN: &[&str] =
            &["text", "attachment", "quick_replies", "receiving_app_id", "receiving_app_control_expiration"];
        if message.entries().is_empty() {
            self.wrong(message, "an ad's `message` is a map, as Ads Manager has it".to_owned(), KEYS);
            return None;
        }
        for (key, _) in message.entries() {
            let name = key.text().unwrap_or_default();
            if !KNOWN.contains(&name) {
                let nearest = did_you_mean(name, KNOWN.iter().copied());
                self.wrong(key, format!("an ad's `message` cannot have `{name}`{nearest}"), KEYS);
            }
        }
        let quick_replies = message.get("quick_replies").map(Node::items).unwrap_or_default();
        let quick_replies = quick_replies.iter().filter_map(|reply| self.read_quick_reply_json(reply)).collect();
        let (greeting, buttons) = match (message.get("text"), message.get("attachment")) {
            (Some(greeting), None) => (greeting.text().map(Into::into).unwrap_or_default(), Vec::new()),
            (None, Some(attachment)) => self.read_button_template(attachment)?,
            _ => {
                let mistake = "an ad's `message` has either `text` or `attachment`".to_owned();
                self.wrong(message, mistake, "a button template has its text inside of `attachment`");
                return None;
            }
        };
        Some(Welcome { text: greeting, quick_replies, buttons, ice_breakers: Vec::new() })
    }

    fn read_button_template(&mut self, attachment: &Node) -> Option<(Box<str>, Vec<Button>)> {
        let payload = attachment.get("payload")?;
        let is_template = text(attachment, "type").as_deref() == Some("template");
        let is_button = text(payload, "template_type").as_deref() == Some("button");
        let buttons = payload.get("buttons").map(Node::items).unwrap_or_default();
        let Some(greeting) = text(payload, "text").filter(|_| is_template && is_button && !buttons.is_empty()) else {
            self.wrong(attachment, "this is not a button template".to_owned(), BUTTON_TEMPLATE);
            return None;
        };
        Some((greeting, buttons.iter().filter_map(|button| self.read_button_json(button)).collect()))
    }

    fn read_button_json(&mut self, node: &Node) -> Option<Button> {
        let title = text(node, "title");
        match (text(node, "type").as_deref(), title, text(node, "payload"), text(node, "url")) {
            (Some("postback"), Some(title), Some(payload), None) => Some(Button::Postback { title, payload }),
            (Some("web_url"), Some(title), None, Some(url)) => {
                Some(Button::WebUrl { title, link: Link { url, ..Link::default() } })
            }
            _ => {
                let note = "`{ type: postback, title: …, payload: … }` or `{ type: web_url, title: …, url: … }`";
                self.wrong(node, "this is not a button of an ad".to_owned(), note);
                None
            }
        }
    }

    fn read_quick_reply_json(&mut self, node: &Node) -> Option<QuickReply> {
        match (text(node, "content_type").as_deref(), text(node, "title"), text(node, "payload")) {
            (Some("text") | None, Some(title), Some(payload)) => {
                Some(QuickReply { title, payload, ..QuickReply::default() })
            }
            _ => {
                let note = "`{ content_type: text, title: …, payload: … }`";
                self.wrong(node, "this is not a quick reply of an ad".to_owned(), note);
                None
            }
        }
    }
}

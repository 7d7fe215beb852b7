//! The outcome of a command that changes one setting.

use crate::domain::event::Event;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::rules::RuleId;

pub fn setting_changed(
    reply: Reply,
    page: impl Into<Option<AssetKey>>,
    app: impl Into<Option<AppKey>>,
    what: impl Into<Box<str>>,
    rule: RuleId,
) -> Outcome {
    let event = Event::SettingChanged { page: page.into(), app: app.into(), what: what.into(), rule };
    Outcome { reply, events: vec![event] }
}

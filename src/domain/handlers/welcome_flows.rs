//! What apps do with the welcome message flows of a page or an Instagram account.

use super::setting_changed::setting_changed;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::model::welcome_flow::WelcomeFlowChange;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

pub fn change(
    settings: &mut Settings,
    seed: u64,
    (asset, app): (AssetKey, AppKey),
    change: &WelcomeFlowChange,
    now: Moment,
) -> Result<Outcome, Refusal> {
    if !settings.asset(asset).is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    let flows = &mut settings.asset_mut(asset).welcome_flows;
    let known = |done: bool, id: &str| match done {
        true => Ok(Reply::Done),
        false => Err(Refusal::new(Reason::NoSuchWelcomeFlow(id.into()), rules::WELCOME_FLOW_UNKNOWN)),
    };
    let (reply, what) = match change {
        WelcomeFlowChange::Makes(content) => {
            let made = flows.make(seed, asset, content.clone(), now);
            let id = made.ok_or_else(|| Refusal::new(Reason::TooManyWelcomeFlows, rules::WELCOME_FLOW_SET))?;
            (Reply::Made(id), "made")
        }
        WelcomeFlowChange::Changes(id, content) => (known(flows.change(id, content, now), id)?, "changed"),
        WelcomeFlowChange::Deletes(id) => (known(flows.delete(id), id)?, "deleted"),
    };
    Ok(setting_changed(reply, asset, app, format!("welcome message flow {what}"), rules::WELCOME_FLOW_SET))
}

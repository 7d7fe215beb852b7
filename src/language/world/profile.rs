//! `profile` of a page: the Messenger profile at the start, as the Graph API takes it, with the same checks.

use super::asset_apps::AssetScope;
use super::world_reader::{self, WorldReader};
use crate::domain::model::config::{AppConfig, DeclaredProfile};
use crate::domain::model::ids::AppKey;
use crate::domain::model::platform::Platform;
use crate::domain::model::profile::{Profile, ProfileChange, Property};
use crate::graph;
use crate::language::node::Node;

const HOW_IT_IS_WRITTEN: &str = "it is written as an app sets it by `messenger_profile`";

impl WorldReader<'_> {
    /// Reads the profile. `central` is the app that set it if the profile names none. On Instagram a menu needs no Get Started button.
    pub(super) fn read_profile(
        &mut self,
        page: &Node,
        asset: AssetScope<'_>,
        central: Option<AppKey>,
    ) -> Option<DeclaredProfile> {
        let node = page.get("profile")?;
        let by = self.app_of_profile(node, asset, central)?;
        let mut settings = Vec::new();
        for property in Property::ALL {
            let Some(value) = node.get(property.name()) else { continue };
            match graph::profile_setting(asset.platform, property, &value.json()) {
                Ok(setting) => settings.push(setting),
                Err(message) => self.wrong(value, message, HOW_IT_IS_WRITTEN),
            }
        }
        let lacks_get_started =
            Profile::default().changed(&ProfileChange::Sets(settings.clone()), by).lacks_get_started();
        if asset.platform == Platform::Messenger && lacks_get_started && node.get(Property::GetStarted.name()).is_none()
        {
            let message = "a persistent menu needs the Get Started button".to_owned();
            self.wrong(node.get("persistent_menu").unwrap_or(node), message, "add `get_started: { payload: … }`");
        }
        Some(DeclaredProfile { by, settings })
    }

    fn app_of_profile(&mut self, node: &Node, asset: AssetScope<'_>, central: Option<AppKey>) -> Option<AppKey> {
        if let Some(named) = node.get("app") {
            let app = Self::app_key(asset.apps, named.text().unwrap_or_default())?;
            self.check_led_to(named, app, "the app that has set the profile", asset);
            return Some(app);
        }
        let mut connected =
            asset.connections.iter().filter(|connection| connection.connected && !is_metas(asset.apps, connection.app));
        let only = connected.next().filter(|_| connected.next().is_none()).map(|connection| connection.app);
        let by = central.or(only);
        if by.is_none() {
            self.wrong(node, "which app has set the profile?".to_owned(), "name it with `app:`");
        }
        by
    }
}

/// True for the apps of Meta that every world has.
fn is_metas(apps: &[AppConfig], app: AppKey) -> bool {
    let metas = [world_reader::INBOX, world_reader::LEAD_APP, world_reader::NATIVE_APP];
    metas.contains(&&*apps[app.index()].name)
}

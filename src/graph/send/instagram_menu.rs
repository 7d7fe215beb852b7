//! The persistent menu of an Instagram account: it is shorter than that of a page, and people can always type.

use crate::domain::model::profile::Setting;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::params::check_count;

const MAX_MENU_ITEMS: usize = 5;

/// Checks a setting of an account's profile. Those that are no menu are as on a page.
pub fn check_menu(setting: &Setting) -> Result<(), GraphError> {
    let Setting::PersistentMenu(menus) = setting else { return Ok(()) };
    for menu in menus.iter().map(|menu| &menu.value) {
        check_count(menu.items.len(), 0, MAX_MENU_ITEMS, "persistent_menu[call_to_actions]")?;
        if menu.composer_input_disabled {
            let words = [("keys", "composer_input_disabled"), ("param", "persistent_menu")];
            return Err(catalogue::INVALID_KEYS.with(&words));
        }
    }
    Ok(())
}

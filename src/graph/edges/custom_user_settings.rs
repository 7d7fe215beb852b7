//! Handles `POST`, `GET` and `DELETE /{page}/custom_user_settings`: the persistent menu of one person.

use serde_json::{Map, json};

use crate::domain::command::Command;
use crate::domain::model::ids::{AssetKey, ThreadKey};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data, result_success};
use crate::graph::read::fields::Selection;
use crate::graph::read::profile_json;
use crate::graph::send::profile_params;

const FIELDS: [&str; 2] = ["user_level_persistent_menu", "page_level_persistent_menu"];

/// Handles `POST`: the person gets a menu, which replaces the page's.
pub fn set(call: &Call, _: AssetKey) -> Result {
    let thread = thread_of_psid(call)?;
    let menus = profile_params::menus(&call.params)?;
    call.execute(Command::UserMenu(thread, call.app(), Some(menus)))?;
    result_success()
}

/// Handles `GET`: the person's menu and the page's.
pub fn read(call: &Call, _: AssetKey) -> Result {
    let thread = thread_of_psid(call)?;
    let Selection(fields) = Selection::of(&call.params)?.unwrap_or_else(|| Selection::names(&FIELDS));
    if let Some(unknown) = fields.iter().find(|field| !FIELDS.contains(&field.name.as_str())) {
        return Err(catalogue::UNKNOWN_FIELD.with(&[("field", &unknown.name), ("node", "PageUserSettings")]).into());
    }
    let menus: Map<_, _> = call.world().read(|world, _, _| {
        let own = world.thread(thread).and_then(|thread| thread.menu()).map(|own| own.menus.as_slice());
        let of_page = world.asset(thread.asset).profile.menus().map(|(menus, _)| menus);
        let set = fields.into_iter().filter_map(|field| {
            let menus = if field.name == FIELDS[0] { own } else { of_page };
            Some((field.alias.unwrap_or(field.name), profile_json::menus(menus?)))
        });
        set.collect()
    });
    data(if menus.is_empty() { Vec::new() } else { vec![json!(menus)] })
}

/// Handles `DELETE`: the person sees the page's menu again.
pub fn delete(call: &Call, _: AssetKey) -> Result {
    let thread = thread_of_psid(call)?;
    let params = call.params.list("params")?.filter(|params| !params.is_empty());
    let params = params.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "params")]))?;
    for (index, param) in params.iter().enumerate() {
        if !param.eq_ignore_ascii_case("persistent_menu") {
            let place = format!("params[{index}]");
            let error =
                catalogue::PARAM_ONE_OF.with(&[("param", &place), ("values", "PERSISTENT_MENU"), ("got", param)]);
            return Err(error.into());
        }
    }
    call.execute(Command::UserMenu(thread, call.app(), None))?;
    result_success()
}

fn thread_of_psid(call: &Call) -> Fallible<ThreadKey> {
    call.thread_of_param("psid", &call.params.required_text("psid")?)
}

//! Messenger Extensions: a page opens with them only on a domain that the page's profile lists.

use crate::domain::model::ids::AssetKey;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::profile::{MenuItem, Property, Setting};
use crate::domain::model::template::{Button, Element, Link, Template};

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_text::host;

/// Checks the links of a message.
pub fn check_message(call: &Call, page: AssetKey, content: &Content) -> ParamResult<()> {
    let links: Vec<&Link> = content.attachments.iter().flat_map(links_of_attachment).collect();
    match links.iter().any(|link| uses_extensions(link)) {
        true => check(&links, &domains_of_page(call, page)),
        false => Ok(()),
    }
}

/// Checks the links of the menus that a call sets. The domains that it sets with them count.
pub fn check_profile(call: &Call, page: AssetKey, settings: &[Setting]) -> ParamResult<()> {
    let menus = settings.iter().filter_map(|setting| match setting {
        Setting::PersistentMenu(menus) => Some(menus),
        _ => None,
    });
    let items = menus.flatten().flat_map(|menu| &menu.value.items);
    let links = items.filter_map(|item| match item {
        MenuItem::WebUrl { link, .. } => Some(link),
        MenuItem::Postback { .. } => None,
    });
    let links: Vec<&Link> = links.collect();
    let own = settings.iter().find_map(domains);
    check(&links, &own.unwrap_or_else(|| domains_of_page(call, page)))
}

fn check(links: &[&Link], domains: &[Box<str>]) -> ParamResult<()> {
    let is_listed = |link: &Link| {
        let wanted = host(&link.url).unwrap_or_default();
        domains.iter().any(|domain| host(domain).is_some_and(|known| known.eq_ignore_ascii_case(wanted)))
    };
    match links.iter().all(|link| !uses_extensions(link) || is_listed(link)) {
        true => Ok(()),
        false => Err(catalogue::EXTENSIONS_NOT_WHITELISTED.error()),
    }
}

fn uses_extensions(link: &Link) -> bool {
    link.webview.extensions == Some(true)
}

fn domains_of_page(call: &Call, page: AssetKey) -> Vec<Box<str>> {
    call.world().read(|world, _, _| {
        let setting = world.asset(page).profile.get(Property::WhitelistedDomains);
        setting.and_then(domains).unwrap_or_default()
    })
}

fn domains(setting: &Setting) -> Option<Vec<Box<str>>> {
    match setting {
        Setting::WhitelistedDomains(domains) => Some(domains.clone()),
        _ => None,
    }
}

fn links_of_attachment(attachment: &Attachment) -> Vec<&Link> {
    let Attachment::Template(template) = attachment else { return Vec::new() };
    match template {
        Template::Button { buttons, .. } | Template::Media { buttons, .. } => links_of_buttons(buttons).collect(),
        Template::Generic { elements, .. } => elements.iter().flat_map(links_of_card).collect(),
        _ => Vec::new(),
    }
}

fn links_of_card(card: &Element) -> impl Iterator<Item = &Link> {
    card.default_action.iter().chain(links_of_buttons(&card.buttons))
}

fn links_of_buttons(buttons: &[Button]) -> impl Iterator<Item = &Link> {
    buttons.iter().filter_map(|button| match button {
        Button::WebUrl { link, .. } => Some(link),
        _ => None,
    })
}

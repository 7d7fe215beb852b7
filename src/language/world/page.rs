//! The pages of a world file: their apps, routing, generation of rules, links and knobs.

use super::asset_apps::AssetScope;
use super::instagram_knobs::read_instagram_knobs;
use super::overrides::WorldOverrides;
use super::routings;
use super::world_reader::{INBOX, LEAD_APP, NATIVE_APP, WorldReader, named, number, text};
use crate::domain::model::config::{AppConfig, AssetConfig, ConnectionConfig, LinkConfig};
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppKey, IdKind, IdStream};
use crate::domain::model::knobs::{ConsentError, DisabledError, HopContextForm, Knobs, NativeOwner};
use crate::domain::model::page_details::PageDetails;
use crate::domain::model::platform::{Login, Platform};
use crate::domain::model::ruleset::Ruleset;
use crate::domain::model::shared_item::StickerForm;
use crate::language::node::Node;
use crate::text::units::parse_duration;

const DEFAULT_GENERATION: &str = "2023-09";

/// The rulesets of a page, and its central app: the default app or the primary receiver.
pub(super) struct PageRouting {
    /// The ruleset at the start.
    pub(super) start: &'static Ruleset,
    pub(super) with_default_app: &'static Ruleset,
    pub(super) without_default_app: &'static Ruleset,
    pub(super) default_app: Option<AppKey>,
    primary: Option<AppKey>,
}

/// `routing` and `rules` of a page, from the file or from the overrides.
struct DeclaredRouting<'a> {
    routing: Option<&'a str>,
    generation: &'a str,
    is_overridden: bool,
}

impl<'a> DeclaredRouting<'a> {
    /// The Handover Protocol is none of Instagram, so a run that overrides routing with it leaves accounts as they are.
    fn read(
        overrides: &'a WorldOverrides,
        page: &'a Node,
        (platform, default_generation): (Platform, &'a str),
    ) -> Self {
        let rules = page.get("rules").and_then(Node::text);
        let declared = page.get("routing").and_then(Node::text);
        let overridden = overrides.routing.as_deref().filter(|word| routings::applies_to(word, platform));
        let (routing, generation) = match overridden.or(declared).map(|word| word.split_once('@').unwrap_or((word, "")))
        {
            Some((routing, "")) => (Some(routing), rules),
            Some((routing, generation)) => (Some(routing), Some(generation)),
            None => (None, rules),
        };
        Self { routing, generation: generation.unwrap_or(default_generation), is_overridden: overridden.is_some() }
    }
}

impl WorldReader<'_> {
    pub(super) fn read_page(&mut self, entry: &(Node, Node), apps: &[AppConfig]) -> AssetConfig {
        let (name, node) = named(entry);
        self.check_platform_word(&entry.0, Platform::Messenger);
        let connections = self.read_connections(name, node, apps, Platform::Messenger);
        let asset = AssetScope { name, platform: Platform::Messenger, apps, connections: &connections };
        self.check_routes(node, asset);
        let routing = self.read_routing((name, node), apps, (Platform::Messenger, DEFAULT_GENERATION));
        let profile = self.read_profile(node, asset, routing.default_app.or(routing.primary));
        let links = node.get("links").map(Node::entries).unwrap_or_default();
        let links = links.iter().map(|entry| self.read_link(entry, asset)).collect();
        AssetConfig {
            name: name.into(),
            id: text(node, "id")
                .unwrap_or_else(|| IdStream::named(self.seed, IdKind::Page, name, 0).digits(15).to_string().into()),
            account: None,
            ruleset: routing.start,
            with_default_app: routing.with_default_app,
            without_default_app: routing.without_default_app,
            default_app: routing.default_app,
            primary: routing.primary,
            knobs: self.read_knobs(node, Platform::Messenger),
            links,
            social: node.get("social").and_then(|app| Self::app_key(apps, app.text()?)),
            connections,
            profile,
            details: self.read_details(node),
        }
    }

    /// What the page says about itself.
    pub(super) fn read_details(&mut self, page: &Node) -> PageDetails {
        let mut url = |key: &str| {
            let value = page.get(key)?;
            let is_url = |text: &str| text.starts_with("https://") || text.starts_with("http://");
            if !value.text().is_some_and(is_url) {
                let message = format!("`{}` is no URL", value.text().unwrap_or_default());
                self.wrong(value, message, "write one that begins with https://");
            }
            text(page, key)
        };
        let (link, picture) = (url("link"), url("picture"));
        PageDetails {
            category: text(page, "category"),
            link,
            about: text(page, "about"),
            username: text(page, "username"),
            picture,
        }
    }

    /// Reads the rulesets of a page and its central app. If a run overrides `routing`, the default app becomes the primary receiver,
    /// or the other way round, as in Meta's migration.
    pub(super) fn read_routing(
        &mut self,
        (name, page): (&str, &Node),
        apps: &[AppConfig],
        (platform, generation): (Platform, &'static str),
    ) -> PageRouting {
        let declared = DeclaredRouting::read(self.overrides, page, (platform, generation));
        let named = |key: &str| page.get(key).and_then(|app| Self::app_key(apps, app.text()?));
        let (default_app, primary) = (named("default_app"), named("primary"));
        let generation = Ruleset::of_generation(declared.generation).unwrap_or_else(|| {
            let message = format!("there is no generation `{}` of the rules", declared.generation);
            self.wrong(page.get("rules").unwrap_or(page), message, "known are: 2023-09, 2025-09");
            Ruleset::conversation_routing_2023()
        });
        if !declared.is_overridden {
            self.check_central_app(page, declared.routing, default_app, primary);
        }
        let default = match (default_app, primary) {
            (Some(_), _) => "conversation_routing",
            (None, Some(_)) => "handover_protocol",
            (None, None) => "zero_config",
        };
        let central = default_app.or(primary);
        let (start, without_default_app) = match declared.routing.unwrap_or(default) {
            "conversation_routing" => (generation, Ruleset::zero_config()),
            "handover_protocol" => (Ruleset::handover_protocol(), Ruleset::handover_protocol()),
            "zero_config" => (Ruleset::zero_config(), Ruleset::zero_config()),
            unknown => {
                let message =
                    routings::check(unknown).err().unwrap_or_else(|| format!("there is no routing `{unknown}`"));
                self.wrong(page.get("routing").unwrap_or(page), message, "name another");
                (Ruleset::zero_config(), Ruleset::zero_config())
            }
        };
        if start == generation && central.is_none() {
            let note = "name one, or use `routing: zero_config`";
            let at = page.get("routing").unwrap_or(page);
            let message = format!("conversation_routing needs a `default_app`, and `{name}` has none");
            self.wrong(at, message, note);
        }
        PageRouting {
            start,
            with_default_app: generation,
            without_default_app,
            default_app: central.filter(|_| start == generation),
            primary: central.filter(|_| start.has_roles()),
        }
    }

    /// Checks that a page names its central app with the key of its own routing.
    fn check_central_app(
        &mut self,
        page: &Node,
        routing: Option<&str>,
        default_app: Option<AppKey>,
        primary: Option<AppKey>,
    ) {
        let at = |key: &str| page.get(key).unwrap_or(page);
        match (routing, default_app, primary) {
            (_, Some(_), Some(_)) => {
                let message = "a page has a default app or a primary receiver, not both".to_owned();
                self.wrong(
                    at("primary"),
                    message,
                    "`default_app` belongs to conversation_routing, `primary` to handover_protocol",
                );
            }
            (Some("zero_config"), Some(_), _) => {
                let note = "leave out `default_app`, or use `routing: conversation_routing`";
                self.wrong(at("routing"), "a page with `zero_config` has no default app".to_owned(), note);
            }
            (Some("zero_config"), _, Some(_)) => {
                let note = "leave out `primary`, or use `routing: handover_protocol`";
                self.wrong(at("routing"), "a page with `zero_config` has no primary receiver".to_owned(), note);
            }
            (Some("handover_protocol"), Some(_), _) => {
                let note = "name its primary receiver with `primary:`";
                self.wrong(at("default_app"), "a page with `handover_protocol` has no default app".to_owned(), note);
            }
            (Some("conversation_routing"), _, Some(_)) => {
                let note = "name its default app with `default_app:`";
                self.wrong(
                    at("primary"),
                    "a page with `conversation_routing` has no primary receiver".to_owned(),
                    note,
                );
            }
            _ => {}
        }
    }

    pub(super) fn read_knobs(&mut self, page: &Node, platform: Platform) -> Knobs {
        self.check_knobs(page, platform);
        let default = Knobs::default();
        let Some(node) = page.get("knobs") else { return default };
        let word = |key: &str| node.get(key).and_then(Node::text);
        let is = |key: &str, wanted: &str, default: bool| word(key).map_or(default, |word| word == wanted);
        let flag = |key: &str, default: bool| node.get(key).and_then(Node::bool).unwrap_or(default);
        let span = |key: &str, default| word(key).and_then(parse_duration).unwrap_or(default);
        let error = node.get("disabled_error");
        let part = |key: &str| error.and_then(|error| number(error, key));
        let disabled_error = DisabledError {
            http: part("http").map_or(default.disabled_error.http, |http| u16::try_from(http).unwrap_or(0)),
            code: part("code").map_or(default.disabled_error.code, |code| i32::try_from(code).unwrap_or(i32::MAX)),
        };
        if let Some(at) = error.filter(|_| !(400..600).contains(&disabled_error.http)) {
            self.wrong(at, "`http` is the HTTP status of an error".to_owned(), "a number from 400 to 599");
        }
        Knobs {
            lenient_field_names: is("field_names", "lenient", default.lenient_field_names),
            handover_ids_as_text: is("handover_app_id_type", "string", default.handover_ids_as_text),
            handover_to_subscribed: is("handover_fanout", "subscribed", default.handover_to_subscribed),
            hop_context: match word("hop_context") {
                Some("none") => HopContextForm::Off,
                Some("object") => HopContextForm::Object,
                Some("array") => HopContextForm::Array,
                Some(_) => HopContextForm::Auto,
                None => default.hop_context,
            },
            standby_postback_empty: is("standby_postback", "empty_object", default.standby_postback_empty),
            standby_referral: flag("standby_referral", default.standby_referral),
            idle_owner_is_default_app: word("idle_thread_owner").map(|owner| owner == "default_app"),
            control_restarts_idle: word("idle_counts_from").map(|from| from == "control"),
            inbox_holds_idle: is("inbox_reply", "holds", default.inbox_holds_idle),
            native_owner: word("native_owner").and_then(NativeOwner::parse).unwrap_or(default.native_owner),
            account_feature_status: !is("ig_feature_status", "page_only", !default.account_feature_status),
            menu_by_default_app: is("menu_setter", "default_app", default.menu_by_default_app),
            stickers: word("stickers").and_then(StickerForm::parse),
            link_beside_payload: is("shared_link", "beside", default.link_beside_payload),
            message_request: is("message_request", "accept", default.message_request),
            instagram: read_instagram_knobs(node),
            unsend_webhook: is("unsend", "is_deleted", default.unsend_webhook),
            implicit_take_notifies: flag("implicit_take_notifies", default.implicit_take_notifies),
            control_defaults_to_pass: is("control_default", "pass", default.control_defaults_to_pass),
            echo_after_control: is("echo_order", "after_control", default.echo_after_control),
            referral_seconds: is("referral_timestamp", "s", default.referral_seconds),
            disabled_error,
            consent_error: match word("consent_error") {
                Some("no_user") => ConsentError::NoMatchingUser,
                Some("unknown") => ConsentError::UnknownObject,
                _ => default.consent_error,
            },
            account_fields_count: is("ig_fields", "account", default.account_fields_count),
            idle_after: span("idle_after", default.idle_after),
            lead_patience: span("lead_patience", default.lead_patience),
            extend_max: span("extend_max", default.extend_max),
            ad_expiration_max_days: number(node, "ad_expiration_max_days").unwrap_or(default.ad_expiration_max_days),
            metadata_max: number(node, "metadata_max").map_or(default.metadata_max, |most| most as usize),
        }
    }

    /// Meta's own apps are connected to every asset.
    pub(super) fn read_connections(
        &mut self,
        page_name: &str,
        page: &Node,
        apps: &[AppConfig],
        platform: Platform,
    ) -> Vec<ConnectionConfig> {
        let usual = match platform {
            Platform::Instagram if page.get("page").is_none() => Login::Instagram,
            _ => Login::Facebook,
        };
        let declared = page.get("apps").map(Node::entries).unwrap_or_default();
        let mut connections: Vec<ConnectionConfig> = Vec::new();
        for (key, app) in (0u16..).zip(apps) {
            let node = declared.iter().map(named).find(|(name, _)| *name == &*app.name).map(|(_, node)| node);
            let owner = format!("{page_name}/{}", app.name);
            let login = node.and_then(|node| Login::parse(node.get("login")?.text()?)).unwrap_or(usual);
            // An app with Facebook Login may get a token of Instagram Login later.
            let prefix = match (platform, login) {
                (Platform::Instagram, Login::Facebook) => Login::Instagram.token_prefix(),
                _ => login.token_prefix(),
            };
            let derived = || IdStream::named(self.seed, IdKind::Token, &owner, 0).letters_and_digits(prefix, 60);
            connections.push(ConnectionConfig {
                app: AppKey(key),
                connected: node.is_some()
                    || [INBOX, LEAD_APP].contains(&&*app.name)
                    || (platform == Platform::Instagram && &*app.name == NATIVE_APP),
                token: node.and_then(|node| text(node, "token")).unwrap_or_else(derived),
                by: node.and_then(|node| self.user_key(node.get("by")?.text()?)),
                expires: node.and_then(|node| self.until(node)),
                login,
                fields: node
                    .and_then(|node| node.get("fields"))
                    .map_or_else(|| FieldSet::all_of(platform), |fields| read_fields(fields, platform)),
                standby: node.and_then(|node| node.get("standby")?.bool()).unwrap_or(true),
                take_control: node.and_then(|node| node.get("take_control")?.bool()).unwrap_or(false),
            });
        }
        connections
    }

    pub(super) fn read_link(&mut self, entry: &(Node, Node), asset: AssetScope<'_>) -> LinkConfig {
        let (name, node) = named(entry);
        self.check_ref(node);
        let app = node.get("app").and_then(|at| Some((Self::app_key(asset.apps, at.text()?)?, at)));
        if let Some((app, at)) = app {
            self.check_led_to(at, app, &format!("the app of the link `{name}`"), asset);
        }
        let app = app.map(|(app, _)| app);
        LinkConfig { name: name.into(), reference: text(node, "ref").unwrap_or_default(), app }
    }
}

fn read_fields(node: &Node, platform: Platform) -> FieldSet {
    node.items()
        .iter()
        .filter_map(|field| Field::parse(field.text()?))
        .filter(|field| field.may_be_of(platform))
        .collect()
}

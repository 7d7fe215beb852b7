//! Language room: from a part of a file to a step. What no table can say is checked here: that a step has a verb, that its words go
//! together, that `${names}` are known.

use serde_json::Value;

use super::expectation::Expectation;
use super::read_fault;
use super::step::{
    Act, AdminChange, AppStep, AppVerb, CallStep, ClockStep, Entry, InboxStep, InboxVerb, Step, UserStep, UserVerb,
};
use crate::domain::model::access::{Permission, TokenEnd};
use crate::domain::model::time::Span;
use crate::language::node::Node;
use crate::language::schema::shape::{Mistakes, Names, Shape, article, check};
use crate::language::schema::vocabulary;
use crate::text::diagnostic::Diagnostic;
use crate::text::suggest::did_you_mean;
use crate::text::units::{parse_duration, parse_moment};

/// What the `${names}` of a step may be beside those of the world.
pub type Saved = Vec<String>;

/// Reads one step, all of whose mistakes are reported. Names that it saves are known to later steps.
pub fn read(node: &Node, names: &Names, saved: &mut Saved) -> Result<Step, Mistakes> {
    let mut mistakes = Mistakes::new();
    check(node, &Shape::Tagged(&vocabulary::STEP), names, &mut mistakes);
    check_references(node, names, saved, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let act = read_act(node).map_err(|mistake| vec![mistake])?;
    check_parties(node, names, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let save = node.pairs("save");
    saved.extend(save.iter().map(|(name, _)| name.clone()));
    if let Act::Expect(expectations) = &act {
        saved.extend(expectations.iter().flat_map(|expectation| &expectation.save).map(|(name, _)| name.clone()));
    }
    let page = ["page", "admin", "inbox"].iter().find_map(|key| text(node, key));
    Ok(Step { place: node.place.clone(), page, save, act })
}

/// `from` and `to` of a message name people, apps, ads and pages alike.
fn check_parties(node: &Node, names: &Names, mistakes: &mut Mistakes) {
    for message in node.get("expect").map(Node::items).unwrap_or_default().iter().filter_map(|item| item.get("message"))
    {
        let authors = [&names.people, &names.apps, &names.ads];
        let readers = [&names.people, &names.pages];
        for (key, known) in [("from", &authors[..]), ("to", &readers[..])] {
            let Some(at) = message.get(key) else { continue };
            let name = at.text().unwrap_or_default();
            let mut known = known.iter().flat_map(|names| names.iter()).map(String::as_str);
            if known.clone().any(|known| known == name) {
                continue;
            }
            let nearest = did_you_mean(name, known.by_ref());
            mistakes.push(at.mistake(format!("nobody is called `{name}`{nearest}")));
        }
    }
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

fn json(node: &Node, key: &str) -> Option<Value> {
    node.get(key).map(Node::json)
}

fn duration(node: &Node, key: &str) -> Option<Span> {
    node.get(key).and_then(Node::text).and_then(parse_duration)
}

fn read_act(node: &Node) -> Result<Act, Diagnostic> {
    let subject = node
        .entries()
        .iter()
        .filter_map(|(key, _)| key.text())
        .find(|key| ["user", "app", "admin", "inbox", "clock", "fault", "call", "expect"].contains(key));
    match subject {
        Some("user") => user(node).map(Act::User),
        Some("app") => app(node).map(Act::App),
        Some("admin") => admin(node).map(Act::Admin),
        Some("inbox") => inbox(node).map(Act::Inbox),
        Some("clock") => clock(node).map(Act::Clock),
        Some("fault") => read_fault::of_step(node).map(Act::Fault),
        Some("call") => call(node).map(Act::Call),
        Some("expect") if node.get("expect").is_some_and(|list| list.items().is_empty()) => {
            Err(node.mistake("this `expect` step expects nothing"))
        }
        Some("expect") => Ok(Act::Expect(
            node.get("expect")
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .map(Expectation::read)
                .collect::<Result<_, _>>()?,
        )),
        _ => Err(node.mistake("a step begins with its subject")),
    }
}

/// The one verb of a step among those that exclude each other.
fn one_verb<'n>(node: &'n Node, subject: &str, verbs: &[&str]) -> Result<Option<(&'n str, &'n Node)>, Diagnostic> {
    let present = node.entries().iter().filter_map(|(key, value)| Some((key.text()?, value)));
    let present: Vec<(&str, &Node)> = present.filter(|(key, _)| verbs.contains(key)).collect();
    match present.as_slice() {
        [] => Ok(None),
        [verb] => Ok(Some(*verb)),
        [(first, _), (second, _), ..] => {
            let message =
                format!("{} `{subject}` step does one thing: this has `{first}` and `{second}`", article(subject));
            Err(node.mistake(message).note("write two steps"))
        }
    }
}

fn no_verb(node: &Node, subject: &str, verbs: &[&str]) -> Diagnostic {
    node.mistake(format!("this `{subject}` step does nothing")).note(format!("it may have: {}", verbs.join(", ")))
}

fn user(node: &Node) -> Result<UserStep, Diagnostic> {
    const ENTRIES: &[&str] = &["taps_ad", "opens_link"];
    const VERBS: &[&str] = &[
        "says",
        "sends",
        "gets_started",
        "taps_button",
        "taps_quick_reply",
        "taps_ice_breaker",
        "taps_menu",
        "reacts",
        "unreacts",
        "opts_in",
        "stops_messages",
        "resumes_messages",
        "answers_survey",
        "opens_coupon",
        "comments",
        "posts",
        "opens_login",
        "links_account",
        "unlinks_account",
        "reads",
        "blocks",
        "unblocks",
    ];
    let entry = match one_verb(node, "user", ENTRIES)? {
        Some(("taps_ad", ad)) => Some(Entry::Ad(ad.text().unwrap_or_default().to_owned())),
        Some((_, link)) => Some(Entry::Link(link.text().unwrap_or_default().to_owned())),
        None => None,
    };
    let then = one_verb(node, "user", VERBS)?;
    if entry.is_none() && then.is_none() {
        return Err(no_verb(node, "user", &[ENTRIES, VERBS].concat()));
    }
    for (modifier, of) in [("replies_to", &["says", "sends"][..]), ("message", &["reacts", "unreacts"])] {
        if let (Some(at), false) = (node.get(modifier), then.is_some_and(|(verb, _)| of.contains(&verb))) {
            return Err(at.mistake(format!("`{modifier}` goes with `{}`", of.join("` or `"))));
        }
    }
    let then = match then {
        Some((verb, value)) => Some(user_verb(node, verb, value)?),
        None => None,
    };
    let enters_with = matches!(
        then,
        None | Some(
            UserVerb::Says { .. }
                | UserVerb::GetsStarted
                | UserVerb::TapsButton(_)
                | UserVerb::TapsQuickReply(_)
                | UserVerb::TapsIceBreaker(_)
                | UserVerb::TapsMenu(_)
        )
    );
    if entry.is_some() && !enters_with {
        return Err(node.mistake("these two verbs are not one gesture").note("write two steps"));
    }
    Ok(UserStep { person: text(node, "user").unwrap_or_default(), entry, then })
}

fn user_verb(node: &Node, verb: &str, value: &Node) -> Result<UserVerb, Diagnostic> {
    let word = value.text().unwrap_or_default().to_owned();
    let replies_to = text(node, "replies_to");
    Ok(match verb {
        "says" if word.is_empty() => return Err(value.mistake("an empty message cannot be sent")),
        "says" => UserVerb::Says { text: Some(word), attachments: Vec::new(), replies_to },
        "sends" => {
            let text = text(value, "text");
            let attachments = value.get("attachments").map(Node::items).unwrap_or_default();
            if text.is_none() && attachments.is_empty() {
                return Err(value.mistake("this message is empty").note("give it `text`, `attachments`, or both"));
            }
            attachments.iter().try_for_each(check_user_attachment)?;
            UserVerb::Says { text, attachments: attachments.iter().map(Node::json).collect(), replies_to }
        }
        "gets_started" => UserVerb::GetsStarted,
        "taps_button" => UserVerb::TapsButton(word),
        "taps_quick_reply" => UserVerb::TapsQuickReply(word),
        "taps_ice_breaker" => UserVerb::TapsIceBreaker(word),
        "taps_menu" => UserVerb::TapsMenu(word),
        "reacts" => UserVerb::Reacts { reaction: Some(word), message: text(node, "message") },
        "unreacts" => UserVerb::Reacts { reaction: None, message: text(node, "message") },
        "opts_in" => opt_in(value)?,
        "stops_messages" => UserVerb::StopsMessages(word),
        "resumes_messages" => UserVerb::ResumesMessages(word),
        "answers_survey" => UserVerb::AnswersSurvey { score: text(value, "score"), text: text(value, "text") },
        "opens_coupon" => UserVerb::OpensCoupon(word),
        "comments" => UserVerb::Comments(word),
        "posts" => UserVerb::Posts(word),
        "opens_login" => UserVerb::OpensLogin,
        "links_account" => UserVerb::LinksAccount(word),
        "unlinks_account" => UserVerb::UnlinksAccount,
        "reads" => UserVerb::Reads,
        "blocks" => UserVerb::Blocks,
        "unblocks" => UserVerb::Unblocks,
        other => return Err(value.mistake(format!("`{other}` cannot be done by a person"))),
    })
}

fn opt_in(node: &Node) -> Result<UserVerb, Diagnostic> {
    match (text(node, "to"), text(node, "user_ref"), text(node, "ref")) {
        (Some(title), None, None) => Ok(UserVerb::OptsInTo(title)),
        (None, Some(user_ref), reference) => Ok(UserVerb::OptsIn { user_ref, reference }),
        (Some(_), None, Some(_)) => Err(node.mistake("`ref` goes with `user_ref`")),
        (Some(_), Some(_), _) => Err(node.mistake("a request and a checkbox are two opt-ins").note("write two steps")),
        (None, None, _) => {
            Err(node.mistake("this opt-in is to nothing").note("`to` names a request, `user_ref` a checkbox"))
        }
    }
}

fn check_user_attachment(node: &Node) -> Result<(), Diagnostic> {
    let is_location = text(node, "type").as_deref() == Some("location");
    let number =
        |key| text(node, key).is_some_and(|text| text.contains("${") || text.parse::<f64>().is_ok_and(f64::is_finite));
    match is_location {
        true if !number("lat") || !number("long") => Err(node.mistake("a location has `lat` and `long`, both numbers")),
        false if node.get("url").is_none() => Err(node.mistake("this attachment needs `url`")),
        _ => Ok(()),
    }
}

fn app(node: &Node) -> Result<AppStep, Diagnostic> {
    const VERBS: &[&str] =
        &["sends", "passes", "releases", "takes", "requests", "extends", "types", "marks_seen", "stays_silent"];
    let Some((verb, value)) = one_verb(node, "app", VERBS)? else { return Err(no_verb(node, "app", VERBS)) };
    for (modifier, of) in [
        ("tag", &["sends"][..]),
        ("thread_control", &["sends"]),
        ("metadata", &["sends", "passes", "takes", "requests"]),
    ] {
        if let (Some(at), false) = (node.get(modifier), of.contains(&verb)) {
            return Err(at.mistake(format!("`{modifier}` goes with `{}`", of.join("`, `"))));
        }
    }
    if let (Some(at), "stays_silent") = (node.get("refused"), verb) {
        return Err(at.mistake("silence cannot be refused"));
    }
    if let Some(at) = node.get("response_lost") {
        check_loss(node, at, verb)?;
    }
    if let Some(rule) = node.get("refused").and_then(|refused| refused.get("because")) {
        check_rule(rule)?;
    }
    let word = value.text().unwrap_or_default().to_owned();
    let metadata = text(node, "metadata");
    let verb = match verb {
        "sends" if value.is_null() || !value.items().is_empty() => {
            return Err(value.mistake(format!("`sends` takes text or a message, found {}", value.describe())));
        }
        "sends" => AppVerb::Sends {
            message: if value.is_map() { value.json() } else { Value::String(word) },
            tag: text(node, "tag"),
            thread_control: json(node, "thread_control"),
            metadata,
        },
        "passes" => AppVerb::Passes { app: Some(word).filter(|word| word != "default"), metadata },
        "releases" => AppVerb::Releases,
        "takes" => AppVerb::Takes(metadata),
        "requests" => AppVerb::Requests(metadata),
        "extends" => AppVerb::Extends(parse_duration(&word).unwrap_or_default()),
        "types" => AppVerb::Types(value.bool().unwrap_or(true)),
        "marks_seen" => AppVerb::MarksSeen,
        "stays_silent" => AppVerb::StaysSilent(parse_duration(&word).unwrap_or_default()),
        other => return Err(value.mistake(format!("`{other}` cannot be done by an app"))),
    };
    Ok(AppStep {
        app: text(node, "app").unwrap_or_default(),
        to: text(node, "to"),
        verb,
        refused: json(node, "refused"),
        response_lost: node.get("response_lost").is_some(),
        within: duration(node, "within"),
    })
}

/// What is lost cannot be looked at.
fn check_loss(node: &Node, at: &Node, verb: &str) -> Result<(), Diagnostic> {
    let known = ["refused", "save"].into_iter().find(|key| node.get(key).is_some());
    match known {
        _ if verb == "stays_silent" => Err(at.mistake("silence has no answer to lose")),
        Some(key) => Err(at.mistake(format!("an app that loses the answer does not learn of it: leave out `{key}`"))),
        None => Ok(()),
    }
}

fn check_rule(node: &Node) -> Result<(), Diagnostic> {
    let mut mistakes = Mistakes::new();
    check(node, &Shape::Rule, &Names::default(), &mut mistakes);
    mistakes.pop().map_or(Ok(()), Err)
}

fn admin(node: &Node) -> Result<Vec<AdminChange>, Diagnostic> {
    let mut changes = Vec::new();
    for (key, value) in node.entries() {
        let word = value.text().unwrap_or_default().to_owned();
        let app_or_none = || Some(word.clone()).filter(|word| word != "none");
        let toggles = || value.entries().iter().map(|(app, on)| (app.text().unwrap_or_default().to_owned(), on));
        match key.text().unwrap_or_default() {
            "sets_default_app" => changes.push(AdminChange::DefaultApp(app_or_none())),
            "sets_primary" => changes.push(AdminChange::Primary(app_or_none())),
            "sets_standby" => {
                changes.extend(toggles().map(|(app, on)| AdminChange::Standby(app, on.bool().unwrap_or(false))));
            }
            "sets_take_control" => {
                changes.extend(toggles().map(|(app, on)| AdminChange::TakeControl(app, on.bool().unwrap_or(false))));
            }
            "sets_link" => changes.extend(toggles().map(|(link, app)| {
                AdminChange::Link(link, app.text().filter(|app| *app != "none").map(str::to_owned))
            })),
            "sets_social" => changes.push(AdminChange::Social(app_or_none())),
            "connects_app" => changes.push(AdminChange::Connects(word)),
            "disconnects_app" => changes.push(AdminChange::Disconnects(word)),
            "sets_handover_apis" => changes.push(AdminChange::HandoverApis(word == "blocked")),
            access => changes.extend(access_changes(access, value)),
        }
    }
    if changes.is_empty() {
        return Err(node.mistake("this `admin` step changes nothing").note("it may have: sets_default_app, sets_primary, sets_standby, sets_take_control, sets_link, sets_social, connects_app, disconnects_app, sets_handover_apis, expires_token, revokes_token, grants, withdraws, publishes_app, unpublishes_app, issues_code"));
    }
    Ok(changes)
}

/// What an admin's step changes about the access of apps.
fn access_changes(verb: &str, value: &Node) -> Vec<AdminChange> {
    let word = value.text().unwrap_or_default().to_owned();
    let of_apps = || value.entries().iter().map(|(app, value)| (app.text().unwrap_or_default().to_owned(), value));
    let permits = |granted| {
        let permits = |(app, list): (String, &Node)| {
            let permissions = list.items().iter().filter_map(|one| Permission::parse(one.text()?)).collect();
            AdminChange::Permits { app, granted, permissions }
        };
        of_apps().map(permits).collect()
    };
    match verb {
        "expires_token" => vec![AdminChange::ExpiresToken(word)],
        "revokes_token" => {
            let ends =
                |(app, end): (String, &Node)| Some(AdminChange::RevokesToken(app, TokenEnd::parse(end.text()?)?));
            of_apps().filter_map(ends).collect()
        }
        "grants" => permits(true),
        "withdraws" => permits(false),
        "publishes_app" => vec![AdminChange::Publishes(word, true)],
        "unpublishes_app" => vec![AdminChange::Publishes(word, false)],
        "issues_code" => {
            let issues = |(app, user): (String, &Node)| AdminChange::IssuesCode {
                app,
                user: user.text().unwrap_or_default().to_owned(),
            };
            of_apps().map(issues).collect()
        }
        _ => Vec::new(),
    }
}

fn inbox(node: &Node) -> Result<InboxStep, Diagnostic> {
    const VERBS: &[&str] = &["replies", "moves_to_main", "moves_to_done"];
    let verb = match one_verb(node, "inbox", VERBS)? {
        Some(("replies", value)) => InboxVerb::Replies(value.text().unwrap_or_default().to_owned()),
        Some(("moves_to_main", _)) => InboxVerb::MovesToMain,
        Some(_) => InboxVerb::MovesToDone,
        None => return Err(no_verb(node, "inbox", VERBS)),
    };
    Ok(InboxStep { to: text(node, "to"), verb })
}

fn clock(node: &Node) -> Result<ClockStep, Diagnostic> {
    let value = node.get("clock").ok_or_else(|| node.mistake("a `clock` step says how far time goes on"))?;
    if let Some(to) = value.get("to") {
        let moment = to.text().and_then(parse_moment);
        return moment.map(ClockStep::To).ok_or_else(|| to.mistake("expected a moment"));
    }
    let span = value.text().and_then(|text| parse_duration(text.strip_prefix('+')?));
    span.map(ClockStep::By).ok_or_else(|| value.mistake("expected `+` and a length of time"))
}

fn call(node: &Node) -> Result<CallStep, Diagnostic> {
    let call = node.get("call").ok_or_else(|| node.mistake("a `call` step has a call"))?;
    let (method, path) = match one_verb(call, "call", &["get", "post", "delete"])? {
        Some(("get", path)) => ("GET", path),
        Some(("delete", path)) => ("DELETE", path),
        Some((_, path)) => ("POST", path),
        None => return Err(call.mistake("a call has `get`, `post` or `delete` with a path")),
    };
    if !path.text().is_some_and(|path| path.starts_with('/')) {
        return Err(path.mistake("a path begins with `/`").note("like /me/messages"));
    }
    Ok(CallStep {
        app: text(call, "as"),
        method,
        path: path.text().unwrap_or_default().to_owned(),
        body: json(call, "body"),
        token: text(call, "token"),
        headers: call.pairs("headers"),
        returns: json(node, "returns"),
    })
}

/// `${names}` that nobody gives.
fn check_references(node: &Node, names: &Names, saved: &Saved, mistakes: &mut Mistakes) {
    for item in node.items() {
        check_references(item, names, saved, mistakes);
    }
    for (_, value) in node.entries() {
        check_references(value, names, saved, mistakes);
    }
    let Some(text) = node.text() else { return };
    for reference in references(text) {
        if let Some(nearest) = unknown_reference(reference, names, saved) {
            let mut mistake = node.mistake(format!("`${{{reference}}}` is not known here{nearest}"));
            mistake = mistake.note("known are people, page.NAME, app.NAME, token.PAGE.APP, proof.PAGE.APP, secret.APP, user.NAME, user_token.USER.APP, ad.NAME, and what earlier steps saved");
            mistakes.push(mistake);
        }
    }
}

/// The names inside `${…}`.
pub fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn unknown_reference(reference: &str, names: &Names, saved: &Saved) -> Option<String> {
    let known = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let parts: Vec<&str> = reference.split('.').collect();
    let is_known = match parts.as_slice() {
        ["page", page] => known(&names.pages, page),
        ["app" | "secret", app] => known(&names.apps, app),
        ["ad", ad] => known(&names.ads, ad),
        ["token" | "proof", page, app] => known(&names.pages, page) && known(&names.apps, app),
        ["user", user] => known(&names.users, user),
        ["user_token", user, app] => known(&names.users, user) && known(&names.apps, app),
        [word] => match word.split_once('@') {
            Some((person, page)) => known(&names.people, person) && known(&names.pages, page),
            None => known(&names.people, word) || known(saved, word),
        },
        _ => false,
    };
    let all = names.people.iter().chain(saved).map(String::as_str);
    (!is_known).then(|| did_you_mean(reference, all))
}

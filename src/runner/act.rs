//! Steps that act. What people, admins and the inbox do is a command to the world; what an app does is a Graph call.

use serde_json::{Value, json};

use crate::domain::Reply;
use crate::domain::command::{AccessChange, Command, InboxAction, SettingChange};
use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::model::message::Content;
use crate::domain::refusal::Refusal;
use crate::engine::ledger_entry::Actor;
use crate::engine::{Executed, NotExecuted};
use crate::language::steps::admin_step::AdminChange;
use crate::language::steps::app_step::AppVerb;
use crate::language::steps::clock_step::ClockStep;
use crate::language::steps::inbox_step::{InboxStep, InboxVerb};
use crate::language::steps::on_platform::{admin_mistake, inbox_mistake};
use crate::language::steps::step::{Step, StepKind};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;
use crate::text::units::{self, format_moment};

use super::session::{RESET_MEANWHILE, Session};

/// The answer of a step that acts, for `save`.
pub(super) type ActResult = Result<Option<Value>, Diagnostic>;

impl Session {
    /// Performs a step that acts. Returns the answer for `save`.
    pub(super) async fn perform_action(&mut self, step: &Step, thread: Option<ThreadKey>) -> ActResult {
        match &step.kind {
            StepKind::User(user) => self.act_as_user(step, user, thread),
            StepKind::App(app) => match &app.verb {
                AppVerb::Calls(pattern) => self.call_as_puppet(step, app, pattern, thread).await,
                _ => self.act_as_puppet(step, app, thread).await,
            },
            StepKind::Admin(changes) => self.act_as_admin(step, changes),
            StepKind::Inbox(inbox) => self.act_as_inbox(step, inbox, thread),
            StepKind::Clock(clock) => self.move_clock(step, *clock).await,
            StepKind::Fault(fault) => self.arm_step(fault, &step.place).map(|()| None),
            StepKind::Call(call) => self.make_call(step, call).await,
            StepKind::Expect(_) => Ok(None),
        }
    }

    pub(crate) fn fill_text(
        &self,
        text: &str,
        page: Option<AssetKey>,
        place: &SourcePlace,
    ) -> Result<String, Diagnostic> {
        self.placeholders(page).fill_text(text).map_err(|error| Diagnostic::new(place.clone(), error))
    }

    pub(super) fn fill_value(
        &self,
        value: &Value,
        page: Option<AssetKey>,
        place: &SourcePlace,
    ) -> Result<Value, Diagnostic> {
        self.placeholders(page).fill_value(value).map_err(|error| Diagnostic::new(place.clone(), error))
    }

    pub(super) fn execute(&mut self, command: Command, place: &SourcePlace) -> ActResult {
        let Some(executed) = self.world.execute_of(self.generation, Actor::Script, command) else {
            return Err(Diagnostic::new(place.clone(), RESET_MEANWHILE));
        };
        let (Ok(Executed { cause, .. }) | Err(NotExecuted { cause, .. })) = &executed;
        self.own(&[*cause]);
        self.has_acted |= executed.is_ok();
        match executed {
            Ok(executed) => Ok(match executed.answer {
                Reply::Sent { mid, .. } => Some(json!({ "mid": mid })),
                Reply::RecipientId(kind, id) => Some(json!({ kind.name(): id })),
                Reply::Published { comment: Some(comment), post } => {
                    Some(json!({ "comment_id": comment, "post_id": post }))
                }
                Reply::Published { comment: None, post } => Some(json!({ "post_id": post })),
                Reply::Code(code) => Some(json!({ "code": code })),
                Reply::Token { text, .. } => Some(json!({ "access_token": text })),
                Reply::Made(_) | Reply::Person(_) | Reply::Done => None,
            }),
            Err(NotExecuted { refusal, .. }) => Err(refused(&refusal, place)),
        }
    }

    pub(super) fn find_link(&self, page: AssetKey, name: &str, place: &SourcePlace) -> Result<usize, Diagnostic> {
        let links = &self.config.asset(page).links;
        links.iter().position(|link| &*link.name == name).ok_or_else(|| {
            let asset = self.config.asset(page);
            let (page, kind) = (&asset.name, asset.platform().asset_word());
            Diagnostic::new(place.clone(), format!("the {kind} `{page}` has no link `{name}`"))
        })
    }

    fn act_as_admin(&mut self, step: &Step, changes: &[AdminChange]) -> ActResult {
        let page = self.find_page(step.page.as_deref()).ok_or_else(|| unknown("page", &step.place))?;
        if let Some(mistake) = changes.iter().find_map(|change| admin_mistake(&self.config, page, change)) {
            return Err(Diagnostic::new(step.place.clone(), mistake));
        }
        let acts = changes.iter().map(|change| self.admin_act(page, change, &step.place)).collect::<Result<_, _>>()?;
        self.execute(Command::Admin(page, acts), &step.place)
    }

    fn admin_act(
        &self,
        page: AssetKey,
        change: &AdminChange,
        place: &SourcePlace,
    ) -> Result<SettingChange, Diagnostic> {
        let app = |name: &String| self.app_key(name).ok_or_else(|| unknown("app", place));
        let optional = |name: &Option<String>| name.as_ref().map(app).transpose();
        Ok(match change {
            AdminChange::DefaultApp(name) => SettingChange::SetsDefaultApp(optional(name)?),
            AdminChange::Primary(name) => SettingChange::SetsPrimary(optional(name)?),
            AdminChange::Standby(name, on) => SettingChange::SetsStandby(app(name)?, *on),
            AdminChange::TakeControl(name, on) => SettingChange::SetsTakeControl(app(name)?, *on),
            AdminChange::Link(link, name) => {
                SettingChange::SetsLink(self.find_link(page, link, place)?, optional(name)?)
            }
            AdminChange::Social(name) => SettingChange::SetsSocial(optional(name)?),
            AdminChange::Connects(name) => SettingChange::ConnectsApp(app(name)?),
            AdminChange::Disconnects(name) => SettingChange::DisconnectsApp(app(name)?),
            AdminChange::HandoverApis(blocked) => SettingChange::SetsHandoverApis { blocked: *blocked },
            AdminChange::MessageAccess(on) => SettingChange::SetsMessageAccess(*on),
            AdminChange::EndsBroadcast(name) => SettingChange::EndsBroadcast(name.as_str().into()),
            AdminChange::ExpiresToken(name) => SettingChange::Access(AccessChange::ExpiresToken(app(name)?)),
            AdminChange::RevokesToken(name, end) => SettingChange::Access(AccessChange::RevokesToken(app(name)?, *end)),
            AdminChange::Permits { app: name, granted: true, permissions } => {
                SettingChange::Access(AccessChange::Grants(app(name)?, *permissions))
            }
            AdminChange::Permits { app: name, granted: false, permissions } => {
                SettingChange::Access(AccessChange::Withdraws(app(name)?, *permissions))
            }
            AdminChange::Publishes(name, on) => SettingChange::Access(AccessChange::Publishes(app(name)?, *on)),
            AdminChange::LogsIn(name) => SettingChange::Access(AccessChange::IssuesAccountCode(app(name)?)),
            AdminChange::OnPage(action) => SettingChange::OnPage(
                action.try_map(|text| self.fill_text(text, Some(page), place).map(String::into_boxed_str))?,
            ),
            AdminChange::IssuesCode { app: name, user } => {
                let user = self.config.user_by_name(user).ok_or_else(|| unknown("user", place))?;
                SettingChange::Access(AccessChange::IssuesCode(app(name)?, user))
            }
        })
    }

    fn act_as_inbox(&mut self, step: &Step, inbox: &InboxStep, thread: Option<ThreadKey>) -> ActResult {
        let thread = thread.ok_or_else(|| unknown("thread", &step.place))?;
        if let Some(mistake) = inbox_mistake(&self.config, thread.asset, inbox) {
            return Err(Diagnostic::new(step.place.clone(), mistake));
        }
        let act = match &inbox.verb {
            InboxVerb::Replies(text) => {
                InboxAction::Replies(Content::text(self.fill_text(text, Some(thread.asset), &step.place)?))
            }
            InboxVerb::RepliesInApp(text) => {
                InboxAction::RepliesInApp(Content::text(self.fill_text(text, Some(thread.asset), &step.place)?))
            }
            InboxVerb::MovesToMain => InboxAction::MovesToMain,
            InboxVerb::MovesToDone => InboxAction::MovesToDone,
        };
        self.mark_active(thread);
        self.execute(Command::Inbox(thread, act), &step.place)
    }

    /// Moves the clock. A failure says how far.
    async fn move_clock(&mut self, step: &Step, clock: ClockStep) -> ActResult {
        let moved = self.move_clock_when_quiet(step, clock).await;
        moved.map_err(|mistake| match (self.is_over(), self.has_acted) {
            (true, _) => mistake,
            (false, true) => mistake.note(format!("the clock was turned to {}", format_moment(self.world.now()))),
            (false, false) => mistake.note("the clock was not turned"),
        })
    }

    /// Everything in flight ends first, because it belongs to the old time.
    async fn move_clock_when_quiet(&mut self, step: &Step, clock: ClockStep) -> ActResult {
        self.settle(&step.place, self.timeouts.quiet).await?;
        self.fail_if_over(&step.place)?;
        let now = self.world.now();
        let to = match clock {
            ClockStep::By(span) => now + span,
            ClockStep::To(moment) if moment < now => {
                let now = format_moment(now);
                return Err(Diagnostic::new(
                    step.place.clone(),
                    format!("the clock cannot go back: it is already {now}"),
                ));
            }
            ClockStep::To(moment) => moment,
        };
        if to > units::LAST_MOMENT {
            return Err(Diagnostic::new(step.place.clone(), "the clock ends with the year 9999"));
        }
        self.start_window(step, None);
        let turned = loop {
            let turned = self.world.advance_to(to);
            self.has_acted = true;
            if let Some(turned) = turned {
                break turned;
            }
            self.settle(&step.place, self.timeouts.quiet).await?;
            self.fail_if_over(&step.place)?;
        };
        self.own(&[turned]);
        self.settle(&step.place, self.timeouts.quiet).await?;
        Ok(None)
    }
}

pub(super) fn unknown(what: &str, place: &SourcePlace) -> Diagnostic {
    Diagnostic::new(place.clone(), format!("which {what} is meant?"))
        .note("name the page or account with `page:` in a world of several")
}

fn refused(refusal: &Refusal, place: &SourcePlace) -> Diagnostic {
    let mistake = Diagnostic::new(place.clone(), refusal.reason.to_string());
    match refusal.rule {
        Some(rule) => mistake.note(format!("{rule}: {}", rule.rule().statement)),
        None => mistake,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::command::{UserAction, UserMessage};
    use crate::domain::model::ids::PersonKey;
    use crate::engine::clock::Mode;
    use crate::engine::{Engine, ResetOptions};
    use crate::language::Node;
    use crate::language::world::overrides::WorldOverrides;
    use crate::language::world::read_world;
    use crate::runner::Timeouts;
    use crate::text::source::SourceText;

    #[test]
    fn a_step_of_before_does_nothing_in_a_world_that_was_reset() -> Result<(), Vec<Diagnostic>> {
        let text =
            "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }";
        let node = Node::parse(&SourceText::inline("w", text)).map_err(|mistake| vec![mistake])?;
        let config = read_world::read(&node, &WorldOverrides::default())?;
        let engine = Arc::new(Engine::new(None));
        let world = engine.add("w", config, Mode::Frozen).unwrap_or_else(|error| panic!("{error}"));
        let mut session = Session::new(engine.clone(), world.clone(), Timeouts::default());
        let says = || {
            let thread = ThreadKey { asset: AssetKey(0), person: PersonKey(0) };
            Command::Person(thread, UserAction::Says(UserMessage { text: Some("Hi".into()), ..UserMessage::default() }))
        };
        assert!(session.execute(says(), &node.place).is_ok());
        assert!(engine.reset(&world, &ResetOptions::default()).is_ok());
        let refused = session.execute(says(), &node.place).map_err(|mistake| mistake.message);
        assert_eq!(refused, Err(RESET_MEANWHILE.to_owned()));
        assert_eq!(world.read(|world, ledger, _| (world.thread_count(), ledger.all().count())), (0, 0));
        Ok(())
    }
}

//! Policy room: what a token is good for beside its page: permissions of its app, tasks of whoever made it, and whom an app may know
//! before it is published.

use crate::domain::model::access::{Permission, Task};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, PageKey, PersonKey};
use crate::domain::model::settings::Settings;
use crate::domain::model::tokens::Token;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

/// Whether an app may know a person at all: every published one may.
pub fn knows(config: &Config, settings: &Settings, app: AppKey, person: PersonKey) -> bool {
    settings.app(app).published || config.is_metas(app) || config.person(person).roles.contains(&app)
}

/// Whether an app is granted a permission. Only a strict world asks.
pub fn is_granted(config: &Config, settings: &Settings, app: AppKey, permission: Permission) -> bool {
    !config.strict_permissions || settings.app(app).permissions.contains(permission)
}

/// Whether an app may do what needs a permission; or why not.
pub fn permitted(config: &Config, settings: &Settings, app: AppKey, permission: Permission) -> Result<(), Refusal> {
    match is_granted(config, settings, app, permission) {
        true => Ok(()),
        false => Err(Refusal::new(Reason::NoPermission(permission), rules::PERMISSION_MISSING)),
    }
}

/// Whether a page token can do what needs a task; or why not. One that nobody in particular made can do everything.
pub fn has_task(
    config: &Config,
    settings: &Settings,
    token: Token<'_>,
    page: PageKey,
    task: Task,
) -> Result<(), Refusal> {
    let Some(user) = token.by.filter(|_| config.strict_permissions) else { return Ok(()) };
    match settings.tokens.tasks(config, user, page).is_some_and(|tasks| tasks.contains(task)) {
        true => Ok(()),
        false => Err(Refusal::new(Reason::NoTask, rules::TASK_MISSING)),
    }
}

//! What an app may do with a token: the permissions of the app, the tasks of the user who made the token, and the
//! people whom an app in development knows.

use crate::domain::model::access::{Permission, Task};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, PersonKey, UserKey};
use crate::domain::model::settings::Settings;
use crate::domain::model::tokens::Token;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

/// True if the app may know the person. A published app may know everybody.
pub fn knows(config: &Config, settings: &Settings, app: AppKey, person: PersonKey) -> bool {
    settings.app(app).published || config.is_metas(app) || config.person(person).has_role_on(app)
}

/// True if the app has the permission. Only strict worlds ask for permissions.
pub fn is_granted(config: &Config, settings: &Settings, app: AppKey, permission: Permission) -> bool {
    !config.strict_permissions || settings.app(app).permissions.contains(permission)
}

/// Checks that the app has the permission.
pub fn check_permission(
    config: &Config,
    settings: &Settings,
    app: AppKey,
    permission: Permission,
) -> Result<(), Refusal> {
    match is_granted(config, settings, app, permission) {
        true => Ok(()),
        false => Err(Refusal::new(Reason::NoPermission(permission), rules::PERMISSION_MISSING)),
    }
}

/// True if the user gets a page token: a strict world gives one only to those who may manage the page.
pub fn gets_page_token(config: &Config, settings: &Settings, user: UserKey, page: AssetKey) -> bool {
    let tasks = || settings.tokens.tasks(config, user, page);
    !config.strict_permissions || tasks().is_some_and(|tasks| tasks.contains(Task::Manage))
}

/// Checks that the user who made the page token has the task. A token that no user made can do everything.
pub fn check_task(
    config: &Config,
    settings: &Settings,
    token: Token<'_>,
    page: AssetKey,
    task: Task,
) -> Result<(), Refusal> {
    let Some(user) = token.by.filter(|_| config.strict_permissions) else { return Ok(()) };
    match settings.tokens.tasks(config, user, page).is_some_and(|tasks| tasks.contains(task)) {
        true => Ok(()),
        false => Err(Refusal::new(Reason::NoTask, rules::TASK_MISSING)),
    }
}

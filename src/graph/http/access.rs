//! Which permission and which page task a call needs, and Meta's errors where one is missing. Only a world with `strict_permissions` has
//! them missing.

use hyper::http::Method;

use crate::domain::model::access::{Permission, Task};
use crate::domain::model::ids::{AppKey, AssetKey, UserKey};
use crate::domain::policy::access::{check_permission, check_task, gets_page_token};
use crate::domain::rules;
use crate::engine::Principal;

use super::call::Call;
use super::instagram_access::permission_needed;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;

/// What an edge of a page needs: a page token whose app has the permission, and whose maker has the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageAccess {
    pub permission: Permission,
    pub task: Option<Task>,
}

impl PageAccess {
    /// To read the conversations of a page.
    pub const ENGAGEMENT: Self = Self::new(Permission::PagesReadEngagement, Task::Messaging);

    pub const fn new(permission: Permission, task: Task) -> Self {
        Self { permission, task: Some(task) }
    }
}

/// Checks that the call may use an edge of a page.
pub fn check_page_edge(call: &Call, edge: &str, needed: PageAccess) -> Result<(), Failure> {
    let page = check_page_token(call, edge)?;
    // Only strict worlds ask for permissions and tasks. In others, the lock need not be taken for it.
    if !call.config().strict_permissions {
        return Ok(());
    }
    let permission = permission_needed(call, page, needed.permission);
    let checked = call.world().read(|world, _, _| {
        let (config, settings) = (world.config(), world.settings());
        check_permission(config, settings, call.app(), permission)?;
        match (needed.task, world.token(call.token)) {
            (Some(task), Some(token)) => check_task(config, settings, token, page, task),
            _ => Ok(()),
        }
    });
    checked.map_err(|refusal| call.failure(&refusal))
}

/// Checks that the call has a token of a page. Returns the page.
pub fn check_page_token(call: &Call, edge: &str) -> Result<AssetKey, Failure> {
    match call.holder {
        Principal::User(..) => Err(page_token_needed(&call.method, edge)),
        _ => call.page(),
    }
}

/// The error for a user token at an edge of a page: Meta has two.
pub fn page_token_needed(method: &Method, edge: &str) -> Failure {
    match *method == Method::GET && edge != "subscribed_apps" {
        true => catalogue::TOKEN_NOT_OF_A_PAGE.error().into(),
        false => catalogue::PAGE_TOKEN_NEEDED.error().into(),
    }
}

/// Checks that the call has the user's own token: only that reads what hangs on a user.
pub fn check_user_token(call: &Call, user: UserKey) -> Result<(), Failure> {
    match call.holder {
        Principal::User(own, _) if own == user => Ok(()),
        _ => Err(catalogue::USER_TOKEN_NEEDED.error().into()),
    }
}

/// The page token that a user gets for the app of the call. It may be withheld, of which the ledger warns.
pub fn page_token_for(call: &Call, user: UserKey, page: AssetKey) -> Option<Box<str>> {
    let (is_given, token) = call.world().read(|world, _, now| {
        let (config, settings) = (world.config(), world.settings());
        let token = settings.tokens.page_token_for_user(config, (page, call.app()), user, now);
        (gets_page_token(config, settings, user, page), token.map(|token| token.text.into()))
    });
    if is_given || token.is_none() {
        return token;
    }
    call.record_read(rules::PAGE_TOKEN_WITHHELD);
    let (user, page) = (&call.config().user(user).name, &call.config().asset(page).name);
    call.warn(format!("`access_token` is left out: {user} has not the task MANAGE on {page}"));
    None
}

/// Checks that the call has the app's own token.
pub fn check_app_token(call: &Call, app: AppKey) -> Result<(), Failure> {
    match call.holder == Principal::App(app) {
        true => Ok(()),
        false => Err(catalogue::APP_TOKEN_NEEDED.error().into()),
    }
}

//! The surface of a call: graph.facebook.com or graph.instagram.com. It decides which tokens are good, what `me` is, and how errors look.

use hyper::http::header::HOST;
use hyper::http::request::Parts;

use crate::domain::model::config::Config;
use crate::domain::model::platform::Login;
use crate::engine::Principal;
use crate::graph::errors::failure::Failure;

const INSTAGRAM_HOST: &str = "graph.instagram.com";
const LOGIN_HOST: &str = "api.instagram.com";
const FACEBOOK_HOST: &str = "graph.facebook.com";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Facebook,
    /// Instagram Login.
    Instagram,
    /// api.instagram.com, where a login code becomes a token.
    InstagramLogin,
}

impl Surface {
    /// The surface that the host names. Any other host, such as `localhost`, serves both.
    pub fn of_host(head: &Parts) -> Option<Self> {
        let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).or_else(|| head.uri.host())?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        match name {
            _ if name.eq_ignore_ascii_case(INSTAGRAM_HOST) => Some(Self::Instagram),
            _ if name.eq_ignore_ascii_case(LOGIN_HOST) => Some(Self::InstagramLogin),
            _ if name.eq_ignore_ascii_case(FACEBOOK_HOST) => Some(Self::Facebook),
            _ => None,
        }
    }

    /// The failure in the words of this surface.
    pub fn failure(self, failure: Failure) -> Failure {
        let error = match self {
            Self::Facebook => failure.error,
            Self::Instagram => failure.error.of_instagram_host(),
            Self::InstagramLogin => failure.error.of_instagram_login(),
        };
        Failure { error, ..failure }
    }

    /// The surface that the token belongs to.
    pub fn of_token(config: &Config, holder: Principal) -> Self {
        match holder {
            Principal::Asset(asset, app) if config.asset(asset).login_of(app) == Login::Instagram => Self::Instagram,
            _ => Self::Facebook,
        }
    }
}

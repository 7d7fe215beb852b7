//! The URL of a webhook: what it must look like, and whose server it names.

use std::net::IpAddr;

use hyper::http::Uri;

/// What a URL says about the server behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl {
    pub is_https: bool,
    /// In small letters; an IPv6 address without its brackets.
    pub host: Box<str>,
    pub port: u16,
}

/// Why a text is no URL of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadWebhookUrl {
    #[error("`{0}` is no URL: write it like http://127.0.0.1:5001/webhook")]
    NotAUrl(Box<str>),
    #[error("`{0}` is no {SCHEMES} URL: write it like http://127.0.0.1:5001/webhook")]
    OtherScheme(Box<str>),
    #[error(
        "`{0}` names port 0, on which nobody can be reached: give the app `webhook: later`, and once the bot listens, \
         `PUT …/apps/{{app}}/webhook` takes the URL with the port that it got"
    )]
    PortZero(Box<str>),
    #[error("`{0}` has a port that is none: ports are from 1 to 65535")]
    NoSuchPort(Box<str>),
    #[error("`{0}` has no port behind the colon: if the shell replaced `${{PORT}}`, put the text into single quotes")]
    NoPort(Box<str>),
    #[error(
        "`{0}` is an https:// URL, and this graphdouble was built without the feature `tls`: give it an http:// URL"
    )]
    NoTls(Box<str>),
}

const SCHEMES: &str = if cfg!(feature = "tls") { "http:// or https://" } else { "http://" };

impl WebhookUrl {
    pub fn parse(text: &str) -> Result<Self, BadWebhookUrl> {
        let uri: Uri = text.parse().map_err(|_| BadWebhookUrl::NotAUrl(text.into()))?;
        let is_https = match uri.scheme_str().map(str::to_ascii_lowercase).as_deref() {
            Some("http") => false,
            Some("https") if cfg!(feature = "tls") => true,
            Some("https") => return Err(BadWebhookUrl::NoTls(text.into())),
            _ => return Err(BadWebhookUrl::OtherScheme(text.into())),
        };
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
        if host.is_empty() {
            return Err(BadWebhookUrl::NotAUrl(text.into()));
        }
        if uri.authority().is_some_and(|authority| authority.as_str().ends_with(':')) {
            return Err(BadWebhookUrl::NoPort(text.into()));
        }
        let has_port = uri.authority().is_some_and(|authority| {
            let server = authority.as_str().rsplit('@').next().unwrap_or_default();
            server.rsplit(']').next().is_some_and(|end| end.contains(':'))
        });
        if has_port && uri.port_u16().is_none() {
            return Err(BadWebhookUrl::NoSuchPort(text.into()));
        }
        let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        match port {
            0 => Err(BadWebhookUrl::PortZero(text.into())),
            port => Ok(Self { is_https, host: host.into(), port }),
        }
    }

    /// True if the server is on this machine, whatever DNS says.
    pub fn is_loopback(&self) -> bool {
        &*self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_of_a_url_is_found() -> Result<(), BadWebhookUrl> {
        let server = |is_https, host: &str, port| WebhookUrl { is_https, host: host.into(), port };
        assert_eq!(WebhookUrl::parse("http://Bot:5001/hook?a=b")?, server(false, "bot", 5001));
        assert!(matches!(WebhookUrl::parse("http://bot:99999/hook"), Err(BadWebhookUrl::NoSuchPort(_))));
        assert!(matches!(WebhookUrl::parse("http://bot:/hook"), Err(BadWebhookUrl::NoPort(_))));
        assert_eq!(WebhookUrl::parse("HTTP://127.0.0.1")?, server(false, "127.0.0.1", 80));
        assert_eq!(WebhookUrl::parse("http://127.0.0.1@evil.example/")?.host, "evil.example".into());
        Ok(())
    }

    #[test]
    fn loopbacks_are_names_and_addresses_of_this_machine() -> Result<(), BadWebhookUrl> {
        for url in ["http://localhost:1", "http://127.9.9.9:1", "http://[::1]:1/x"] {
            assert!(WebhookUrl::parse(url)?.is_loopback(), "{url}");
        }
        for url in ["http://10.0.0.1", "http://localhost.evil.example", "http://127.0.0.1.nip.io", "http://0.0.0.0:1"] {
            assert!(!WebhookUrl::parse(url)?.is_loopback(), "{url}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_url_is_refused_with_a_way_out() {
        let error = |url| WebhookUrl::parse(url).map_err(|error| error.to_string()).err().unwrap_or_default();
        assert!(error("hook").contains("http://127.0.0.1:5001/webhook"));
        assert!(error("http:///x").contains("is no URL"), "{}", error("http:///x"));
        assert!(error("ftp://bot/").contains("http://"));
        assert!(error("http://127.0.0.1:0/hook").contains("webhook: later"));
    }
}

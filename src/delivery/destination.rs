//! Parses a webhook URL into the parts that a request needs.

use hyper::Uri;
use hyper::header::HeaderValue;
use hyper::http::uri::PathAndQuery;

use super::failure::ExchangeFailure;

const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;

#[derive(Debug)]
pub(super) struct Destination {
    #[cfg(feature = "tls")]
    pub(super) is_https: bool,
    /// Host and port as in the URL. This is the `Host` header.
    pub(super) authority: HeaderValue,
    /// The key of the connection pool: the same, behind `https:` if it is one.
    pub(super) key: HeaderValue,
    /// The host without its port; an IPv6 address without its brackets.
    pub(super) host: Box<str>,
    pub(super) port: u16,
    /// Path and query.
    pub(super) target: Uri,
}

impl Destination {
    pub(super) fn parse(url: &str) -> Result<Self, ExchangeFailure> {
        let bad = |reason: &str| ExchangeFailure::BadUrl(format!("`{url}`: {reason}").into());
        let parts = url.parse::<Uri>().map_err(|error| bad(&error.to_string()))?.into_parts();
        let scheme = parts.scheme.ok_or_else(|| bad("there is no scheme, it should start with http://"))?;
        let is_https = cfg!(feature = "tls") && scheme.as_str().eq_ignore_ascii_case("https");
        if !is_https && !scheme.as_str().eq_ignore_ascii_case("http") {
            return Err(ExchangeFailure::UnsupportedScheme(scheme.as_str().into()));
        }
        let authority = parts.authority.ok_or_else(|| bad("there is no host"))?;
        let host_and_port = authority.as_str().rsplit('@').next().unwrap_or_default();
        let host = authority.host();
        let target = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        let header = |text: &str| HeaderValue::from_str(text).map_err(|error| bad(&error.to_string()));
        Ok(Self {
            #[cfg(feature = "tls")]
            is_https,
            authority: header(host_and_port)?,
            key: header(&if is_https { format!("https:{host_and_port}") } else { host_and_port.to_owned() })?,
            host: host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).into(),
            port: authority.port_u16().unwrap_or(if is_https { HTTPS_PORT } else { HTTP_PORT }),
            target: target.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Result<(String, String, u16, String), String> {
        let destination = Destination::parse(url).map_err(|failure| failure.to_string())?;
        let authority = destination.authority.to_str().unwrap_or_default().to_owned();
        Ok((authority, destination.host.into(), destination.port, destination.target.to_string()))
    }

    fn expected(authority: &str, host: &str, port: u16, target: &str) -> Result<(String, String, u16, String), String> {
        Ok((authority.to_owned(), host.to_owned(), port, target.to_owned()))
    }

    #[test]
    fn urls_are_parsed() {
        assert_eq!(parts("http://bot:5001/hook?a=b"), expected("bot:5001", "bot", 5001, "/hook?a=b"));
        assert_eq!(parts("HTTP://bot"), expected("bot", "bot", 80, "/"));
        assert_eq!(parts("http://bot?a=b#c"), expected("bot", "bot", 80, "/?a=b"));
        assert_eq!(parts("http://me:secret@[::1]:81/"), expected("[::1]:81", "::1", 81, "/"));
    }

    #[test]
    fn the_error_names_the_reason() {
        let text = |url| parts(url).err().unwrap_or_default();
        #[cfg(not(feature = "tls"))]
        assert!(text("https://bot/").contains("without the feature `tls`"));
        #[cfg(feature = "tls")]
        assert_eq!(parts("https://bot/"), expected("bot", "bot", 443, "/"));
        assert!(text("ftp://bot/").contains("`ftp` is not supported"));
        assert!(text("/hook").contains("there is no scheme"));
        assert!(text("http://a b/").contains("`http://a b/`"));
    }
}

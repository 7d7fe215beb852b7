//! Decides who may use the control API and the inspector. A web page in a developer's browser can reach every port of the machine; it
//! must not be able to control a world.

use hyper::Method;
use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
const ANY_HOST: &str = "*";

/// The header in which a browser says where the page of a request comes from. No script can change it.
const FETCH_SITE: &str = "sec-fetch-site";

#[derive(Debug)]
pub(super) struct HostGuard {
    any_host: bool,
    local_names: bool,
    hosts: Vec<Box<str>>,
}

impl HostGuard {
    /// Allows these hosts besides the loopback ones. With `local_names` it also allows every name that public DNS cannot give to a web
    /// page.
    pub(super) fn new(allowed: &[String], local_names: bool) -> Self {
        let hosts = allowed.iter().map(|host| without_port(host.trim()).into()).collect();
        Self { any_host: allowed.iter().any(|host| host.trim() == ANY_HOST), local_names, hosts }
    }

    /// Refuses a request under a foreign name (an attacker can point a name at this machine) and a request of a foreign web page.
    pub(super) fn check(&self, head: &Parts) -> Result<(), String> {
        if self.any_host {
            return Ok(());
        }
        let mut hosts = head.headers.get_all(HOST).iter();
        match (hosts.next(), hosts.next()) {
            (Some(host), None) => self.check_name("the host", without_port(text(host)))?,
            (None, _) => return Err("the request names no host: a `Host` header is needed here".to_owned()),
            _ => return Err("the request names several hosts".to_owned()),
        }
        if let Some(authority) = head.uri.authority() {
            self.check_name("the host", Authority::host(authority))?;
        }
        let host = head.headers.get(HOST).map(text).unwrap_or_default();
        let mut origins = head.headers.get_all(ORIGIN).iter().peekable();
        if origins.peek().is_none() && is_cross_site(head) && !opens_inspector(head) {
            return Err("a page of another site may not use the control API".to_owned());
        }
        origins.try_for_each(|origin| self.check_origin(text(origin), host))
    }

    /// A page may call the server that it came from. Pages of the loopback and of the allowed hosts may call, too. A page under another
    /// address or local name may not, because anybody's page can have one.
    fn check_origin(&self, origin: &str, host: &str) -> Result<(), String> {
        // Sandboxed frames and files send `null`, and anybody may have written those.
        let Some((_, authority)) = origin.split_once("://") else {
            return Err(format!("a page of `{origin}` may not use the control API"));
        };
        if authority.eq_ignore_ascii_case(host) || self.is_known(without_port(authority)) {
            return Ok(());
        }
        Err(refusal("a page of", without_port(authority)))
    }

    fn check_name(&self, role: &str, host: &str) -> Result<(), String> {
        match self.is_known(host) || (self.local_names && is_local_name(host)) {
            true => Ok(()),
            false => Err(refusal(role, host)),
        }
    }

    fn is_known(&self, host: &str) -> bool {
        let mut known = LOOPBACK.into_iter().chain(self.hosts.iter().map(|host| &**host));
        known.any(|known| known.eq_ignore_ascii_case(host))
    }
}

/// True if a browser says that a page of another site sends the request. Not every such request has an `Origin`: links and images have none.
pub(super) fn is_cross_site(head: &Parts) -> bool {
    head.headers.get_all(FETCH_SITE).iter().any(|site| text(site) == "cross-site")
}

/// True if somebody follows a link to the inspector's page, for example from the log of a CI job. The page with the link gets nothing of it:
/// `document` is a tab of its own, and a frame would say `iframe`.
fn opens_inspector(head: &Parts) -> bool {
    let is = |name: &str, expected: &str| head.headers.get_all(name).iter().all(|value| text(value) == expected);
    let says = |name: &str, expected: &str| head.headers.contains_key(name) && is(name, expected);
    head.method == Method::GET
        && ["/_inspector", "/_inspector/"].contains(&head.uri.path())
        && says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
}

fn refusal(role: &str, host: &str) -> String {
    format!(
        "{role} `{host}` may not use the control API: allow it with --allow-host {host} or GRAPHDOUBLE_ALLOW_HOST={host}"
    )
}

/// True for a name without a dot and for an address. The owner of a domain can rebind neither.
fn is_local_name(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty() && !host.contains(['.', ':'])) || address.parse::<std::net::IpAddr>().is_ok()
}

fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or("?")
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !ends_inside_brackets(name) => name,
        _ => host,
    }
}

/// True if the last colon of the host is inside an IPv6 address.
fn ends_inside_brackets(name: &str) -> bool {
    name.starts_with('[') && !name.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    fn check(allowed: &[&str], headers: &[(&str, &str)]) -> Result<(), String> {
        let allowed: Vec<String> = allowed.iter().map(|host| (*host).to_owned()).collect();
        let mut request = Request::new(());
        for (name, value) in headers {
            let name: hyper::header::HeaderName = name.parse().expect("a header name");
            request.headers_mut().append(name, HeaderValue::from_str(value).expect("a header value"));
        }
        HostGuard::new(&allowed, false).check(&request.into_parts().0)
    }

    #[test]
    fn loopback_and_allowed_hosts_are_accepted() {
        for host in ["localhost", "LocalHost:4004", "127.0.0.1:80", "[::1]", "[::1]:4004"] {
            assert_eq!(check(&[], &[("host", host)]), Ok(()), "{host}");
        }
        assert_eq!(check(&["Graph.Test:4004"], &[("host", "graph.test")]), Ok(()));
        assert_eq!(check(&["*"], &[("host", "evil.example"), ("origin", "null")]), Ok(()));
        assert_eq!(check(&["*"], &[]), Ok(()));
    }

    #[test]
    fn a_refusal_names_the_flag_that_allows_the_host() {
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]:1", "", "localhost:x"] {
            let refusal = check(&["graph.test"], &[("host", host)]).expect_err(host);
            assert!(refusal.contains("--allow-host") && refusal.contains("GRAPHDOUBLE_ALLOW_HOST"), "{refusal}");
        }
        assert!(check(&[], &[]).is_err_and(|refusal| refusal.contains("`Host`")));
        assert!(check(&[], &[("host", "localhost"), ("host", "localhost")]).is_err());
    }

    #[test]
    fn requests_of_other_sites_are_refused_unless_their_origin_is_known() {
        let from =
            |headers: &[(&str, &str)]| check(&["graph.test"], &[&[("host", "localhost:4004")], headers].concat());
        assert!(from(&[("sec-fetch-site", "cross-site")]).is_err());
        assert!(from(&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]).is_err());
        assert_eq!(from(&[("sec-fetch-site", "cross-site"), ("origin", "https://graph.test")]), Ok(()));
        for site in ["same-origin", "same-site", "none"] {
            assert_eq!(from(&[("sec-fetch-site", site)]), Ok(()), "{site}");
        }
    }

    #[test]
    fn pages_of_foreign_origin_are_refused() {
        let from = |origin| check(&["graph.test"], &[("host", "localhost:4004"), ("origin", origin)]);
        assert_eq!(from("http://localhost:3000"), Ok(()));
        assert_eq!(from("https://graph.test"), Ok(()));
        assert_eq!(from("http://[::1]:4004"), Ok(()));
        for origin in ["https://evil.example", "http://evil.example:4004", "null", "", "http://localhost.evil.example"]
        {
            assert!(from(origin).is_err(), "{origin}");
        }
    }
}

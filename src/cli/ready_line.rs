//! The line that says that a server is ready. Programs read it, so it is a promise.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use clap::ValueEnum;
use serde_json::json;

/// The form of the ready line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReadyForm {
    /// `graphdouble listens on http://ADDRESS`, a line for each address.
    Text,
    /// One line: `{"url":"http://127.0.0.1:4004","inspector":"…","version":"…","pid":…}`.
    Json,
}

impl ReadyForm {
    /// The line, or the lines. `inspector` is the address of the inspector page, in a build that has it.
    pub fn line(self, addresses: &[SocketAddr], inspector: Option<&str>) -> String {
        match self {
            Self::Text => {
                let lines = addresses.iter().map(|address| format!("graphdouble listens on http://{address}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::Json => {
                let (version, pid) = (env!("CARGO_PKG_VERSION"), std::process::id());
                let mut ready = json!({ "url": url_of(addresses), "version": version, "pid": pid });
                if let Some(inspector) = inspector {
                    ready["inspector"] = json!(inspector);
                }
                ready.to_string()
            }
        }
    }
}

/// The URL under which this machine reaches the server.
pub fn url_of(addresses: &[SocketAddr]) -> String {
    let Some(mut address) = addresses.first().copied() else { return String::new() };
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    format!("http://{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_where_the_server_is_found() {
        let addresses = ["0.0.0.0:4004", "[::1]:443"].map(|address| address.parse().expect("an address"));
        assert_eq!(
            ReadyForm::Text.line(&addresses, Some("http://0.0.0.0:4004/_inspector/")),
            "graphdouble listens on http://0.0.0.0:4004\ngraphdouble listens on http://[::1]:443"
        );
        let line = ReadyForm::Json.line(&addresses, Some("http://127.0.0.1:4004/_inspector/"));
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(line["inspector"], "http://127.0.0.1:4004/_inspector/");
        assert_eq!(line["url"], "http://127.0.0.1:4004");
        assert_eq!(line["pid"], std::process::id());
        assert_eq!(url_of(&addresses[1..]), "http://[::1]:443");
    }
}

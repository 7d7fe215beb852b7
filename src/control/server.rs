//! What the server says of itself: health, the table of rules, and the certificate of its CA.

use serde_json::{Value, json};

use crate::domain::rules::{RULES, Rule};

use super::answer::ControlAnswer;
#[cfg(feature = "tls")]
use super::answer::Problem;
use super::call::ControlCall;
use super::route::Handled;

/// Handles `GET /_control/health`.
pub fn health(_: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })))
}

/// Handles `GET /_control/ca.pem`.
#[cfg(feature = "tls")]
pub fn ca_pem(call: &ControlCall<'_>) -> Handled {
    let certificates = call.state.certificates.as_deref();
    let certificates = certificates.ok_or_else(|| Problem::new(404, "this server speaks no TLS, so it has no CA"))?;
    match certificates.ca_pem() {
        Ok(pem) => Ok(ControlAnswer::Pem(pem.to_owned())),
        Err(error) => Err(Problem::new(500, error.to_string())),
    }
}

/// Handles `GET /_control/rules`.
pub fn rules(_: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &json!({ "rules": RULES.iter().map(rule_json).collect::<Vec<_>>() })))
}

/// A rule as JSON.
pub fn rule_json(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "statement": rule.statement,
        "under": rule.under.words(),
        "basis": rule.basis.name(),
        "source": rule.source,
    })
}

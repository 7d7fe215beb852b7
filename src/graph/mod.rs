//! Graph: the Graph API over HTTP messages, without sockets. Only this room knows Meta's codes and texts. `site` brings it requests from
//! the wire, `runner` those of its puppets. Inside, each folder may use those after it: routes → edges → send, read → http → errors.
//!
//! To add an edge: a handler in `edges/` and its row in `routes/table.rs`. To add an error: a row in `errors/catalogue.rs`.

mod edges;
pub mod errors;
pub mod http;
pub mod read;
pub mod routes;
pub mod send;

use bytes::Bytes;
use hyper::http::HeaderValue;

use crate::domain::model::platform::Platform;
use crate::domain::model::profile::{Property, Setting};
use crate::engine::ledger_entry::RawCall;

use self::http::params::Params;

pub use self::routes::answer::{answer, body_too_large, malformed_request, overloaded};
pub use self::routes::edge_spellings;

/// The parameters of a call as it came, whatever its encoding; structured ones as JSON.
pub fn parameters(call: &RawCall) -> serde_json::Value {
    let uri = call.uri();
    let body = Bytes::copy_from_slice(&call.body);
    Params::read(uri.query(), &content_type(call), &body).map(|params| params.to_json()).unwrap_or_default()
}

/// The parameters of a call's query. `None` if it has none.
pub fn query_parameters(call: &RawCall) -> Option<serde_json::Value> {
    let uri = call.uri();
    let query = uri.query().filter(|query| !query.is_empty())?;
    Some(Params::of_query(Some(query)).to_json())
}

/// What the body of a call says.
pub struct BodyParameters {
    /// Its parameters, whatever its encoding. A body that cannot be read is text.
    pub value: serde_json::Value,
    /// True if it is a form with files, of which only type and length are in the value.
    pub is_file_form: bool,
}

/// The parameters of a call's body. `None` if it has no body.
pub fn body_parameters(call: &RawCall) -> Option<BodyParameters> {
    if call.body.is_empty() {
        return None;
    }
    let body = Bytes::copy_from_slice(&call.body);
    let Ok(params) = Params::read(None, &content_type(call), &body) else {
        let text = String::from_utf8_lossy(&call.body).into_owned();
        return Some(BodyParameters { value: text.into(), is_file_form: false });
    };
    let mut value = params.to_json();
    for file in params.files() {
        value[&*file.name] = serde_json::json!({ "content_type": file.content_type, "bytes": file.bytes.len() });
    }
    Some(BodyParameters { value, is_file_form: !params.files().is_empty() })
}

fn content_type(call: &RawCall) -> String {
    let value = call.content_type.as_deref().and_then(|value| HeaderValue::from_bytes(value).ok());
    value.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The value of a property of the profile of a page or an account, as `messenger_profile` takes it. The error is Meta's.
pub fn profile_setting(platform: Platform, property: Property, value: &serde_json::Value) -> Result<Setting, String> {
    let body = Bytes::from(serde_json::json!({ property.name(): value }).to_string());
    let read = Params::read(None, "application/json", &body).and_then(|params| send::profile_params::read(&params));
    let setting = read.map_err(|error| error.message)?.into_iter().next();
    let setting = setting.ok_or_else(|| format!("{} has no value", property.name()))?;
    if platform == Platform::Instagram {
        send::instagram_menu::check_menu(&setting).map_err(|error| error.message)?;
    }
    Ok(setting)
}

/// The version of the Graph API that a path asks for, where it is older than any that is served.
pub fn version_gone(path: &str) -> Option<String> {
    http::path::Path::parse(path).version.gone()
}

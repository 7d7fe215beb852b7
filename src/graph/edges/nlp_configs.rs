//! Handles `POST /{page}/nlp_configs`. Built-in NLP is not built: it stays off, and its settings have no effect.

use crate::domain::model::ids::AssetKey;

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Flag, Object, Special, Text, Word};
use crate::graph::http::param_table::{ParamTable, SpecialText, optional};
use crate::graph::http::response::{Result, success};

/// The parameters of the edge. Meta demands none.
pub const PARAMS: &[&str] = &["nlp_enabled", "model", "custom_token", "verbose", "n_best", "other_language_support"];
/// Graph API reference: Page, nlp_configs.
const MODELS: &[&str] = &[
    "CHINESE",
    "CROATIAN",
    "CUSTOM",
    "DANISH",
    "DUTCH",
    "ENGLISH",
    "FRENCH_STANDARD",
    "GEORGIAN",
    "GERMAN_STANDARD",
    "GREEK",
    "HEBREW",
    "HUNGARIAN",
    "IRISH",
    "ITALIAN_STANDARD",
    "KOREAN",
    "NORWEGIAN_BOKMAL",
    "POLISH",
    "PORTUGUESE",
    "ROMANIAN",
    "SPANISH",
    "SWEDISH",
    "VIETNAMESE",
];
const MAX_TOKEN: usize = 1000;
const MAX_DIGITS: usize = 10;

static SETTINGS: ParamTable = ParamTable::of_call(&[
    optional("nlp_enabled", Flag),
    optional("model", Word(MODELS)),
    optional("custom_token", Text(MAX_TOKEN)),
    optional("verbose", Flag),
    optional("n_best", Special(&N_BEST)),
    optional("other_language_support", Object(&LANGUAGES)),
]);
static N_BEST: SpecialText = SpecialText {
    most: MAX_DIGITS,
    accepts: |text| text.parse::<u8>().is_ok_and(|count| (1..=8).contains(&count)),
    error: &catalogue::PARAM_MUST_BE,
    kind: "a number from 1 to 8",
};
static LANGUAGES: ParamTable = ParamTable::open();

/// Turning NLP off succeeds: it is off. So do the other settings, which Meta only uses while NLP is on.
pub fn set(call: &Call, _: AssetKey) -> Result {
    let params = ParamObject::of_call(&call.params, &SETTINGS)?;
    match params.flag("nlp_enabled") {
        Some(true) => return Err(catalogue::NOT_BUILT.with(&[("what", "nlp_enabled true")]).into()),
        Some(false) => {}
        None => call.warn("NLP is off, so that its settings have no effect"),
    }
    success()
}

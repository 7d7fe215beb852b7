//! What a page says about itself: the fields of its node, and the page beside a person's id on it.

use serde_json::{Value, json};

use super::fields::Selection;
use super::node_kind::NodeKind;
use crate::domain::model::config::AssetConfig;
use crate::graph::errors::failure::Failure;

/// The picture of a page.
pub static PICTURE: NodeKind = NodeKind {
    fields: &["height", "is_silhouette", "url", "width"],
    default_fields: &["height", "is_silhouette", "url", "width"],
    ..NodeKind::new("ProfilePictureSource")
};

/// The side of a picture if the caller does not say, in pixels.
const SIDE: u32 = 50;

/// The value of a field. The host of what is left out does not resolve: a bot must not follow it out of the test.
pub fn field(page: &AssetConfig, name: &str) -> Option<Value> {
    let details = &page.details;
    match name {
        "id" => Some(json!(page.id)),
        "name" => Some(json!(page.name)),
        "category" => Some(json!(category(page))),
        "link" => Some(match &details.link {
            Some(link) => json!(link),
            None => json!(format!("https://graphdouble.invalid/pages/{}", page.id)),
        }),
        "about" => details.about.as_ref().map(|about| json!(about)),
        "username" => details.username.as_ref().map(|username| json!(username)),
        _ => None,
    }
}

pub fn category(page: &AssetConfig) -> &str {
    page.details.category.as_deref().unwrap_or("Business")
}

/// The field `picture`.
pub fn picture(page: &AssetConfig, selection: Option<&Selection>) -> Result<Value, Failure> {
    let picture = PICTURE.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "height" | "width" => Some(json!(SIDE)),
            "is_silhouette" => Some(json!(page.details.picture.is_none())),
            "url" => Some(match &page.details.picture {
                Some(url) => json!(url),
                None => json!(format!("https://graphdouble.invalid/picture/{}.jpg", page.id)),
            }),
            _ => None,
        })
    })?;
    Ok(json!({ "data": picture }))
}

/// The page beside a person's id on it.
pub fn beside_id(page: &AssetConfig) -> Value {
    ["category", "link", "name", "id"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), field(page, name)?)))
        .collect()
}

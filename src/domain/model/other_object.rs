//! The webhook objects besides `page` that an app can subscribe itself to, and their fields. Nothing is ever sent of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A webhook object that is no page. Nothing of it happens in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherObject {
    User,
    Permissions,
    Payments,
}

/// Graph API docs: webhooks reference, User. Meta may have more of them.
const USER_FIELDS: &[&str] = &[
    "about",
    "birthday",
    "books",
    "email",
    "fbe_install",
    "feed",
    "first_name",
    "friends",
    "gender",
    "hometown",
    "last_name",
    "likes",
    "live_videos",
    "location",
    "movies",
    "music",
    "name",
    "photos",
    "religion",
    "statuses",
    "television",
    "videos",
    "work",
];
/// Graph API docs: webhooks reference, Permissions. Each permission is a field, and Meta has more of them.
const PERMISSIONS_FIELDS: &[&str] = &[
    "bookmarked",
    "connected",
    "public_search",
    "social_ads",
    "ads_management",
    "ads_read",
    "business_management",
    "email",
    "leads_retrieval",
    "pages_manage_ads",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_manage_posts",
    "pages_messaging",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_show_list",
    "publish_video",
    "read_insights",
    "user_birthday",
    "user_friends",
    "user_gender",
    "user_hometown",
    "user_likes",
    "user_link",
    "user_location",
    "user_photos",
    "user_posts",
    "user_videos",
];
/// Graph API docs: webhooks reference, Payments.
const PAYMENTS_FIELDS: &[&str] = &["actions", "disputes"];

impl OtherObject {
    /// Every object, in the order of Meta's documents.
    pub const ALL: [Self; 3] = [Self::User, Self::Permissions, Self::Payments];

    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Permissions => "permissions",
            Self::Payments => "payments",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|object| object.name().eq_ignore_ascii_case(text))
    }

    /// The fields that Meta documents.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::User => USER_FIELDS,
            Self::Permissions => PERMISSIONS_FIELDS,
            Self::Payments => PAYMENTS_FIELDS,
        }
    }
}

/// The subscription of an app to one of these objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectSubscription {
    pub callback_url: Box<str>,
    pub fields: BTreeSet<Box<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_parsed_back_and_names_each_field_once() {
        for object in OtherObject::ALL {
            assert_eq!(OtherObject::parse(&object.name().to_ascii_uppercase()), Some(object));
            let different: BTreeSet<_> = object.fields().iter().collect();
            assert_eq!(different.len(), object.fields().len());
        }
        assert_eq!(OtherObject::parse("page"), None);
    }
}

//! The webhook fields of the Page object, and sets of them; and the other objects that an app can subscribe itself to, of which nothing is
//! ever sent.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// A webhook field that an app can subscribe on a page (the messaging part of Meta's list).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Field { $($name),* }

        impl Field {
            /// Every field, in the order in which users see them listed.
            pub const ALL: &'static [Field] = &[$(Field::$name),*];

            /// The name in Meta's spelling.
            pub fn name(self) -> &'static str {
                match self { $(Field::$name => $text),* }
            }

            /// The field with this name. Page fields are plural; the singular names belong to Instagram.
            pub fn parse(text: &str) -> Option<Field> {
                match text { $($text => Some(Field::$name),)* _ => None }
            }
        }
    };
}

fields! {
    Messages = "messages",
    MessageEchoes = "message_echoes",
    MessageDeliveries = "message_deliveries",
    MessageReads = "message_reads",
    MessageReactions = "message_reactions",
    MessageEdits = "message_edits",
    MessagingPostbacks = "messaging_postbacks",
    MessagingReferrals = "messaging_referrals",
    MessagingHandovers = "messaging_handovers",
    Standby = "standby",
    MessagingOptins = "messaging_optins",
    MessagingOptouts = "messaging_optouts",
    MessagingAccountLinking = "messaging_account_linking",
    MessagingPolicyEnforcement = "messaging_policy_enforcement",
    MessagingFeedback = "messaging_feedback",
    MessagingPayments = "messaging_payments",
    MessagingPreCheckouts = "messaging_pre_checkouts",
    MessagingCheckoutUpdates = "messaging_checkout_updates",
    MessagingGamePlays = "messaging_game_plays",
    MessagingAppointments = "messaging_appointments",
    MessagingCustomerInformation = "messaging_customer_information",
    MessagingDirectSends = "messaging_direct_sends",
    MessagingFbloginAccountLinking = "messaging_fblogin_account_linking",
    MessagingInThreadLeadFormSubmit = "messaging_in_thread_lead_form_submit",
    MessagingIntegrity = "messaging_integrity",
    MessageContext = "message_context",
    MessageMention = "message_mention",
    MessageTemplateStatusUpdate = "message_template_status_update",
    ResponseFeedback = "response_feedback",
    SendCart = "send_cart",
    InboxLabels = "inbox_labels",
    Calls = "calls",
    CallPermissionReply = "call_permission_reply",
    CallSettingsUpdate = "call_settings_update",
    MarketingMessageClicks = "marketing_message_clicks",
    MarketingMessageDeliveries = "marketing_message_deliveries",
    MarketingMessageDeliveryFailed = "marketing_message_delivery_failed",
    MarketingMessageEchoes = "marketing_message_echoes",
    MarketingMessageReads = "marketing_message_reads",
    MarketingMessagesSubscriberUploadStatus = "marketing_messages_subscriber_upload_status",
    BusinessIntegrity = "business_integrity",
    UserAction = "user_action",
    StoryShare = "story_share",
    GroupFeed = "group_feed",
    Feed = "feed",
    Mention = "mention",
    Leadgen = "leadgen",
    Conversations = "conversations",
    Follow = "follow",
}

/// The fields of which webhooks are sent. A test compares them with the recorded payloads.
const SENT: &[Field] = &[
    Field::Messages,
    Field::MessageEchoes,
    Field::MessageDeliveries,
    Field::MessageReads,
    Field::MessageReactions,
    Field::MessageEdits,
    Field::MessagingPostbacks,
    Field::MessagingReferrals,
    Field::MessagingHandovers,
    Field::Standby,
    Field::MessagingOptins,
    Field::MessagingAccountLinking,
    Field::MessagingFeedback,
    Field::MessageTemplateStatusUpdate,
    Field::Feed,
    Field::Mention,
];

impl Field {
    /// False if nothing is ever sent of the field, except by its Test button.
    pub fn is_sent(self) -> bool {
        SENT.contains(&self)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FieldSet(u64);

impl FieldSet {
    pub const EMPTY: FieldSet = FieldSet(0);

    pub fn all() -> Self {
        Field::ALL.iter().copied().collect()
    }

    pub fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u64) != 0
    }

    pub fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u64;
    }

    pub fn remove(&mut self, field: Field) {
        self.0 &= !(1 << field as u64);
    }

    pub fn union(self, other: FieldSet) -> Self {
        FieldSet(self.0 | other.0)
    }

    /// The fields in the order of [`Field::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| self.contains(*field))
    }
}

/// The page field that is meant by one of Instagram's singular names. Some of Meta's documents print these for pages, too.
pub fn singular_of(name: &str) -> Option<Field> {
    Some(match name {
        "messaging_handover" => Field::MessagingHandovers,
        "messaging_referral" => Field::MessagingReferrals,
        "message_edit" => Field::MessageEdits,
        "message_reaction" => Field::MessageReactions,
        "messaging_postback" => Field::MessagingPostbacks,
        _ => return None,
    })
}

impl FromIterator<Field> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut set = FieldSet::EMPTY;
        fields.into_iter().for_each(|field| set.insert(field));
        set
    }
}

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
    fn every_name_is_parsed_back() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.name()), Some(*field));
        }
        assert_eq!(Field::parse("messaging_handover"), None, "the singular is Instagram's");
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut set: FieldSet = [Field::Standby, Field::Messages].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), vec![Field::Messages, Field::Standby]);
        set.remove(Field::Standby);
        assert!(!set.contains(Field::Standby));
        assert!(FieldSet::all().contains(Field::Follow));
    }

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

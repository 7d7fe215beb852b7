//! The webhook fields of the objects `page` and `instagram`, and sets of them; and the other objects that an app can subscribe itself to,
//! of which nothing is ever sent.

use std::collections::BTreeSet;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::platform::Platform;

macro_rules! fields {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// A webhook field that an app can subscribe (the messaging part of Meta's lists). Fields of pages have plural names, those of Instagram
        /// mostly singular ones; a field that both have has one name.
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

            /// The field with this name, of any platform.
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
    MessagingSeen = "messaging_seen",
    MessagingReferral = "messaging_referral",
    MessageEdit = "message_edit",
    MessagingHandover = "messaging_handover",
    Comments = "comments",
    LiveComments = "live_comments",
    Mentions = "mentions",
    StoryInsights = "story_insights",
    StoryReactions = "story_reactions",
    StoryPollResponse = "story_poll_response",
    ShareToStory = "share_to_story",
    CommentPollResponse = "comment_poll_response",
    OnboardingWelcomeMessageSeries = "onboarding_welcome_message_series",
    CreatorMarketplaceProjects = "creator_marketplace_projects",
    CreatorMarketplaceInvitedCreatorOnboarding = "creator_marketplace_invited_creator_onboarding",
    Delta = "delta",
}

/// The fields that only Instagram has.
const INSTAGRAM_ONLY: &[Field] = &[
    Field::MessagingSeen,
    Field::MessagingReferral,
    Field::MessageEdit,
    Field::MessagingHandover,
    Field::Comments,
    Field::LiveComments,
    Field::Mentions,
    Field::StoryInsights,
    Field::StoryReactions,
    Field::StoryPollResponse,
    Field::ShareToStory,
    Field::CommentPollResponse,
    Field::OnboardingWelcomeMessageSeries,
    Field::CreatorMarketplaceProjects,
    Field::CreatorMarketplaceInvitedCreatorOnboarding,
    Field::Delta,
];
/// The fields that pages and Instagram accounts have.
const ON_BOTH: &[Field] = &[
    Field::Messages,
    Field::MessageReactions,
    Field::MessagingPostbacks,
    Field::MessagingOptins,
    Field::Standby,
    Field::Follow,
];

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
    Field::MessagingReferral,
    Field::MessagingHandover,
    Field::MessagingSeen,
    Field::MessageEdit,
    Field::Comments,
    Field::LiveComments,
    Field::Mentions,
    Field::StoryInsights,
];

impl Field {
    /// True if the object of the platform has this field.
    pub fn is_of(self, platform: Platform) -> bool {
        match platform {
            Platform::Messenger => !INSTAGRAM_ONLY.contains(&self),
            Platform::Instagram => INSTAGRAM_ONLY.contains(&self) || ON_BOTH.contains(&self),
        }
    }

    /// True if the object of the platform has this field, or has it with a knob.
    pub fn may_be_of(self, platform: Platform) -> bool {
        self.is_of(platform) || (platform == Platform::Instagram && self == Field::MessageEchoes)
    }

    /// Every field of the platform's object, in the order in which users see them listed.
    pub fn of(platform: Platform) -> impl Iterator<Item = Field> + Clone {
        Self::ALL.iter().copied().filter(move |field| field.is_of(platform))
    }

    /// The field of this name, if the platform's object has it.
    pub fn parse_on(platform: Platform, text: &str) -> Option<Field> {
        Self::parse(text).filter(|field| field.is_of(platform))
    }

    /// True if the items of the field stand in `messaging`, not in `changes`.
    pub fn is_of_messages(self) -> bool {
        self == Field::Standby || self.name().starts_with("messag")
    }

    /// False if nothing is ever sent of the field, except by its Test button.
    pub fn is_sent(self) -> bool {
        SENT.contains(&self)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldSet(u128);

/// As a list of names.
impl Serialize for FieldSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Field::name))
    }
}

impl<'de> Deserialize<'de> for FieldSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<Box<str>>::deserialize(deserializer)?;
        let known = |name: &str| Field::parse(name).ok_or_else(|| D::Error::custom(format!("`{name}` is no field")));
        names.iter().map(|name| known(name)).collect()
    }
}

impl FieldSet {
    pub const EMPTY: FieldSet = FieldSet(0);

    /// Every field of the platform's object.
    pub fn all_of(platform: Platform) -> Self {
        Field::of(platform).collect()
    }

    pub fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u32) != 0
    }

    pub fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u32;
    }

    pub fn remove(&mut self, field: Field) {
        self.0 &= !(1 << field as u32);
    }

    pub fn union(self, other: FieldSet) -> Self {
        FieldSet(self.0 | other.0)
    }

    /// The fields in the order of [`Field::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| self.contains(*field))
    }
}

/// A set of fields for the object of each platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldsOfObjects {
    page: Option<FieldSet>,
    instagram: Option<FieldSet>,
}

impl FieldsOfObjects {
    /// The fields of one object. `None` if nothing is said about it.
    pub fn of(&self, platform: Platform) -> Option<FieldSet> {
        match platform {
            Platform::Messenger => self.page,
            Platform::Instagram => self.instagram,
        }
    }

    pub fn set(&mut self, platform: Platform, fields: Option<FieldSet>) {
        match platform {
            Platform::Messenger => self.page = fields,
            Platform::Instagram => self.instagram = fields,
        }
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

/// The Instagram field that is meant by one of the plural names that Meta's page about Instagram Login prints.
pub fn plural_of(name: &str) -> Option<Field> {
    Some(match name {
        "messaging_reactions" => Field::MessageReactions,
        "messaging_referrals" => Field::MessagingReferral,
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
        let on = |platform| Field::parse_on(platform, "messaging_handover");
        assert_eq!(on(Platform::Messenger), None, "the singular is Instagram's");
        assert_eq!(on(Platform::Instagram), Some(Field::MessagingHandover));
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut set: FieldSet = [Field::Standby, Field::Messages].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), vec![Field::Messages, Field::Standby]);
        set.remove(Field::Standby);
        assert!(!set.contains(Field::Standby));
        assert!(FieldSet::all_of(Platform::Messenger).contains(Field::Follow));
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

//! The knobs of a page: switches for questions that Meta's documents leave open or answer in two ways. Each default
//! is the answer that we judge most likely.

use super::instagram_knobs::InstagramKnobs;
use super::shared_item::StickerForm;
use super::time::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knobs {
    /// True if Instagram's singular field names are accepted for a page, as some of Meta's documents print them.
    pub lenient_field_names: bool,
    /// True if the app ids in handover events are strings instead of numbers.
    pub handover_ids_as_text: bool,
    /// True if every app that subscribes handovers gets them, not only the app that gains or loses the thread.
    pub handover_to_subscribed: bool,
    pub hop_context: HopContextForm,
    /// True if a postback on standby is an empty object, as recorded once, instead of `mid` and `title`.
    pub standby_postback_empty: bool,
    /// True if standby events carry referrals.
    pub standby_referral: bool,
    /// True if `thread_owner` names the default app for a thread that no app controls, instead of nobody. `None`: as the ruleset says.
    pub idle_owner_is_default_app: Option<bool>,
    /// True if an app that loses a thread to another app's message gets a webhook.
    pub implicit_take_notifies: bool,
    /// True if `thread_control` without `control_type` passes control instead of releasing it.
    pub control_defaults_to_pass: bool,
    /// True if `thread_control` is executed before the echo is sent, instead of after.
    pub echo_after_control: bool,
    /// True if the timestamp of every referral is in seconds, not only that of leads.
    pub referral_seconds: bool,
    /// The HTTP status and the code of "Handover Protocol APIs disabled for this page."
    pub disabled_error: DisabledError,
    /// True if an action of thread control restarts the time that the person may be silent. `None`: as the ruleset says.
    pub control_restarts_idle: Option<bool>,
    /// True if a reply from the inbox in an idle thread of a page without a default app holds the thread until the person writes.
    pub inbox_holds_idle: bool,
    pub native_owner: NativeOwner,
    /// True if the fields of feature status stand on an Instagram account, too, and not only on a page.
    pub account_feature_status: bool,
    /// True if only the default app sets the persistent menu of a page without roles.
    pub menu_by_default_app: bool,
    /// How webhooks show stickers. `None`: as Meta does at the time of the message.
    pub stickers: Option<StickerForm>,
    /// True if title and URL of a shared link stand beside `payload: null`, as recorded, instead of in the payload.
    pub link_beside_payload: bool,
    /// True if the first message of a person has `message_request`.
    pub message_request: bool,
    /// True if apps get a webhook when a person takes a message back.
    pub unsend_webhook: bool,
    pub instagram: InstagramKnobs,
    /// How long the person may be silent before an app loses the thread.
    pub idle_after: Span,
    /// How long a lead-generation ad waits for an answer. It is shorter than the messaging window.
    pub lead_patience: Span,
    /// The longest extension of control.
    pub extend_max: Span,
    /// The maximum number of days that an ad may keep a thread.
    pub ad_expiration_max_days: u64,
    pub consent_error: ConsentError,
    /// True if the fields that an app subscribes on an Instagram account count, beside its app-level fields.
    pub account_fields_count: bool,
    /// The maximum length of handover metadata, in characters.
    pub metadata_max: usize,
}

/// How Instagram refuses the profile of a person who has not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentError {
    /// Code 230.
    UserConsent,
    /// Code 9010.
    NoMatchingUser,
    /// Code 100.
    UnknownObject,
}

/// The form of `hop_context`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HopContextForm {
    /// It is left out.
    Off,
    Object,
    Array,
    /// As recorded: an object beside messages, an array beside handovers.
    Auto,
}

/// What a reply that is typed in the Instagram app does with the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NativeOwner {
    /// The Instagram app owns it until the person writes.
    UntilMessage,
    /// The Instagram app owns it as long as any other owner.
    UntilIdle,
    /// The owner stays.
    Never,
}

impl NativeOwner {
    pub const WORDS: &'static [&'static str] = &["until_message", "until_idle", "never"];

    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "until_message" => Some(Self::UntilMessage),
            "until_idle" => Some(Self::UntilIdle),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

/// The numbers of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisabledError {
    pub http: u16,
    pub code: i32,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            lenient_field_names: false,
            handover_ids_as_text: false,
            handover_to_subscribed: false,
            hop_context: HopContextForm::Auto,
            standby_postback_empty: false,
            standby_referral: true,
            idle_owner_is_default_app: None,
            implicit_take_notifies: true,
            control_defaults_to_pass: false,
            echo_after_control: false,
            referral_seconds: false,
            disabled_error: DisabledError { http: 400, code: 100 },
            control_restarts_idle: None,
            inbox_holds_idle: false,
            native_owner: NativeOwner::UntilMessage,
            account_feature_status: true,
            menu_by_default_app: false,
            stickers: None,
            link_beside_payload: false,
            message_request: false,
            unsend_webhook: false,
            instagram: InstagramKnobs::default(),
            idle_after: Span::hours(24),
            lead_patience: Span::hours(12),
            extend_max: Span::days(7),
            ad_expiration_max_days: 30,
            consent_error: ConsentError::UserConsent,
            account_fields_count: true,
            metadata_max: 1000,
        }
    }
}

//! Domain room: switches of a page for what Meta's documents leave open or contradict one another in. Each has the default that we
//! judge most likely. Everyone may read them.

use super::time::Span;

/// The switches of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knobs {
    /// Whether the singular field names of Instagram are taken for a page, as some of Meta's pages print them.
    pub lenient_field_names: bool,
    /// Whether the app ids of hand-overs are text instead of numbers.
    pub handover_ids_as_text: bool,
    /// Whether every app that subscribes hand-overs is told of them, instead of the one that gains or loses the thread.
    pub handover_to_subscribed: bool,
    /// How `hop_context` is written.
    pub hop_context: HopContextForm,
    /// Whether a postback on standby is an empty object, as recorded once, instead of `mid` and `title`.
    pub standby_postback_empty: bool,
    /// Whether standby carries referrals.
    pub standby_referral: bool,
    /// Whether `thread_owner` names the default app for a thread that no app holds, instead of nobody.
    pub idle_owner_is_default_app: bool,
    /// Whether an app that loses a thread to another's sending is told.
    pub implicit_take_notifies: bool,
    /// Whether `thread_control` without `control_type` passes instead of releasing.
    pub control_defaults_to_pass: bool,
    /// Whether `thread_control` is executed before the echo is told, instead of after.
    pub echo_after_control: bool,
    /// Whether the timestamp of every referral is in seconds, not that of leads alone.
    pub referral_seconds: bool,
    /// With which HTTP status and code "Handover Protocol APIs disabled for this page." is answered.
    pub disabled_error: DisabledError,
    /// How long the person may be silent before an app loses the thread.
    pub idle_after: Span,
    /// How long a lead-generation ad waits for an answer: less than the messaging window is open.
    pub lead_patience: Span,
    /// The longest that control can be extended to.
    pub extend_max: Span,
    /// The most days that an ad may keep a thread.
    pub ad_expiration_max_days: u64,
    /// The longest metadata of a hand-over, in characters.
    pub metadata_max: usize,
}

/// How `hop_context` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HopContextForm {
    /// Not at all.
    Off,
    /// Always an object.
    Object,
    /// Always an array of one object.
    Array,
    /// As recorded: an object beside messages, an array beside hand-overs.
    Auto,
}

/// An error's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisabledError {
    /// HTTP status.
    pub http: u16,
    /// Meta's code.
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
            idle_owner_is_default_app: false,
            implicit_take_notifies: true,
            control_defaults_to_pass: false,
            echo_after_control: false,
            referral_seconds: false,
            disabled_error: DisabledError { http: 400, code: 100 },
            idle_after: Span::hours(24),
            lead_patience: Span::hours(12),
            extend_max: Span::days(7),
            ad_expiration_max_days: 30,
            metadata_max: 1000,
        }
    }
}

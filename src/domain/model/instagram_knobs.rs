//! The knobs of an Instagram account that are about its webhooks: switches for questions that Meta's documents leave open. Each default is
//! the answer that we judge most likely.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InstagramKnobs {
    pub shadow_edit: ShadowEdit,
    /// True if apps get a webhook when a person removes a reaction, as documented. Live tests saw none.
    pub unreact_webhook: bool,
    /// True if `source` of an ig.me link is SHORTLINKS, as in Meta's samples, instead of SHORTLINK.
    pub plural_link_source: bool,
    /// True if the postback of an ice breaker has no `mid`, as in older recordings.
    pub ice_breaker_without_mid: bool,
    /// True if comments stand in the entry itself for apps with Instagram Login, as Meta prints them, instead of in `changes`.
    pub direct_comments: bool,
    /// True if standby carries messages and echoes alone.
    pub standby_messages_only: bool,
}

/// When a `message_edit` with `num_edit` 0 accompanies a new message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShadowEdit {
    #[default]
    After,
    Before,
    Never,
}

impl ShadowEdit {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "after" => Some(Self::After),
            "before" => Some(Self::Before),
            "none" => Some(Self::Never),
            _ => None,
        }
    }
}

//! The knobs of an Instagram account that are about its webhooks: switches for questions that Meta's documents leave open. Each default is
//! the answer that we judge most likely.

use super::fields::{Field, FieldSet};
use super::platform::{Login, Platform};
use super::sending_knobs::{HumanAgentRefusal, PrivateReplyOwnership, PrivateReplyTwice, TextLimit};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstagramKnobs {
    /// How long a text on Instagram may be.
    pub text_limit: TextLimit,
    /// True if an app with Instagram Login sends at `/me/messages` alone, and not at `/{id}/messages`.
    pub id_sends_refused: bool,
    /// The HTTP status of a message outside the window on Instagram.
    pub window_status: u16,
    /// How Instagram refuses the tag of an app without the feature Human Agent.
    pub human_agent_refusal: HumanAgentRefusal,
    /// What a private reply on Instagram has to do with the owner of the thread.
    pub private_reply_ownership: PrivateReplyOwnership,
    /// How Instagram refuses a second private reply to a comment.
    pub private_reply_twice: PrivateReplyTwice,
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
    /// True if apps with Instagram Login get echoes in a field `message_echoes`, as one of Meta's pages says.
    pub echo_field: bool,
    /// True if an account may send only so much in a while.
    pub rates: bool,
    /// True if Unified Login has no `standby` and no `messaging_handover`, which its list of fields leaves out.
    pub unified_fields_listed: bool,
}

impl InstagramKnobs {
    /// The fields of the object `instagram` for apps that reach the account by this login.
    pub fn fields(self, login: Login) -> FieldSet {
        let mut fields = FieldSet::all_of(Platform::Instagram);
        match login {
            Login::Instagram if self.echo_field => fields.insert(Field::MessageEchoes),
            Login::Unified if self.unified_fields_listed => {
                fields.remove(Field::Standby);
                fields.remove(Field::MessagingHandover);
            }
            _ => {}
        }
        fields
    }
}

impl Default for InstagramKnobs {
    fn default() -> Self {
        Self {
            text_limit: TextLimit::Bytes,
            id_sends_refused: false,
            window_status: 403,
            human_agent_refusal: HumanAgentRefusal::Window,
            private_reply_ownership: PrivateReplyOwnership::Neither,
            private_reply_twice: PrivateReplyTwice::CommentInvalid,
            shadow_edit: ShadowEdit::After,
            unreact_webhook: false,
            plural_link_source: false,
            ice_breaker_without_mid: false,
            direct_comments: false,
            standby_messages_only: false,
            echo_field: false,
            rates: false,
            unified_fields_listed: false,
        }
    }
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

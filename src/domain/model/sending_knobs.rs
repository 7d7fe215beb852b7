//! The values of the knobs that are about sending on Instagram.

macro_rules! knob {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $value:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$inner])* $value),* }

        impl $name {
            /// The words of scenarios, the default first.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$value),)* _ => None }
            }
        }
    };
}

knob! {
    /// How long a text may be.
    TextLimit {
        /// 1000 bytes of UTF-8.
        Bytes = "1000_bytes",
        /// 1000 characters.
        Characters = "1000_characters",
        /// 2000 characters, as on Messenger.
        LongCharacters = "2000_characters",
    }
}

knob! {
    /// The refusal of the tag HUMAN_AGENT without the feature.
    HumanAgentRefusal {
        /// As if the message had no tag.
        Window = "window",
        /// As a permission that is missing.
        Permission = "permission",
    }
}

knob! {
    /// What a private reply has to do with the owner of the thread.
    PrivateReplyOwnership {
        /// Any app may send it, and the owner stays the same.
        Neither = "neither",
        /// Only an app that may send into the thread may send it.
        Needs = "needs",
        /// Any app may send it, and becomes the owner.
        Takes = "takes",
    }
}

knob! {
    /// The refusal of a second private reply to a comment.
    PrivateReplyTwice {
        /// Code 100, subcode 2534025, as documented.
        CommentInvalid = "comment_invalid",
        /// HTTP status 500 with code -1, subcode 2534023.
        ServerError = "server_error",
        /// Code 10900, as on Messenger.
        AlreadyReplied = "already_replied",
    }
}

//! The generations of Meta's rules that a page can live under, and sets of them.

/// A set of generations. A world file names each by a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generations(u8);

impl Generations {
    /// `handover_protocol`.
    pub const HANDOVER: Self = Self(1);
    /// `conversation_routing@2023-09`.
    pub const ROUTING_2023: Self = Self(2);
    /// `conversation_routing@2025-09`.
    pub const ROUTING_2025: Self = Self(4);
    /// `zero_config`.
    pub const ZERO_CONFIG: Self = Self(8);
    /// Conversation Routing of any year.
    pub const ROUTING: Self = Self(2 | 4);
    /// All but the Handover Protocol.
    pub const NOT_HANDOVER: Self = Self(2 | 4 | 8);
    /// All but the Conversation Routing of 2023.
    pub const NOT_2023: Self = Self(1 | 4 | 8);
    /// The generations without a default app.
    pub const NO_DEFAULT_APP: Self = Self(1 | 8);
    /// A thread can be idle although the page has a primary receiver or a default app.
    pub const HANDOVER_OR_2025: Self = Self(1 | 4);
    /// The generations of before 2025.
    pub const BEFORE_2025: Self = Self(1 | 2);
    /// The generations of Meta's documents of 2025, with a default app and without.
    pub const SINCE_2025: Self = Self(4 | 8);
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self(1 | 2 | 4 | 8);

    const NAMES: [(Self, &str); 4] = [
        (Self::HANDOVER, "handover_protocol"),
        (Self::ROUTING_2023, "conversation_routing@2023-09"),
        (Self::ROUTING_2025, "conversation_routing@2025-09"),
        (Self::ZERO_CONFIG, "zero_config"),
    ];

    /// True if the two sets have a generation in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The generation with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, name)| *name == word).map(|(one, _)| *one)
    }

    /// The words of all generations.
    pub fn known() -> [&'static str; 4] {
        Self::NAMES.map(|(_, name)| name)
    }

    /// The words of the set, oldest first; `every` if it is all of them.
    pub fn words(self) -> Vec<&'static str> {
        if self == Self::ALL {
            return vec!["every"];
        }
        Self::NAMES.iter().filter(|(one, _)| self.overlaps(*one)).map(|(_, name)| *name).collect()
    }
}

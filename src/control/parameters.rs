//! Query parameters of routes. Most of them stand in several routes.

use super::calls::METHODS;
use super::query::{Parameter, ParameterKind};

pub const LEDGER_QUERY: &[Parameter] = &[
    Parameter {
        name: "after",
        meaning: "Only entries after this cursor; from the oldest one that is left if it is left out or 0. `now` is the newest cursor.",
        kind: ParameterKind::CursorOrNow,
    },
    KIND,
    APP,
    PAGE,
    PERSON,
    Parameter {
        name: "wait",
        meaning: "How long to wait for an entry if there is none yet, in real time, 60s at most.",
        kind: ParameterKind::Duration,
    },
    LIMIT,
    STABLE,
    SECRETS,
];
pub const CALLS_QUERY: &[Parameter] = &[
    Parameter {
        name: "after",
        meaning: "Only calls after this cursor; from the oldest one that is left if it is left out or 0. `now` is the newest cursor.",
        kind: ParameterKind::CursorOrNow,
    },
    Parameter { name: "app", meaning: "Only calls of the app of this name.", kind: ParameterKind::Name },
    Parameter {
        name: "page",
        meaning: "Only calls about people of the page or account of this name.",
        kind: ParameterKind::Name,
    },
    Parameter { name: "person", meaning: "Only calls about the person of this name.", kind: ParameterKind::Name },
    Parameter {
        name: "thread",
        meaning: "Only calls about this thread: `alice`, or `alice@bakery`.",
        kind: ParameterKind::Name,
    },
    Parameter { name: "method", meaning: "Only calls of this method.", kind: ParameterKind::Word(METHODS) },
    Parameter {
        name: "path",
        meaning: "Only calls at this path, without its version: `/me/messages`, or only its last part: `messages`.",
        kind: ParameterKind::Name,
    },
    Parameter {
        name: "status",
        meaning: "Only calls that were answered with this status: `200`, or `4xx`.",
        kind: ParameterKind::Name,
    },
    Parameter {
        name: "wait",
        meaning: "How long to wait for a call if there is none yet, in real time, 60s at most.",
        kind: ParameterKind::Duration,
    },
    Parameter { name: "limit", meaning: "At most this many calls.", kind: ParameterKind::Count },
    SECRETS,
];
pub const UNMATCHED_QUERY: &[Parameter] = &[
    Parameter {
        name: "after",
        meaning: "Only calls after the one of this number; from the oldest one that is left if it is left out or 0.",
        kind: ParameterKind::Cursor,
    },
    Parameter {
        name: "wait",
        meaning: "How long to wait for a call if there is none yet, in real time, 60s at most.",
        kind: ParameterKind::Duration,
    },
];
pub const PEOPLE_QUERY: &[Parameter] = &[
    Parameter { name: "of", meaning: "Only the members of the crowd of this name.", kind: ParameterKind::Name },
    Parameter { name: "after", meaning: "Only people after the person of this name.", kind: ParameterKind::Name },
    Parameter {
        name: "limit",
        meaning: "At most this many people; 100 if it is left out, 1000 at most.",
        kind: ParameterKind::Count,
    },
];
pub const NEW_WORLD_QUERY: &[Parameter] = &[
    Parameter {
        name: "name",
        meaning: "The name of the new world; made up if it is left out.",
        kind: ParameterKind::Session,
    },
    Parameter {
        name: "clock",
        meaning: "Whether the clock follows the wall clock, which it does if this is left out, or is frozen.",
        kind: ParameterKind::ClockMode,
    },
    Parameter {
        name: "expires",
        meaning: "The world is removed when nobody has called it for so long, in real time, from 1s to 30d; never if it is left out.",
        kind: ParameterKind::Duration,
    },
];
pub const THREADS_QUERY: &[Parameter] = &[
    Parameter {
        name: "page",
        meaning: "Only threads with the page or account of this name.",
        kind: ParameterKind::Name,
    },
    Parameter { name: "person", meaning: "Only threads with the person of this name.", kind: ParameterKind::Name },
    Parameter {
        name: "after",
        meaning: "Only threads behind this one, which is named like `alice@bakery`.",
        kind: ParameterKind::Name,
    },
    Parameter {
        name: "limit",
        meaning: "At most this many threads; 10000 if it is left out, and at most.",
        kind: ParameterKind::Count,
    },
];
pub const AFTER_NOW: Parameter = Parameter {
    name: "after",
    meaning: "Only entries after this cursor; only new ones if it is left out or `now`.",
    kind: ParameterKind::CursorOrNow,
};
pub const KIND: Parameter =
    Parameter { name: "kind", meaning: "Only entries of this kind.", kind: ParameterKind::EntryKind };
pub const APP: Parameter =
    Parameter { name: "app", meaning: "Only entries about the app of this name.", kind: ParameterKind::Name };
pub const PAGE: Parameter = Parameter {
    name: "page",
    meaning: "Only entries about the page or account of this name.",
    kind: ParameterKind::Name,
};
pub const PERSON: Parameter =
    Parameter { name: "person", meaning: "Only entries about the person of this name.", kind: ParameterKind::Name };
pub const SESSION: Parameter = Parameter {
    name: "session",
    meaning: "The session of the caller. The header `Graphdouble-Session` may name it instead. Calls that name none share one.",
    kind: ParameterKind::Session,
};
pub const LIMIT: Parameter =
    Parameter { name: "limit", meaning: "At most this many entries.", kind: ParameterKind::Count };
pub const STABLE: Parameter = Parameter {
    name: "stable",
    meaning: "`true` leaves out how much real time things took, so that two runs of the same steps give the same bytes.",
    kind: ParameterKind::Bool,
};
pub const SECRETS: Parameter = Parameter {
    name: "secrets",
    meaning: "`show` writes out the tokens and secrets of Graph calls; `mask`, as if it is left out, puts `***` in their place.",
    kind: ParameterKind::Word(&["mask", "show"]),
};

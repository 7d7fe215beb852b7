//! The table of lints: one row for each.

use crate::domain::rules::Basis::{self, Documented, Inferred};

use super::context::LintContext;
use super::occurrence::Occurrence;
use super::{calls, control, duplicates, idle_control, listening, sending, unasked};

/// Something that an app can do wrong although nothing fails.
#[derive(Debug)]
pub struct Lint {
    /// The stable name that flags and reports use.
    pub name: &'static str,
    /// What it looks for, in one sentence.
    pub says: &'static str,
    /// How to correct the app.
    pub advice: &'static str,
    pub severity: Severity,
    /// How we know that it is wrong.
    pub basis: Basis,
    /// The document or the rule that says so.
    pub source: &'static str,
    /// Finds all occurrences in a world.
    pub find: fn(&LintContext<'_>) -> Vec<Occurrence>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Meta refuses or ignores it, or people notice it.
    Warning,
    /// It works, but there is a better way.
    Advice,
}
use Severity::{Advice, Warning};

impl Severity {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// The lint whose findings are dropped if another lint explains the refusal.
pub(super) const REFUSED_CALL: &str = "refused_call";

/// The lint whose findings depend on how fast a bot is. So only its own name denies it, and `all` does not.
pub(super) const LATE_CALL: &str = "late_call";

/// Every lint, in the order in which they are listed.
pub static LINTS: &[Lint] = &[
    Lint {
        name: "send_outside_window",
        says: "An app sends to a person whose messaging window is closed.",
        advice: "answer within 24 hours of the person's last action, or have a person answer with the tag HUMAN_AGENT within 7 days",
        severity: Warning,
        basis: Documented,
        source: "window.closed",
        find: sending::outside_window,
    },
    Lint {
        name: "send_without_control",
        says: "An app sends into a thread that another app owns.",
        advice: "ask thread_owner before sending, or keep track of pass_thread_control and take_thread_control in messaging_handovers",
        severity: Warning,
        basis: Documented,
        source: "send.refused.not_owner",
        find: sending::without_control,
    },
    Lint {
        name: "answers_standby",
        says: "An app answers a message that it received on standby, where it should only listen.",
        advice: "answer the events in entry[].messaging, and never those in entry[].standby",
        severity: Warning,
        basis: Documented,
        source: "webhook.standby",
        find: sending::answers_standby,
    },
    Lint {
        name: "control_without_ownership",
        says: "An app passes, releases, takes or extends control of a thread that is not its own.",
        advice: "move control only while the app owns the thread; thread_owner and messaging_handovers show who owns it",
        severity: Warning,
        basis: Documented,
        source: "pass.refused.not_owner",
        find: control::without_ownership,
    },
    Lint {
        name: "control_type_missing",
        says: "A message has thread_control without control_type, which releases the thread.",
        advice: "set \"control_type\" to \"pass\" or \"release\"",
        severity: Warning,
        basis: Documented,
        source: "control.type.defaults_to_release",
        find: control::type_missing,
    },
    Lint {
        name: "control_in_vain",
        says: "thread_control of a message has no effect: there is no default app, or no app holds the thread.",
        advice: "use pass_thread_control and release_thread_control there, and only for a thread that an app holds",
        severity: Warning,
        basis: Documented,
        source: "control.none.thread_control_ignored",
        find: control::in_vain,
    },
    Lint {
        name: "control_kept",
        says: "A real app keeps control until it lapses, although the person waits for an answer or another app has requested the thread.",
        advice: "answer, pass or release: no other app can answer the person while this app keeps control",
        severity: Warning,
        basis: Inferred,
        source: "control.idle.default_app",
        find: idle_control::kept,
    },
    Lint {
        name: "standby_not_subscribed",
        says: "A real app shares a page or account and is not subscribed to standby, so it sees nothing of a thread that another app owns.",
        advice: "subscribe to the field standby with POST /{page}/subscribed_apps, or /{account}/subscribed_apps with Instagram Login (and in the app's own subscription)",
        severity: Advice,
        basis: Documented,
        source: "webhook.withheld.field_not_subscribed",
        find: listening::standby_not_subscribed,
    },
    Lint {
        name: "slow_answer",
        says: "A real app takes longer than 5 seconds to answer a webhook.",
        advice: "answer 200 at once and do the work afterwards",
        severity: Warning,
        basis: Documented,
        source: "Messenger docs: webhooks, 200 within 5 seconds",
        find: listening::slow_answer,
    },
    Lint {
        name: "answered_twice",
        says: "A real app receives a webhook a second time and repeats its answer to the person.",
        advice: "remember the mid of each message that was answered, and do not answer it again",
        severity: Warning,
        basis: Documented,
        source: "Messenger docs: webhooks, the receiver must detect duplicates",
        find: duplicates::answered_twice,
    },
    Lint {
        name: "messaging_ignored",
        says: "A real app acts on what it receives on standby, but never on what the person says to it on messaging.",
        advice: "read entry[].messaging; entry[].standby has what people say to other apps",
        severity: Warning,
        basis: Inferred,
        source: "webhook.owner",
        find: listening::messaging_ignored,
    },
    Lint {
        name: "title_truncated",
        says: "The title of a quick reply has more than 20 characters, so that people see only its beginning.",
        advice: "give the title at most 20 characters, and say the rest in the text of the message",
        severity: Warning,
        basis: Documented,
        source: "Messenger docs: quick replies, title",
        find: sending::title_truncated,
    },
    Lint {
        name: "deprecated_call",
        says: "An app uses a call, a parameter or a tag that Meta has removed.",
        advice: "see what replaced it: graphdouble rules handover, graphdouble rules control, graphdouble errors invalid_tag",
        severity: Warning,
        basis: Documented,
        source: "handover.refused.disabled",
        find: calls::deprecated,
    },
    Lint {
        name: "version_gone",
        says: "An app asks for a version of the Graph API that is no longer served, and another version answers.",
        advice: "ask for a current version, like v25.0",
        severity: Advice,
        basis: Documented,
        source: "Graph API docs: versions",
        find: calls::version_gone,
    },
    Lint {
        name: "ignored_input",
        says: "A call has input that has no effect, such as an unknown parameter or an unknown name.",
        advice: "correct the name or remove it: Meta ignores it without a word",
        severity: Warning,
        basis: Documented,
        source: "Graph API docs: unknown parameters are ignored",
        find: calls::ignored_input,
    },
    Lint {
        name: LATE_CALL,
        says: "A real app calls about a person after the scenario of that person has ended.",
        advice: "end the scenario with a step that waits for the call: `app: … sends: …`, or `stays_silent`",
        severity: Warning,
        basis: Inferred,
        source: "a scenario only looks at calls that come before its end",
        find: calls::late,
    },
    Lint {
        name: "unasked_message",
        says: "A real app sends a message that no step of the scenario asks for.",
        advice: "expect it in a step, like `{ app: bot, sends: … }`, or correct the app: a person should not get it",
        severity: Warning,
        basis: Inferred,
        source: "the scenario",
        find: unasked::unasked,
    },
    Lint {
        name: REFUSED_CALL,
        says: "A call is refused, no step expects that, and no other lint explains it.",
        advice: "if the refusal is intended, expect it in a step: `refused: { code: … }`",
        severity: Warning,
        basis: Documented,
        source: "Graph API docs: errors",
        find: calls::refused,
    },
];

/// The names of the lints, in the same order.
pub static NAMES: [&str; LINTS.len()] = {
    let mut names = [""; LINTS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = LINTS[place].name;
        place += 1;
    }
    names
};

//! Lint room: the table of lints. Everyone who reports may read it.

use crate::domain::rules::Basis::{Documented, Inferred};

use super::finding::Lint;
use super::finding::Severity::{Advice, Warning};
use super::{calls, control, duplicates, idle_control, listening, sending};

/// The lint that says what no other one does.
pub(super) const REFUSED_CALL: &str = "refused_call";

/// Every lint, in the order in which they are listed to people.
pub static LINTS: &[Lint] = &[
    Lint {
        name: "send_outside_window",
        says: "An app sends to a person whose messaging window is closed.",
        advice: "answer within 24 hours of the person's last action, or have a person answer with the tag HUMAN_AGENT within 7 days",
        severity: Warning,
        basis: Documented,
        source: "window.closed",
        look: sending::outside_window,
    },
    Lint {
        name: "send_without_control",
        says: "An app sends into a thread that another app owns.",
        advice: "ask thread_owner before sending, or keep track of pass_thread_control and take_thread_control in messaging_handovers",
        severity: Warning,
        basis: Documented,
        source: "send.refused.not_owner",
        look: sending::without_control,
    },
    Lint {
        name: "answers_standby",
        says: "An app answers what it was told on standby, where it only listens.",
        advice: "answer what stands in entry[].messaging, and never what stands in entry[].standby",
        severity: Warning,
        basis: Documented,
        source: "webhook.standby",
        look: sending::answers_standby,
    },
    Lint {
        name: "control_without_ownership",
        says: "An app passes, releases, takes or extends control that is not its own.",
        advice: "move control only while the app owns the thread, as thread_owner and messaging_handovers tell",
        severity: Warning,
        basis: Documented,
        source: "pass.refused.not_owner",
        look: control::without_ownership,
    },
    Lint {
        name: "control_type_missing",
        says: "thread_control of a message says neither pass nor release, which releases the thread.",
        advice: "say \"control_type\": \"pass\" or \"control_type\": \"release\"",
        severity: Warning,
        basis: Documented,
        source: "control.type.defaults_to_release",
        look: control::type_missing,
    },
    Lint {
        name: "control_in_vain",
        says: "thread_control of a message moves nothing: the page does not support it, or no app holds the thread.",
        advice: "use pass_thread_control and release_thread_control on such a page, and only for a thread that is held",
        severity: Warning,
        basis: Documented,
        source: "control.none.thread_control_ignored",
        look: control::in_vain,
    },
    Lint {
        name: "control_kept",
        says: "A real app keeps control until it lapses, while the person waits for an answer or another app asks for the thread.",
        advice: "answer, pass or release: nobody else can answer the person as long as the app keeps control",
        severity: Warning,
        basis: Inferred,
        source: "control.idle.default_app",
        look: idle_control::kept,
    },
    Lint {
        name: "standby_not_subscribed",
        says: "A real app shares a page and is not subscribed to standby, so it is blind while another app owns a thread.",
        advice: "subscribe the field standby with POST /{page}/subscribed_apps (and in the app's own subscription)",
        severity: Advice,
        basis: Documented,
        source: "webhook.withheld.field_not_subscribed",
        look: listening::standby_not_subscribed,
    },
    Lint {
        name: "slow_answer",
        says: "A real app takes longer than 5 seconds to answer a webhook.",
        advice: "answer 200 at once and do the work afterwards",
        severity: Warning,
        basis: Documented,
        source: "Messenger docs: webhooks, 200 within 5 seconds",
        look: listening::slow_answer,
    },
    Lint {
        name: "answered_twice",
        says: "A real app gets a webhook a second time, and says the same to the person a second time.",
        advice: "remember the mid of what was answered, and leave what comes again unanswered",
        severity: Warning,
        basis: Documented,
        source: "Messenger docs: webhooks, duplicates are the receiver's to find",
        look: duplicates::answered_twice,
    },
    Lint {
        name: "messaging_ignored",
        says: "A real app acts upon what comes on standby, and never upon what the person says to it on messaging.",
        advice: "read entry[].messaging: entry[].standby is what is said to others",
        severity: Warning,
        basis: Inferred,
        source: "webhook.owner",
        look: listening::messaging_ignored,
    },
    Lint {
        name: "deprecated_call",
        says: "An app makes a call, or uses a form or a tag, that Meta has ended.",
        advice: "see what came in its place: graphdouble rules handover, graphdouble rules control, graphdouble errors invalid_tag",
        severity: Warning,
        basis: Documented,
        source: "handover.refused.disabled",
        look: calls::deprecated,
    },
    Lint {
        name: "version_gone",
        says: "An app asks for a version of the Graph API that is served no more, and is answered by another.",
        advice: "ask for a version of today, like v25.0",
        severity: Advice,
        basis: Documented,
        source: "Graph API docs: versions",
        look: calls::version_gone,
    },
    Lint {
        name: "ignored_input",
        says: "A call carries something that nothing comes of: a parameter that the edge does not know, a name that is none.",
        advice: "mend the name, or leave it out: Meta says nothing of it",
        severity: Warning,
        basis: Documented,
        source: "Graph API docs: unknown parameters are ignored",
        look: calls::ignored_input,
    },
    Lint {
        name: REFUSED_CALL,
        says: "A call is refused, no step asked for it, and no other lint says why.",
        advice: "if that is what should happen, say so with a step: `refused: { code: … }`",
        severity: Warning,
        basis: Documented,
        source: "Graph API docs: errors",
        look: calls::refused,
    },
];

/// How many there are.
const COUNT: usize = LINTS.len();

/// Their names, in the same order.
pub static NAMES: [&str; COUNT] = {
    let mut names = [""; COUNT];
    let mut place = 0;
    while place < COUNT {
        names[place] = LINTS[place].name;
        place += 1;
    }
    names
};

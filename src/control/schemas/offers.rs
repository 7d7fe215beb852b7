//! The schema of what a person can do in a thread.

use serde_json::{Value, json};

use crate::language::steps::user_step::user_verbs;

use super::parts::{count, flag, list, map, nullable, object, text};

pub fn offers() -> Value {
    let members = json!({
        "ads": list(offer(json!({ "name": text("The name of the ad."), "title": nullable(text("What the ad says.")) }))),
        "links": list(offer(json!({ "name": text("The name of the m.me link."), "ref": text("Its `ref`.") }))),
        "get_started": flag("True before the person has written or tapped, where there is Get Started."),
        "ice_breakers": list(offer(json!({ "question": text("The question.") }))),
        "menu": list(offer(json!({ "title": text("The label."), "type": text("`postback` or `web_url`.") }))),
        "buttons": list(offer(on_message(json!({
            "title": text("The label, or the title of a coupon or of an opt-in request."),
            "type": text("Meta's type of a button; or `opt_in`, `one_time_opt_in`, `coupon` or `survey`."),
        })))),
        "quick_replies": list(offer(on_message(json!({
            "title": text("What stands on it for the person."),
            "content_type": text("`text`, `user_email` or `user_phone_number`."),
        })))),
        "blocked": flag("True if the person has blocked the page."),
        "can": list(json!({ "enum": user_verbs(), "description": "A verb of `user` steps." })),
    });
    object(members, &[])
}

/// Something to do, with the step that does it.
fn offer(mut members: Value) -> Value {
    let mut step = map(json!({}));
    step["description"] =
        json!("The step that takes it, to be posted to `…/steps`; null if Meta sends no webhook for a tap on it.");
    members["step"] = nullable(step);
    object(members, &["entry"])
}

fn on_message(mut members: Value) -> Value {
    members["mid"] = text("The id of the message that has it.");
    members["entry"] = count("The cursor of the message, as in the transcript, while the ledger has it.");
    members
}

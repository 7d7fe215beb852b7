//! The examples that the Test buttons of Instagram's fields send. The ids and texts are Meta's: that of `messages` was recorded, that of
//! `comments` is printed in the dashboard, and the others have the ids of the former.

use serde_json::{Map, Value, json};

use crate::domain::model::fields::Field;

/// The example for a field of Instagram.
pub(super) fn instagram_test_value(field: Field) -> Value {
    if field.is_of_messages() {
        return test_item(field);
    }
    match field {
        Field::Comments => test_comment("FEED"),
        Field::LiveComments => test_comment("LIVE"),
        Field::Mentions => json!({ "media_id": "17887498072083520", "comment_id": "17887498072083520" }),
        Field::StoryInsights => json!({
            "media_id": "17887498072083520",
            "impressions": 444,
            "reach": 44,
            "taps_forward": 4,
            "taps_back": 3,
            "exits": 3,
            "replies": 0,
        }),
        _ => json!({}),
    }
}

fn test_comment(product: &str) -> Value {
    json!({
        "from": { "id": "232323232", "username": "test" },
        "media": { "id": "123123123", "media_product_type": product },
        "id": "17865799348089039",
        "text": "This is an example.",
    })
}

/// The timestamp is text, and in seconds.
fn test_item(field: Field) -> Value {
    let mut item = Map::new();
    item.insert("sender".to_owned(), json!({ "id": "12334" }));
    item.insert("recipient".to_owned(), json!({ "id": "23245" }));
    item.insert("timestamp".to_owned(), json!("1527459824"));
    let (key, value) = match field {
        Field::MessageReactions => (
            "reaction",
            json!({ "mid": "random_mid", "action": "react", "reaction": "love", "emoji": "\u{2764}\u{fe0f}" }),
        ),
        Field::MessagingPostbacks => {
            ("postback", json!({ "mid": "random_mid", "title": "random_title", "payload": "random_payload" }))
        }
        Field::MessagingSeen => ("read", json!({ "mid": "random_mid" })),
        Field::MessagingReferral => {
            ("referral", json!({ "ref": "random_ref", "source": "random_source", "type": "random_type" }))
        }
        Field::MessageEdit => ("message_edit", json!({ "mid": "random_mid", "text": "random_text", "num_edit": 1 })),
        Field::MessagingOptins => ("optin", json!({ "type": "notification_messages", "payload": "random_payload" })),
        Field::MessagingHandover => {
            ("pass_thread_control", json!({ "new_owner_app_id": "123456789", "metadata": "random_metadata" }))
        }
        _ => ("message", json!({ "mid": "random_mid", "text": "random_text" })),
    };
    item.insert(key.to_owned(), value);
    Value::Object(item)
}

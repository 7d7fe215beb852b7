//! The examples that the Test buttons of the dashboard send. Its ids and texts are Meta's, as they were recorded.

use serde_json::{Value, json};

use crate::domain::model::fields::Field;

/// The page of the examples.
const TEST_PAGE: &str = "1067280970047460";
const TEST_POST: &str = "44444444_444444444";

/// The value of the example for a field, sent at `now` (in seconds). Those of `messages`, `feed` and `mention` were recorded in full. Of the
/// other fields only the page is known.
pub(super) fn test_value(field: Field, now: u64) -> Value {
    match field {
        Field::Messages => json!({
            "sender": { "id": "12334" },
            "recipient": { "id": "23245" },
            "timestamp": "1527459824",
            "message": {
                "mid": "test_message_id",
                "text": "test_message",
                "commands": [{ "name": "command123" }, { "name": "command456" }],
            },
        }),
        Field::Feed => json!({
            "item": "status",
            "post_id": TEST_POST,
            "verb": "add",
            "published": 1,
            "created_time": now,
            "message": "Example post content.",
            "from": { "name": "Test Page", "id": TEST_PAGE },
        }),
        Field::Mention => json!({
            "post_id": TEST_POST,
            "sender_name": "Example Name",
            "item": "post",
            "sender_id": "44444444",
            "verb": "add",
        }),
        _ => json!({ "page_id": TEST_PAGE }),
    }
}

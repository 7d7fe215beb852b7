//! The bound of the values in the parameters of one call. A value of two bytes costs a hundred once it is read, so a body may have far fewer
//! values than bytes. No call of Meta's documents comes near.

use crate::text::json_size::count_json_values;

use super::param_value::{ParamMap, ParamValue};

/// The most values in the parameters of one call.
pub const MAX_VALUES: usize = 50_000;
/// A shorter text cannot have more.
pub const SURELY_FEW: usize = 2 * MAX_VALUES;

/// True if a JSON text has too many values. Most texts are so short that nothing is counted.
pub fn has_too_many_values(json: &[u8]) -> bool {
    json.len() >= SURELY_FEW && count_json_values(json) > MAX_VALUES
}

/// True if a text anywhere in the parameters is JSON with too many values.
pub fn hold_too_many_values(map: &ParamMap<'_>) -> bool {
    map.values().any(holds_too_many_values)
}

fn holds_too_many_values(value: &ParamValue<'_>) -> bool {
    match value {
        ParamValue::Text(text) => text.trim_start().starts_with(['{', '[']) && has_too_many_values(text.as_bytes()),
        ParamValue::List(items) => items.iter().any(holds_too_many_values),
        ParamValue::Object(map) => hold_too_many_values(map),
        ParamValue::Null | ParamValue::Bool(_) | ParamValue::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_and_not_what_stands_in_texts() {
        let list = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        assert!(!has_too_many_values(list(MAX_VALUES - 1).as_bytes()));
        assert!(has_too_many_values(list(MAX_VALUES + 1).as_bytes()));
        assert!(has_too_many_values("{},".repeat(MAX_VALUES).as_bytes()));
        let text = format!(r#"["{}\"{}"]"#, ",".repeat(2 * MAX_VALUES), ",[{".repeat(MAX_VALUES));
        assert!(!has_too_many_values(text.as_bytes()), "commas in a text are no values");
    }
}

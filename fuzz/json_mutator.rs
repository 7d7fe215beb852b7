//! Changes JSON as a tree. What is cut or flipped as bytes is hardly ever JSON, and then nothing behind the reader is tried.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Value, json};

/// One in so many inputs is changed as bytes.
const AS_BYTES: u32 = 12;
/// Room in which a text is changed as bytes, beside what it has.
const MORE_TEXT: usize = 64;

/// Changes the first `size` bytes of `data` and says how many there are then. This is what `fuzz_mutator!` asks for.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(seed | 1);
    if dice.below(AS_BYTES) != 0
        && let Ok(mut tree) = serde_json::from_slice::<Value>(&data[..size])
    {
        for _ in 0..=dice.below(3) {
            change(&mut tree, &mut dice);
        }
        let text = tree.to_string().into_bytes();
        if text.len() <= max_size.min(data.len()) {
            data[..text.len()].copy_from_slice(&text);
            return text.len();
        }
    }
    fuzzer_mutate(data, size, max_size)
}

/// Numbers that follow from a seed.
struct Dice(u32);

impl Dice {
    fn below(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % sides.max(1)
    }

    fn index(&mut self, length: usize) -> usize {
        self.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
    }
}

fn change(tree: &mut Value, dice: &mut Dice) {
    let nodes = count(tree);
    let donor = at(tree, dice.index(nodes)).map(|donor| donor.clone()).unwrap_or_default();
    let Some(place) = at(tree, dice.index(nodes)) else { return };
    match dice.below(6) {
        0 => *place = donor,
        1 => *place = constant(dice),
        _ => match place {
            Value::String(text) => *text = changed_text(text, dice),
            Value::Number(_) => *place = number(place, dice),
            Value::Bool(is_set) => *is_set = !*is_set,
            Value::Array(items) => change_list(items, donor, dice),
            Value::Object(map) => change_map(map, donor, dice),
            Value::Null => *place = donor,
        },
    }
}

fn constant(dice: &mut Dice) -> Value {
    let constants = [json!(null), json!(true), json!(0), json!(-1), json!(""), json!([]), json!({}), json!(u64::MAX), json!(1.5)];
    constants[dice.index(constants.len())].clone()
}

fn number(old: &Value, dice: &mut Dice) -> Value {
    let old = old.as_u64().unwrap_or_default();
    match dice.below(8) {
        0 => json!(old.wrapping_add(1)),
        1 => json!(old.wrapping_sub(1)),
        2 => json!(u64::MAX),
        3 => json!(i64::MIN),
        4 => json!(old.wrapping_mul(1000)),
        5 => json!(1_u64 << dice.below(64)),
        _ => json!(dice.below(10)),
    }
}

fn changed_text(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let length = bytes.len();
    bytes.resize(length + MORE_TEXT, 0);
    let room = bytes.len();
    let length = match dice.below(4) {
        0 => dice.index(length),
        _ => fuzzer_mutate(&mut bytes, length, room),
    };
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

fn change_list(items: &mut Vec<Value>, donor: Value, dice: &mut Dice) {
    let (from, to) = (dice.index(items.len()), dice.index(items.len()));
    match dice.below(4) {
        _ if items.is_empty() => items.push(donor),
        0 => drop(items.remove(from)),
        1 => items.swap(from, to),
        2 => items.insert(to, items[from].clone()),
        _ => items.insert(to, donor),
    }
}

fn change_map(map: &mut Map<String, Value>, donor: Value, dice: &mut Dice) {
    let keys: Vec<String> = map.keys().cloned().collect();
    if keys.is_empty() {
        map.extend(donor.as_object().cloned().unwrap_or_default());
        return;
    }
    let key = &keys[dice.index(keys.len())];
    match dice.below(4) {
        0 => drop(map.remove(key)),
        1 => map.extend(donor.as_object().cloned().unwrap_or_default()),
        2 => drop(map.insert(changed_text(key, dice), donor)),
        _ => drop(map.insert(key.clone(), donor)),
    }
}

fn count(tree: &Value) -> usize {
    1 + match tree {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// The node of this number, the tree itself first.
fn at(tree: &mut Value, number: usize) -> Option<&mut Value> {
    if number == 0 {
        return Some(tree);
    }
    let mut left = number - 1;
    let below: Vec<&mut Value> = match tree {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    for node in below {
        let nodes = count(node);
        if left < nodes {
            return at(node, left);
        }
        left -= nodes;
    }
    None
}

//! How many bytes a value keeps, estimated: its texts, and a little for each of its parts. It visits the value as a serializer does and
//! writes nothing, so a count costs far less than JSON.

use std::fmt::{self, Display};

use serde::ser::{self, Serialize, Serializer};

/// What a part costs beside its text.
const PART: usize = 16;

/// An estimate of the bytes that a value keeps.
pub fn byte_count(value: &impl Serialize) -> usize {
    let mut count = ByteCount(0);
    // Only a type that refuses to be serialized fails. Then what was counted so far is the estimate.
    value.serialize(&mut count).unwrap_or_default();
    count.0
}

struct ByteCount(usize);

/// A value does not want to be serialized.
#[derive(Debug)]
struct NotCounted;

impl Display for NotCounted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value cannot be counted")
    }
}

impl std::error::Error for NotCounted {}

impl ser::Error for NotCounted {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

impl ByteCount {
    fn add(&mut self, bytes: usize) -> Result<(), NotCounted> {
        self.0 += PART + bytes;
        Ok(())
    }
}

macro_rules! counts_as_a_part {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, _: $type) -> Result<(), NotCounted> {
            self.add(0)
        })*
    };
}

type Counted = Result<(), NotCounted>;

impl Serializer for &mut ByteCount {
    type Ok = ();
    type Error = NotCounted;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    counts_as_a_part!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8,
        serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char,
        serialize_unit_struct: &'static str
    );

    fn serialize_str(self, text: &str) -> Counted {
        self.add(text.len())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Counted {
        self.add(bytes.len())
    }

    fn serialize_none(self) -> Counted {
        self.add(0)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Counted {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Counted {
        self.add(0)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Counted {
        self.add(0)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Counted {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Counted {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, NotCounted> {
        self.add(0).map(|()| self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, NotCounted> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, NotCounted> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, NotCounted> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, NotCounted> {
        self.add(0).map(|()| self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NotCounted> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, NotCounted> {
        Ok(self)
    }
}

macro_rules! counts_its_parts {
    ($($trait:ident: $method:ident),*) => {
        $(impl ser::$trait for &mut ByteCount {
            type Ok = ();
            type Error = NotCounted;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Counted {
                value.serialize(&mut **self)
            }

            fn end(self) -> Counted {
                Ok(())
            }
        })*
    };
}

counts_its_parts!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

macro_rules! counts_its_fields {
    ($($trait:ident),*) => {
        $(impl ser::$trait for &mut ByteCount {
            type Ok = ();
            type Error = NotCounted;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Counted {
                value.serialize(&mut **self)
            }

            fn end(self) -> Counted {
                Ok(())
            }
        })*
    };
}

counts_its_fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for &mut ByteCount {
    type Ok = ();
    type Error = NotCounted;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Counted {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Counted {
        value.serialize(&mut **self)
    }

    fn end(self) -> Counted {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::message::{Content, QuickReply};

    #[test]
    fn texts_count_in_full_and_every_part_a_little() {
        let text = |length: usize| Content::text("x".repeat(length));
        assert_eq!(byte_count(&text(5000)) - byte_count(&text(1000)), 4000);
        let with_replies = Content { quick_replies: vec![QuickReply::default(); 13], ..text(0) };
        let more = byte_count(&with_replies) - byte_count(&text(0));
        assert!((13 * PART..13 * 10 * PART).contains(&more), "{more}");
        assert_eq!(byte_count(&serde_json::json!({"key": ["text", 1, null]})), 6 * PART + 7);
    }
}

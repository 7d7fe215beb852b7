//! The check of what a file says against the world that it belongs to: each key of an app, a page, a person, an ad or a user is the place
//! of one that the world has. A file of somebody else may say anything.

use std::fmt;

use serde::Serialize;
use serde::ser::{
    self, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

use crate::domain::model::config::Config;

/// How many apps, pages, people, ads and users a world has.
#[derive(Debug, Clone, Copy)]
pub struct KnownKeys {
    apps: u64,
    pages: u64,
    people: u64,
    ads: u64,
    users: u64,
}

impl KnownKeys {
    pub fn of(config: &Config) -> Self {
        Self {
            apps: config.apps.len() as u64,
            pages: config.assets.len() as u64,
            people: config.people.count(),
            ads: config.ads.len() as u64,
            users: config.users.len() as u64,
        }
    }

    /// The same, with people who may come yet.
    pub fn with_any_person(self) -> Self {
        Self { people: u64::MAX, ..self }
    }

    /// Fails if a value has a key that the world does not have. The keys are found by the names of their types, so no new command is
    /// forgotten.
    pub fn check(&self, value: &impl Serialize) -> Result<(), String> {
        value.serialize(KeyCheck { known: self, key: None }).map_err(|error| error.0)
    }
}

#[derive(Clone, Copy)]
struct KeyCheck<'k> {
    known: &'k KnownKeys,
    /// The number that follows is a key of this kind, of which there are so many.
    key: Option<(&'static str, u64)>,
}

#[derive(Debug)]
struct UnknownKey(String);

impl fmt::Display for UnknownKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UnknownKey {}

impl ser::Error for UnknownKey {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl KeyCheck<'_> {
    fn key_of(&self, name: &str) -> Option<(&'static str, u64)> {
        let (what, count) = match name {
            "AppKey" => ("app", self.known.apps),
            "AssetKey" => ("page", self.known.pages),
            "PersonKey" => ("person", self.known.people),
            "AdKey" => ("ad", self.known.ads),
            "UserKey" => ("user", self.known.users),
            _ => return None,
        };
        Some((what, count))
    }

    fn check(self, number: u64) -> Result<(), UnknownKey> {
        match self.key {
            Some((what, count)) if number >= count => {
                Err(UnknownKey(format!("it names {what} number {number}, and its world has {count}")))
            }
            _ => Ok(()),
        }
    }

    fn any(self, value: &(impl Serialize + ?Sized)) -> Result<(), UnknownKey> {
        value.serialize(Self { key: None, ..self })
    }
}

macro_rules! nothing_to_check {
    ($($method:ident($type:ty)),* $(,)?) => {
        $(fn $method(self, _: $type) -> Result<(), UnknownKey> { Ok(()) })*
    };
}

macro_rules! numbers {
    ($($method:ident($type:ty)),* $(,)?) => {
        $(fn $method(self, number: $type) -> Result<(), UnknownKey> { self.check(u64::from(number)) })*
    };
}

impl Serializer for KeyCheck<'_> {
    type Ok = ();
    type Error = UnknownKey;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    nothing_to_check! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_f32(f32),
        serialize_f64(f64), serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]), serialize_unit_struct(&'static str),
    }
    numbers! { serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64) }

    fn serialize_none(self) -> Result<(), UnknownKey> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), UnknownKey> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), UnknownKey> {
        self.any(value)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), UnknownKey> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), UnknownKey> {
        value.serialize(Self { key: self.key_of(name), ..self })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), UnknownKey> {
        self.any(value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, UnknownKey> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, UnknownKey> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, UnknownKey> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, UnknownKey> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, UnknownKey> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, UnknownKey> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, UnknownKey> {
        Ok(self)
    }
}

macro_rules! parts {
    ($($trait:ident: $($method:ident($($name:ident: $type:ty)?)),*;)*) => {$(
        impl $trait for KeyCheck<'_> {
            type Ok = ();
            type Error = UnknownKey;
            $(
                fn $method<T: Serialize + ?Sized>(&mut self, $($name: $type,)? value: &T) -> Result<(), UnknownKey> {
                    self.any(value)
                }
            )*
            fn end(self) -> Result<(), UnknownKey> {
                Ok(())
            }
        }
    )*};
}

parts! {
    SerializeSeq: serialize_element();
    SerializeTuple: serialize_element();
    SerializeTupleStruct: serialize_field();
    SerializeTupleVariant: serialize_field();
    SerializeMap: serialize_key(), serialize_value();
    SerializeStruct: serialize_field(_name: &'static str);
    SerializeStructVariant: serialize_field(_name: &'static str);
}

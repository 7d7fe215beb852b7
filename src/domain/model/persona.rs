//! The personas of a page: other names and pictures under which it writes.

use serde::{Deserialize, Serialize};

use super::ids::{AssetKey, IdKind, IdStream};

/// The maximum number of personas of a page. Meta names no number; the bound keeps the world finite.
pub const MAX_PERSONAS: usize = 1000;

/// What a persona keeps beside its texts, estimated.
const PERSONA: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    pub id: Box<str>,
    pub name: Box<str>,
    pub picture: Box<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonaChange {
    Makes {
        name: Box<str>,
        picture: Box<str>,
    },
    /// Deletes the persona with this id. Its messages stay.
    Deletes(Box<str>),
}

/// The personas of a page, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Personas {
    list: Vec<Persona>,
    bytes: usize,
    /// How many personas were ever made, so that no id is used twice.
    made: u64,
}

impl Personas {
    pub fn list(&self) -> &[Persona] {
        &self.list
    }

    pub fn get(&self, id: &str) -> Option<&Persona> {
        self.list.iter().find(|persona| &*persona.id == id)
    }

    /// The bytes of all of them, estimated.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Makes a persona and returns its id; `None` if there are too many.
    pub fn make(&mut self, seed: u64, page: AssetKey, name: &str, picture: &str) -> Option<Box<str>> {
        if self.list.len() >= MAX_PERSONAS {
            return None;
        }
        let id: Box<str> =
            IdStream::new(seed, IdKind::Persona, u64::from(page.0), self.made).digits(16).to_string().into();
        self.made += 1;
        self.bytes += PERSONA + name.len() + picture.len();
        self.list.push(Persona { id: id.clone(), name: name.into(), picture: picture.into() });
        Some(id)
    }

    /// Deletes a persona and returns it.
    pub fn delete(&mut self, id: &str) -> Option<Persona> {
        let place = self.list.iter().position(|persona| &*persona.id == id)?;
        let deleted = self.list.remove(place);
        self.bytes -= PERSONA + deleted.name.len() + deleted.picture.len();
        Some(deleted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_comes_twice_and_there_is_an_end() {
        let mut personas = Personas::default();
        let make = |personas: &mut Personas| personas.make(1, AssetKey(0), "Adam", "https://a.example/a.jpg");
        let first = make(&mut personas);
        assert_eq!(first.as_deref().map(str::len), Some(16));
        assert!(personas.delete(first.as_deref().unwrap_or_default()).is_some());
        assert!(personas.delete(first.as_deref().unwrap_or_default()).is_none());
        assert_ne!(make(&mut personas), first);
        let more = (0..MAX_PERSONAS).filter(|_| make(&mut personas).is_some()).count();
        assert_eq!((more, personas.list().len()), (MAX_PERSONAS - 1, MAX_PERSONAS));
        assert_eq!(personas.bytes() % MAX_PERSONAS, 0, "what is deleted no longer counts");
    }
}

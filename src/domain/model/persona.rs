//! Domain room: a page's personas: names and faces under which it speaks beside its own. Everyone may enter.

use serde::{Deserialize, Serialize};

use super::ids::{IdKind, IdStream, PageKey};

/// Personas of a page. Meta names no number; a world must not grow without end.
pub const MAX_PERSONAS: usize = 1000;

/// A name and a face beside the page's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// Meta's persona id.
    pub id: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The picture.
    pub picture: Box<str>,
}

/// A change of a page's personas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonaChange {
    /// A persona is made.
    Makes {
        /// The name.
        name: Box<str>,
        /// The picture.
        picture: Box<str>,
    },
    /// The persona of this id is deleted. What it said stays.
    Deletes(Box<str>),
}

/// The personas of a page, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Personas {
    list: Vec<Persona>,
    /// How many there ever were, so that no id comes twice.
    made: u64,
}

impl Personas {
    /// Those that there are.
    pub fn list(&self) -> &[Persona] {
        &self.list
    }

    /// The persona of this id.
    pub fn get(&self, id: &str) -> Option<&Persona> {
        self.list.iter().find(|persona| &*persona.id == id)
    }

    /// Makes one more, unless there are too many; returns its id.
    pub fn make(&mut self, seed: u64, page: PageKey, name: &str, picture: &str) -> Option<Box<str>> {
        if self.list.len() >= MAX_PERSONAS {
            return None;
        }
        let id: Box<str> =
            IdStream::new(seed, IdKind::Persona, u64::from(page.0), self.made).digits(16).to_string().into();
        self.made += 1;
        self.list.push(Persona { id: id.clone(), name: name.into(), picture: picture.into() });
        Some(id)
    }

    /// Deletes one; returns it, if there was such a persona.
    pub fn delete(&mut self, id: &str) -> Option<Persona> {
        let place = self.list.iter().position(|persona| &*persona.id == id)?;
        Some(self.list.remove(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_comes_twice_and_there_is_an_end() {
        let mut personas = Personas::default();
        let make = |personas: &mut Personas| personas.make(1, PageKey(0), "Adam", "https://a.example/a.jpg");
        let first = make(&mut personas);
        assert_eq!(first.as_deref().map(str::len), Some(16));
        assert!(personas.delete(first.as_deref().unwrap_or_default()).is_some());
        assert!(personas.delete(first.as_deref().unwrap_or_default()).is_none());
        assert_ne!(make(&mut personas), first);
        let more = (0..MAX_PERSONAS).filter(|_| make(&mut personas).is_some()).count();
        assert_eq!((more, personas.list().len()), (MAX_PERSONAS - 1, MAX_PERSONAS));
    }
}

//! The place of a value inside the parameters of a call, as Meta prints it: `message[quick_replies][0][title]`.

use std::fmt;

/// It is made on the way down, and becomes text only for an error.
#[derive(Clone, Copy)]
pub enum ParamPath<'p> {
    /// A parameter, or what Meta calls it. An empty text is the call itself.
    Root(&'p str),
    Key(&'p ParamPath<'p>, &'p str),
    Index(&'p ParamPath<'p>, usize),
}

impl<'p> ParamPath<'p> {
    pub fn key(&'p self, key: &'p str) -> Self {
        match self {
            Self::Root("") => Self::Root(key),
            _ => Self::Key(self, key),
        }
    }
}

impl fmt::Display for ParamPath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => formatter.write_str(name),
            Self::Key(parent, key) => write!(formatter, "{parent}[{key}]"),
            Self::Index(parent, index) => write!(formatter, "{parent}[{index}]"),
        }
    }
}

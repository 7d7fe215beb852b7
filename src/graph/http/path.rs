//! The path of a call: an optional version, then node and edge. Extra slashes are ignored, as Meta does.

use std::borrow::Cow;

use smallvec::SmallVec;

/// The versions that are served. An older version is answered by the oldest, and a call without a version by the default. What never was a
/// version, or is newer than the newest, is no version for Meta either, but a node that does not exist.
const OLDEST: (u16, u16) = (19, 0);
const DEFAULT: (u16, u16) = (25, 0);
const NEWEST: (u16, u16) = (26, 0);

/// The version that a path asks for, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(Option<(u16, u16)>);

/// Node and edge, which is all that most paths have, stand inline.
pub type Segments<'r> = SmallVec<[Cow<'r, str>; 2]>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path<'r> {
    pub version: Version,
    /// The segments after the version, decoded.
    pub segments: Segments<'r>,
}

impl<'r> Path<'r> {
    pub fn parse(path: &'r str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty()).map(decode).peekable();
        let version = segments.peek().and_then(|first| parse_version(first));
        if version.is_some() {
            segments.next();
        }
        Self { version: Version(version), segments: segments.collect() }
    }
}

impl Version {
    /// What a developer should know of the first segment of a path if it is meant as a version.
    pub fn unknown(segment: &str) -> Option<String> {
        numbers(segment).filter(|version| !is_version(*version)).map(|_| {
            let (major, minor) = NEWEST;
            format!(
                "there is no version `{segment}` of the Graph API: the newest that is known here is v{major}.{minor}"
            )
        })
    }

    /// The version that the path asks for, if it is no longer served.
    pub fn gone(self) -> Option<String> {
        self.0.filter(|asked| *asked < OLDEST).map(|(major, minor)| format!("v{major}.{minor}"))
    }

    /// The version that answers, for the `facebook-api-version` header.
    pub fn served_version(self) -> Cow<'static, str> {
        match self.0.map_or(DEFAULT, |asked| asked.max(OLDEST)) {
            // What most calls ask for.
            (25, 0) => "v25.0".into(),
            (major, minor) => format!("v{major}.{minor}").into(),
        }
    }
}

fn parse_version(segment: &str) -> Option<(u16, u16)> {
    numbers(segment).filter(|version| is_version(*version))
}

/// True for each version that there has been.
fn is_version(version: (u16, u16)) -> bool {
    match version {
        (1, minor) => minor == 0,
        (2, minor) => minor <= 12,
        (3, minor) => minor <= 3,
        (major, minor) => major >= 4 && minor == 0 && version <= NEWEST,
    }
}

fn numbers(segment: &str) -> Option<(u16, u16)> {
    let (major, minor) = segment.strip_prefix('v')?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn decode(segment: &str) -> Cow<'_, str> {
    match segment.contains('%') {
        false => segment.into(),
        // The form decoder turns `+` into a space, so a literal plus is escaped first.
        true => form_urlencoded::parse(segment.replace('+', "%2B").as_bytes())
            .next()
            .map_or_else(|| segment.into(), |(name, _)| name.into_owned().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_slashes() {
        for (path, segments, version) in [
            ("/v25.0/me/messages", vec!["me", "messages"], "v25.0"),
            ("/me/messages", vec!["me", "messages"], "v25.0"),
            ("//v2.6//me/messages/", vec!["me", "messages"], "v19.0"),
            ("/v99.0/1", vec!["v99.0", "1"], "v25.0"),
            ("/v2.80/1", vec!["v2.80", "1"], "v25.0"),
            ("/v26.0/1", vec!["1"], "v26.0"),
            ("/v20.0", vec![], "v20.0"),
            ("/", vec![], "v25.0"),
            ("/vanity/1%7C2", vec!["vanity", "1|2"], "v25.0"),
        ] {
            let parsed = Path::parse(path);
            assert_eq!(parsed.segments.as_slice(), segments, "{path}");
            assert_eq!(parsed.version.served_version(), version, "{path}");
            assert_eq!(parsed.version.gone(), path.contains("v2.6").then(|| "v2.6".to_owned()), "{path}");
        }
    }
}

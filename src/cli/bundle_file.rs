//! Bundle files that the command line names.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::archive::{Bundle, MAX_BUNDLE};

use crate::text::bounded_file::read_bytes;

use super::exit::Exit;
use super::terminal::fail;

/// How many bytes of a file say whether it is of the archive.
const BEGINNING: u64 = 64;

/// True if a file begins as a bundle or a snapshot does. No world begins so.
pub fn is_bundle(path: &Path) -> bool {
    let mut beginning = Vec::new();
    // Opening a pipe may wait for ever.
    if !path.is_file() {
        return false;
    }
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    beginning.retain(|byte| !byte.is_ascii_whitespace());
    read.is_ok() && beginning.starts_with(b"{\"graphdouble\":")
}

/// Reads a bundle.
pub fn read_bundle(path: &Path) -> Result<Bundle, Exit> {
    let name = path.display();
    let bytes = read_bytes(path, MAX_BUNDLE as u64).map_err(|error| fail(Exit::CouldNotRun, &error))?;
    Bundle::read(&bytes).map_err(|broken| fail(Exit::Invalid, &format!("{name}: {broken}")))
}

//! Files that the command line names are read whole. A pipe or a device may never end, and opening a pipe may wait for ever, so only regular
//! files are opened, and no more is read than there may be.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Reads a regular file of at most `most` bytes. The error says in words why that failed.
pub fn read_bytes(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let name = path.display();
    let cannot_read = |error: std::io::Error| format!("cannot read {name}: {error}");
    if !std::fs::metadata(path).map_err(cannot_read)?.is_file() {
        return Err(format!("cannot read {name}: it is no regular file"));
    }
    // The file may have grown since its size was looked at, so what is read is bounded.
    let mut bytes = Vec::new();
    File::open(path).map_err(cannot_read)?.take(most + 1).read_to_end(&mut bytes).map_err(cannot_read)?;
    match bytes.len() as u64 > most {
        true => Err(format!("{name} is too large; a file may have at most {most} bytes")),
        false => Ok(bytes),
    }
}

/// The same, as text.
pub fn read_text(path: &Path, most: u64) -> Result<String, String> {
    let bytes = read_bytes(path, most)?;
    String::from_utf8(bytes).map_err(|_| format!("cannot read {}: stream did not contain valid UTF-8", path.display()))
}

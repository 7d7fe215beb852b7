//! Numbers of bytes as people write them.

/// The help for a wrong number of bytes.
pub const BYTE_SIZE_HELP: &str = "a number of bytes has its unit: 64KiB, 512MiB or 2GiB";

const UNITS: [(&str, u64); 6] =
    [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];

/// A number of bytes such as `512MiB`, in any case.
pub fn parse_byte_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (_, unit) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text[digits..].trim()))?;
    text[..digits].parse::<u64>().ok()?.checked_mul(*unit)
}

/// A number of bytes in the largest unit that divides it.
pub fn format_byte_size(bytes: u64) -> String {
    let exact = UNITS[..3].iter().rev().find(|(_, size)| bytes >= *size && bytes.is_multiple_of(*size));
    exact.map_or_else(|| format!("{bytes} bytes"), |(unit, size)| format!("{} {unit}", bytes / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("64KiB", 65_536), ("2gib", 1 << 31), ("10 MB", 10_000_000)] {
            assert_eq!(parse_byte_size(text), Some(bytes), "{text}");
        }
        for text in ["", "5", "KiB", "1.5GiB", "5 lightyears", "99999999999999GiB"] {
            assert_eq!(parse_byte_size(text), None, "{text}");
        }
        assert_eq!(format_byte_size(128 << 20), "128 MiB");
        assert_eq!(format_byte_size(1_000), "1000 bytes");
    }
}

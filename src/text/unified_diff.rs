//! What differs between two texts, as `diff -u` prints it.

use diffy::DiffOptions;

/// The changed lines, each with three lines around it, under the names of the two texts.
pub fn unified_diff(before: &str, after: &str, before_name: &str, after_name: &str) -> String {
    let mut options = DiffOptions::new();
    options.set_original_filename(before_name.to_owned()).set_modified_filename(after_name.to_owned());
    options.create_patch(before, after).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_shown_with_their_neighbours() {
        let diff = unified_diff("a\nb\nc\n", "a\nB\nc\n", "golden", "this run");
        assert_eq!(diff, "--- golden\n+++ this run\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
    }
}

//! Edges that graph.instagram.com spells without underscores. It has no other edge of thread control.

/// The edge there, and the same edge on graph.facebook.com.
const SPELLINGS: &[(&str, &str)] = &[
    ("passthreadcontrol", "pass_thread_control"),
    ("releasethreadcontrol", "release_thread_control"),
    ("messageattachments", "message_attachments"),
];

/// The name that an edge has on graph.facebook.com.
pub fn plain(edge: &str) -> &str {
    SPELLINGS.iter().find(|(instagram, _)| *instagram == edge).map_or(edge, |(_, plain)| plain)
}

/// The name that an edge of thread control has on graph.instagram.com, if it is there.
pub fn on_instagram(edge: &str) -> Option<&'static str> {
    SPELLINGS.iter().find(|(_, plain)| *plain == edge).map(|(instagram, _)| *instagram)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_host_passes_and_releases_and_does_nothing_else() {
        assert_eq!(on_instagram("pass_thread_control").map(plain), Some("pass_thread_control"));
        assert_eq!(on_instagram("take_thread_control"), None);
        assert_eq!(plain("messages"), "messages");
    }
}

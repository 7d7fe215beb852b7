//! What Meta has and graphdouble does not build, by Meta's machine-readable specification. A call that asks for it is answered that it is
//! not built, and not that it is unknown. Each list is a text of names with white space between them.

pub const PAGE_EDGES: &str = include_str!("not_built/page_edges.txt");
pub const USER_EDGES: &str = include_str!("not_built/user_edges.txt");
pub const APP_EDGES: &str = include_str!("not_built/app_edges.txt");
/// Edges of a post or a comment; they can be read as fields, too.
pub const PUBLICATION_EDGES: &str = include_str!("not_built/publication_edges.txt");
pub const POST_FIELDS: &str = include_str!("not_built/post_fields.txt");
pub const COMMENT_FIELDS: &str = include_str!("not_built/comment_fields.txt");
/// Edges of an Instagram account; they can be read as fields, too.
pub const ACCOUNT_EDGES: &str = include_str!("not_built/account_edges.txt");

/// This edge is built, and cannot be read as a field.
pub const FLOWS_AS_FIELD: &str = "welcome_message_flows";

/// Fields of a page; its edges can be read as fields, too.
pub const PAGE_FIELDS: &[&str] = &[PAGE_EDGES, FLOWS_AS_FIELD, include_str!("not_built/page_fields.txt")];
/// Fields of a user; its edges can be read as fields, too.
pub const USER_FIELDS: &[&str] = &[USER_EDGES, include_str!("not_built/user_fields.txt")];
/// Fields of an app; its edges can be read as fields, too.
pub const APP_FIELDS: &[&str] = &[APP_EDGES, include_str!("not_built/app_fields.txt")];

/// True if one of the lists has the name.
pub fn has(lists: &[&str], name: &str) -> bool {
    lists.iter().any(|list| list.split_whitespace().any(|word| word == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_whole_names_only() {
        assert!(has(&[PAGE_EDGES], "albums") && has(PAGE_FIELDS, "albums") && has(PAGE_FIELDS, "bio"));
        assert!(!has(PAGE_FIELDS, "album") && !has(&[PAGE_EDGES], "bio") && !has(&[], "bio"));
    }
}

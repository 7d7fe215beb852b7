//! What happens on a page in public, in words.

use crate::domain::model::config::Config;
use crate::domain::model::page_change::PageChange;
use crate::domain::model::public_action::{PublicAction, PublicPlace};
use crate::domain::model::publication::PublicAuthor;

/// Who did what in public, as far as the name of the field does not say it.
pub fn change_text(config: &Config, change: &PageChange) -> String {
    match change {
        PageChange::Feed(feed) => {
            let by = match feed.by {
                PublicAuthor::Page => "the page".into(),
                PublicAuthor::Person(person) => config.person_name(person),
            };
            let text = feed.message.as_ref().map(|text| format!(" {text:?}")).unwrap_or_default();
            format!("{} {} by {by}{text}", feed.item.name(), feed.verb.name())
        }
    }
}

/// What a person does in public.
pub(super) fn public_action_text(action: &PublicAction) -> String {
    match action {
        PublicAction::Comments { text, on } => format!("comments {text:?}{}", place_text(on)),
        PublicAction::Posts(text) => format!("posts {text:?}"),
    }
}

fn place_text(place: &PublicPlace) -> String {
    match place {
        PublicPlace::FirstPost => String::new(),
        PublicPlace::Post(wanted) => format!(" on the post {wanted:?}"),
        PublicPlace::Comment(wanted) => format!(" on the comment {wanted:?}"),
    }
}

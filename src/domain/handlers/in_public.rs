//! What a person does on the page in public: comments and posts. Apps that subscribe `feed` get it, and each comment and post gives them an
//! id to write to.

use super::recipients::keep_recipient_id;
use crate::domain::model::page_change::{FeedChange, FeedItem, FeedVerb, PageChange};
use crate::domain::model::public_action::{PublicAction, PublicPlace};
use crate::domain::model::publication::{PublicAuthor, Publication, PublicationKind, comment_id, first_post_id};
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

pub fn act(tx: &mut ThreadTx<'_>, action: &PublicAction) -> Result<Reply, Refusal> {
    match action {
        PublicAction::Comments { text, on } => comment(tx, text, on),
        PublicAction::Posts(text) => Ok(post(tx, text)),
    }
}

fn comment(tx: &mut ThreadTx<'_>, text: &str, on: &PublicPlace) -> Result<Reply, Refusal> {
    let (post, parent) = find_place(tx, on)?;
    let id = comment_id(&post, &tx.new_number());
    let kind = PublicationKind::Comment;
    publish(tx, &id, Publication { parent: Some(parent), ..written_now(tx, kind, &post, text) });
    keep_recipient_id(tx, RecipientIdKind::Comment, id.clone());
    Ok(Reply::Published { comment: Some(id), post })
}

fn post(tx: &mut ThreadTx<'_>, text: &str) -> Reply {
    let page = tx.config.page(tx.key.page).id.clone();
    let id: Box<str> = format!("{page}_{}", tx.new_number()).into();
    publish(tx, &id, written_now(tx, PublicationKind::Post, &id, text));
    keep_recipient_id(tx, RecipientIdKind::Post, id.clone());
    Reply::Published { comment: None, post: id }
}

fn written_now(tx: &ThreadTx<'_>, kind: PublicationKind, post: &str, text: &str) -> Publication {
    let by = PublicAuthor::Person(tx.key.person);
    Publication { kind, by, post: post.into(), parent: None, text: text.into(), at: tx.now }
}

fn publish(tx: &mut ThreadTx<'_>, id: &str, publication: Publication) {
    tx.emit_change(PageChange::Feed(feed_change(id, &publication, FeedVerb::Add)));
    tx.put_publication(id.into(), publication);
}

fn feed_change(id: &str, publication: &Publication, verb: FeedVerb) -> FeedChange {
    let is_comment = publication.kind == PublicationKind::Comment;
    FeedChange {
        by: publication.by,
        item: if is_comment { FeedItem::Comment } else { FeedItem::Post },
        verb,
        post_id: publication.post.clone(),
        comment_id: is_comment.then(|| id.into()),
        parent_id: publication.parent.clone(),
        message: Some(publication.text.clone()),
        created: publication.at,
    }
}

/// The post to which a comment belongs, and what it answers.
fn find_place(tx: &ThreadTx<'_>, on: &PublicPlace) -> Result<(Box<str>, Box<str>), Refusal> {
    match on {
        PublicPlace::FirstPost => Ok((first_post(tx), first_post(tx))),
        PublicPlace::Post(wanted) if **wanted == *first_post(tx) => Ok((first_post(tx), first_post(tx))),
        PublicPlace::Post(wanted) => {
            let (id, _) = find(tx, PublicationKind::Post, wanted)?;
            Ok((id.clone(), id))
        }
        PublicPlace::Comment(wanted) => {
            let (id, comment) = find(tx, PublicationKind::Comment, wanted)?;
            Ok((comment.post.clone(), id))
        }
    }
}

fn first_post(tx: &ThreadTx<'_>) -> Box<str> {
    first_post_id(tx.config.seed, tx.key.page, &tx.config.page(tx.key.page).id)
}

/// The publication with this id; otherwise the newest one with this text.
fn find<'t>(tx: &'t ThreadTx<'_>, kind: PublicationKind, wanted: &str) -> Result<(Box<str>, &'t Publication), Refusal> {
    let all = &tx.settings.publications;
    let by_id = all.get(tx.key.page, wanted).map(|publication| (wanted, publication));
    let is_it = |publication: &Publication| publication.kind == kind;
    let mut newest = all.newest_first(tx.key.page);
    let found = by_id.filter(|(_, publication)| is_it(publication));
    let found = found.or_else(|| newest.find(|(_, publication)| is_it(publication) && *publication.text == *wanted));
    found.map(|(id, publication)| (id.into(), publication)).ok_or_else(|| {
        Refusal::script(format!("the page has no {} `{wanted}`: name it by its text or its id", kind.name()))
    })
}

//! What people do on the page in public: comments, posts, reactions, mentions. Apps that subscribe the field get it, and each comment and
//! post gives them an id to write to.

use super::account_comments;
use super::find_publication::{find_publication, in_feed};
use super::publications::PublicationChange;
use super::recipients::keep_recipient_id;
use crate::domain::model::page_change::{FeedChange, FeedVerb, Mention, PageChange};
use crate::domain::model::public_action::{PublicAction, PublicPlace};
use crate::domain::model::publication::{PublicAuthor, Publication, PublicationKind, comment_id};
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

pub fn act(tx: &mut ThreadTx<'_>, action: &PublicAction) -> Result<Reply, Refusal> {
    if tx.is_on_instagram() {
        return account_comments::act(tx, action);
    }
    match action {
        PublicAction::Comments { text, on } => comment(tx, text, on),
        PublicAction::Posts(text) => Ok(post(tx, text)),
        PublicAction::Edits { publication, text } => edit(tx, publication, text),
        PublicAction::Removes(publication) => remove(tx, publication),
        PublicAction::Reacts { to, reaction } => react(tx, to, reaction.as_deref()),
        PublicAction::Mentions { text, in_comment } => Ok(mention(tx, text, *in_comment)),
    }
}

fn comment(tx: &mut ThreadTx<'_>, text: &str, on: &PublicPlace) -> Result<Reply, Refusal> {
    let (parent, answered) = find(tx, on)?;
    let post = answered.post;
    let id = comment_id(&post, &tx.new_number());
    let comment = Publication { parent: Some(parent), ..written_now(tx, PublicationKind::Comment, &post, text) };
    apply(tx, PublicationChange::new(id.clone(), comment, FeedVerb::Add));
    keep_recipient_id(tx, RecipientIdKind::Comment, id.clone());
    Ok(Reply::Published { comment: Some(id), post })
}

fn post(tx: &mut ThreadTx<'_>, text: &str) -> Reply {
    let page = tx.config.asset(tx.key.asset).id.clone();
    let id: Box<str> = format!("{page}_{}", tx.new_number()).into();
    let post = written_now(tx, PublicationKind::Post, &id, text);
    apply(tx, PublicationChange::new(id.clone(), post, FeedVerb::Add));
    keep_recipient_id(tx, RecipientIdKind::Post, id.clone());
    Reply::Published { comment: None, post: id }
}

fn written_now(tx: &ThreadTx<'_>, kind: PublicationKind, post: &str, text: &str) -> Publication {
    let by = PublicAuthor::Person(tx.key.person);
    let (post, text) = (post.into(), text.into());
    Publication { kind, by, post, parent: None, text, at: tx.now, reactions: Vec::new() }
}

fn edit(tx: &mut ThreadTx<'_>, place: &PublicPlace, text: &str) -> Result<Reply, Refusal> {
    let (id, publication) = find_own(tx, place)?;
    let edited = Publication { text: text.into(), ..publication };
    apply(tx, PublicationChange::new(id, edited, FeedVerb::Edited));
    Ok(Reply::Done)
}

fn remove(tx: &mut ThreadTx<'_>, place: &PublicPlace) -> Result<Reply, Refusal> {
    let (id, publication) = find_own(tx, place)?;
    apply(tx, PublicationChange::removal(id, &publication, tx.now));
    Ok(Reply::Done)
}

fn react(tx: &mut ThreadTx<'_>, to: &PublicPlace, reaction: Option<&str>) -> Result<Reply, Refusal> {
    let (id, mut publication) = find(tx, to)?;
    let person = tx.key.person;
    let before = publication.take_reaction(person);
    let (verb, shown): (FeedVerb, Box<str>) = match (before, reaction) {
        (None, None) => return Err(Refusal::script("the person has not reacted to it")),
        (Some(before), Some(reaction)) if *before == *reaction => {
            return Err(Refusal::script(format!("the person has reacted with `{reaction}` already")));
        }
        (None, Some(reaction)) => (FeedVerb::Add, reaction.into()),
        (Some(_), Some(reaction)) => (FeedVerb::Edit, reaction.into()),
        (Some(before), None) => (FeedVerb::Remove, before),
    };
    publication.reactions.extend(reaction.map(|reaction| (person, reaction.into())));
    let by = PublicAuthor::Person(person);
    let change = FeedChange::reaction(&id, &publication, by, (verb, &shown), tx.now);
    apply(tx, PublicationChange { id, publication: Some(publication), change });
    Ok(Reply::Done)
}

fn mention(tx: &mut ThreadTx<'_>, text: &str, in_comment: bool) -> Reply {
    // The post is on another page.
    let post: Box<str> = format!("{}_{}", tx.new_number(), tx.new_number()).into();
    let comment = in_comment.then(|| comment_id(&post, &tx.new_number()));
    let mention = Mention { text: text.into(), post_id: post.clone(), comment_id: comment.clone() };
    tx.emit_change(PageChange::Mention(mention));
    Reply::Published { comment, post }
}

fn apply(tx: &mut ThreadTx<'_>, change: PublicationChange) {
    tx.emit_change(PageChange::Feed(change.change));
    tx.put_publication(change.id, change.publication);
}

fn find(tx: &ThreadTx<'_>, place: &PublicPlace) -> Result<(Box<str>, Publication), Refusal> {
    find_publication(tx.config, tx.settings, tx.key.asset, (place, None))
}

/// The publication, if the person has written it.
fn find_own(tx: &ThreadTx<'_>, place: &PublicPlace) -> Result<(Box<str>, Publication), Refusal> {
    let person = PublicAuthor::Person(tx.key.person);
    let (id, publication) = find_publication(tx.config, tx.settings, tx.key.asset, (place, Some(person)))?;
    match publication.by == person {
        true => Ok((id, publication)),
        false => Err(in_feed(place, "belongs to somebody else: only its author can change it")),
    }
}

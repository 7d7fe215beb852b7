//! What people and an account itself do in public on Instagram: comments and mentions, and the end of a story. They touch no thread and ask no
//! owner. Each comment of a person gives apps an id to write to.

use super::find_publication::{find_by_id_or_text, in_feed};
use super::recipients::keep_recipient_id;
use crate::domain::event::Event;
use crate::domain::model::account_change::{AccountChange, AccountComment};
use crate::domain::model::account_media::{AccountMedia, media_number};
use crate::domain::model::commented_media::{CommentedKind, CommentedMedia};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, IdKind, IdStream};
use crate::domain::model::page_change::PageChange;
use crate::domain::model::public_action::{PageAction, PublicAction, PublicPlace};
use crate::domain::model::publication::{PublicAuthor, Publication, PublicationKind};
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// What a comment stands on: the media, and the comment that it answers.
struct Answered {
    media: CommentedMedia,
    parent: Option<Box<str>>,
}

pub fn act(tx: &mut ThreadTx<'_>, action: &PublicAction) -> Result<Reply, Refusal> {
    match action {
        PublicAction::Comments { text, on } => comment(tx, text, on),
        PublicAction::Removes(place @ PublicPlace::Comment(_)) => remove(tx, place),
        PublicAction::Mentions { text, in_comment } => Ok(mention(tx, text, *in_comment)),
        PublicAction::Posts(_)
        | PublicAction::Edits { .. }
        | PublicAction::Removes(_)
        | PublicAction::Reacts { .. } => Err(Refusal::script("Instagram sends no webhook about this")),
    }
}

fn comment(tx: &mut ThreadTx<'_>, text: &str, on: &PublicPlace) -> Result<Reply, Refusal> {
    let answered = answered(tx.config, tx.settings, tx.key.asset, on)?;
    let id = new_id(tx);
    let by = PublicAuthor::Person(tx.key.person);
    let media_id = answered.media.id.clone();
    let (publication, change) = written(&id, by, text, answered, tx.now);
    tx.push_event(Event::Applied { thread: tx.key, rule: rules::INSTAGRAM_COMMENT });
    tx.emit_change(PageChange::OnAccount(change));
    tx.put_publication(id.clone(), Some(publication));
    keep_recipient_id(tx, RecipientIdKind::Comment, id.clone());
    Ok(Reply::Published { comment: Some(id), post: media_id })
}

fn new_id(tx: &mut ThreadTx<'_>) -> Box<str> {
    media_number(&mut tx.new_ids(IdKind::InstagramMedia)).to_string().into()
}

/// Apps get no webhook, but they can no longer answer the comment.
fn remove(tx: &mut ThreadTx<'_>, place: &PublicPlace) -> Result<Reply, Refusal> {
    let author = PublicAuthor::Person(tx.key.person);
    let (id, publication) = find_by_id_or_text(tx.settings, tx.key.asset, (place, Some(author)))?;
    if publication.by != author {
        return Err(in_feed(place, "belongs to somebody else: only its author can remove it"));
    }
    tx.push_event(Event::Applied { thread: tx.key, rule: rules::INSTAGRAM_COMMENT_REMOVED });
    tx.put_publication(id, None);
    Ok(Reply::Done)
}

/// An app with Instagram Login gets a mention in a comment as a comment.
fn mention(tx: &mut ThreadTx<'_>, text: &str, in_comment: bool) -> Reply {
    let media_id = new_id(tx);
    let comment_id = in_comment.then(|| new_id(tx));
    let mention = AccountChange::Mention { media_id: media_id.clone(), comment_id: comment_id.clone() };
    tx.push_event(Event::Applied { thread: tx.key, rule: rules::INSTAGRAM_MENTION });
    tx.emit_change(PageChange::OnAccount(mention));
    if let Some(id) = comment_id.clone() {
        let media = CommentedMedia { id: media_id.clone(), kind: CommentedKind::Own(AccountMedia::Post) };
        let by = PublicAuthor::Person(tx.key.person);
        let comment = AccountComment { id, by, text: text.into(), parent_id: None, media };
        tx.emit_change(PageChange::OnAccount(AccountChange::MentionInComment(comment)));
    }
    Reply::Published { comment: comment_id, post: media_id }
}

/// What the account itself will do.
pub struct ActionOnAccount {
    /// A comment, with its id.
    pub published: Option<(Box<str>, Publication)>,
    pub change: AccountChange,
}

/// Plans what the account itself does. Nothing has changed yet.
pub fn plan(
    config: &Config,
    settings: &Settings,
    account: AssetKey,
    action: &PageAction,
    now: Moment,
) -> Result<ActionOnAccount, Refusal> {
    match action {
        PageAction::Comments { text, on } => {
            let answered = answered(config, settings, account, on)?;
            let number = settings.publications.written(account) + 1;
            let mut ids = IdStream::new(config.seed, IdKind::InstagramMedia, u64::from(account.0) << 8, number);
            let id: Box<str> = media_number(&mut ids).to_string().into();
            let (publication, change) = written(&id, PublicAuthor::Page, text, answered, now);
            Ok(ActionOnAccount { published: Some((id, publication)), change })
        }
        PageAction::StoryEnds(insights) => {
            let media_id = AccountMedia::Story.id_on(config.seed, account);
            let change = AccountChange::StoryInsights { media_id, insights: *insights };
            Ok(ActionOnAccount { published: None, change })
        }
        PageAction::Posts(_) | PageAction::Edits { .. } | PageAction::Removes(_) | PageAction::PressesTest(_) => {
            Err(Refusal::script("Instagram sends no webhook about this"))
        }
    }
}

fn written(id: &str, by: PublicAuthor, text: &str, answered: Answered, at: Moment) -> (Publication, AccountChange) {
    let Answered { media, parent } = answered;
    let publication = Publication {
        kind: PublicationKind::Comment,
        by,
        post: media.id.clone(),
        parent: parent.clone().or_else(|| Some(media.id.clone())),
        text: text.into(),
        at,
        reactions: Vec::new(),
    };
    let comment = AccountComment { id: id.into(), by, text: text.into(), parent_id: parent, media };
    (publication, AccountChange::Comment(comment))
}

/// What a comment on this place stands on.
fn answered(config: &Config, settings: &Settings, account: AssetKey, place: &PublicPlace) -> Result<Answered, Refusal> {
    let answered = find_answered(config, settings, account, place)?;
    match settings.asset(account).ended_broadcasts.contains(&answered.media.id) {
        true => Err(Refusal::script("the broadcast has ended: nobody comments on it any more")),
        false => Ok(answered),
    }
}

fn find_answered(
    config: &Config,
    settings: &Settings,
    account: AssetKey,
    place: &PublicPlace,
) -> Result<Answered, Refusal> {
    let on = |media| Ok(Answered { media, parent: None });
    match place {
        PublicPlace::FirstPost => on(CommentedMedia::own(config, account, AccountMedia::Post)),
        PublicPlace::Media(name) => on(CommentedMedia::by_name(config, account, name).ok_or_else(|| no_media(name))?),
        PublicPlace::Ad(name) => {
            let ad = config.ad_by_name(name).filter(|ad| config.ad(*ad).page == account);
            let unknown = || Refusal::script(format!("the account shows no ad `{name}`"));
            on(CommentedMedia::of_ad(config, ad.ok_or_else(unknown)?))
        }
        PublicPlace::Post(id) => on(CommentedMedia::by_id(config, account, id).ok_or_else(|| no_media(id))?),
        PublicPlace::Comment(_) => {
            let (id, comment) = find_by_id_or_text(settings, account, (place, None))?;
            let media = CommentedMedia::by_id(config, account, &comment.post).ok_or_else(|| no_media(&comment.post))?;
            Ok(Answered { media, parent: Some(id) })
        }
    }
}

fn no_media(id: &str) -> Refusal {
    Refusal::script(format!("the account has no media `{id}`: name one by its id, or write `on_media`"))
}

//! Handles what apps store for a page: reusable attachments, labels, and templates of utility messages.

use super::connected::require_connected;
use super::publications::page_change_event;
use super::setting_changed::setting_changed;
use crate::domain::command::LabelChange;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, IdKind, IdStream};
use crate::domain::model::labels::{Label, MAX_LABELS};
use crate::domain::model::message::Attachment;
use crate::domain::model::message_template::{MAX_TEMPLATES, TemplateChange};
use crate::domain::model::page_change::{PageChange, ReviewedTemplate};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

pub fn save_attachment(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    app: AppKey,
    attachment: &Attachment,
    now: Moment,
) -> Result<Outcome, Refusal> {
    require_connected(settings.asset(page), app)?;
    settings.attachments.made += 1;
    // Attachments of messages derive their ids from people. This number is none of theirs.
    let owner = u64::MAX - u64::from(page.0);
    let id = IdStream::new(config.seed, IdKind::Attachment, owner, settings.attachments.made).digits(16).to_string();
    settings.attachments.insert(id.as_str().into(), page, attachment.clone(), now);
    let what = match attachment {
        Attachment::Media { kind, .. } => format!("keeps an attachment of type {}", kind.name()),
        _ => "keeps an attachment".to_owned(),
    };
    Ok(setting_changed(Reply::Made(id.into()), page, app, what, rules::ATTACHMENT_KEPT))
}

/// An app makes a label, deletes it, puts it on a person or takes it off.
pub fn change_labels(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    app: AppKey,
    change: &LabelChange,
) -> Result<Outcome, Refusal> {
    require_connected(settings.asset(page), app)?;
    let labels = &mut settings.labels;
    let (reply, what) = match change {
        LabelChange::Makes(name) => {
            if labels.of(page).any(|label| label.name == *name) {
                return Err(Refusal::new(Reason::LabelExists, rules::LABEL_NAMED_ONCE));
            }
            if labels.of(page).count() >= MAX_LABELS {
                return Err(Refusal::new(Reason::TooManyLabels, rules::LABELS_KEPT));
            }
            let id = IdStream::new(config.seed, IdKind::Label, u64::from(page.0), labels.made).digits(16).to_string();
            labels.add(Label { id: id.as_str().into(), page, name: name.clone(), people: Default::default() });
            (Reply::Made(id.into()), format!("label `{name}`"))
        }
        LabelChange::Deletes(id) => {
            let label = labels.remove(page, id).ok_or_else(|| no_such_label(id))?;
            (Reply::Done, format!("no label `{}`", label.name))
        }
        LabelChange::Puts(id, person) => {
            let label = labels.put(page, id, *person).ok_or_else(|| no_such_label(id))?;
            (Reply::Done, format!("label `{}` on {}", label.name, config.person_name(*person)))
        }
        LabelChange::Takes(id, person) => {
            let label = labels.take(page, id, *person).ok_or_else(|| no_such_label(id))?;
            (Reply::Done, format!("label `{}` off {}", label.name, config.person_name(*person)))
        }
    };
    Ok(setting_changed(reply, page, app, what, rules::LABELS_KEPT))
}

/// An app writes a template of utility messages, or deletes some.
pub fn change_message_templates(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    app: AppKey,
    change: &TemplateChange,
    now: Moment,
) -> Result<Outcome, Refusal> {
    require_connected(settings.asset(page), app)?;
    let templates = &mut settings.asset_mut(page).message_templates;
    let (reply, what) = match change {
        TemplateChange::Makes(wording) => {
            if templates.find(&wording.name, &wording.language).is_some() {
                return Err(Refusal::new(Reason::TemplateExists, rules::TEMPLATE_SET));
            }
            if templates.list().len() >= MAX_TEMPLATES {
                return Err(Refusal::new(Reason::TooManyTemplates, rules::TEMPLATE_SET));
            }
            let what = format!("message template `{}` in {}", wording.name, wording.language);
            (Reply::Made(templates.add(config.seed, page, (**wording).clone())), what)
        }
        TemplateChange::DeletesName(name) => {
            check_deleted(templates.remove(|one| one.wording.name == *name))?;
            (Reply::Done, format!("no message template `{name}`"))
        }
        TemplateChange::Deletes(id) => {
            check_deleted(templates.remove(|one| one.id == *id))?;
            (Reply::Done, format!("no message template {id}"))
        }
    };
    let mut outcome = setting_changed(reply, page, app, what, rules::TEMPLATE_SET);
    if let TemplateChange::Makes(_) = change
        && let Some(made) = settings.asset(page).message_templates.list().last()
    {
        let reviewed = PageChange::TemplateReviewed(ReviewedTemplate::of(made));
        outcome.events.push(page_change_event(config, settings, page, reviewed, now));
    }
    Ok(outcome)
}

fn check_deleted(count: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::new(Reason::NoSuchTemplate, rules::TEMPLATE_UNKNOWN)),
        _ => Ok(()),
    }
}

fn no_such_label(id: &str) -> Refusal {
    Refusal::new(Reason::NoSuchLabel(id.into()), rules::LABELS_KEPT)
}

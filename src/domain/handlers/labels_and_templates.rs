//! Acts room: what a page keeps beside its settings: attachments to send again, labels, templates of utility messages. Only `World::apply` enters.

use std::sync::Arc;

use crate::domain::command::LabelChange;
use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, IdKind, IdStream, PageKey};
use crate::domain::model::labels::{Label, MAX_LABELS};
use crate::domain::model::message::Attachment;
use crate::domain::model::message_template::{MAX_TEMPLATES, TemplateChange};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// An app keeps an attachment for the page.
pub fn keep(
    config: &Config,
    settings: &mut Settings,
    page: PageKey,
    app: AppKey,
    attachment: &Attachment,
    now: Moment,
) -> Result<Outcome, Refusal> {
    connected(settings, page, app)?;
    settings.attachments.made += 1;
    // Apart from the owners of those that come with messages, which are people.
    let owner = u64::MAX - u64::from(page.0);
    let id = IdStream::new(config.seed, IdKind::Attachment, owner, settings.attachments.made).digits(16).to_string();
    settings.attachments.insert(id.as_str().into(), page, attachment.clone(), now);
    let what = match attachment {
        Attachment::Media { kind, .. } => format!("keeps an attachment of type {}", kind.name()),
        _ => "keeps an attachment".to_owned(),
    };
    Ok(done(Reply::Made(id.into()), page, app, what, rules::ATTACHMENT_KEPT))
}

/// An app makes a label, deletes it, puts it on somebody or takes it off.
pub fn label(
    config: &Config,
    settings: &mut Settings,
    page: PageKey,
    app: AppKey,
    act: &LabelChange,
) -> Result<Outcome, Refusal> {
    connected(settings, page, app)?;
    let labels = &mut settings.labels;
    let (reply, what) = match act {
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
            let label = labels.get_mut(page, id).ok_or_else(|| no_such_label(id))?;
            Arc::make_mut(&mut label.people).insert(*person);
            (Reply::Done, format!("label `{}` on {}", label.name, config.person(*person).name))
        }
        LabelChange::Takes(id, person) => {
            let label = labels.get_mut(page, id).ok_or_else(|| no_such_label(id))?;
            Arc::make_mut(&mut label.people).remove(person);
            (Reply::Done, format!("label `{}` off {}", label.name, config.person(*person).name))
        }
    };
    Ok(done(reply, page, app, what, rules::LABELS_KEPT))
}

/// An app writes a template of utility messages, or deletes some.
pub fn message_template(
    settings: &mut Settings,
    seed: u64,
    page: PageKey,
    app: AppKey,
    change: &TemplateChange,
) -> Result<Outcome, Refusal> {
    connected(settings, page, app)?;
    let templates = &mut settings.page_mut(page).message_templates;
    let (reply, what) = match change {
        TemplateChange::Makes(wording) => {
            if templates.find(&wording.name, &wording.language).is_some() {
                return Err(Refusal::new(Reason::TemplateExists, rules::TEMPLATE_SET));
            }
            if templates.list().len() >= MAX_TEMPLATES {
                return Err(Refusal::new(Reason::TooManyTemplates, rules::TEMPLATE_SET));
            }
            let what = format!("message template `{}` in {}", wording.name, wording.language);
            (Reply::Made(templates.add(seed, page, (**wording).clone())), what)
        }
        TemplateChange::DeletesName(name) => {
            deleted(templates.remove(|one| one.wording.name == *name))?;
            (Reply::Done, format!("no message template `{name}`"))
        }
        TemplateChange::Deletes(id) => {
            deleted(templates.remove(|one| one.id == *id))?;
            (Reply::Done, format!("no message template {id}"))
        }
    };
    Ok(done(reply, page, app, what, rules::TEMPLATE_SET))
}

fn deleted(count: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::new(Reason::NoSuchTemplate, rules::TEMPLATE_UNKNOWN)),
        _ => Ok(()),
    }
}

fn no_such_label(id: &str) -> Refusal {
    Refusal::new(Reason::NoSuchLabel(id.into()), rules::LABELS_KEPT)
}

fn connected(settings: &Settings, page: PageKey, app: AppKey) -> Result<(), Refusal> {
    match settings.page(page).is_connected(app) {
        true => Ok(()),
        false => Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED)),
    }
}

fn done(reply: Reply, page: PageKey, app: AppKey, what: String, rule: RuleId) -> Outcome {
    let event = Event::SettingChanged { page: Some(page), app: Some(app), what: what.into(), rule };
    Outcome { reply, events: vec![event] }
}

//! An app changes its app-level subscription: its callback and its fields, of pages and of other objects.

use super::setting_changed::setting_changed;
use crate::domain::command::AppSubscription;
use crate::domain::model::fields::{Field, FieldSet, OtherObject};
use crate::domain::model::ids::AppKey;
use crate::domain::model::platform::Platform;
use crate::domain::model::settings::{AppSettings, Settings};
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::rules;

pub fn change(settings: &mut Settings, app: AppKey, change: &AppSubscription) -> Outcome {
    let own = settings.app_mut(app);
    let what = match change {
        AppSubscription::Adds { platform, fields, callback_url } => {
            // Without fields, the call only sets and activates the callback.
            if *fields != FieldSet::EMPTY {
                let before = own.fields.of(*platform).unwrap_or(FieldSet::EMPTY);
                own.fields.set(*platform, Some(before.union(*fields)));
            }
            own.callback_url = Some(callback_url.clone());
            asset_text(own, *platform)
        }
        AppSubscription::Removes(platform, None) => {
            own.fields.set(*platform, Some(FieldSet::EMPTY));
            asset_text(own, *platform)
        }
        AppSubscription::Removes(platform, Some(fields)) => {
            let mut left = own.fields.of(*platform).unwrap_or_else(|| FieldSet::all_of(*platform));
            fields.iter().for_each(|field| left.remove(field));
            own.fields.set(*platform, Some(left));
            asset_text(own, *platform)
        }
        AppSubscription::AddsToObject { object, fields, callback_url } => {
            let subscription = own.other_subscriptions.entry(*object).or_default();
            subscription.fields.extend(fields.iter().cloned());
            subscription.callback_url = callback_url.clone();
            object_text(own, *object)
        }
        AppSubscription::RemovesFromObject(object, fields) => {
            remove_from_object(own, *object, fields.as_deref());
            object_text(own, *object)
        }
        AppSubscription::RemovesAll => {
            own.fields.set(Platform::Messenger, Some(FieldSet::EMPTY));
            own.fields.set(Platform::Instagram, Some(FieldSet::EMPTY));
            own.other_subscriptions.clear();
            asset_text(own, Platform::Messenger)
        }
    };
    setting_changed(Reply::Done, None, app, what, rules::APP_SUBSCRIPTION_SET)
}

fn remove_from_object(own: &mut AppSettings, object: OtherObject, fields: Option<&[Box<str>]>) {
    match (fields, own.other_subscriptions.get_mut(&object)) {
        (None, _) => drop(own.other_subscriptions.remove(&object)),
        (Some(fields), Some(subscription)) => subscription.fields.retain(|field| !fields.contains(field)),
        (Some(_), None) => {}
    }
}

fn asset_text(own: &AppSettings, platform: Platform) -> String {
    let names: Vec<&str> = own.fields.of(platform).unwrap_or(FieldSet::EMPTY).iter().map(Field::name).collect();
    let object = match platform {
        Platform::Messenger => String::new(),
        Platform::Instagram => format!(" of {}", platform.object()),
    };
    format!("app-level fields{object} [{}]", names.join(", "))
}

fn object_text(own: &AppSettings, object: OtherObject) -> String {
    let fields = own.other_subscriptions.get(&object).map(|subscription| &subscription.fields);
    let names: Vec<&str> = fields.into_iter().flatten().map(|field| &**field).collect();
    format!("app-level fields of the object {} [{}]", object.name(), names.join(", "))
}

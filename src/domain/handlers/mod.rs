//! What each kind of command does to a thread, a page or an app. Handlers check first and change afterwards, so a refused command changes
//! nothing.
//!
//! Only `World` calls them. Those that work in a thread get a `ThreadTx`; the others get the settings. A new command has a handler here
//! and a row in `World::prepare`.

pub mod access;
mod account_comments;
pub mod admin;
pub mod app_subscription;
mod checkbox;
mod connected;
pub mod control;
pub mod delivery;
mod entry;
pub mod find_publication;
mod in_public;
pub mod inbox;
mod instagram_content;
mod instagram_items;
pub mod instagram_login;
pub mod labels_and_templates;
pub mod lead;
pub mod linking;
pub mod moderation;
pub mod native_app;
pub mod notification_opt_ins;
mod offered_buttons;
pub mod offers;
pub mod people;
pub mod person;
mod postbacks;
pub mod profile;
pub mod publications;
mod rates;
mod recipients;
mod rewriting;
pub mod send;
mod setting_changed;
mod surveys_and_coupons;
pub mod webhook;
pub mod welcome_flows;

//! Acts room: what each kind of command does in a thread or a page. Only `World::apply` enters.

pub mod access;
pub mod admin;
pub mod checkbox_and_comments;
pub mod control;
pub mod delivery;
pub mod inbox;
pub mod labels_and_templates;
pub mod lead;
pub mod linking;
pub mod moderation;
pub mod notification_opt_ins;
pub mod person;
pub mod profile;
pub mod recipients;
pub mod send;
pub mod surveys_and_coupons;

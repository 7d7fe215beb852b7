//! Acts room: what each kind of command does in a thread or a page. Only `World::apply` enters.

pub(super) mod access;
pub(super) mod admin;
pub(super) mod answering;
pub(super) mod app;
pub(super) mod approaching;
pub(super) mod belongings;
pub(super) mod control;
pub(super) mod delivery;
pub(super) mod inbox;
pub(super) mod lead;
pub(super) mod linking;
pub(super) mod moderation;
pub(super) mod opting;
pub(super) mod person;
pub(super) mod profile;
pub(super) mod reaching;

//! `/{page}` and its edges.

mod custom_user_settings;
mod access;
mod handover;
mod limits;
mod messages;
mod messenger_profile;
mod node;
mod order;
mod personas;
mod subscribed_apps;
mod templates;
mod thread_control;
mod thread_owner;

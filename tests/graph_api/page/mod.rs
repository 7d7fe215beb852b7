//! `/{page}` and its edges.

mod access;
mod handover;
mod limits;
mod messages;
mod node;
mod order;
mod subscribed_apps;
mod templates;
mod thread_control;
mod thread_owner;

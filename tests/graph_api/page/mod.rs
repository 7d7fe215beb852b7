//! `/{page}` and its edges.

mod conversations;
mod handover;
mod limits;
mod message_attachments;
mod messages;
mod moderation;
mod node;
mod order;
mod small;
mod subscribed_apps;
mod thread_control;
mod thread_owner;

//! `/{page}` and its edges.

mod access;
mod conversations;
mod custom_user_settings;
mod handover;
mod instagram_files;
mod instagram_messages;
mod limits;
mod message_attachments;
mod message_templates;
mod messages;
mod messenger_profile;
mod mistakes;
mod moderation;
mod node;
mod notification_tokens;
mod order;
mod personas;
mod small;
mod subscribed_apps;
mod templates;
mod thread_control;
mod thread_owner;

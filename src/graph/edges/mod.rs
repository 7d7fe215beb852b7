//! Edges: the handlers, one file for each node or edge. A handler reads its parameters, has the world execute a command or read, and
//! answers. Only `routes` comes here; `routes/table.rs` says which call leads to which handler.

pub mod account;
pub mod activities;
pub mod app;
pub mod attachments;
pub mod conversation;
pub mod custom_user_settings;
pub mod debug_token;
pub mod feature_review;
pub mod insights;
pub mod labels;
pub mod message_reactions;
pub mod message_templates;
pub mod messages;
pub mod messenger_profile;
pub mod moderation;
pub mod nlp_configs;
pub mod notification_tests;
pub mod notification_tokens;
pub mod oauth;
pub mod other_ids;
pub mod page;
pub mod person;
pub mod personas;
pub mod publication;
pub mod secondary_receivers;
pub mod subscribed_apps;
pub mod subscriptions;
pub mod thread_control;
pub mod thread_owner;
pub mod unlink_accounts;
pub mod user;

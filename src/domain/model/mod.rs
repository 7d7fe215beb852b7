//! The model: the declared config, the settings that change, and the state of threads, tokens and deliveries. It
//! knows the table of rules and the refusals, but no command, event or policy. All rooms may read it; only `World`
//! and the handlers change it. A new kind of state is a file here and a field in `Settings` or `Thread`.

pub mod access;
pub mod account_change;
pub mod account_media;
pub mod ad_config;
pub mod attachments;
pub mod byte_count;
pub mod commented_media;
pub mod config;
pub mod crowd;
pub mod deliveries;
pub mod fields;
pub mod generations;
pub mod ids;
pub mod instagram_ids;
pub mod instagram_knobs;
pub mod knobs;
pub mod labels;
pub mod media;
pub mod message;
pub mod message_template;
pub mod notification_subscription;
pub mod page_change;
pub mod page_details;
pub mod people;
pub mod person;
pub mod persona;
pub mod platform;
pub mod profile;
pub mod public_action;
pub mod publication;
pub mod reactions;
pub mod recipient_ids;
pub mod ruleset;
pub mod scoped_id;
pub mod sending_knobs;
pub mod settings;
pub mod shared_array;
pub mod shared_item;
pub mod template;
pub mod thread;
pub mod time;
pub mod tokens;
pub mod transcript;
pub mod webhook_config;

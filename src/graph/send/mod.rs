//! What calls send: messages, recipients, buttons, templates and profile properties. Each object has a table, which says all that is
//! checked, and a function that reads it into the domain's types.
//!
//! The edges use it. A new template is a table and a reader in [`templates`]; a new kind of recipient goes into [`recipient`].

mod buttons;
pub mod content;
pub mod extensions;
pub mod instagram_content;
pub mod instagram_menu;
mod instagram_templates;
pub mod message_params;
mod opt_ins;
pub mod profile_params;
mod quick_replies;
mod receipt_and_feedback;
pub mod recipient;
mod templates;
mod uploaded;
pub mod utility_message;

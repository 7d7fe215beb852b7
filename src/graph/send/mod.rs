//! What calls send: messages, recipients, buttons, templates and profile properties, read from parameters into the domain's types and
//! checked against Meta's limits.
//!
//! The edges use it. A new template is a function in [`templates`]; a new kind of recipient goes into [`recipient`].

mod buttons;
pub mod content;
pub mod profile_params;
mod receipt_and_feedback;
pub mod recipient;
mod templates;
mod uploaded;
pub mod utility_message;

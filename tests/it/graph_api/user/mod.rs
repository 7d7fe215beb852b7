//! `/{user}`: those who administrate pages.

mod accounts;
mod node;
mod permissions;

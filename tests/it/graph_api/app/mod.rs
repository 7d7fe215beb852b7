//! `/{app}` and its edge.

mod activities;
mod node;
mod subscriptions;

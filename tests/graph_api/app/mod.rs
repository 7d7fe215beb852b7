//! `/{app}` and its edge.

mod node;
mod subscriptions;

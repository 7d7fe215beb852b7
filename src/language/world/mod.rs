//! World files. `read_world` is the way in: it reads a file into the config of a world. Each part of a world has its file: `app`,
//! `page`, `account`, `ad`, `person`, `user`.
//!
//! To add a word to a world: a row in `schema/vocabulary.rs`, its field in `domain/model`, and its reading in the file of its part. Then
//! write the schemas and the reference again.

mod account;
mod account_check;
mod ad;
mod ad_message;
pub mod app;
mod asset_apps;
pub mod declared;
mod instagram_knobs;
pub mod overrides;
mod page;
pub mod person;
mod platform_knobs;
mod profile;
pub mod read_world;
pub mod routings;
mod tokens;
mod user;
mod world_reader;
pub mod world_size;

//! What is bounded in bytes: what a world keeps, what all worlds of a process keep, and what reading a body costs. Nothing here measures time.

mod kept;
mod table;

//! What holds for every call: how it is encoded, who makes it, where it goes, and the headers of the answer.

mod batch;
mod broken;
mod encodings;
mod faults;
mod headers;
mod paths;
mod tokens;

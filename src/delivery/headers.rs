//! Delivery room: header values that every request of ours carries.

use hyper::header::HeaderValue;

pub(super) const ANYTHING: HeaderValue = HeaderValue::from_static("*/*");
pub(super) const ENCODINGS: HeaderValue = HeaderValue::from_static("deflate, gzip");

//! Moments as JSON.

use serde::{Serialize, Serializer};

use crate::domain::model::time::Moment;
use crate::text::units::format_moment;

/// A moment as people write it.
pub(super) struct MomentView(pub(super) Moment);

impl Serialize for MomentView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format_moment(self.0))
    }
}

//! An error of the catalogue in the words of the hosts of Instagram.

use super::catalogue::GraphError;

impl GraphError {
    /// The error as graph.instagram.com writes it: with another type, and without the code in the text.
    #[must_use]
    pub fn of_instagram_host(mut self) -> Self {
        if ![1, 190].contains(&self.code) {
            self.kind = "IGApiException";
        }
        if let Some(text) = self.message.strip_prefix(&format!("(#{}) ", self.code)) {
            self.message = text.to_owned();
        }
        self
    }

    /// The error as api.instagram.com writes it.
    #[must_use]
    pub fn of_instagram_login(mut self) -> Self {
        self.is_flat = true;
        self
    }
}

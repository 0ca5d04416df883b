//! Assets by their content.

use crate::{Result, Store};

impl Store {
    /// The assets whose content's BLAKE3 begins with these hex digits (16 at least), the newest first, at
    /// most 20.
    pub async fn assets_with_content(&self, digits: &str) -> Result<Vec<u32>> {
        // The index has the first 16 digits.
        let Some(begin) = digits.get(..16) else { return Ok(Vec::new()) };
        Ok(sqlx::query_scalar(
            "SELECT seq FROM asset WHERE substr(hash, 1, 16) = ?
                AND substr(hash, 1, length(?2)) = ?2 ORDER BY seq DESC LIMIT 20",
        )
        .bind(begin)
        .bind(digits)
        .fetch_all(&self.read)
        .await?)
    }
}

//! Commands about batches: naming and grouping what belongs together, and taking it apart.

use crate::{Engine, time::now_ms, view::CommandError};
use domain::{BatchId, JobId};
use store::BatchRow;
use uuid::Uuid;

/// The longest name of a batch, in characters.
const LONGEST_NAME: usize = 80;

impl Engine {
    /// Names a batch; an empty name takes the name away.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn batch_rename(&self, id: BatchId, name: &str) -> Result<(), CommandError> {
        let name = tidy(name);
        let changed = self.core().store.name_batch(id, name.as_deref()).await?;
        self.changed(&changed).await
    }

    /// Makes one batch of jobs that wait, in the order given, under a name. Doing it twice with the
    /// same batch id groups nothing twice.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn batch_group(
        &self,
        id: BatchId,
        ids: Vec<JobId>,
        name: &str,
    ) -> Result<(), CommandError> {
        let store = &self.core().store;
        let Some(first) = store.jobs(&ids).await?.into_iter().next() else { return Ok(()) };
        let batch = BatchRow {
            id,
            title: first.title,
            created_at: now_ms(),
            count: u32::try_from(ids.len()).unwrap_or(u32::MAX),
        };
        let moved = store.group(&batch, tidy(name).as_deref(), &ids).await?;
        self.changed(&moved).await
    }

    /// Makes jobs that wait batches of their own again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn batch_ungroup(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        let store = &self.core().store;
        let mut moved = Vec::with_capacity(ids.len());
        for row in store.jobs(&ids).await? {
            let id = BatchId(Uuid::now_v7());
            let batch = BatchRow { id, title: row.title, created_at: now_ms(), count: 1 };
            moved.extend(store.group(&batch, None, &[row.id]).await?);
        }
        self.changed(&moved).await
    }
}

fn tidy(name: &str) -> Option<String> {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then(|| name.chars().take(LONGEST_NAME).collect())
}

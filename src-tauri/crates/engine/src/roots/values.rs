//! The values of workflows that ran before values were kept: read from their prompts, a few at a time.

use super::recipe;
use crate::core::Core;
use std::{sync::Arc, time::Duration};
use store::{NewParam, StoreError};

/// Recipes read before they are stored.
const AT_ONCE: u32 = 200;
/// The pause between, so that others get at the database.
const PAUSE: Duration = Duration::from_millis(50);

/// Reads the values of all recipes that have none yet.
pub async fn fill_values(core: Arc<Core>) {
    loop {
        match round(&core).await {
            Ok(0) => return,
            Ok(_) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                tracing::error!(%error, "values of earlier workflows cannot be stored");
                return;
            }
        }
    }
}

async fn round(core: &Core) -> Result<usize, StoreError> {
    let unread = core.store.recipes_without_params(AT_ONCE).await?;
    let read = tokio::task::spawn_blocking(move || {
        let params = |prompt: &str| -> Vec<NewParam> {
            // What ran once can be read; if not, it has no values.
            let prompt = workflow::read_prompt(prompt.as_bytes());
            prompt.map(|prompt| recipe::values(&prompt)).unwrap_or_default()
        };
        let all = unread.into_iter().map(|one| (one.recipe, params(&one.workflow.prompt)));
        all.collect::<Vec<_>>()
    });
    let read = read.await.unwrap_or_default();
    core.store.set_params(&read).await?;
    Ok(read.len())
}

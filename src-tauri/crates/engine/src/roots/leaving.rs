//! Folders that are taken out of the library.

use crate::core::Core;
use std::sync::Arc;
use store::{RootId, StoreError};

/// Places taken out in one statement of the database; jobs are written between two of them.
const AT_ONCE: u32 = 1_000;

/// Takes a folder that leaves out of the library: what lies nowhere else is forgotten, its files stay.
///
/// # Errors
/// When the database cannot be written. What is left then goes with [`go_on`].
pub async fn take_out(core: &Core, root: RootId) -> Result<(), StoreError> {
    let done = loop {
        match core.store.take_out(root, AT_ONCE).await {
            Ok(Some(_)) => {}
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    // What lies elsewhere, too, is shown from there.
    core.library_away();
    done
}

/// Goes on with folders that were not taken out to the end, until there are none.
pub async fn go_on(core: Arc<Core>) {
    while let Err(error) = take_out_all(&core).await {
        tracing::error!(%error, "a folder was not taken out of the library to the end");
        tokio::time::sleep(core.pace.look_for_away).await;
    }
}

async fn take_out_all(core: &Core) -> Result<(), StoreError> {
    for root in core.store.leaving_roots().await? {
        take_out(core, root).await?;
    }
    Ok(())
}

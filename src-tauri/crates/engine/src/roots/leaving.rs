//! Folders that are taken out of the library.

use crate::core::Core;
use std::sync::Arc;
use store::{RootId, Store, StoreError};

/// Places taken out in one statement of the database; jobs are written between two of them.
const AT_ONCE: u32 = 1_000;

/// Takes a folder out of the library: what lies nowhere else is forgotten, its files stay. After a kill
/// the next start goes on with it.
pub async fn take_out(core: &Core, root: RootId) -> Result<(), StoreError> {
    core.store.leave_root(root).await?;
    let done = to_the_end(&core.store, root).await;
    // What lies elsewhere, too, is shown from there.
    core.library_away();
    done
}

/// Goes on with folders that were not taken out to the end.
pub async fn go_on(core: Arc<Core>) {
    let leaving = match core.store.leaving_roots().await {
        Ok(leaving) => leaving,
        Err(error) => return tracing::error!(%error, "cannot read which folders leave"),
    };
    for root in leaving {
        if let Err(error) = take_out(&core, root).await {
            tracing::error!(%error, "a folder was not taken out of the library to the end");
        }
    }
}

async fn to_the_end(store: &Store, root: RootId) -> Result<(), StoreError> {
    while store.take_out(root, AT_ONCE).await?.is_some() {}
    Ok(())
}

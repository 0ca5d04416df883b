//! Commands about collections and saved searches.

use crate::{
    Engine,
    time::now_ms,
    view::{CollectionView, CommandError, CommandErrorCode},
};
use catalog::{Disk, NamedKey, Query, named_token};
use store::{CollectionRow, StoreError};

impl Engine {
    /// All collections, in the artist's order. A saved search counts what it finds now, as far as that
    /// is known without the disk.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn collection_list(&self) -> Result<Vec<CollectionView>, CommandError> {
        let core = self.core();
        let rows = core.store.collections().await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let count = match &row.search {
                Some(search) if core.finder.is_whole() => {
                    let query = Query::parse(search, &crate::finding::now());
                    let disk = crate::finding::disk_for(core, &query).await?;
                    let finder = core.finder.clone();
                    super::blocking(move || count(&finder.index(), &query, &disk)).await?
                }
                Some(_) => 0,
                None => row.assets,
            };
            views.push(view(row, count));
        }
        Ok(views)
    }

    /// A new collection: of a search, or, with an empty text, chosen by hand.
    ///
    /// # Errors
    /// When the name is empty or taken, or the database cannot be written.
    pub async fn collection_add(
        &self,
        name: &str,
        text: &str,
    ) -> Result<CollectionView, CommandError> {
        let name = named(name)?;
        let text = text.trim();
        let search = (!text.is_empty()).then_some(text);
        let core = self.core();
        let id = core.store.add_collection(name, search, now_ms()).await.map_err(taken)?;
        core.finder.moved();
        let all = self.collection_list().await?;
        all.into_iter()
            .find(|view| view.id == id)
            .ok_or_else(|| CommandError::not_found("The collection"))
    }

    /// Gives a collection another name.
    ///
    /// # Errors
    /// When it is not there, the name is empty or taken, or the database cannot be written.
    pub async fn collection_rename(&self, id: i64, name: &str) -> Result<(), CommandError> {
        let name = named(name)?;
        let core = self.core();
        if !core.store.rename_collection(id, name).await.map_err(taken)? {
            return Err(CommandError::not_found("The collection"));
        }
        core.finder.moved();
        Ok(())
    }

    /// Gives a saved search another text.
    ///
    /// # Errors
    /// When there is no such saved search, the text is empty, or the database cannot be written.
    pub async fn collection_search(&self, id: i64, text: &str) -> Result<(), CommandError> {
        let text = text.trim();
        if text.is_empty() {
            let message = "A saved search needs words or a filter to look for.";
            return Err(CommandError::new(CommandErrorCode::BadInput, message));
        }
        if !self.core().store.set_search(id, text).await? {
            return Err(CommandError::not_found("The saved search"));
        }
        Ok(())
    }

    /// Puts collections and saved searches into an order: those named, one after the other. Others keep
    /// their place.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn collection_order(&self, ids: &[i64]) -> Result<(), CommandError> {
        Ok(self.core().store.order_collections(ids).await?)
    }

    /// Deletes a collection. What was in it stays in the library.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn collection_remove(&self, id: i64) -> Result<(), CommandError> {
        let core = self.core();
        core.store.delete_collection(id).await?;
        core.finder.moved();
        Ok(())
    }
}

fn count(index: &catalog::Index, query: &Query, disk: &Disk) -> u32 {
    u32::try_from(index.search(query, disk).count()).unwrap_or(u32::MAX)
}

/// A collection that is filled by hand.
pub(super) fn by_hand(row: CollectionRow) -> CollectionView {
    let count = row.assets;
    view(row, count)
}

fn view(row: CollectionRow, count: u32) -> CollectionView {
    let own = || named_token(NamedKey::Collection, &row.name);
    CollectionView {
        id: row.id,
        text: row.search.clone().unwrap_or_else(own),
        name: row.name,
        saved_search: row.search.is_some(),
        count,
    }
}

fn named(name: &str) -> Result<&str, CommandError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(CommandError::new(CommandErrorCode::BadInput, "A collection needs a name."));
    }
    Ok(name)
}

fn taken(error: StoreError) -> CommandError {
    match error {
        StoreError::Taken(name) => CommandError::new(
            CommandErrorCode::BadInput,
            format!("There is a collection called {name} already. Choose another name."),
        ),
        error => error.into(),
    }
}

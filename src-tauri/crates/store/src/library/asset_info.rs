//! Everything about one asset.

use super::{PlaceRow, packed::saturated, places};
use crate::{AssetRow, Result, Store, rows};
use domain::{JobId, PictureFacts, WorkflowHash};
use sqlx::Row;

/// Everything about one asset.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetInfo {
    /// What lists show of it.
    pub asset: AssetRow,
    /// When it came to the library.
    pub added_at: i64,
    /// 64 bits that similar pictures share most of.
    pub phash: Option<u64>,
    /// Where it lies, those first that can be reached.
    pub places: Vec<PlaceRow>,
    /// The artist's tags, by name.
    pub tags: Vec<String>,
    /// The collections it is in, by number.
    pub collections: Vec<i64>,
    /// Which outputs it is.
    pub made: Vec<MadeRow>,
    /// What made it.
    pub recipe: Option<RecipeInfo>,
}

/// An output that an asset is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeRow {
    /// The job.
    pub job_id: JobId,
    /// The node that made it.
    pub node_id: String,
    /// Its number among the outputs of that node.
    pub ordinal: u32,
}

/// What made an asset.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeInfo {
    /// Its number.
    pub id: u32,
    /// What tells it apart.
    pub digest: String,
    /// What the graph says.
    pub facts: PictureFacts,
    /// The prompt, by its hash.
    pub workflow: Option<WorkflowHash>,
    /// The structure of the graph.
    pub structure: Option<String>,
    /// What the workflow is called, if it is one of the artist's: the artist's name, else the one that
    /// it came with.
    pub title: Option<String>,
    /// The number of its words.
    pub text: u32,
}

impl Store {
    /// Everything about one asset, by its number. Its widget values are in
    /// [`Store::params`](crate::Store::params) of its recipe.
    pub async fn asset_info(&self, seq: u32) -> Result<Option<AssetInfo>> {
        let Some(asset) = self.assets_by_seq(&[seq]).await?.pop() else { return Ok(None) };
        let mut connection = self.read.acquire().await?;
        let row = sqlx::query("SELECT added_at, phash, recipe FROM asset WHERE seq = ?")
            .bind(seq)
            .fetch_optional(&mut *connection)
            .await?;
        // Deleted in between.
        let Some(row) = row else { return Ok(None) };
        let tags = sqlx::query_scalar(
            "SELECT name FROM asset_tag JOIN tag ON tag.id = tag WHERE asset = ? ORDER BY folded",
        );
        let collections = sqlx::query_scalar(
            "SELECT collection.id FROM collection_asset JOIN collection ON collection.id = collection
            WHERE asset = ? ORDER BY position, collection.id",
        );
        let made = sqlx::query("SELECT * FROM made WHERE asset = ? ORDER BY job_id, ordinal")
            .bind(seq)
            .fetch_all(&mut *connection)
            .await?;
        let recipe = sqlx::query(
            "SELECT recipe.*, name.name AS shape, coalesce(entry.name, entry.title) AS called
            FROM recipe LEFT JOIN name ON name.id = recipe.structure
                LEFT JOIN entry ON entry.structure = name.name
            WHERE recipe.id = ?",
        )
        .bind(row.try_get::<Option<i64>, _>("recipe")?)
        .fetch_optional(&mut *connection)
        .await?;
        Ok(Some(AssetInfo {
            asset,
            added_at: row.try_get("added_at")?,
            phash: row.try_get::<Option<i64>, _>("phash")?.map(i64::cast_unsigned),
            places: places::read(&mut connection, &[seq]).await?.remove(&seq).unwrap_or_default(),
            tags: tags.bind(seq).fetch_all(&mut *connection).await?,
            collections: collections.bind(seq).fetch_all(&mut *connection).await?,
            made: made
                .iter()
                .map(|row| {
                    Ok(MadeRow {
                        job_id: rows::id(row.try_get("job_id")?)?,
                        node_id: row.try_get("node_id")?,
                        ordinal: rows::count(row, "ordinal")?,
                    })
                })
                .collect::<Result<_>>()?,
            recipe: recipe
                .map(|row| {
                    Ok::<_, crate::StoreError>(RecipeInfo {
                        id: saturated(row.try_get("id")?),
                        digest: row.try_get("digest")?,
                        facts: rows::from_json(row.try_get("facts")?)?,
                        workflow: row.try_get::<Option<String>, _>("workflow")?.map(WorkflowHash),
                        structure: row.try_get("shape")?,
                        title: row.try_get("called")?,
                        text: saturated(row.try_get("text")?),
                    })
                })
                .transpose()?,
        }))
    }
}

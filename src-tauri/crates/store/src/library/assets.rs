//! Assets with all that lists show of them.

use super::{
    Kind, NewAsset, NewMade, NewPlace, NewRecipe, RootKind,
    add::{self, Contents},
    json_list, places, roots,
};
use crate::{AssetRow, Result, Store, StoreError, rows};
use domain::{AssetId, BatchId, JobId, WorkflowHash};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Every column of an asset with its recipe; where it lies is read apart.
macro_rules! select_asset {
    ($rest:literal) => {
        concat!(
            "SELECT asset.*, server.name AS server_name, recipe.facts, recipe.workflow FROM asset ",
            "LEFT JOIN recipe ON recipe.id = asset.recipe ",
            "LEFT JOIN name AS server ON server.id = asset.server ",
            $rest
        )
    };
}

impl Store {
    /// Stores outputs below library folders. One that is stored already, by job, node and number, is
    /// left as it is; see [`Store::add_to_library`], which can do more.
    ///
    /// # Errors
    /// When a job is not there, or the database cannot be written; nothing is added then.
    pub async fn add_assets(&self, assets: &[AssetRow]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        let mut whole = Vec::with_capacity(assets.len());
        let mut of_jobs = HashMap::new();
        for asset in assets {
            let Some(job) = asset.job_id else {
                return Err(StoreError::Value("an output without a job".to_owned()));
            };
            let (batch, structure) = match of_jobs.get(&job) {
                Some(known) => known,
                None => of_jobs.entry(job).or_insert(of_job(&mut tx, job, asset).await?),
            };
            let root = asset.library.as_bytes();
            let root = roots::put(&mut tx, RootKind::Own, root, asset.created_at).await?;
            whole.push(output(asset, job, *batch, structure.clone(), root)?);
        }
        add::add(&mut tx, &whole, Contents::Apart).await?;
        Ok(tx.commit().await?)
    }

    /// One asset.
    pub async fn asset(&self, id: AssetId) -> Result<Option<AssetRow>> {
        Ok(self.assets(&[id]).await?.pop())
    }

    /// Some assets, in the order asked for; those that are not there are left out.
    pub async fn assets(&self, ids: &[AssetId]) -> Result<Vec<AssetRow>> {
        let list = serde_json::Value::from_iter(ids.iter().map(ToString::to_string)).to_string();
        let found =
            sqlx::query(select_asset!("WHERE asset.id IN (SELECT value FROM json_each(?))"))
                .bind(list)
                .fetch_all(&self.read)
                .await?;
        let mut found: HashMap<AssetId, AssetRow> =
            self.whole(&found).await?.into_iter().map(|asset| (asset.id, asset)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Some assets by their numbers, in the order asked for; those that are not there are left out.
    pub async fn assets_by_seq(&self, seqs: &[u32]) -> Result<Vec<AssetRow>> {
        let found = sqlx::query(select_asset!("WHERE seq IN (SELECT value FROM json_each(?))"))
            .bind(json_list(seqs))
            .fetch_all(&self.read)
            .await?;
        let mut found: HashMap<u32, AssetRow> =
            self.whole(&found).await?.into_iter().map(|asset| (asset.seq, asset)).collect();
        Ok(seqs.iter().filter_map(|seq| found.remove(seq)).collect())
    }

    /// The newest assets, without those in the bin: the first page, before the index is in memory.
    pub async fn newest(&self, limit: u32) -> Result<Vec<AssetRow>> {
        let found = sqlx::query(select_asset!(
            "WHERE binned_at IS NULL AND NOT preview ORDER BY asset.created_at DESC, seq DESC LIMIT ?"
        ))
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        self.whole(&found).await
    }

    /// The outputs of a job, in the order they were stored, and its previews after them.
    pub async fn job_assets(&self, job: JobId) -> Result<Vec<AssetRow>> {
        let found = sqlx::query(select_asset!(
            "WHERE seq IN (SELECT asset FROM made WHERE made.job_id = ?) ORDER BY preview, seq"
        ))
        .bind(job.to_string())
        .fetch_all(&self.read)
        .await?;
        self.whole(&found).await
    }

    /// Assets of a workflow, newest first, without those in the bin and previews.
    pub async fn workflow_assets(&self, hash: &WorkflowHash, limit: u32) -> Result<Vec<AssetRow>> {
        let found = sqlx::query(select_asset!(
            "WHERE asset.recipe IN (SELECT id FROM recipe WHERE workflow = ?) AND binned_at IS NULL
                AND NOT preview
            ORDER BY asset.created_at DESC, seq DESC LIMIT ?"
        ))
        .bind(&hash.0)
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        self.whole(&found).await
    }

    /// The newest asset of a structure, without those in the bin and previews.
    pub async fn newest_result(&self, structure: &str) -> Result<Option<AssetRow>> {
        let found = sqlx::query(select_asset!(
            "WHERE asset.recipe IN (SELECT id FROM recipe
                    WHERE workflow IN (SELECT workflow FROM kin WHERE structure = ?))
                AND binned_at IS NULL AND NOT preview
            ORDER BY asset.created_at DESC, seq DESC LIMIT 1"
        ))
        .bind(structure)
        .fetch_all(&self.read)
        .await?;
        Ok(self.whole(&found).await?.pop())
    }

    /// Which outputs of a job are stored: node and number.
    pub async fn asset_source(&self, job: JobId) -> Result<HashSet<(String, u32)>> {
        let found = sqlx::query("SELECT node_id, ordinal FROM made WHERE job_id = ?")
            .bind(job.to_string())
            .fetch_all(&self.read)
            .await?;
        found
            .iter()
            .map(|row| Ok((row.try_get("node_id")?, rows::count(row, "ordinal")?)))
            .collect()
    }

    /// The size of all assets in bytes, without those in the bin. The same content counts once.
    pub async fn asset_bytes_total(&self) -> Result<u64> {
        let bytes: i64 = sqlx::query_scalar("SELECT bytes FROM library_total WHERE binned = 0")
            .fetch_one(&self.read)
            .await?;
        Ok(bytes.unsigned_abs())
    }

    /// Rows of [`select_asset`] with where they lie.
    pub(super) async fn whole(&self, found: &[SqliteRow]) -> Result<Vec<AssetRow>> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut connection = self.read.acquire().await?;
        whole(&mut connection, found).await
    }
}

/// Rows of [`select_asset`] with where they lie.
pub(super) async fn whole(
    connection: &mut SqliteConnection,
    found: &[SqliteRow],
) -> Result<Vec<AssetRow>> {
    let mut assets = found.iter().map(rows::asset).collect::<Result<Vec<_>>>()?;
    let seqs: Vec<u32> = assets.iter().map(|asset| asset.seq).collect();
    let mut places = places::read(connection, &seqs).await?;
    for asset in &mut assets {
        // The first is the best there is.
        let Some(place) = places.remove(&asset.seq).and_then(|places| places.into_iter().next())
        else {
            continue;
        };
        asset.library = String::from_utf8_lossy(&place.root_path).into_owned();
        asset.path = String::from_utf8_lossy(&place.path).into_owned();
        asset.state = place.state;
    }
    Ok(assets)
}

/// The batch of a job, and the structure of an output's workflow, if it is known.
async fn of_job(
    connection: &mut SqliteConnection,
    job: JobId,
    asset: &AssetRow,
) -> Result<(BatchId, Option<String>)> {
    let row = sqlx::query(
        "SELECT batch_id, (SELECT structure FROM kin WHERE workflow = ?) AS structure
        FROM job WHERE id = ?",
    )
    .bind(asset.workflow.as_ref().map(|hash| &hash.0))
    .bind(job.to_string())
    .fetch_optional(connection)
    .await?;
    let row = row.ok_or_else(|| StoreError::Value(format!("an output of no job ({job})")))?;
    Ok((rows::id(row.try_get("batch_id")?)?, row.try_get("structure")?))
}

/// An output of a job as the library takes it.
pub(super) fn output(
    asset: &AssetRow,
    job: JobId,
    batch: BatchId,
    structure: Option<String>,
    root: super::RootId,
) -> Result<NewAsset> {
    // The workflow and its saving node say what made it; the facts, what was read of them by the rules
    // of that time.
    let facts = blake3::hash(rows::json(&asset.facts)?.as_bytes()).to_hex();
    let workflow = asset.workflow.as_ref().map_or("", |workflow| workflow.0.as_str());
    let digest = format!("{workflow}/{}/{}", asset.node_id, &facts[..32]);
    let recipe = NewRecipe {
        digest,
        facts: asset.facts.clone(),
        workflow: asset.workflow.clone(),
        structure,
        sources: false,
        rerunnable: asset.workflow.is_some(),
        params: None,
    };
    Ok(NewAsset {
        id: asset.id,
        kind: Kind::of(&asset.kind)?,
        width: asset.width,
        height: asset.height,
        duration_ms: asset.duration_ms,
        hash: asset.hash.clone(),
        created_at: asset.created_at,
        added_at: asset.created_at,
        took_ms: asset.took_ms,
        practice: asset.practice,
        preview: asset.preview,
        server_name: asset.server_name.clone(),
        title: asset.title.clone(),
        made: Some(NewMade {
            job_id: job,
            node_id: asset.node_id.clone(),
            ordinal: asset.ordinal,
            batch,
        }),
        recipe: Some(Arc::new(recipe)),
        phash: None,
        damage: None,
        place: NewPlace {
            root,
            path: asset.path.as_bytes().to_vec(),
            bytes: asset.bytes,
            mtime: None,
            inode: None,
        },
    })
}

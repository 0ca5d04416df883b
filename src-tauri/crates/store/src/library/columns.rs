//! The columns of the library, for an index in memory that answers what the disk is too slow for.

use super::{
    Kind, RootId, json_list, newest,
    packed::{pairs, saturated},
    unpack::{Folders, Packed, aside, unpack_aside, unpack_recipes},
};
use crate::{Marks, Result, Store, StoreError, rows};
use domain::JobId;
use futures_util::{StreamExt, stream::FuturesOrdered};
use sqlx::{Row, SqliteConnection};
use std::{ops::Range, sync::Arc};

/// Numbers of a chunk: large enough that the way to the database costs nothing, small enough that a few
/// at once take little memory.
const AT_ONCE: u32 = 25_000;
/// Chunks that are read at once, at most: one connection is left to others.
const MOST_READERS: usize = 3;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A checkpoint or diffusion model.
    Model,
    /// A LoRA.
    Lora,
    /// A sampler.
    Sampler,
    /// A scheduler.
    Scheduler,
    /// A workflow, by the hash of its structure.
    Structure,
    /// A server.
    Server,
    /// A batch, by its id.
    Batch,
}

/// A name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRow {
    /// Its number. Numbers of all kinds are apart.
    pub id: u32,
    /// What it is of.
    pub kind: NameKind,
    /// The name.
    pub name: String,
}

/// One asset in columns. Names are told by their numbers; see [`Store::names`].
#[derive(Clone, Debug, PartialEq)]
pub struct AssetColumns {
    /// Its number.
    pub seq: u32,
    /// What it is.
    pub kind: Kind,
    /// In pixels; 0 if it is unknown or has none.
    pub width: u32,
    /// In pixels; 0 if it is unknown or has none.
    pub height: u32,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u32>,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// How long it took to make, in milliseconds.
    pub took_ms: Option<u32>,
    /// A practice engine drew it.
    pub practice: bool,
    /// A preview node made it on the way.
    pub preview: bool,
    /// Its server.
    pub server: Option<u32>,
    /// Its batch.
    pub batch: Option<u32>,
    /// The job that made it first; nothing if it was imported.
    pub job: Option<JobId>,
    /// Its recipe.
    pub recipe: Option<u32>,
    /// 64 bits that similar pictures share most of.
    pub phash: Option<u64>,
    /// What the artist says about it.
    pub marks: Marks,
    /// Where in [`AssetChunk::names`] its title and file names are, one a line, the title first.
    pub names: Range<u32>,
    /// The same content lies at several places.
    pub several: bool,
    /// The root of its best place: one that can be reached, if there is one.
    pub root: Option<RootId>,
    /// That place is away: none of its places can be reached.
    pub away: bool,
    /// It lies nowhere any more, as far as can be seen.
    pub missing: bool,
}

/// Assets in columns, by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssetChunk {
    /// The assets.
    pub assets: Vec<AssetColumns>,
    /// All their names, one after another.
    pub names: String,
    /// Asset and tag, ordered.
    pub tags: Vec<(u32, u32)>,
    /// Asset and collection, ordered.
    pub collections: Vec<(u32, u32)>,
}

/// One recipe in columns.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeColumns {
    /// Its number.
    pub id: u32,
    /// The number of its words.
    pub text: u32,
    /// The structure of its workflow.
    pub structure: Option<u32>,
    /// The seed.
    pub seed: Option<u64>,
    /// The sampler.
    pub sampler: Option<u32>,
    /// The scheduler.
    pub scheduler: Option<u32>,
    /// Steps of the sampler.
    pub steps: Option<u32>,
    /// CFG.
    pub cfg: Option<f64>,
    /// Denoise.
    pub denoise: Option<f64>,
    /// Models, the nearest to the output first.
    pub models: Vec<u32>,
    /// LoRAs.
    pub loras: Vec<u32>,
    /// It has a prompt.
    pub prompt: bool,
    /// It has a negative prompt.
    pub negative: bool,
    /// It begins with other pictures.
    pub sources: bool,
    /// It can be run again.
    pub rerunnable: bool,
}

/// Recipes in columns.
pub type RecipeChunk = Vec<RecipeColumns>;

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The revision that this leads to.
    pub revision: i64,
    /// Assets that are new, different or gone, each once.
    pub assets: Vec<u32>,
}

/// A row of the columns of assets, packed; the condition follows.
macro_rules! packed_assets {
    ($rest:literal) => {
        concat!(
            "SELECT CAST(group_concat(concat_ws(',', seq, kind, ifnull(width, 0), ",
            "ifnull(height, 0), ifnull(duration_ms, ''), bytes, created_at, ifnull(took_ms, ''), ",
            "practice, preview, ifnull(server, ''), ifnull(batch, ''), ifnull(job_id, ''), ",
            "ifnull(recipe, ''), ifnull(phash, ''), rating, favourite, flag, ",
            "ifnull(binned_at, ''), title), char(10)) AS BLOB) FROM asset WHERE seq ",
            $rest
        )
    };
}

/// Where they lie. No file name has a slash in it.
macro_rules! packed_places {
    ($rest:literal) => {
        concat!(
            "SELECT CAST(group_concat(concat_ws(',', asset, missing, folder, name), '/') AS BLOB) ",
            "FROM place WHERE asset ",
            $rest
        )
    };
}

macro_rules! packed_tags {
    ($rest:literal) => {
        concat!(
            "SELECT CAST(group_concat(asset || ',' || tag, char(10)) AS BLOB) ",
            "FROM asset_tag WHERE asset ",
            $rest
        )
    };
}

macro_rules! packed_collections {
    ($rest:literal) => {
        concat!(
            "SELECT CAST(group_concat(asset || ',' || collection, char(10)) AS BLOB) ",
            "FROM collection_asset WHERE asset ",
            $rest
        )
    };
}

/// The questions for a range of numbers, and for some of them.
const OF_RANGE: [&str; 4] = [
    packed_assets!("BETWEEN ?1 AND ?2"),
    packed_places!("BETWEEN ?1 AND ?2"),
    packed_tags!("BETWEEN ?1 AND ?2"),
    packed_collections!("BETWEEN ?1 AND ?2"),
];
const OF_LIST: [&str; 4] = [
    packed_assets!("IN (SELECT value FROM json_each(?1))"),
    packed_places!("IN (SELECT value FROM json_each(?1))"),
    packed_tags!("IN (SELECT value FROM json_each(?1))"),
    packed_collections!("IN (SELECT value FROM json_each(?1))"),
];

impl Store {
    /// Every asset from a number on, chunk by chunk in order. `readers` is asked before each chunk how many
    /// are to be read at once, on as many cores. Answers with the revision from which on
    /// [`Store::changes`] tells what these columns do not show.
    pub async fn columns(
        &self,
        from: u32,
        readers: impl Fn() -> usize,
        take: impl FnMut(AssetChunk),
    ) -> Result<i64> {
        let mut connection = self.read.acquire().await?;
        let revision = newest(&mut connection, "asset_change").await?;
        let last = saturated(newest(&mut connection, "asset").await?);
        let folders = Arc::new(folders(&mut connection).await?);
        drop(connection);
        let chunks = ranges(from, last).map(|range| self.chunk(range, folders.clone()));
        in_order(chunks, readers, take).await?;
        Ok(revision)
    }

    async fn chunk(&self, range: Range<u32>, folders: Arc<Folders>) -> Result<AssetChunk> {
        let mut connection = self.read.acquire().await?;
        let mut packed: [Packed; 4] = Default::default();
        for (question, packed) in OF_RANGE.iter().zip(&mut packed) {
            let question = sqlx::query_scalar(*question).bind(range.start).bind(range.end - 1);
            *packed = question.fetch_one(&mut *connection).await?;
        }
        drop(connection);
        unpack_aside(packed, folders).await
    }

    /// Some assets in columns. Those that are not in the answer are gone.
    pub async fn columns_of(&self, assets: &[u32]) -> Result<AssetChunk> {
        let mut connection = self.read.acquire().await?;
        let folders = Arc::new(folders(&mut connection).await?);
        let list = json_list(assets);
        let mut packed: [Packed; 4] = Default::default();
        for (question, packed) in OF_LIST.iter().zip(&mut packed) {
            *packed = sqlx::query_scalar(*question).bind(&list).fetch_one(&mut *connection).await?;
        }
        drop(connection);
        unpack_aside(packed, folders).await
    }

    /// Every recipe from a number on, chunk by chunk in order. `readers` as with [`Store::columns`].
    pub async fn recipe_columns(
        &self,
        from: u32,
        readers: impl Fn() -> usize,
        take: impl FnMut(RecipeChunk),
    ) -> Result<()> {
        let mut connection = self.read.acquire().await?;
        let last = saturated(newest(&mut connection, "recipe").await?);
        drop(connection);
        in_order(ranges(from, last).map(|range| self.recipe_chunk(range)), readers, take).await
    }

    async fn recipe_chunk(&self, range: Range<u32>) -> Result<RecipeChunk> {
        let packed: Packed = sqlx::query_scalar(
            "SELECT CAST(group_concat(concat_ws(';', id, text, ifnull(structure, ''),
                ifnull(seed, ''), ifnull(sampler, ''), ifnull(scheduler, ''), ifnull(steps, ''),
                ifnull(cfg, ''), ifnull(denoise, ''), models, loras, has), char(10)) AS BLOB)
            FROM recipe WHERE id BETWEEN ? AND ?",
        )
        .bind(range.start)
        .bind(range.end - 1)
        .fetch_one(&self.read)
        .await?;
        aside(move || unpack_recipes(&packed.unwrap_or_default())).await
    }

    /// Every name that recipes and assets tell by its number.
    pub async fn names(&self) -> Result<Vec<NameRow>> {
        self.names_from(0).await
    }

    /// The names from a number on: those that came since the last time.
    pub async fn names_from(&self, id: u32) -> Result<Vec<NameRow>> {
        let packed: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(id, kind, name)) FROM name WHERE id >= ?",
        )
        .bind(id)
        .fetch_one(&self.read)
        .await?;
        let names: Vec<(u32, String, String)> = rows::from_json(&packed)?;
        names
            .into_iter()
            .map(|(id, kind, name)| Ok(NameRow { id, kind: name_kind(&kind)?, name }))
            .collect()
    }

    /// What workflows are called, by the number of their structure's name: the artist's name, else the
    /// one that they came with.
    pub async fn structure_titles(&self) -> Result<Vec<(u32, String)>> {
        let titles = sqlx::query_as(
            "SELECT name.id, coalesce(entry.name, entry.title)
            FROM entry JOIN name ON name.kind = 'structure' AND name.name = entry.structure",
        );
        Ok(titles.fetch_all(&self.read).await?)
    }

    /// What changed since a revision.
    pub async fn changes(&self, since: i64) -> Result<Changes> {
        let row = sqlx::query(
            "SELECT coalesce(max(rev), ?1) AS revision,
                CAST(group_concat(DISTINCT asset) AS BLOB) AS assets
            FROM asset_change WHERE rev > ?1",
        )
        .bind(since)
        .fetch_one(&self.read)
        .await?;
        let assets: Packed = row.try_get("assets")?;
        Ok(Changes {
            revision: row.try_get("revision")?,
            assets: super::packed::ids(&assets.unwrap_or_default())?,
        })
    }

    /// Forgets what changed up to a revision, once everybody who holds columns has taken it.
    pub async fn forget_changes(&self, up_to: i64) -> Result<()> {
        sqlx::query("DELETE FROM asset_change WHERE rev <= ?")
            .bind(up_to)
            .execute(&self.write)
            .await?;
        Ok(())
    }
}

/// Waits for chunks in their order, as many at once as `readers` says.
async fn in_order<C>(
    mut chunks: impl Iterator<Item = impl Future<Output = Result<C>>>,
    readers: impl Fn() -> usize,
    mut take: impl FnMut(C),
) -> Result<()> {
    let mut begun = FuturesOrdered::new();
    loop {
        let more = readers().clamp(1, MOST_READERS).saturating_sub(begun.len());
        begun.extend(chunks.by_ref().take(more));
        match begun.next().await {
            Some(chunk) => take(chunk?),
            None => return Ok(()),
        }
    }
}

/// Numbers from one to another in chunks.
fn ranges(from: u32, last: u32) -> impl Iterator<Item = Range<u32>> {
    (from..=last)
        .step_by(AT_ONCE as usize)
        .map(move |begin| begin..begin.saturating_add(AT_ONCE).min(last.saturating_add(1)))
}

async fn folders(connection: &mut SqliteConnection) -> Result<Folders> {
    let packed: Packed = sqlx::query_scalar(
        "SELECT CAST(group_concat(id || ',' || root, char(10)) AS BLOB) FROM folder",
    )
    .fetch_one(&mut *connection)
    .await?;
    let away = sqlx::query_scalar(
        "SELECT folder.id FROM folder JOIN root ON root.id = folder.root
        WHERE root.away OR folder.away",
    )
    .fetch_all(connection)
    .await?;
    Ok(Folders {
        roots: pairs(&packed.unwrap_or_default())?
            .into_iter()
            .map(|(folder, root)| (folder, RootId(i64::from(root))))
            .collect(),
        away: away.into_iter().collect(),
    })
}

fn name_kind(kind: &str) -> Result<NameKind> {
    Ok(match kind {
        "model" => NameKind::Model,
        "lora" => NameKind::Lora,
        "sampler" => NameKind::Sampler,
        "scheduler" => NameKind::Scheduler,
        "structure" => NameKind::Structure,
        "server" => NameKind::Server,
        "batch" => NameKind::Batch,
        _ => return Err(StoreError::Value(format!("name of {kind}"))),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::cell::Cell;

    /// Chunks of which the first ones take longest. Answers with what was taken, how it ended, and how
    /// many were read at once at most.
    async fn read(readers: &[usize], broken: Option<usize>) -> (Vec<usize>, Result<()>, usize) {
        const CHUNKS: usize = 9;
        let (running, most, asked) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let chunks = (0..CHUNKS).map(|chunk| {
            let (running, most) = (&running, &most);
            async move {
                running.set(running.get() + 1);
                most.set(most.get().max(running.get()));
                for _ in chunk..CHUNKS {
                    tokio::task::yield_now().await;
                }
                running.set(running.get() - 1);
                if broken == Some(chunk) {
                    return Err(StoreError::Value("broken".to_owned()));
                }
                Ok(chunk)
            }
        });
        let readers = || {
            asked.set(asked.get() + 1);
            readers[(asked.get() - 1) % readers.len()]
        };
        let mut taken = Vec::new();
        let ended = in_order(chunks, readers, |chunk| taken.push(chunk)).await;
        (taken, ended, most.get())
    }

    #[tokio::test]
    async fn chunks_come_in_order_and_as_many_at_once_as_is_said() {
        for (readers, at_once) in [
            (&[0][..], 1),
            (&[1], 1),
            (&[2], 2),
            (&[usize::MAX], MOST_READERS),
            // Somebody waits for it from then on, and then nobody.
            (&[1, 1, 3, 1], 3),
        ] {
            let (taken, ended, most) = read(readers, None).await;
            ended.unwrap();
            assert_eq!((taken, most), ((0..9).collect(), at_once), "{readers:?}");
        }
    }

    #[tokio::test]
    async fn what_comes_behind_an_error_is_not_taken() {
        let (taken, ended, _) = read(&[3], Some(4)).await;
        assert!(ended.is_err());
        assert_eq!(taken, [0, 1, 2, 3]);
    }
}

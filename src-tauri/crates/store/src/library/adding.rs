//! Adding files, up to a thousand at a time: what is there already is looked up, the rest is written.

use super::{
    Added, Came, NewAsset, NewPlace, Newest,
    add::Contents,
    contents::{self, is_stand_in, with_hashes},
    intern::{Interned, split},
    one_line,
    packed::saturated,
    recipes::Recipes,
    writing::Writing,
};
use crate::{Result, StoreError, rows};
use domain::AssetId;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// Digits of a hash that are indexed.
pub(super) const HASH_HEAD: usize = 16;

/// A place: the number of its folder, and its name.
type PlaceKey = (i64, Vec<u8>);

/// What was met while files are added in one transaction.
pub(super) struct Adding {
    contents: Contents,
    newest: i64,
    interned: Interned,
    recipes: Recipes,
}

/// What a few files meet in the database.
#[derive(Default)]
struct Known {
    contents: HashMap<String, (i64, AssetId)>,
    outputs: HashMap<(String, String, u32), (i64, AssetId)>,
    places: HashMap<PlaceKey, i64>,
    /// What lies at these places, by number.
    lying: HashMap<i64, Lying>,
}

/// An asset and its file, as they are known.
struct Lying {
    id: AssetId,
    /// Nobody has read it whole.
    unread: bool,
    bytes: i64,
}

impl Lying {
    /// Whether a file at its place is still this one: it may have been touched.
    fn is(&self, place: &NewPlace) -> bool {
        self.bytes == whole(place.bytes)
    }
}

/// A content that was there already.
struct Again<'a> {
    seq: i64,
    asset: &'a NewAsset,
    recipe: Option<i64>,
    /// At a place where it was not, or as another output.
    anew: bool,
}

/// The numbers of what a new asset names.
struct NewRow<'a> {
    seq: i64,
    asset: &'a NewAsset,
    server: Option<i64>,
    batch: Option<i64>,
    recipe: Option<i64>,
}

impl Adding {
    pub(super) async fn begin(
        connection: &mut SqliteConnection,
        contents: Contents,
    ) -> Result<Self> {
        let newest = Newest::read(connection).await?;
        Ok(Self {
            contents,
            newest: newest.asset,
            interned: Interned::default(),
            recipes: Recipes::after(newest),
        })
    }

    pub(super) async fn add(
        &mut self,
        writing: &mut Writing<'_>,
        assets: &[NewAsset],
        added: &mut Vec<Added>,
    ) -> Result<()> {
        let mut places = Vec::with_capacity(assets.len());
        for asset in assets {
            let (folder, name) = split(&asset.place.path);
            if name.is_empty() {
                return Err(StoreError::Value("a place without a file name".to_owned()));
            }
            let folder = self.interned.folder(writing, asset.place.root, folder).await?;
            places.push((folder, name.to_vec()));
        }
        let mut known = Known::read(writing.read().await?, assets, &places).await?;
        let recipes: Vec<_> = assets.iter().filter_map(|asset| asset.recipe.as_deref()).collect();
        self.recipes.put(writing, &mut self.interned, &recipes).await?;
        let mut new = Vec::with_capacity(assets.len());
        let mut lies = Vec::with_capacity(assets.len());
        let (mut again, mut made, mut scanned) = (Vec::new(), Vec::new(), Vec::new());
        let (mut read, mut same) = (Vec::new(), Vec::new());
        for (asset, place) in assets.iter().zip(places) {
            let output = asset
                .made
                .as_ref()
                .map(|made| (made.job_id.to_string(), made.node_id.clone(), made.ordinal));
            if let Some((seq, id)) = output.as_ref().and_then(|output| known.outputs.get(output)) {
                added.push(Added::known(saturated(*seq), *id));
                continue;
            }
            // Where something is known of a file by now, its head says no more.
            if let Some((seq, id)) = known.met_meanwhile(&place, asset) {
                added.push(Added::known(saturated(seq), id));
                continue;
            }
            let recipe = asset.recipe.as_ref().and_then(|recipe| self.recipes.id(recipe));
            let there = known.contents.get(&asset.hash).copied();
            // What lies there is this content, of which only the head was known until now.
            let unread = known.unread_at(&place, asset);
            let there = match (there.filter(|_| self.contents == Contents::Once), unread) {
                (Some(there), Some((unread, _))) => {
                    same.push((unread, there.0));
                    known.places.insert(place.clone(), there.0);
                    Some(there)
                }
                (None, Some(unread)) => {
                    read.push((unread.0, asset.hash.as_str()));
                    known.contents.insert(asset.hash.clone(), unread);
                    Some(unread)
                }
                (there, None) => there,
            };
            let (seq, id, mut came) = match there {
                Some((seq, id)) => {
                    // Somebody put it there, or a job made it: it is wanted.
                    let anew = output.is_some() || known.places.get(&place) != Some(&seq);
                    again.push(Again { seq, asset, recipe, anew });
                    (seq, id, Came::Again)
                }
                None => {
                    self.newest += 1;
                    new.push(self.row(writing, self.newest, asset, recipe).await?);
                    known.contents.insert(asset.hash.clone(), (self.newest, asset.id));
                    (self.newest, asset.id, Came::New)
                }
            };
            let before = known.places.insert(place.clone(), seq);
            if before == Some(seq) && output.is_none() {
                came = Came::Known;
            }
            let replaced = before.filter(|before| *before != seq).map(saturated);
            if let Some(output) = output {
                if before == Some(seq) {
                    scanned.push(self.row(writing, seq, asset, recipe).await?);
                }
                known.outputs.insert(output.clone(), (seq, id));
                made.push((output, seq));
            }
            lies.push((place, seq, asset));
            let (seq, placed) = (saturated(seq), before.is_none());
            added.push(Added { seq, id, came, placed, replaced, forgot: None });
        }
        writing.put_rows(&new, |new| Ok(insert(new))).await?;
        for again in again {
            met_again(writing.read().await?, &again).await?;
        }
        for row in scanned {
            claim(writing.read().await?, row).await?;
        }
        if !read.is_empty() {
            contents::put(writing.read().await?, &read).await?;
        }
        writing.put_rows(&made, |made| Ok(put_made(made))).await?;
        writing.put_rows(&lies, |lies| Ok(put_places(lies))).await?;
        for (unread, there) in same {
            contents::merge(writing.read().await?, unread, there).await?;
        }
        Ok(())
    }

    pub(super) async fn finish(self, mut writing: Writing<'_>) -> Result<()> {
        self.interned.finish(&mut writing).await?;
        writing.finish().await
    }

    async fn row<'a>(
        &mut self,
        writing: &mut Writing<'_>,
        seq: i64,
        asset: &'a NewAsset,
        recipe: Option<i64>,
    ) -> Result<NewRow<'a>> {
        let batch = match &asset.made {
            Some(made) => {
                let batch = made.batch.to_string();
                Some(self.interned.name(writing, "batch", &batch).await?)
            }
            None => None,
        };
        let server = asset.server_name.as_deref();
        let server = self.interned.maybe_name(writing, "server", server).await?;
        Ok(NewRow { seq, asset, server, batch, recipe })
    }
}

impl Known {
    async fn read(
        connection: &mut SqliteConnection,
        assets: &[NewAsset],
        places: &[PlaceKey],
    ) -> Result<Self> {
        let mut known = Self::default();
        let hashes = assets.iter().map(|asset| asset.hash.as_str());
        let hashes: Vec<&str> = hashes.filter(|hash| !is_stand_in(hash)).collect();
        if !hashes.is_empty() {
            known.contents = with_hashes(connection, &hashes).await?;
        }
        let made: Vec<_> = assets.iter().filter_map(|asset| asset.made.as_ref()).collect();
        if !made.is_empty() {
            let mut query =
                QueryBuilder::<Sqlite>::new("WITH wanted (job_id, node_id, ordinal) AS (");
            query.push_values(made, |mut row, made| {
                row.push_bind(made.job_id.to_string())
                    .push_bind(&made.node_id)
                    .push_bind(made.ordinal);
            });
            // In this order, as places below.
            query.push(
                ") SELECT made.job_id, made.node_id, made.ordinal, seq, id
                FROM wanted CROSS JOIN made ON made.job_id = wanted.job_id
                    AND made.node_id = wanted.node_id AND made.ordinal = wanted.ordinal
                JOIN asset ON seq = asset",
            );
            for row in query.build().fetch_all(&mut *connection).await? {
                let output =
                    (row.try_get("job_id")?, row.try_get("node_id")?, row.try_get("ordinal")?);
                let asset = (row.try_get("seq")?, rows::id(row.try_get("id")?)?);
                known.outputs.insert(output, asset);
            }
        }
        let mut query = QueryBuilder::<Sqlite>::new("WITH wanted (folder, name) AS (VALUES ");
        for (at, (folder, name)) in places.iter().enumerate() {
            query.push(if at > 0 { ", (" } else { "(" });
            query.push_bind(folder).push(", ").push_bind(name.as_slice()).push(")");
        }
        // In this order: SQLite would go through all places, and look each up among those wanted.
        query.push(
            ") SELECT place.folder, place.name, asset, place.bytes, id, hash
            FROM wanted CROSS JOIN place
                ON place.folder = wanted.folder AND place.name = wanted.name
                JOIN asset ON seq = place.asset",
        );
        for row in query.build().fetch_all(&mut *connection).await? {
            let place = (row.try_get("folder")?, row.try_get("name")?);
            let seq = row.try_get("asset")?;
            known.places.insert(place, seq);
            let lying = Lying {
                id: rows::id(row.try_get("id")?)?,
                unread: is_stand_in(row.try_get("hash")?),
                bytes: row.try_get("bytes")?,
            };
            known.lying.insert(seq, lying);
        }
        Ok(known)
    }

    /// The asset at a place, if only its head is known, and the file that was read whole is that one.
    fn unread_at(&self, place: &PlaceKey, asset: &NewAsset) -> Option<(i64, AssetId)> {
        let (seq, lying) = self.lying_at(place)?;
        let is_it = !is_stand_in(&asset.hash) && lying.unread && lying.is(&asset.place);
        is_it.then_some((seq, lying.id))
    }

    /// The asset at a place of a file of which only the head was read: it came to the library since
    /// the folder was looked at.
    fn met_meanwhile(&self, place: &PlaceKey, asset: &NewAsset) -> Option<(i64, AssetId)> {
        let (seq, lying) = self.lying_at(place)?;
        is_stand_in(&asset.hash).then_some((seq, lying.id))
    }

    fn lying_at(&self, place: &PlaceKey) -> Option<(i64, &Lying)> {
        let seq = *self.places.get(place)?;
        Some((seq, self.lying.get(&seq)?))
    }
}

/// Gives an asset what is known of its content only now, and takes it out of the bin if it was met
/// anew: the file that came is not deleted with the one that was thrown away. A preview that is an output,
/// too, is an output.
async fn met_again(connection: &mut SqliteConnection, again: &Again<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE asset SET recipe = coalesce(recipe, ?1), phash = coalesce(phash, ?2),
            binned_at = iif(?4, NULL, binned_at), preview = preview AND ?5
        WHERE seq = ?3 AND (recipe IS NULL AND ?1 IS NOT NULL OR phash IS NULL AND ?2 IS NOT NULL
            OR ?4 AND binned_at IS NOT NULL OR preview AND NOT ?5)",
    )
    .bind(again.recipe)
    .bind(again.asset.phash.map(u64::cast_signed))
    .bind(again.seq)
    .bind(again.anew)
    .bind(again.asset.preview)
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes an imported asset the output that it is: it was scanned before its job was over. The title of
/// its file becomes the job's; one that the artist gave it stays.
async fn claim(
    connection: &mut SqliteConnection,
    NewRow { seq, asset, server, batch, .. }: NewRow<'_>,
) -> Result<()> {
    let Some(made) = &asset.made else { return Ok(()) };
    let name = String::from_utf8_lossy(split(&asset.place.path).1);
    let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
    sqlx::query(
        "UPDATE asset SET job_id = ?, node_id = ?, ordinal = ?, batch = ?, server = ?, took_ms = ?,
            practice = ?, title = iif(title = ?, ?, title)
        WHERE seq = ? AND job_id IS NULL",
    )
    .bind(made.job_id.to_string())
    .bind(&made.node_id)
    .bind(made.ordinal)
    .bind(batch)
    .bind(server)
    .bind(asset.took_ms)
    .bind(asset.practice)
    .bind(one_line(stem))
    .bind(one_line(&asset.title))
    .bind(seq)
    .execute(connection)
    .await?;
    Ok(())
}

fn insert(new: &[NewRow<'_>]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO asset (seq, id, kind, width, height, duration_ms, bytes, hash, created_at,
            added_at, took_ms, practice, preview, server, batch, job_id, node_id, ordinal, title, recipe,
            phash) ",
    );
    query.push_values(new, |mut row, NewRow { seq, asset, server, batch, recipe }| {
        let made = asset.made.as_ref();
        row.push_bind(seq)
            .push_bind(asset.id.to_string())
            .push_bind(asset.kind.name())
            .push_bind(asset.width)
            .push_bind(asset.height)
            .push_bind(asset.duration_ms.map(whole))
            .push_bind(whole(asset.place.bytes))
            .push_bind(&asset.hash)
            .push_bind(asset.created_at)
            .push_bind(asset.added_at)
            .push_bind(asset.took_ms)
            .push_bind(asset.practice)
            .push_bind(asset.preview)
            .push_bind(server)
            .push_bind(batch)
            .push_bind(made.map(|made| made.job_id.to_string()))
            .push_bind(made.map(|made| made.node_id.as_str()))
            .push_bind(made.map(|made| made.ordinal))
            .push_bind(one_line(&asset.title))
            .push_bind(recipe)
            .push_bind(asset.phash.map(u64::cast_signed));
    });
    query
}

fn put_made(made: &[((String, String, u32), i64)]) -> QueryBuilder<Sqlite> {
    let mut query =
        QueryBuilder::<Sqlite>::new("INSERT INTO made (job_id, node_id, ordinal, asset) ");
    query.push_values(made, |mut row, ((job, node, ordinal), seq)| {
        row.push_bind(job).push_bind(node).push_bind(ordinal).push_bind(seq);
    });
    query
}

fn put_places(places: &[(PlaceKey, i64, &NewAsset)]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO place (folder, name, asset, bytes, mtime, inode) ",
    );
    query.push_values(places, |mut row, ((folder, name), seq, asset)| {
        row.push_bind(folder)
            .push_bind(name.as_slice())
            .push_bind(seq)
            .push_bind(whole(asset.place.bytes))
            .push_bind(asset.place.mtime)
            .push_bind(asset.place.inode.map(u64::cast_signed));
    });
    query.push(
        " ON CONFLICT (folder, name) DO UPDATE SET asset = excluded.asset, bytes = excluded.bytes,
            mtime = excluded.mtime, inode = excluded.inode, missing = 0",
    );
    query
}

/// A number as SQLite has it.
pub(super) fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

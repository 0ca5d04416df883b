//! Marks: what the artist says about assets, for many at once, and exactly undone.

use super::{json_list, one_line, tags};
use crate::{Result, Store, rows};
use serde_json::{Value, json};
use sqlx::{Row, SqliteConnection};
use std::collections::{BTreeMap, HashMap};

/// A change of the marks of many assets. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarkChange {
    /// Stars, 0 (none) to 5.
    pub rating: Option<u8>,
    /// A favourite, or not.
    pub favourite: Option<bool>,
    /// 1 picked, -1 rejected, 0 neither.
    pub flag: Option<i8>,
    /// Into the bin at a time, or out of it. What is in there already stays as it is.
    pub binned_at: Option<Option<i64>>,
    /// Another title.
    pub title: Option<String>,
    /// Tags more, by their names; those that are not there are made.
    pub add_tags: Vec<String>,
    /// Tags less.
    pub remove_tags: Vec<String>,
    /// Into collections, by their numbers.
    pub add_to: Vec<i64>,
    /// Out of collections.
    pub remove_from: Vec<i64>,
}

/// What of an asset's marks was different before a change; nothing else is in here, so that putting it
/// back leaves alone what was changed since.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssetMarks {
    /// The asset.
    pub seq: u32,
    /// Its stars.
    pub rating: Option<u8>,
    /// Whether it was a favourite.
    pub favourite: Option<bool>,
    /// Its flag.
    pub flag: Option<i8>,
    /// Since when it was in the bin, if it was.
    pub binned_at: Option<Option<i64>>,
    /// Its title.
    pub title: Option<String>,
    /// Tags that it had not.
    pub without_tags: Vec<String>,
    /// Tags that it had.
    pub with_tags: Vec<String>,
    /// Collections that it was not in.
    pub not_in: Vec<i64>,
    /// Collections that it was in.
    pub within: Vec<i64>,
}

/// What is in the bin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BinRow {
    /// Assets.
    pub assets: u32,
    /// Their size.
    pub bytes: u64,
    /// When the one that is there for the longest was put there, in milliseconds since 1970.
    pub oldest_at: Option<i64>,
}

/// What was different before, by asset.
pub(super) type Before = BTreeMap<u32, AssetMarks>;

impl Store {
    /// Changes the marks of assets, all or nothing. Answers with what was different before, by asset;
    /// assets that are as wanted already, or not there, are not among them.
    pub async fn mark(&self, assets: &[u32], change: &MarkChange) -> Result<Vec<AssetMarks>> {
        let mut tx = self.write.begin().await?;
        let mut before = Before::new();
        let wanted: Vec<AssetMarks> = assets
            .iter()
            .map(|seq| AssetMarks {
                seq: *seq,
                rating: change.rating.map(|rating| rating.min(5)),
                favourite: change.favourite,
                flag: change.flag.map(i8::signum),
                binned_at: change.binned_at,
                title: change.title.as_deref().map(one_line),
                ..AssetMarks::default()
            })
            .collect();
        set_columns(&mut tx, &wanted, &mut before).await?;
        let list = json_list(assets);
        for tag in &change.add_tags {
            add_tag(&mut tx, &list, tag, &mut before).await?;
        }
        for tag in &change.remove_tags {
            remove_tag(&mut tx, &list, tag, &mut before).await?;
        }
        for collection in &change.add_to {
            add_to(&mut tx, &list, *collection, &mut before).await?;
        }
        for collection in &change.remove_from {
            remove_from(&mut tx, &list, *collection, &mut before).await?;
        }
        tx.commit().await?;
        Ok(before.into_values().collect())
    }

    /// Puts back what [`Store::mark`] answered with. Answers with what was different before, so that
    /// this can be undone as well.
    pub async fn put_back(&self, marks: &[AssetMarks]) -> Result<Vec<AssetMarks>> {
        let mut tx = self.write.begin().await?;
        let before = put(&mut tx, marks).await?;
        tx.commit().await?;
        Ok(before)
    }

    /// Assets that were put into the bin before a time, at most `limit`.
    pub async fn binned_before(&self, at: i64, limit: u32) -> Result<Vec<u32>> {
        Ok(sqlx::query_scalar(
            "SELECT seq FROM asset WHERE binned_at < ? ORDER BY binned_at, seq LIMIT ?",
        )
        .bind(at)
        .bind(limit)
        .fetch_all(&self.read)
        .await?)
    }

    /// Puts previews into the bin that came before a time and that the artist has neither marked nor put
    /// anywhere. Answers with how many that were.
    pub async fn bin_old_previews(&self, before: i64, at: i64) -> Result<u64> {
        let put = sqlx::query(
            "UPDATE asset SET binned_at = ? WHERE preview AND binned_at IS NULL AND added_at < ?
                AND rating = 0 AND NOT favourite AND flag <> 1
                AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE asset_tag.asset = seq)
                AND NOT EXISTS (SELECT 1 FROM collection_asset WHERE collection_asset.asset = seq)",
        )
        .bind(at)
        .bind(before)
        .execute(&self.write)
        .await?;
        Ok(put.rows_affected())
    }

    /// Those of some assets that were put into the bin before a time and are still there.
    pub async fn binned_among(&self, assets: &[u32], at: i64) -> Result<Vec<u32>> {
        Ok(sqlx::query_scalar(
            "SELECT seq FROM asset WHERE binned_at < ?
                AND seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
        )
        .bind(at)
        .bind(json_list(assets))
        .fetch_all(&self.read)
        .await?)
    }

    /// What is in the bin.
    pub async fn bin(&self) -> Result<BinRow> {
        let row = sqlx::query(
            "SELECT assets, bytes, (SELECT min(binned_at) FROM asset WHERE binned_at IS NOT NULL)
                AS oldest_at
            FROM library_total WHERE binned = 1",
        )
        .fetch_one(&self.read)
        .await?;
        Ok(BinRow {
            assets: rows::count(&row, "assets")?,
            bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
            oldest_at: row.try_get("oldest_at")?,
        })
    }
}

/// Gives an asset the marks of another one; those that only it has stay. A title is a mark where it is
/// not the name of a file or of a job.
pub(super) async fn take_over(connection: &mut SqliteConnection, from: i64, to: i64) -> Result<()> {
    let mut named: Vec<String> = Vec::new();
    let names: Vec<Vec<u8>> = sqlx::query_scalar("SELECT name FROM place WHERE asset IN (?, ?)")
        .bind(from)
        .bind(to)
        .fetch_all(&mut *connection)
        .await?;
    for name in &names {
        let name = String::from_utf8_lossy(name);
        let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
        named.push(one_line(stem));
    }
    sqlx::query(
        "UPDATE asset SET title = other.title FROM asset AS other
        WHERE asset.seq = ?1 AND other.seq = ?2 AND other.job_id IS NULL
            AND other.title NOT IN (SELECT value FROM json_each(?3))",
    )
    .bind(to)
    .bind(from)
    .bind(serde_json::Value::from(named).to_string())
    .execute(&mut *connection)
    .await?;
    for copy in [
        "UPDATE asset SET rating = iif(other.rating = 0, asset.rating, other.rating),
            favourite = asset.favourite OR other.favourite,
            flag = iif(other.flag = 0, asset.flag, other.flag)
            FROM asset AS other WHERE asset.seq = ? AND other.seq = ?",
        "INSERT INTO asset_tag (asset, tag) SELECT seq, tag FROM asset_tag
            JOIN asset ON seq = ? WHERE asset = ? ON CONFLICT DO NOTHING",
        "INSERT INTO collection_asset (asset, collection) SELECT seq, collection
            FROM collection_asset JOIN asset ON seq = ? WHERE asset = ? ON CONFLICT DO NOTHING",
    ] {
        sqlx::query(copy).bind(to).bind(from).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Makes assets be marked so. Answers with what was different before.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    marks: &[AssetMarks],
) -> Result<Vec<AssetMarks>> {
    let mut before = Before::new();
    set_columns(connection, marks, &mut before).await?;
    for (tag, assets) in by(marks, |marks| &marks.with_tags) {
        add_tag(connection, &json_list(assets), tag, &mut before).await?;
    }
    for (tag, assets) in by(marks, |marks| &marks.without_tags) {
        remove_tag(connection, &json_list(assets), tag, &mut before).await?;
    }
    for (collection, assets) in by(marks, |marks| &marks.within) {
        add_to(connection, &json_list(assets), *collection, &mut before).await?;
    }
    for (collection, assets) in by(marks, |marks| &marks.not_in) {
        remove_from(connection, &json_list(assets), *collection, &mut before).await?;
    }
    Ok(before.into_values().collect())
}

/// Assets by each of the things that a list of theirs has.
fn by<'a, T: Ord>(
    marks: &'a [AssetMarks],
    list: impl Fn(&'a AssetMarks) -> &'a Vec<T>,
) -> BTreeMap<&'a T, Vec<u32>> {
    let mut all: BTreeMap<&T, Vec<u32>> = BTreeMap::new();
    for marks in marks {
        for one in list(marks) {
            all.entry(one).or_default().push(marks.seq);
        }
    }
    all
}

fn note(before: &mut Before, seq: u32) -> &mut AssetMarks {
    before.entry(seq).or_insert_with(|| AssetMarks { seq, ..AssetMarks::default() })
}

/// Sets the columns that are wanted, and notes what they were where that was something else.
async fn set_columns(
    connection: &mut SqliteConnection,
    wanted: &[AssetMarks],
    before: &mut Before,
) -> Result<()> {
    let any = wanted.iter().any(|marks| {
        marks.rating.is_some()
            || marks.favourite.is_some()
            || marks.flag.is_some()
            || marks.binned_at.is_some()
            || marks.title.is_some()
    });
    if !any {
        return Ok(());
    }
    let list = json_list(wanted.iter().map(|marks| marks.seq));
    let found = sqlx::query(
        "SELECT seq, rating, favourite, flag, binned_at, title FROM asset
        WHERE seq IN (SELECT value FROM json_each(?))",
    )
    .bind(list)
    .fetch_all(&mut *connection)
    .await?;
    let wanted: HashMap<u32, &AssetMarks> = wanted.iter().map(|marks| (marks.seq, marks)).collect();
    // Per column, the assets with another value and that value.
    let mut changes: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
    for row in &found {
        let seq: u32 = row.try_get("seq")?;
        let Some(wanted) = wanted.get(&seq) else { continue };
        let mut change = |column, value: Value| {
            changes.entry(column).or_default().push(json!([seq, value]));
        };
        let rating: u8 = row.try_get("rating")?;
        if let Some(new) = wanted.rating.filter(|new| *new != rating) {
            note(before, seq).rating = Some(rating);
            change(SET_RATING, json!(new));
        }
        let favourite: bool = row.try_get("favourite")?;
        if let Some(new) = wanted.favourite.filter(|new| *new != favourite) {
            note(before, seq).favourite = Some(favourite);
            change(SET_FAVOURITE, json!(i32::from(new)));
        }
        let flag: i8 = row.try_get("flag")?;
        if let Some(new) = wanted.flag.filter(|new| *new != flag) {
            note(before, seq).flag = Some(flag);
            change(SET_FLAG, json!(new));
        }
        let binned_at: Option<i64> = row.try_get("binned_at")?;
        // What is in the bin already stays there since it went in: its term is not begun anew.
        if let Some(new) = wanted.binned_at.filter(|new| new.is_some() != binned_at.is_some()) {
            note(before, seq).binned_at = Some(binned_at);
            change(SET_BINNED, json!(new));
        }
        let title: &str = row.try_get("title")?;
        if let Some(new) = wanted.title.as_ref().filter(|new| *new != title) {
            note(before, seq).title = Some(title.to_owned());
            change(SET_TITLE, json!(new));
        }
    }
    for (update, rows) in changes {
        sqlx::query(update).bind(Value::from(rows).to_string()).execute(&mut *connection).await?;
    }
    Ok(())
}

macro_rules! set {
    ($column:literal) => {
        concat!(
            "UPDATE asset SET ",
            $column,
            " = each.value ->> 1 FROM json_each(?) AS each WHERE seq = each.value ->> 0"
        )
    };
}
const SET_RATING: &str = set!("rating");
const SET_FAVOURITE: &str = set!("favourite");
const SET_FLAG: &str = set!("flag");
const SET_BINNED: &str = set!("binned_at");
const SET_TITLE: &str = set!("title");

/// The assets that a statement with RETURNING gives.
async fn changed(
    connection: &mut SqliteConnection,
    statement: &'static str,
    list: &str,
    of: i64,
) -> Result<Vec<u32>> {
    let statement = sqlx::query_scalar(statement).bind(list).bind(of);
    Ok(statement.fetch_all(connection).await?)
}

pub(super) async fn add_tag(
    connection: &mut SqliteConnection,
    list: &str,
    name: &str,
    before: &mut Before,
) -> Result<()> {
    let Some((tag, name)) = tags::put(connection, name).await? else { return Ok(()) };
    let added = changed(
        connection,
        "INSERT INTO asset_tag (asset, tag) SELECT seq, ?2 FROM json_each(?1)
            JOIN asset ON seq = value WHERE TRUE ON CONFLICT DO NOTHING RETURNING asset",
        list,
        tag,
    );
    for seq in added.await? {
        note(before, seq).without_tags.push(name.clone());
    }
    Ok(())
}

pub(super) async fn remove_tag(
    connection: &mut SqliteConnection,
    list: &str,
    name: &str,
    before: &mut Before,
) -> Result<()> {
    let Some((tag, name)) = tags::find(connection, name).await? else { return Ok(()) };
    let removed = changed(
        connection,
        "DELETE FROM asset_tag WHERE tag = ?2 AND asset IN (SELECT value FROM json_each(?1))
            RETURNING asset",
        list,
        tag,
    );
    for seq in removed.await? {
        note(before, seq).with_tags.push(name.clone());
    }
    Ok(())
}

async fn add_to(
    connection: &mut SqliteConnection,
    list: &str,
    collection: i64,
    before: &mut Before,
) -> Result<()> {
    // A saved search has no members, and what was deleted meanwhile takes none.
    let added = changed(
        connection,
        "INSERT INTO collection_asset (asset, collection) SELECT seq, collection.id
            FROM json_each(?1) JOIN asset ON seq = value
                JOIN collection ON collection.id = ?2 AND search IS NULL
            WHERE TRUE ON CONFLICT DO NOTHING RETURNING asset",
        list,
        collection,
    );
    for seq in added.await? {
        note(before, seq).not_in.push(collection);
    }
    Ok(())
}

async fn remove_from(
    connection: &mut SqliteConnection,
    list: &str,
    collection: i64,
    before: &mut Before,
) -> Result<()> {
    let removed = changed(
        connection,
        "DELETE FROM collection_asset WHERE collection = ?2
            AND asset IN (SELECT value FROM json_each(?1)) RETURNING asset",
        list,
        collection,
    );
    for seq in removed.await? {
        note(before, seq).within.push(collection);
    }
    Ok(())
}

//! Columns out of what SQLite packed.

use super::{
    AssetChunk, AssetColumns, Kind, RecipeChunk, RecipeColumns, RootId,
    packed::{Fields, json_ids, lines, pairs},
    recipes::{HAS_NEGATIVE, HAS_PROMPT, HAS_SOURCES, HAS_WORKFLOW},
};
use crate::{Marks, Result, StoreError, rows};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::Arc,
};

/// A value that SQLite packed; nothing if there was nothing to pack.
pub(super) type Packed = Option<Vec<u8>>;

/// Which root a folder is below, and which folders are away.
#[derive(Clone, Debug, Default)]
pub(super) struct Folders {
    pub(super) roots: HashMap<u32, RootId>,
    pub(super) away: HashSet<u32>,
}

/// Runs what only computes beside the tasks that wait.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Value(format!("reading the library stopped ({error})")))?
}

pub(super) async fn unpack_aside(packed: [Packed; 4], folders: Arc<Folders>) -> Result<AssetChunk> {
    aside(move || {
        let [assets, places, tags, collections] = packed.map(Option::unwrap_or_default);
        let mut chunk = AssetChunk {
            tags: pairs(&tags)?,
            collections: pairs(&collections)?,
            ..AssetChunk::default()
        };
        chunk.tags.sort_unstable();
        chunk.collections.sort_unstable();
        let places = unpack_places(&places)?;
        let mut places = places.as_slice();
        let mut rows: Vec<(u32, &[u8])> = lines(&assets, b'\n')
            .map(|line| Ok((Fields::new(line).u32()?, line)))
            .collect::<Result<_>>()?;
        rows.sort_unstable_by_key(|row| row.0);
        chunk.assets.reserve_exact(rows.len());
        for (seq, row) in rows {
            let from = places.partition_point(|place| place.asset < seq);
            let to = from + places[from..].partition_point(|place| place.asset == seq);
            let asset = asset(row, &places[from..to], &folders, &mut chunk.names)?;
            places = &places[to..];
            chunk.assets.push(asset);
        }
        Ok(chunk)
    })
    .await
}

struct Place<'a> {
    asset: u32,
    missing: bool,
    folder: u32,
    name: &'a [u8],
}

fn unpack_places(packed: &[u8]) -> Result<Vec<Place<'_>>> {
    let mut places: Vec<Place> = lines(packed, b'/')
        .map(|line| {
            let mut fields = Fields::new(line);
            Ok(Place {
                asset: fields.u32()?,
                missing: fields.int()? != 0,
                folder: fields.u32()?,
                name: fields.rest(),
            })
        })
        .collect::<Result<_>>()?;
    places.sort_by_key(|place| place.asset);
    Ok(places)
}

fn asset(
    row: &[u8],
    places: &[Place],
    folders: &Folders,
    names: &mut String,
) -> Result<AssetColumns> {
    let mut fields = Fields::new(row);
    let seq = fields.u32()?;
    let kind = Kind::of(fields.text()?)?;
    let (width, height, duration_ms) = (fields.u32()?, fields.u32()?, fields.maybe_u32()?);
    let (bytes, created_at) = (fields.int()?.unsigned_abs(), fields.int()?);
    let took_ms = fields.maybe_u32()?;
    let (practice, preview) = (fields.int()? != 0, fields.int()? != 0);
    let (server, batch) = (fields.maybe_u32()?, fields.maybe_u32()?);
    let job = rows::maybe_id(Some(fields.text()?).filter(|id| !id.is_empty()))?;
    let (recipe, phash) = (fields.maybe_u32()?, fields.maybe_int()?.map(i64::cast_unsigned));
    let marks = Marks {
        rating: fields.u32()?.try_into().unwrap_or(0),
        favourite: fields.int()? != 0,
        flag: fields.int()?.try_into().unwrap_or(0),
        binned_at: fields.maybe_int()?,
    };
    let state = |place: &Place| {
        let root = folders.roots.get(&place.folder).copied();
        // What can be reached comes first.
        (folders.away.contains(&place.folder), place.missing, root)
    };
    let best = places.iter().map(state).min_by_key(|(away, missing, _)| (*missing, *away));
    Ok(AssetColumns {
        seq,
        kind,
        width,
        height,
        duration_ms,
        bytes,
        created_at,
        took_ms,
        practice,
        preview,
        server,
        batch,
        job,
        recipe,
        phash,
        marks,
        names: put_names(names, fields.rest(), places),
        several: places.len() > 1,
        root: best.and_then(|best| best.2),
        away: best.is_some_and(|(away, missing, _)| away && !missing),
        missing: best.is_none_or(|(_, missing, _)| missing),
    })
}

/// Writes a title and file names, one a line. Answers with where.
fn put_names(names: &mut String, title: &[u8], places: &[Place]) -> Range<u32> {
    let place = |names: &String| u32::try_from(names.len()).unwrap_or(u32::MAX);
    let from = place(names);
    names.push_str(&String::from_utf8_lossy(title));
    for (at, this) in places.iter().enumerate() {
        if places[..at].iter().any(|other| other.name == this.name) {
            continue;
        }
        names.push('\n');
        let name = String::from_utf8_lossy(this.name);
        if name.contains('\n') {
            names.push_str(&name.replace('\n', " "));
        } else {
            names.push_str(&name);
        }
    }
    from..place(names)
}

pub(super) fn unpack_recipes(packed: &[u8]) -> Result<RecipeChunk> {
    let mut recipes = lines(packed, b'\n')
        .map(|line| {
            let mut fields = Fields::separated(line, b';');
            let (id, text, structure) = (fields.u32()?, fields.u32()?, fields.maybe_u32()?);
            let seed = fields.text()?.parse().ok();
            let (sampler, scheduler) = (fields.maybe_u32()?, fields.maybe_u32()?);
            let (steps, cfg, denoise) =
                (fields.maybe_u32()?, fields.maybe_real()?, fields.maybe_real()?);
            let (models, loras) = (json_ids(fields.bytes())?, json_ids(fields.bytes())?);
            let has = fields.int()?;
            Ok(RecipeColumns {
                id,
                text,
                structure,
                seed,
                sampler,
                scheduler,
                steps,
                cfg,
                denoise,
                models,
                loras,
                prompt: has & HAS_PROMPT != 0,
                negative: has & HAS_NEGATIVE != 0,
                sources: has & HAS_SOURCES != 0,
                rerunnable: has & HAS_WORKFLOW != 0,
            })
        })
        .collect::<Result<RecipeChunk>>()?;
    recipes.sort_unstable_by_key(|recipe| recipe.id);
    Ok(recipes)
}

//! Marks from XMP sidecars. An asset follows its sidecar until the artist says something else.

use super::{
    RootId,
    adding::whole,
    intern::{joined, split},
    json_list, marks, tags,
};
use crate::{Result, Store, rows};
use sqlx::{Row, SqliteConnection};
use std::collections::{BTreeMap, HashMap};

/// What a sidecar says of the file that it is beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sidecar {
    /// The file's path below its root.
    pub path: Vec<u8>,
    /// The sidecar's own size.
    pub bytes: u64,
    /// When the sidecar was last written, in nanoseconds since 1970.
    pub mtime: i64,
    /// Stars, 0 (none) to 5.
    pub rating: u8,
    /// -1 rejected, 0 not.
    pub flag: i8,
    /// Tags.
    pub tags: Vec<String>,
}

/// Marks by tags as they are compared, with their names.
type Tags = BTreeMap<String, String>;

/// The marks of an asset, or those that it took from a sidecar.
struct Said {
    rating: u8,
    flag: i8,
    tags: Tags,
}

impl Store {
    /// Size and time of the sidecars below a root that were read, by the paths of their files.
    pub async fn sidecars(&self, root: RootId) -> Result<HashMap<Vec<u8>, (u64, i64)>> {
        let found = sqlx::query(
            "SELECT path, name, bytes, mtime FROM folder JOIN sidecar ON sidecar.folder = folder.id
            WHERE root = ?",
        )
        .bind(root.0)
        .fetch_all(&self.read)
        .await?;
        let mut sidecars = HashMap::with_capacity(found.len());
        for row in &found {
            let path = joined(row.try_get("path")?, row.try_get("name")?);
            let bytes = row.try_get::<i64, _>("bytes")?.unsigned_abs();
            sidecars.insert(path, (bytes, row.try_get("mtime")?));
        }
        Ok(sidecars)
    }

    /// Takes marks from sidecars, all or nothing: each mark that is as the last sidecar said, or as it is
    /// by itself where there was none, becomes what this one says; what the artist changed stays. Files
    /// that are not in the library are passed over. Answers with how many assets have other marks now.
    pub async fn take_sidecars(&self, root: RootId, sidecars: &[Sidecar]) -> Result<u32> {
        let mut tx = self.write.begin().await?;
        let mut changed = 0;
        for sidecar in sidecars {
            changed += u32::from(take(&mut tx, root, sidecar).await?);
        }
        tx.commit().await?;
        Ok(changed)
    }
}

async fn take(connection: &mut SqliteConnection, root: RootId, sidecar: &Sidecar) -> Result<bool> {
    let (folder, name) = split(&sidecar.path);
    let row = sqlx::query(
        "SELECT place.folder, place.asset, asset.rating, asset.flag,
            (SELECT json_group_array(tag.name) FROM asset_tag JOIN tag ON tag.id = asset_tag.tag
                WHERE asset_tag.asset = seq) AS tags,
            coalesce(sidecar.rating, 0) AS took_rating, coalesce(sidecar.flag, 0) AS took_flag,
            coalesce(sidecar.tags, '[]') AS took_tags
        FROM folder JOIN place ON place.folder = folder.id JOIN asset ON seq = place.asset
            LEFT JOIN sidecar ON sidecar.folder = place.folder AND sidecar.name = place.name
        WHERE root = ? AND path = ? AND place.name = ?",
    )
    .bind(root.0)
    .bind(folder)
    .bind(name)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let ours = Said {
        rating: row.try_get("rating")?,
        flag: row.try_get("flag")?,
        tags: by_fold(rows::from_json::<Vec<String>>(row.try_get("tags")?)?),
    };
    let mut took = Said {
        rating: row.try_get("took_rating")?,
        flag: row.try_get("took_flag")?,
        tags: by_fold(rows::from_json::<Vec<String>>(row.try_get("took_tags")?)?),
    };
    let says = Said {
        rating: sidecar.rating.min(5),
        flag: sidecar.flag.signum(),
        tags: by_fold(sidecar.tags.clone()),
    };
    let (folder, seq): (i64, u32) = (row.try_get("folder")?, row.try_get("asset")?);
    let followed = follow(&ours, &mut took, &says);
    if followed.rating || followed.flag {
        sqlx::query("UPDATE asset SET rating = ?, flag = ? WHERE seq = ?")
            .bind(if followed.rating { says.rating } else { ours.rating })
            .bind(if followed.flag { says.flag } else { ours.flag })
            .bind(seq)
            .execute(&mut *connection)
            .await?;
    }
    // Nobody undoes what a sidecar did.
    let (list, mut before) = (json_list([seq]), marks::Before::new());
    for tag in &followed.more {
        marks::add_tag(connection, &list, tag, &mut before).await?;
    }
    for tag in &followed.less {
        marks::remove_tag(connection, &list, tag, &mut before).await?;
    }
    sqlx::query(
        "INSERT INTO sidecar (folder, name, bytes, mtime, rating, flag, tags)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (folder, name) DO UPDATE SET bytes = excluded.bytes, mtime = excluded.mtime,
            rating = excluded.rating, flag = excluded.flag, tags = excluded.tags",
    )
    .bind(folder)
    .bind(name)
    .bind(whole(sidecar.bytes))
    .bind(sidecar.mtime)
    .bind(took.rating)
    .bind(took.flag)
    .bind(serde_json::Value::from_iter(took.tags.into_values()).to_string())
    .execute(&mut *connection)
    .await?;
    Ok(followed.rating || followed.flag || !before.is_empty())
}

/// What an asset follows its sidecar in.
#[derive(Debug, Default, PartialEq, Eq)]
struct Followed {
    rating: bool,
    flag: bool,
    /// Tags more.
    more: Vec<String>,
    /// Tags less.
    less: Vec<String>,
}

/// What is to change of an asset's marks; `took` is changed along. What is as it was taken is followed,
/// each tag by itself: one that the artist took off stays off, and one that the artist put on stays on.
fn follow(ours: &Said, took: &mut Said, says: &Said) -> Followed {
    let mut followed = Followed::default();
    if ours.rating == took.rating && says.rating != took.rating {
        followed.rating = true;
        took.rating = says.rating;
    }
    if ours.flag == took.flag && says.flag != took.flag {
        followed.flag = true;
        took.flag = says.flag;
    }
    for (fold, name) in &says.tags {
        if !took.tags.contains_key(fold) && !ours.tags.contains_key(fold) {
            followed.more.push(name.clone());
            took.tags.insert(fold.clone(), name.clone());
        }
    }
    took.tags.retain(|fold, name| {
        let less = ours.tags.contains_key(fold) && !says.tags.contains_key(fold);
        if less {
            followed.less.push(name.clone());
        }
        !less
    });
    followed
}

fn by_fold(names: Vec<String>) -> Tags {
    let named = names.iter().filter_map(|name| tags::normal(name));
    named.map(|(name, fold)| (fold, name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rating: u8, flag: i8, tags: &[&str]) -> Said {
        Said { rating, flag, tags: by_fold(tags.iter().map(|tag| (*tag).to_owned()).collect()) }
    }

    #[test]
    fn what_the_artist_changed_stays_and_all_else_follows() {
        // What the asset has, what it took before, what the sidecar says now, and what comes of it:
        // stars, flag, tags, and what was taken by then.
        type Case = (Said, Said, Said, (u8, i8, &'static str), (u8, i8, &'static str));
        let nothing = || said(0, 0, &[]);
        let cases: [(&str, Case); 8] = [
            (
                "the first time",
                (nothing(), nothing(), said(3, 0, &["a", "b"]), (3, 0, "a b"), (3, 0, "a b")),
            ),
            (
                "what was set before it was read",
                (
                    said(5, 1, &["A"]),
                    nothing(),
                    said(3, -1, &["a", "b"]),
                    (5, 1, "A b"),
                    (0, 0, "b"),
                ),
            ),
            (
                "changed by another program",
                (
                    said(3, 0, &["a", "b"]),
                    said(3, 0, &["a", "b"]),
                    said(0, -1, &["b", "c"]),
                    (0, -1, "b c"),
                    (0, -1, "b c"),
                ),
            ),
            (
                "changed here and there",
                (
                    said(5, 0, &["a", "mine"]),
                    said(3, 0, &["a", "b"]),
                    said(1, 0, &["b", "c"]),
                    (5, 0, "c mine"),
                    (3, 0, "b c"),
                ),
            ),
            (
                "a tag that was taken off here stays off when it comes again",
                (said(0, 0, &[]), said(0, 0, &["b"]), said(0, 0, &["B"]), (0, 0, ""), (0, 0, "b")),
            ),
            (
                "back to what was taken it is followed again",
                (said(3, 0, &[]), said(3, 0, &[]), said(4, 0, &[]), (4, 0, ""), (4, 0, "")),
            ),
            (
                "a sidecar that says nothing any more",
                (said(4, -1, &["a"]), said(4, -1, &["a"]), nothing(), (0, 0, ""), (0, 0, "")),
            ),
            (
                "the artist's own stay",
                (said(2, 1, &["mine"]), nothing(), nothing(), (2, 1, "mine"), (0, 0, "")),
            ),
        ];
        let words = |tags: &Tags| tags.values().cloned().collect::<Vec<_>>().join(" ");
        for (name, (mut ours, mut took, says, now, then)) in cases {
            let followed = follow(&ours, &mut took, &says);
            if followed.rating {
                ours.rating = says.rating;
            }
            if followed.flag {
                ours.flag = says.flag;
            }
            ours.tags.extend(by_fold(followed.more));
            for less in by_fold(followed.less).into_keys() {
                ours.tags.remove(&less);
            }
            assert_eq!((ours.rating, ours.flag, &*words(&ours.tags)), now, "{name}");
            assert_eq!((took.rating, took.flag, &*words(&took.tags)), then, "{name}: taken");
            // Read once more, nothing is different.
            assert_eq!(follow(&ours, &mut took, &says), Followed::default(), "{name}: again");
        }
    }
}

//! The library: every output and every imported file, and all that can be asked about them.
//!
//! An *asset* is one content. It lies at one or more *places*, each below a *root*. What made it is a
//! *recipe*, which many assets share; the words of a recipe are a *text*, which many recipes share.
//! Words are looked up among texts and widget values among recipes; what matches of the assets is then
//! found in memory, from the columns that [`Store::columns`](crate::Store::columns) gives.
//!
//! Many rows come over as few large values that SQLite packs (`packed.rs`): a row by itself costs more
//! on its way from the database's thread than all that is in it.

mod add;
mod adding;
mod anew;
mod asset_info;
mod assets;
mod by_content;
mod carry_over;
mod collections;
mod columns;
mod contents;
mod imports;
mod intern;
mod looks;
mod marks;
mod mounts;
mod own_files;
mod packed;
mod params;
mod places;
mod postings;
mod recipes;
mod removing;
mod roots;
mod sidecars;
mod tags;
mod unpack;
mod unspaced;
mod words;
mod writing;

pub use add::{Added, Came, NewAsset, NewMade, NewPlace, NewRecipe};
pub use anew::{RecipeFile, RulesOf};
pub use asset_info::{AssetInfo, MadeRow, RecipeInfo};
pub use collections::CollectionRow;
pub use columns::{
    AssetChunk, AssetColumns, Changes, NameKind, NameRow, RecipeChunk, RecipeColumns,
};
pub use contents::{UnreadFile, is_stand_in, stand_in};
pub use imports::{ImportLine, ImportRow, ImportState, MOST_IMPORT_LINES};
pub use looks::Unlooked;
pub use marks::{AssetMarks, BinRow, MarkChange};
pub use mounts::MountRow;
pub use own_files::{OwnFile, PlaceSwitch};
pub use params::{NewParam, ParamRow, UnreadRecipe};
pub use places::{FolderPlaces, PlaceFile, PlaceRow, PlaceState};
pub use removing::RemovedPlace;
pub use roots::{RootId, RootKind, RootRow};
pub use sidecars::Sidecar;
pub use tags::TagRow;
pub use words::{TextColumn, TextTerm, WidgetTerm, WidgetTest};

pub(crate) use carry_over::carry_over;
pub(crate) use marks::put as put_marks;

use crate::{Result, StoreError};
use sqlx::SqliteConnection;

/// What an asset is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A still or animated picture.
    Picture,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// A 3D model.
    Model,
    /// A text.
    Text,
    /// Any other file.
    #[default]
    Other,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Picture, Self::Video, Self::Audio, Self::Model, Self::Text, Self::Other];

    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Model => "model",
            Self::Text => "text",
            Self::Other => "other",
        }
    }

    /// Whether it looks like something: a picture or a video.
    pub fn has_picture(self) -> bool {
        matches!(self, Self::Picture | Self::Video)
    }

    /// From as it is stored.
    pub fn of(name: &str) -> Result<Self> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| StoreError::Value(format!("asset kind {name}")))
    }
}

/// Text as it is stored where a line ends with it: control characters become spaces.
pub(crate) fn one_line(text: &str) -> String {
    if text.contains(char::is_control) {
        text.replace(char::is_control, " ")
    } else {
        text.to_owned()
    }
}

/// The largest number that was ever given in a table; the next ones are counted on from it.
async fn newest(connection: &mut SqliteConnection, table: &str) -> Result<i64> {
    let newest = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = ?")
        .bind(table)
        .fetch_optional(connection)
        .await?;
    Ok(newest.unwrap_or(0))
}

/// The largest numbers that were ever given.
#[derive(sqlx::FromRow)]
struct Newest {
    asset: i64,
    recipe: i64,
    text: i64,
    param: i64,
}

impl Newest {
    async fn read(connection: &mut SqliteConnection) -> Result<Self> {
        let newest = sqlx::query_as(
            "SELECT
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'asset'), 0) AS asset,
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'recipe'), 0) AS recipe,
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'text'), 0) AS text,
                coalesce((SELECT max(id) FROM param), 0) AS param",
        );
        Ok(newest.fetch_one(connection).await?)
    }
}

/// Numbers as a JSON array, to bind many at once.
pub(crate) fn json_list<T: std::fmt::Display>(numbers: impl IntoIterator<Item = T>) -> String {
    use std::fmt::Write;
    let mut list = String::from("[");
    for (at, number) in numbers.into_iter().enumerate() {
        if at > 0 {
            list.push(',');
        }
        // Writing to a String cannot fail.
        let _ = write!(list, "{number}");
    }
    list.push(']');
    list
}

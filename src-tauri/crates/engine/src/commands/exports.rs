//! Commands that write outputs out, and work that takes a while.

use crate::{
    Engine, convert,
    export::{self, Item, MOST_ON_A_SHEET, Named},
    roots::names,
    sidecars,
    view::{CommandError, CommandErrorCode, ExportInto, ExportPlan, WorkKind, WorkView},
};
use chrono::{Local, TimeZone};
use std::path::Path;
use store::{AssetRow, PlaceState};

/// Outputs that are looked up together.
const AT_ONCE: usize = 2_000;
/// The largest picture that is put into the clipboard, in bytes of its file.
const LARGEST_COPY: u64 = 256 << 20;

impl Engine {
    /// Begins to write copies of outputs.
    ///
    /// # Errors
    /// When nothing is chosen, the place makes no sense, or the database cannot be read.
    pub async fn export_start(
        &self,
        keys: Vec<u32>,
        plan: ExportPlan,
    ) -> Result<WorkView, CommandError> {
        let bad = |text: String| CommandError::new(CommandErrorCode::BadInput, text);
        if !Path::new(&plan.to).is_absolute() {
            return Err(bad("Choose where to write by its full path.".to_owned()));
        }
        if plan.into == ExportInto::ContactSheet && keys.len() > MOST_ON_A_SHEET {
            return Err(bad(format!(
                "A contact sheet has room for {MOST_ON_A_SHEET} pictures. Choose fewer, or export into a folder."
            )));
        }
        let core = self.core();
        let mut items = Vec::with_capacity(keys.len());
        let mut away = Vec::new();
        for keys in keys.chunks(AT_ONCE) {
            let rows = core.store.assets_by_seq(keys).await?;
            let places = core.store.places(keys).await?;
            let tags = core.store.tags_of(keys).await?;
            for row in rows {
                let here = places.get(&row.seq).into_iter().flatten();
                match here.into_iter().find(|place| place.state == PlaceState::Here) {
                    Some(place) => {
                        let tags = tags.get(&row.seq).cloned().unwrap_or_default();
                        items.push(item(
                            row,
                            names::join(&names::path_of(&place.root_path), &place.path),
                            tags,
                        ));
                    }
                    None => away.push(format!("{} cannot be reached now.", row.path)),
                }
            }
        }
        if items.is_empty() {
            return Err(bad("There is nothing to export: choose pictures first.".to_owned()));
        }
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let what = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let name = Path::new(&plan.to).file_name().unwrap_or_default().to_string_lossy();
        let title = format!("Exporting {what} to {name}");
        Ok(core.works.begin(&core.tasks, WorkKind::Export, title, count, |progress| async move {
            for text in away {
                progress.problem(text);
            }
            tokio::task::spawn_blocking(move || export::run(&items, &plan, &progress))
                .await
                .unwrap_or_else(|error| Err(format!("The export ended early: {error}")))
                .map(Some)
        }))
    }

    /// Work that goes on, and what ended lately.
    pub fn work_list(&self) -> Vec<WorkView> {
        self.core().works.all()
    }

    /// Stops work between two steps.
    ///
    /// # Errors
    /// When it is not known any more.
    pub fn work_cancel(&self, id: u32) -> Result<(), CommandError> {
        if self.core().works.cancel(id) { Ok(()) } else { Err(CommandError::not_found("The work")) }
    }

    /// A picture as PNG, for the clipboard.
    ///
    /// # Errors
    /// When it is no picture, cannot be reached, or cannot be decoded.
    pub async fn asset_png(&self, key: u32) -> Result<Vec<u8>, CommandError> {
        let path = self.asset_files(&[key]).await?.swap_remove(0);
        let read = super::blocking(move || png(&path)).await?;
        read.map_err(|error| CommandError {
            code: CommandErrorCode::BadInput,
            message: "This file cannot be copied as a picture.".to_owned(),
            details: Some(error.to_string()),
            retry: false,
        })
    }
}

fn png(path: &Path) -> Result<Vec<u8>, media::MediaError> {
    use media::export::{Metadata, PictureExport, PictureFormat, Resize, export_picture};
    let mut original = media::Original::open(path)?;
    if original.length() > LARGEST_COPY {
        return Err(media::MediaError::TooLarge("for the clipboard".to_owned()));
    }
    let to = tempfile::Builder::new().suffix(".png").tempdir()?;
    let to = to.path().join("picture.png");
    let how = PictureExport {
        format: PictureFormat::Png,
        resize: Resize::Keep,
        metadata: Metadata::Strip,
    };
    export_picture(&mut original, &how, &media::Tools::find(), &to, &media::Stop::never())?;
    Ok(std::fs::read(&to)?)
}

fn item(row: AssetRow, path: std::path::PathBuf, tags: Vec<String>) -> Item {
    let made = Local.timestamp_millis_opt(row.created_at).single().unwrap_or_default();
    let stem = |name: &str| {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
    };
    let named = Named {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        title: row.title,
        date: made.format("%Y-%m-%d").to_string(),
        time: made.format("%H-%M-%S").to_string(),
        seed: row.facts.seed.unwrap_or_default(),
        model: row.facts.models.first().map(|model| stem(model)).unwrap_or_default(),
        rating: row.marks.rating,
    };
    let marks = sidecars::written(row.marks.rating, row.marks.flag, tags);
    Item { kind: convert::asset_kind(&row.kind), path, named, marks }
}

//! Commands that write outputs out, and work that takes a while.

use crate::{
    Engine, convert,
    core::Core,
    export::{self, HowFar, Item, Journal, Named, Outputs, Underway, What, Written},
    roots::names,
    sidecars,
    view::{
        CommandError, CommandErrorCode, ExportInto, ExportPlan, Unstripped, WorkKind, WorkView,
    },
};
use chrono::{Local, TimeZone};
use media::export::ContactSheet;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{AssetRow, PlaceState};
use uuid::Uuid;

/// Outputs that are looked up together.
const AT_ONCE: usize = 2_000;
/// The largest picture that is put into the clipboard, in bytes of its file.
const LARGEST_COPY: u64 = 256 << 20;

/// What is written, made ready.
pub(super) enum Ready {
    Outputs(Outputs),
    /// A sweep's sheet, and sentences about pictures that are not on it.
    Sheet(ContactSheet, Vec<String>),
}

impl Engine {
    /// Begins to write copies of outputs. It goes on after a kill or a quit.
    ///
    /// # Errors
    /// When nothing is chosen, the place makes no sense, or the database or the data folder cannot be
    /// read or written.
    pub async fn export_start(
        &self,
        mut keys: Vec<u32>,
        plan: ExportPlan,
    ) -> Result<WorkView, CommandError> {
        let mut seen = HashSet::new();
        keys.retain(|key| seen.insert(*key));
        let bad = |text: String| CommandError::new(CommandErrorCode::BadInput, text);
        if !Path::new(&plan.to).is_absolute() {
            return Err(bad("Choose where to write by its full path.".to_owned()));
        }
        let mut outputs = outputs(self.core(), &keys, plan).await?;
        if outputs.items.is_empty() {
            return Err(bad(nothing_there(&outputs)));
        }
        // They are numbered without those that cannot be reached.
        let keys: Vec<u32> = outputs.items.iter().map(|item| keys[item.at]).collect();
        for (at, item) in outputs.items.iter_mut().enumerate() {
            item.at = at;
        }
        let title = title("", keys.len(), &outputs.plan);
        let what = What::Outputs { keys, plan: outputs.plan.clone() };
        let of = outputs.items.len();
        self.begin_export(what, title, of, Ready::Outputs(outputs)).await
    }

    /// Which of these outputs such an export would leave out, because they cannot be written without
    /// workflow and prompt.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn export_unstripped(
        &self,
        keys: &[u32],
        plan: ExportPlan,
    ) -> Result<Unstripped, CommandError> {
        let outputs = outputs(self.core(), keys, plan).await?;
        super::blocking(move || export::unstrippable(&outputs.items, &outputs.plan)).await
    }

    /// Begins an export, and keeps it until it is over.
    pub(super) async fn begin_export(
        &self,
        what: What,
        title: String,
        of: usize,
        ready: Ready,
    ) -> Result<WorkView, CommandError> {
        let data = self.core().data.clone();
        let kept = what.clone();
        let journal = super::blocking(move || Journal::create(&data, &kept)).await?;
        let journal = journal.map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        let ready = std::future::ready(Ok(ready));
        Ok(self.export(journal, what, HowFar::default(), title, of, ready))
    }

    fn export(
        &self,
        journal: Journal,
        what: What,
        far: HowFar,
        title: String,
        of: usize,
        ready: impl Future<Output = Result<Ready, CommandError>> + Send + 'static,
    ) -> WorkView {
        let core = self.core();
        let count = u32::try_from(of).unwrap_or(u32::MAX);
        core.works.begin(&core.tasks, WorkKind::Export, title, count, |progress| {
            let journal = Arc::new(journal);
            let cancelled = journal.clone();
            progress.when_cancelled(move || cancelled.over());
            async move {
                let ready = ready.await.map_err(|error| error.message);
                let under = Underway::new(journal.clone(), &what, far, of, progress);
                let work = move || under.run(|under| write(&what, ready?, under));
                tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
                    // It would end so again.
                    journal.over();
                    Err(format!("The export ended early: {error}"))
                })
            }
        })
    }

    /// Goes on with exports that a kill or a quit broke off.
    pub(crate) async fn go_on_exporting(self, broken_off: Vec<Uuid>) {
        for id in broken_off {
            let data = self.core().data.clone();
            match super::blocking(move || open(&data, id)).await {
                Ok(Ok(Some((journal, what, far)))) => self.go_on_with(journal, what, far),
                Ok(Ok(None)) => {}
                Ok(Err(why)) => self.tell_unreadable(why),
                Err(error) => tracing::error!(?error, %id, "an export does not go on"),
            }
        }
    }

    fn go_on_with(&self, journal: Journal, what: What, far: HowFar) {
        let engine = self.clone();
        match what.clone() {
            What::Outputs { keys, plan } => {
                let rest =
                    if plan.into == ExportInto::Folder && far.begun { "the rest of " } else { "" };
                let (title, of) = (title(rest, keys.len(), &plan), keys.len());
                let ready =
                    async move { Ok(Ready::Outputs(outputs(engine.core(), &keys, plan).await?)) };
                self.export(journal, what, far, title, of, ready);
            }
            What::Sweep { of, cells } => {
                let title = format!("Exporting a sheet to {}", file_name(&of.to));
                let ready = async move { Ok(engine.ready_sheet(&of).await?.ready) };
                self.export(journal, what, far, title, cells, ready);
            }
        }
    }

    fn tell_unreadable(&self, why: String) {
        let core = self.core();
        let title = "Exporting what was begun earlier".to_owned();
        core.works.begin(&core.tasks, WorkKind::Export, title, 0, |_| async { Err(why) });
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

/// What is kept of an export that was broken off; nothing if it was over.
fn open(data: &Path, id: Uuid) -> Result<Option<(Journal, What, HowFar)>, String> {
    match Journal::open(data, id) {
        Ok((journal, what, far)) if far.over => {
            export::tidy(&journal, &what);
            Ok(None)
        }
        Ok(opened) => Ok(Some(opened)),
        Err(error) => {
            let aside = export::put_aside(data, id)
                .map_or_else(|error| error.to_string(), |aside| aside.display().to_string());
            Err(format!(
                "What was kept of an export that was broken off cannot be read ({error}). Look at what it wrote, and export what is missing. What cannot be read was put aside: {aside}"
            ))
        }
    }
}

fn write(what: &What, ready: Ready, under: &Underway) -> Written {
    match ready {
        Ready::Outputs(outputs) => export::run(&outputs, under),
        Ready::Sheet(sheet, away) => {
            for text in away {
                under.progress.problem(text);
            }
            export::write_sheet(&sheet, what.to(), under)
        }
    }
}

/// What an export of so many files is called.
fn title(part: &str, count: usize, plan: &ExportPlan) -> String {
    let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let to = Path::new(&plan.to);
    let sheets = export::sheets_of(count, plan);
    if plan.into == ExportInto::ContactSheet && sheets > 1 {
        let folder = file_name(to.parent().unwrap_or(to));
        return format!("Exporting {files} onto {sheets} sheets in {folder}");
    }
    format!("Exporting {part}{files} to {}", file_name(to))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Why none of the chosen can be exported.
fn nothing_there(outputs: &Outputs) -> String {
    let whys = outputs.missing.iter().filter_map(|(_, why)| why.as_deref());
    match (outputs.missing.len(), whys.clone().next()) {
        (0, _) => "There is nothing to export: choose pictures first.".to_owned(),
        (_, None) => {
            "There is nothing to export: what you chose is not in the library any more.".to_owned()
        }
        (1, Some(why)) => format!("There is nothing to export. {why}"),
        (all, Some(why)) => {
            format!("There is nothing to export: none of the {all} files can be reached now. {why}")
        }
    }
}

/// Looks up what is exported.
async fn outputs(core: &Core, keys: &[u32], plan: ExportPlan) -> Result<Outputs, CommandError> {
    let mut outputs = Outputs { items: Vec::with_capacity(keys.len()), missing: Vec::new(), plan };
    for (part, keys) in keys.chunks(AT_ONCE).enumerate() {
        let rows = core.store.assets_by_seq(keys).await?;
        let mut rows: HashMap<u32, AssetRow> = rows.into_iter().map(|row| (row.seq, row)).collect();
        let places = core.store.places(keys).await?;
        let mut tags = core.store.tags_of(keys).await?;
        for (at, key) in keys.iter().enumerate() {
            let at = part * AT_ONCE + at;
            let Some(row) = rows.remove(key) else {
                outputs.missing.push((at, None));
                continue;
            };
            let here = places.get(key).into_iter().flatten();
            match here.into_iter().find(|place| place.state == PlaceState::Here) {
                Some(place) => {
                    let path = names::join(&names::path_of(&place.root_path), &place.path);
                    let tags = tags.remove(key).unwrap_or_default();
                    outputs.items.push(item(at, row, path, tags));
                }
                None => {
                    let why = format!("{} cannot be reached now.", row.path);
                    outputs.missing.push((at, Some(why)));
                }
            }
        }
    }
    Ok(outputs)
}

fn item(at: usize, row: AssetRow, path: PathBuf, tags: Vec<String>) -> Item {
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
    let longest = row.width.max(row.height);
    Item { at, kind: convert::asset_kind(&row.kind), longest, path, named, marks }
}

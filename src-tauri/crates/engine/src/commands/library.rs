//! Commands that ask the library.

use super::blocking;
use crate::{
    Engine, convert,
    finding::{self, Answer},
    roots::names,
    view::{
        AlikeView, AssetDetail, CommandError, CommandErrorCode, CompletionView, FacetValue,
        FacetView, FilePlace, FileState, LibraryAnswer, LibraryCell, LibraryQuery, LibrarySort,
        QueryPart, WidgetView,
    },
};
use catalog::{
    Disk, Facet, Index, Query, Sort, has_token, widget_token, with_token, without_token,
};
use domain::AssetId;
use std::{collections::HashMap, path::PathBuf, sync::Arc};
use store::PlaceState;

/// Cells that come with an answer.
const FIRST: usize = 200;
/// Cells that are described at once.
const MOST_CELLS: usize = 1_000;
/// Values listed of a group of the side bar.
const MOST_VALUES: usize = 30;
/// How often a question is asked while the index is read anew again and again.
const MOST_TRIES: u32 = 5;
/// Widgets told of one output.
const MOST_WIDGETS: usize = 2_000;

impl Engine {
    /// Asks the library. While its index is read after the start, the newest outputs are answered at
    /// once; any other question waits for the index.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn library_query(&self, query: LibraryQuery) -> Result<LibraryAnswer, CommandError> {
        let core = self.core();
        if !core.finder.is_whole()
            && query.text.trim().is_empty()
            && query.sort == LibrarySort::Newest
        {
            return self.newest().await;
        }
        let sort = sort(&query);
        let mut tries = 0;
        let (ticket, answer, first, total) = loop {
            let asked = finding::ask(core, query.text.clone(), sort, query.stacks);
            let (ticket, answer) = asked.await?;
            tries += 1;
            // The index may have been read anew meanwhile, and its rows are others then.
            let Some(index) = core.finder.index_of(&answer) else {
                if tries < MOST_TRIES {
                    continue;
                }
                return Err(asked_since());
            };
            let entries = answer.found.entries().take(FIRST);
            let first: Vec<(u32, u32)> =
                entries.map(|(row, count)| (index.seq(row), count)).collect();
            let total = count(index.total());
            drop(index);
            break (ticket, answer, first, total);
        };
        let keys: Vec<u32> = first.iter().map(|(key, _)| *key).collect();
        let counts: HashMap<u32, u32> = first.into_iter().collect();
        let mut first = self.cells(&keys).await?;
        for cell in &mut first {
            cell.stack = counts.get(&cell.key).copied().unwrap_or(1);
        }
        Ok(LibraryAnswer {
            ticket,
            revision: answer.revision,
            total,
            shown: count(answer.found.rows.len()),
            cells: count(answer.found.len()),
            bytes: answer.bytes,
            parts: parts(&answer),
            first,
            whole: true,
        })
    }

    async fn newest(&self) -> Result<LibraryAnswer, CommandError> {
        let store = &self.core().store;
        let rows = store.newest(FIRST as u32).await?;
        let keys: Vec<u32> = rows.iter().map(|row| row.seq).collect();
        let total = store.counts(i64::MAX).await?.assets;
        Ok(LibraryAnswer {
            ticket: 0,
            revision: 0,
            total,
            shown: total,
            cells: count(keys.len()),
            bytes: store.asset_bytes_total().await?,
            parts: Vec::new(),
            first: self.cells(&keys).await?,
            whole: false,
        })
    }

    /// The cells of an answer as columns, little-endian: count, keys, seconds since 1970, shapes (256
    /// times width by height; 0: none), stack counts.
    ///
    /// # Errors
    /// When the answer is not kept any more.
    pub async fn library_columns(&self, ticket: u32) -> Result<Vec<u8>, CommandError> {
        let answer = self.answer(ticket)?;
        let finder = self.core().finder.clone();
        let columns = move || {
            let cells: Vec<(u32, u32)> = answer.found.entries().collect();
            finder.index_of(&answer).map(|index| columns(&index, &cells))
        };
        super::blocking(columns).await?.ok_or_else(asked_since)
    }

    fn answer(&self, ticket: u32) -> Result<Arc<Answer>, CommandError> {
        self.core().finder.answer(ticket).ok_or_else(asked_since)
    }

    /// Cells by their numbers, in the order asked for; those that are gone are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn library_cells(
        &self,
        mut keys: Vec<u32>,
    ) -> Result<Vec<LibraryCell>, CommandError> {
        keys.truncate(MOST_CELLS);
        self.cells(&keys).await
    }

    async fn cells(&self, keys: &[u32]) -> Result<Vec<LibraryCell>, CommandError> {
        let rows = self.core().store.assets_by_seq(keys).await?;
        Ok(rows.into_iter().map(convert::library_cell).collect())
    }

    /// The outputs of the stack that a cell of an answer stands for, in the answer's order: columns as those
    /// of [`Engine::library_columns`], each cell standing for itself.
    ///
    /// # Errors
    /// When the answer is not kept any more.
    pub async fn library_stack(&self, ticket: u32, key: u32) -> Result<Vec<u8>, CommandError> {
        let answer = self.answer(ticket)?;
        let finder = self.core().finder.clone();
        let stack = move || {
            let index = finder.index_of(&answer)?;
            let entry = index.row(key).and_then(|row| answer.found.entry_of(row));
            let rows = entry.map(|entry| answer.found.entry(entry)).unwrap_or_default();
            let cells: Vec<(u32, u32)> = rows.iter().map(|row| (*row, 1)).collect();
            Some(columns(&index, &cells))
        };
        super::blocking(stack).await?.ok_or_else(asked_since)
    }

    /// The numbers of all outputs that cells of an answer stand for: of a stack all that is in it.
    ///
    /// # Errors
    /// When the answer is not kept any more.
    pub async fn library_members(
        &self,
        ticket: u32,
        keys: Vec<u32>,
    ) -> Result<Vec<u32>, CommandError> {
        let answer = self.answer(ticket)?;
        let finder = self.core().finder.clone();
        let members = move || {
            let index = finder.index_of(&answer)?;
            let rows = keys.into_iter().filter_map(|key| index.row(key)).collect();
            let rows = answer.found.with_their_stacks(&rows);
            Some(rows.into_iter().map(|row| index.seq(row)).collect())
        };
        super::blocking(members).await?.ok_or_else(asked_since)
    }

    /// The groups of the side bar for an answer. The first, `place`, has the parts of the library.
    ///
    /// # Errors
    /// When the answer is not kept any more.
    pub async fn library_facets(&self, ticket: u32) -> Result<Vec<FacetView>, CommandError> {
        let answer = self.answer(ticket)?;
        let finder = self.core().finder.clone();
        let facets = move || finder.index_of(&answer).map(|index| facets(&index, &answer));
        super::blocking(facets).await?.ok_or_else(asked_since)
    }

    /// What could be typed at a caret, given in UTF-16 units.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn library_complete(
        &self,
        text: String,
        caret: u32,
    ) -> Result<Vec<CompletionView>, CommandError> {
        let (at, offers) = finding::complete(self.core(), &text, caret as usize).await?;
        let (before, behind) = (&text[..at.replace.start], &text[at.replace.end..]);
        Ok(offers
            .into_iter()
            .map(|offer| CompletionView {
                caret: count((before.chars().chain(offer.text.chars())).map(char::len_utf16).sum()),
                text: format!("{before}{}{behind}", offer.text),
                label: offer.label,
                count: offer.count,
            })
            .collect())
    }

    /// The number of an output in the library.
    ///
    /// # Errors
    /// When it is not there any more, or the database cannot be read.
    pub async fn asset_key(&self, id: AssetId) -> Result<u32, CommandError> {
        let row = self.core().store.asset(id).await?;
        Ok(row.ok_or_else(|| CommandError::not_found("The picture"))?.seq)
    }

    /// Everything about one output.
    ///
    /// # Errors
    /// When it is not there any more, or the database cannot be read.
    pub async fn asset_detail(&self, key: u32) -> Result<AssetDetail, CommandError> {
        let core = self.core();
        let info = core.store.asset_info(key).await?;
        let info = info.ok_or_else(|| CommandError::not_found("The picture"))?;
        let widgets = match &info.recipe {
            Some(recipe) => core.store.params(recipe.id).await?,
            None => Vec::new(),
        };
        let mut collections = core.store.collections().await?;
        collections.retain(|row| info.collections.contains(&row.id));
        let cell = convert::library_cell(info.asset.clone());
        let family =
            crate::family::of(core, key, &widgets, &info.asset.hash, &info.asset.path).await?;
        Ok(AssetDetail {
            key,
            cell,
            places: info
                .places
                .iter()
                .map(|place| FilePlace {
                    path: names::join(&names::path_of(&place.root_path), &place.path)
                        .display()
                        .to_string(),
                    state: match place.state {
                        PlaceState::Here => FileState::Here,
                        PlaceState::Away => FileState::Away,
                        PlaceState::Missing => FileState::Missing,
                    },
                })
                .collect(),
            tags: info.tags,
            workflow_title: info.recipe.and_then(|recipe| recipe.title),
            collections: collections.into_iter().map(super::collections::by_hand).collect(),
            widgets: widgets
                .into_iter()
                .take(MOST_WIDGETS)
                .map(|param| WidgetView {
                    text: widget_token(&param.class, &param.input, first_words(&param.text)),
                    class: param.class,
                    input: param.input,
                    value: param.text,
                })
                .collect(),
            made_from: self.cells(&family.made_from).await?,
            went_into: self.cells(&family.went_into).await?,
            alike: self.alike(key, &info.asset).await,
            asset: convert::asset(info.asset),
        })
    }

    /// How many others are like an output, in what, and what finds them: the numbers are those that the
    /// search shows.
    async fn alike(&self, key: u32, asset: &store::AssetRow) -> Vec<AlikeView> {
        let finder = self.core().finder.clone();
        if !finder.is_whole() {
            return Vec::new();
        }
        let seed = asset.facts.seed.clone();
        let has_prompt = asset.facts.prompt.is_some();
        let counted = super::blocking(move || {
            let index = finder.index();
            let Some(row) = index.row(key) else { return Vec::new() };
            let alike = |(by, text): (&str, Option<String>)| {
                let text = text?;
                // None of these asks the disk.
                let found = index.search(&Query::parse(&text, &finding::now()), &Disk::new());
                let others = found.count() - usize::from(found.rows.contains(row as usize));
                let view = AlikeView { by: by.to_owned(), count: count(others), text };
                (others > 0).then_some(view)
            };
            [
                ("batch", index.batch(row).map(|id| format!("batch:{id}"))),
                ("seed", seed.map(|seed| format!("seed:{seed}"))),
                ("prompt", has_prompt.then(|| format!("same-prompt:{key}"))),
                ("workflow", index.workflow_token(row)),
                ("look", Some(format!("like:{key}"))),
            ]
            .into_iter()
            .filter_map(alike)
            .collect()
        });
        counted.await.unwrap_or_default()
    }

    /// Where the files of outputs lie, best places first, one each; those that cannot be reached are left
    /// out.
    ///
    /// # Errors
    /// When none can be reached, or the database cannot be read.
    pub async fn asset_files(&self, keys: &[u32]) -> Result<Vec<PathBuf>, CommandError> {
        let places = self.core().store.places(keys).await?;
        let paths: Vec<PathBuf> = keys
            .iter()
            .filter_map(|key| places.get(key)?.iter().find(|place| place.state == PlaceState::Here))
            .map(|place| names::join(&names::path_of(&place.root_path), &place.path))
            .collect();
        if paths.is_empty() {
            return Err(CommandError::new(
                CommandErrorCode::NotFound,
                "None of these files can be reached now. Connect their drive, or look in Settings where they should be.",
            ));
        }
        Ok(paths)
    }

    /// The same as texts, for a page to hand back with what the files are to go into. Of a file whose name
    /// is no Unicode it is the path of a copy, kept as input of workflows.
    ///
    /// # Errors
    /// As [`Engine::asset_files`], and when a copy cannot be written.
    pub async fn asset_paths(&self, keys: &[u32]) -> Result<Vec<String>, CommandError> {
        let paths = self.asset_files(keys).await?;
        let inputs = self.core().inputs.clone();
        blocking(move || {
            paths.iter().map(|path| inputs.path_in_text(path)).collect::<Result<_, _>>()
        })
        .await?
        .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))
    }
}

/// The answer is not kept any more, or the index that it came from was read anew.
fn asked_since() -> CommandError {
    CommandError {
        code: CommandErrorCode::NotFound,
        message: "The library was asked something else since.".to_owned(),
        details: None,
        retry: true,
    }
}

fn sort(query: &LibraryQuery) -> Sort {
    match query.sort {
        LibrarySort::Newest => Sort::Newest,
        LibrarySort::Oldest => Sort::Oldest,
        LibrarySort::Rating => Sort::Rating,
        LibrarySort::Name => Sort::Name,
        LibrarySort::Bytes => Sort::Bytes,
        LibrarySort::Pixels => Sort::Pixels,
        LibrarySort::Took => Sort::Took,
        LibrarySort::Random => Sort::Random(u64::from(query.seed)),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn parts(answer: &Answer) -> Vec<QueryPart> {
    let tokens = answer.query.tokens();
    let part = |token: &catalog::Token| QueryPart {
        from: count(token.span.start_utf16),
        to: count(token.span.end_utf16),
        key: token.key.as_ref().and_then(|_| key_of_text(&token.text)),
        negated: token.negated,
        problem: token.meaning.as_ref().err().map(|fault| fault.sentence.clone()),
        unfinished: token.meaning.as_ref().err().is_some_and(|fault| fault.unfinished),
        without: [&answer.text[..token.span.start], &answer.text[token.span.end..]]
            .map(str::trim)
            .iter()
            .filter(|text| !text.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
    };
    tokens.iter().map(part).collect()
}

/// What stands before the operator of a token.
fn key_of_text(text: &str) -> Option<String> {
    let (key, _) = text.trim_start_matches('-').split_once([':', '=', '<', '>'])?;
    Some(key.to_owned())
}

/// Rows, and how many outputs the cell of each stands for, as columns.
fn columns(index: &Index, cells: &[(u32, u32)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 + cells.len() * 12);
    bytes.extend(count(cells.len()).to_le_bytes());
    for &(row, _) in cells {
        bytes.extend(index.seq(row).to_le_bytes());
    }
    for &(row, _) in cells {
        let seconds = u32::try_from(index.created_at(row).max(0) / 1_000).unwrap_or(u32::MAX);
        bytes.extend(seconds.to_le_bytes());
    }
    for &(row, _) in cells {
        bytes.extend(shape(index.size(row)).to_le_bytes());
    }
    for &(_, stack) in cells {
        bytes.extend(u16::try_from(stack).unwrap_or(u16::MAX).to_le_bytes());
    }
    bytes
}

/// 256 times width by height, at least 1 for what has a shape.
fn shape((width, height): (u32, u32)) -> u16 {
    if width == 0 || height == 0 {
        return 0;
    }
    let shape = u64::from(width) * 256 / u64::from(height);
    u16::try_from(shape.max(1)).unwrap_or(u16::MAX)
}

fn facets(index: &Index, answer: &Answer) -> Vec<FacetView> {
    let text = &answer.text;
    let value = |value: catalog::FacetValue| FacetValue {
        text: if value.chosen {
            without_token(text, &value.token)
        } else {
            with_token(text, &value.token)
        },
        label: value.label,
        count: value.count,
        chosen: value.chosen,
    };
    let mut views = Vec::new();
    // The parts of the library show whole numbers, whatever else narrows the answer.
    let everything = index.search(&Query::default(), &Disk::new());
    let flags = index.facet(&everything, Facet::Flags, MOST_VALUES).values;
    let mut places: Vec<FacetValue> = flags
        .into_iter()
        .map(|flag| value(catalog::FacetValue { chosen: has_token(text, &flag.token), ..flag }))
        .collect();
    for list in index.facets(&answer.matches, MOST_VALUES).lists {
        let more = list.more;
        let key = key_of(list.facet);
        let mut values: Vec<FacetValue> = list.values.into_iter().map(value).collect();
        values.extend(list.without.filter(|none| none.count > 0 || none.chosen).map(value));
        views.push(FacetView { key: key.to_owned(), values, more });
    }
    places.push(value(catalog::FacetValue {
        label: "Bin".to_owned(),
        token: "is:binned".to_owned(),
        count: count(index.binned()),
        chosen: has_token(text, "is:binned"),
    }));
    views.insert(0, FacetView { key: "place".to_owned(), values: places, more: 0 });
    views
}

fn key_of(facet: Facet) -> &'static str {
    match facet {
        Facet::Flags => "flag",
        Facet::Kinds => "kind",
        Facet::Models => "model",
        Facet::Loras => "lora",
        Facet::Shapes => "shape",
        Facet::Tags => "tag",
        Facet::Workflows => "workflow",
        Facet::Servers => "server",
        Facet::Ratings => "rating",
        Facet::Months => "month",
    }
}

/// The beginning of a text, short enough to search for.
fn first_words(text: &str) -> &str {
    const LONGEST: usize = 120;
    let line = text.trim().lines().next().unwrap_or_default();
    if line.len() <= LONGEST {
        return line;
    }
    let cut = (0..=LONGEST).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
    line[..cut].rsplit_once(char::is_whitespace).map_or(&line[..cut], |(whole, _)| whole)
}

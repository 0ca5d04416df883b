//! Reading what is handed in: each file and text is answered for by itself.

use super::{Found, Looked, beside::Beside, waiting::Waiting};
use crate::{
    checks::{self, Shelf},
    matching, queue_file,
    view::{Ability, CheckView, FindingView, IntakeKind},
};
use domain::{PictureFacts, WorkflowHash};
use media::{Container, EmbeddedWorkflow};
use std::{
    fs::File,
    io::{Cursor, Read},
    panic,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};
use store::{BasePatch, WorkflowRow};
use workflow::{Filled, Note, NoteKind, Prompt};

/// How much of a file tells what it is.
const HEAD: usize = 4_096;
/// The most findings that are told of one file.
const MOST_FINDINGS: usize = 50;

/// Where a thing came from, and what it is.
struct From<'a> {
    name: &'a str,
    path: Option<&'a Path>,
    container: Container,
    kind: IntakeKind,
    /// Where what the workflow asks for may be, if it is a file.
    beside: Option<&'a Beside<'a>>,
}

impl From<'_> {
    fn no(&self, kind: IntakeKind, message: impl Into<String>) -> Looked {
        Looked {
            name: self.name.to_owned(),
            path: self.path.map(|path| path.display().to_string()),
            kind,
            container: self.container.name(),
            message: message.into(),
            facts: None,
            findings: Vec::new(),
            goes_into: None,
            found: None,
            waits: None,
        }
    }

    fn other(&self, message: impl Into<String>) -> Looked {
        self.no(IntakeKind::Other, message)
    }
}

/// Reads files; blocking. With `take` what workflows ask for and no server has is copied from beside
/// them; without it, it is only said.
pub fn files(paths: &[PathBuf], shelf: &Shelf, take: bool) -> Vec<Looked> {
    let beside = Beside::new(paths, take.then(|| shelf.inputs()));
    let read = |path: &PathBuf| {
        saved_queue(path, shelf).unwrap_or_else(|| vec![file(path, shelf, &beside)])
    };
    let mut all: Vec<Looked> = on_all_cores(paths, read).into_iter().flatten().collect();
    for looked in all.iter_mut().filter(|looked| looked.found.is_none()) {
        looked.goes_into = looked.path.as_ref().and_then(|path| beside.goes_into(Path::new(path)));
    }
    all
}

/// Does the same for many things on all cores; the answers are in their order.
fn on_all_cores<T: Sync, A: Send>(things: &[T], work: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if cores.min(things.len()) < 2 {
        return things.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let of_one_core = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(at) else { return done };
            done.push((at, work(thing)));
        }
    };
    let mut all: Vec<(usize, A)> = thread::scope(|scope| {
        let running: Vec<_> =
            (0..cores.min(things.len())).map(|_| scope.spawn(of_one_core)).collect();
        let ended = running.into_iter().map(|one| one.join());
        ended.flat_map(|done| done.unwrap_or_else(|why| panic::resume_unwind(why))).collect()
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, answer)| answer).collect()
}

/// Reads a text that should be a workflow.
pub fn text(text: &str, shelf: &Shelf) -> Looked {
    json(&pasted("Pasted text"), text.as_bytes(), None, shelf)
}

/// Reads a text under a name, such as that of a workflow at a server.
pub fn named_text(name: &str, text: &[u8], shelf: &Shelf) -> Looked {
    json(&pasted(name), text, None, shelf)
}

/// Reads what was handed in before a server could tell how. What lies beside it is taken along as if it
/// came now.
pub fn waited(waiting: &Waiting, shelf: &Shelf) -> Looked {
    let Waiting { name, path, graph } = waiting;
    let paths: Vec<PathBuf> = path.iter().cloned().collect();
    let beside = Beside::new(&paths, Some(shelf.inputs()));
    let path = path.as_deref();
    let from = From { path, beside: path.map(|_| &beside), ..pasted(name) };
    json(&from, graph.as_bytes(), None, shelf)
}

/// Reads a prompt that was stored, with its graph. It is not checked again.
pub fn stored(title: &str, prompt: &str, graph: Option<String>) -> Looked {
    json(&pasted(title), prompt.as_bytes(), graph, &Shelf::default())
}

/// Reads a prompt that was made of a stored one, under its name. What was drawn is that of the old one.
pub fn stored_from(before: &WorkflowRow, prompt: &str) -> Looked {
    let mut looked = stored(&before.title, prompt, None);
    if let Some(found) = &mut looked.found {
        found.title.clone_from(&before.title);
        found.source.clone_from(&before.source);
    }
    looked
}

fn pasted(name: &str) -> From<'_> {
    From { name, path: None, container: Container::Json, kind: IntakeKind::Workflow, beside: None }
}

/// Reads the bytes of a pasted or fetched file.
pub fn bytes(name: &str, bytes: &[u8], shelf: &Shelf) -> Looked {
    let head = &bytes[..bytes.len().min(HEAD)];
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let container = media::recognise(head, extension);
    let from = From { name, path: None, container, kind: IntakeKind::Workflow, beside: None };
    if is_text(container, head) {
        return json(&from, bytes, None, shelf);
    }
    match media::embedded_in(&mut Cursor::new(bytes), extension) {
        Ok((container, embedded)) => carrier(&From { container, ..from }, embedded, shelf),
        Err(error) => from.other(error.to_string()),
    }
}

/// The name of a path, for people.
pub fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn file(path: &Path, shelf: &Shelf, beside: &Beside<'_>) -> Looked {
    let name = name_of(path);
    let mut from = From {
        name: &name,
        path: Some(path),
        container: Container::Unknown,
        kind: IntakeKind::Workflow,
        beside: Some(beside),
    };
    let size = match std::fs::metadata(path) {
        Ok(meta) => meta.len(),
        Err(error) => return from.other(format!("The file cannot be opened: {error}.")),
    };
    let head = match head_of(path) {
        Ok(head) if head.is_empty() => return from.other("The file is empty."),
        Ok(head) => head,
        Err(error) => return from.other(format!("The file cannot be read: {error}.")),
    };
    from.container = media::recognise(&head, path.extension().and_then(|ending| ending.to_str()));
    if is_text(from.container, &head) {
        return json_file(&from, path, size, shelf);
    }
    match media::embedded(path) {
        Ok((container, embedded)) => carrier(&From { container, ..from }, embedded, shelf),
        Err(error) => from.other(error.to_string()),
    }
}

fn head_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn is_text(container: Container, head: &[u8]) -> bool {
    matches!(container, Container::Json | Container::Text | Container::Unknown)
        && !head.contains(&0)
}

/// The jobs of a saved queue, if the file is one.
fn saved_queue(path: &Path, shelf: &Shelf) -> Option<Vec<Looked>> {
    let head = path.is_file().then(|| head_of(path).ok()).flatten()?;
    if !queue_file::is_one(&head) {
        return None;
    }
    let name = name_of(path);
    let jobs = match queue_file::read(path) {
        Ok(jobs) => jobs,
        Err(why) => return Some(vec![saved_job(&name, path).other(why)]),
    };
    let looked = jobs.into_iter().map(|job| {
        let mut looked =
            json(&saved_job(&job.title, path), job.prompt.as_bytes(), job.workflow, shelf);
        if let Some(found) = &mut looked.found {
            found.title = job.title;
            found.source = job.source;
            found.on_hold = job.on_hold;
        }
        looked
    });
    Some(looked.collect())
}

fn saved_job<'a>(name: &'a str, path: &'a Path) -> From<'a> {
    let (container, kind) = (Container::Json, IntakeKind::SavedJob);
    From { name, path: Some(path), container, kind, beside: None }
}

fn json_file(from: &From<'_>, path: &Path, size: u64, shelf: &Shelf) -> Looked {
    let limit = workflow::MAX_WORKFLOW_BYTES as u64;
    if size > limit {
        return from.other(format!(
            "The file has {} MB; a workflow may have {} MB at most. Is it another kind of file?",
            size >> 20,
            limit >> 20
        ));
    }
    let mut text = Vec::new();
    // The file may grow while it is read.
    match File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut text)) {
        Ok(_) => json(from, &text, None, shelf),
        Err(error) => from.other(format!("The file cannot be read: {error}.")),
    }
}

/// What a file that is no text holds.
fn carrier(from: &From<'_>, embedded: EmbeddedWorkflow, shelf: &Shelf) -> Looked {
    let from = From { kind: IntakeKind::Carrier, ..*from };
    let EmbeddedWorkflow { prompt, workflow, parameters, .. } = embedded;
    let what = from.container.name();
    if let Some(prompt) = &prompt {
        let looked = json(&from, prompt.as_bytes(), workflow.clone(), shelf);
        if looked.found.is_some() || workflow.is_none() {
            return looked;
        }
    }
    // What was drawn may be whole where what ran is damaged or missing.
    if let Some(graph) = &workflow {
        return json(&from, graph.as_bytes(), None, shelf);
    }
    if let Some(parameters) = &parameters {
        let facts = facts_of(parameters);
        let message = format!(
            "This {what} holds generation settings as another program writes them, but no ComfyUI workflow."
        );
        return Looked { facts, ..from.no(IntakeKind::Settings, message) };
    }
    let kind = if from.container.is_media() { IntakeKind::Input } else { IntakeKind::Other };
    from.no(kind, nothing_in(from.container, from.path.is_none()))
}

/// What the settings of another program say.
fn facts_of(parameters: &str) -> Option<PictureFacts> {
    workflow::parameters(parameters).map(|parameters| parameters.facts)
}

fn nothing_in(container: Container, pasted: bool) -> String {
    let what = container.name();
    match container {
        Container::Unknown => "Safelight does not know this kind of file. Drop a workflow saved as JSON, or a picture, video or sound that ComfyUI made.".to_owned(),
        _ if pasted => format!("This {what} holds no workflow. Most programs remove it when they copy a picture; drop the file itself instead."),
        _ => format!("This {what} holds no workflow. ComfyUI writes it into what it saves unless it runs with --disable-metadata; programs that edit or send files often remove it."),
    }
}

/// Reads a text that should be a workflow, or what was drawn beside it.
fn json(from: &From<'_>, text: &[u8], graph: Option<String>, shelf: &Shelf) -> Looked {
    let read = match workflow::read(text) {
        Ok(read) => read,
        Err(error @ workflow::ReadError::Parameters) => {
            let facts = std::str::from_utf8(text).ok().and_then(facts_of);
            return Looked { facts, ..from.no(IntakeKind::Settings, error.to_string()) };
        }
        Err(workflow::ReadError::NotJson { .. }) if from.container == Container::Text => {
            return from
                .other("This is plain text and no workflow: it does not begin as JSON does.");
        }
        Err(error) => return from.other(error.to_string()),
    };
    let graph = read.graph.or(graph);
    let (prompt, notes, filled) = match (read.prompt, &graph) {
        (Some(prompt), _) => (prompt, Vec::new(), Vec::new()),
        // It is not refused: once a server has said what it has, it is queued.
        (None, Some(graph)) if !shelf.knows_any() => {
            let message = "A workflow as ComfyUI's editor saves it. It is kept, and queued as soon as a server has said which nodes it has: connect one, or start the practice engine.";
            let waits = Some(Waiting {
                name: from.name.to_owned(),
                path: from.path.map(Path::to_owned),
                graph: graph.clone(),
            });
            return Looked { waits, ..from.no(from.kind, message) };
        }
        (None, Some(graph)) => match shelf.convert(graph) {
            Ok((converted, filled)) => (converted.prompt, converted.notes, filled),
            Err(why) => return from.other(why),
        },
        (None, None) => return from.other("There is no workflow in it."),
    };
    let mut check = shelf.check(&prompt, graph.as_deref());
    let mut told = doubts(&notes, &filled, &prompt);
    let prompt = match (from.beside, from.path) {
        (Some(beside), Some(path)) => {
            let along = beside.take(path, prompt, &mut check);
            told.extend(along.findings);
            along.prompt
        }
        _ => prompt,
    };
    let found = found(from, prompt, graph, needs_look(&notes, &check));
    let nodes = found.nodes;
    let mut message = format!("A workflow of {nodes} node{}", if nodes == 1 { "" } else { "s" });
    if read.held > 1 {
        message.push_str(&format!(", the newest of {} in it", read.held));
    }
    Looked {
        name: from.name.to_owned(),
        path: from.path.map(|path| path.display().to_string()),
        kind: from.kind,
        container: from.container.name(),
        message,
        facts: None,
        findings: findings(told, check),
        goes_into: None,
        found: Some(found),
        waits: None,
    }
}

fn found(
    from: &From<'_>,
    prompt: Prompt,
    ui_graph: Option<String>,
    needs_look: Option<String>,
) -> Found {
    let stem = from.path.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
    let about = Composed {
        title: workflow::title_for(&prompt, stem.as_deref()),
        hash: prompt.hash(),
        source: from.path.map(|path| path.display().to_string()),
        ui_graph,
        base: None,
        needs_look,
    };
    composed(&prompt, &Graph::of(&prompt), about)
}

/// What all prompts of one graph share, whatever their values. Of the thousands that a sweep makes it
/// is found once.
pub struct Graph {
    nodes: u32,
    /// The node whose output is the picture.
    last: Option<String>,
    structure: String,
}

impl Graph {
    /// The graph of a prompt.
    pub fn of(prompt: &Prompt) -> Self {
        let plan = workflow::plan(prompt, None, None);
        Self {
            nodes: u32::try_from(plan.nodes.len()).unwrap_or(u32::MAX),
            last: plan.nodes.last().map(|node| node.id.clone()),
            structure: workflow::structure(prompt),
        }
    }
}

/// What is told of a workflow beside its prompt.
pub struct Composed {
    /// What tells the prompt from all others.
    pub hash: WorkflowHash,
    /// A readable name.
    pub title: String,
    /// The file that the workflow came from.
    pub source: Option<String>,
    /// The editor's graph.
    pub ui_graph: Option<String>,
    /// The workflow that it differs from in values only.
    pub base: Option<BasePatch>,
    /// Why somebody should look at it before it runs.
    pub needs_look: Option<String>,
}

/// A workflow that can be queued. `graph` is the prompt's own.
pub fn composed(prompt: &Prompt, graph: &Graph, about: Composed) -> Found {
    let facts = graph.last.as_ref().map(|last| workflow::facts(prompt, last)).unwrap_or_default();
    // A patch is all that is stored: ten thousand whole prompts would only fill the memory.
    let text = if about.base.is_some() { "" } else { prompt.text() };
    Found {
        prompt: text.to_owned(),
        ui_graph: about.ui_graph,
        hash: about.hash,
        title: about.title,
        nodes: graph.nodes,
        facts,
        shape: workflow::shape(prompt),
        structure: graph.structure.clone(),
        needs: matching::row_of(&workflow::needs(prompt)),
        pixels: workflow::pixels(prompt),
        source: about.source,
        base: about.base,
        on_hold: false,
        needs_look: about.needs_look,
    }
}

/// Why somebody should look at a prompt before it runs.
pub fn needs_look_of(shelf: &Shelf, prompt: &Prompt, graph: Option<&str>) -> Option<String> {
    needs_look(&[], &shelf.check(prompt, graph))
}

/// Why somebody should look at it before it runs: no server can run it, or it may not be what was
/// meant.
fn needs_look(notes: &[Note], check: &CheckView) -> Option<String> {
    let grave = || notes.iter().find(|note| checks::is_grave(note)).map(|note| note.text.clone());
    check.blocked.clone().or_else(grave).or_else(|| file_missing(check))
}

/// What every server that could run it lacks of files to load: it would be refused as well.
fn file_missing(check: &CheckView) -> Option<String> {
    let mut first = None;
    for server in check.servers.iter().filter(|server| server.ability == Ability::Can) {
        let missing = server.findings.iter().find(|found| found.kind == "input_file_missing")?;
        first = first.or_else(|| Some(missing.text.clone()));
    }
    first
}

/// What was not certain of a conversion, and what was filled in.
fn doubts(notes: &[Note], filled: &[Filled], prompt: &Prompt) -> Vec<FindingView> {
    // What was filled in is told as that.
    let notes = notes.iter().filter(|note| note.kind != NoteKind::MadeWhenQueued);
    let filled = filled.iter().map(|filled| checks::filled_in(filled, prompt));
    notes.map(checks::doubt).chain(filled).collect()
}

/// What was not certain, and what the server lacks that lacks least.
fn findings(told: Vec<FindingView>, check: CheckView) -> Vec<FindingView> {
    let lacks_least = check
        .servers
        .into_iter()
        .filter(|server| server.ability != Ability::Unknown)
        .min_by_key(|server| (server.ability == Ability::Cannot, server.findings.len()));
    let of_server = lacks_least.map(|server| server.findings).unwrap_or_default();
    told.into_iter().chain(of_server).take(MOST_FINDINGS).collect()
}

/// Whether a file is a picture, video or sound.
pub fn is_media(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    head_of(path).is_ok_and(|head| media::recognise(&head, extension).is_media())
}

/// A file that cannot be used, and why.
pub fn refused(path: &Path, why: String) -> Looked {
    let name = name_of(path);
    let from = From {
        name: &name,
        path: Some(path),
        container: Container::Unknown,
        kind: IntakeKind::Other,
        beside: None,
    };
    from.other(why)
}

//! Whether servers can run a workflow, told before it waits for one of them.

use crate::{
    book::Book,
    core::Core,
    inputs::Inputs,
    intake::NEEDS_SERVER,
    known::Known,
    time::moment,
    view::{Ability, CheckView, FindingView, ServerCheck, Severity},
};
use domain::{NodeClass, ServerId};
use std::sync::Arc;
use uuid::Uuid;
use workflow::{
    Converted, Filled, Note, NoteKind, ObjectInfo, Prompt,
    preflight::{self, Finding, FindingKind, Report, Verdict},
};

/// The longest text that a finding quotes, in characters.
const SHORT: usize = 120;
/// The most findings of one server that cross the bridge.
const MOST_FINDINGS: usize = 100;

/// What the servers have and what we bring along, for one question.
#[derive(Default)]
pub struct Shelf {
    servers: Vec<(ServerId, String, Option<Arc<ObjectInfo>>)>,
    inputs: Arc<Inputs>,
}

/// Where a [`Shelf`] is read from, away from the tasks of the engine.
pub struct Shelves {
    book: Arc<Book>,
    known: Arc<Known>,
    inputs: Arc<Inputs>,
}

impl Shelves {
    /// Those of an engine.
    pub fn of(core: &Core) -> Self {
        let (book, known, inputs) = (core.book.clone(), core.known.clone(), core.inputs.clone());
        Self { book, known, inputs }
    }

    /// Reads what the servers said. Blocking.
    pub fn read(&self) -> Shelf {
        let views = self.book.views().into_iter();
        Shelf {
            servers: views.map(|view| (view.id, view.name, self.known.of(view.id))).collect(),
            inputs: self.inputs.clone(),
        }
    }
}

impl Shelf {
    /// The files that go into workflows.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// Whether any server ever said what it has.
    pub fn knows_any(&self) -> bool {
        self.servers.iter().any(|(_, _, info)| info.is_some())
    }

    /// A node class, from the first server that has it.
    pub fn class(&self, class: &str) -> Option<&NodeClass> {
        self.infos().find_map(|info| info.get(class))
    }

    /// What a server said, if anything.
    pub fn info(&self, id: ServerId) -> Option<Arc<ObjectInfo>> {
        self.servers.iter().find(|(of, ..)| *of == id).and_then(|(.., info)| info.clone())
    }

    /// What each server said, if anything, in the artist’s order.
    pub fn servers(&self) -> impl Iterator<Item = (ServerId, &str, Option<&ObjectInfo>)> {
        self.servers.iter().map(|(id, name, info)| (*id, name.as_str(), info.as_deref()))
    }

    /// What the servers said, in the artist's order.
    pub fn infos(&self) -> impl Iterator<Item = &ObjectInfo> {
        self.servers.iter().filter_map(|(_, _, info)| info.as_deref())
    }

    /// Converts a graph with the classes of the server that knows most of them, and leaves texts with
    /// `{a|b}` and dates as they are.
    ///
    /// # Errors
    /// A sentence about why it cannot be converted.
    pub fn converted(&self, graph: &str) -> Result<(Converted, &ObjectInfo), String> {
        let mut best: Option<(usize, Converted, &ObjectInfo)> = None;
        let mut error = None;
        for info in self.infos() {
            match workflow::convert(graph, info) {
                Ok(converted) => {
                    let unknown = |note: &&Note| note.kind == NoteKind::UnknownClass;
                    let unknown = converted.notes.iter().filter(unknown).count();
                    if best.as_ref().is_none_or(|(fewest, ..)| unknown < *fewest) {
                        best = Some((unknown, converted, info));
                    }
                    if unknown == 0 {
                        break;
                    }
                }
                Err(found) => error = Some(found.to_string()),
            }
        }
        match (best, error) {
            (Some((_, converted, info)), _) => Ok((converted, info)),
            (None, Some(error)) => Err(error),
            (None, None) => Err(NEEDS_SERVER.to_owned()),
        }
    }

    /// The same, with what ComfyUI's page fills in when it queues: one of `{a|b}`, and dates in file
    /// names.
    ///
    /// # Errors
    /// A sentence about why it cannot be converted.
    pub fn convert(&self, graph: &str) -> Result<(Converted, Vec<Filled>), String> {
        let (converted, info) = self.converted(graph)?;
        // A new chance each time it is handed in.
        let (_, chance) = Uuid::new_v4().as_u64_pair();
        let resolved = workflow::resolve(&converted.prompt, info, moment(), chance)
            .map_err(|error| error.to_string())?;
        Ok((Converted { prompt: resolved.prompt, ..converted }, resolved.filled))
    }

    /// Checks a prompt against all servers.
    pub fn check(&self, prompt: &Prompt, graph: Option<&str>) -> CheckView {
        let said = self.servers.iter().filter_map(|(id, name, info)| {
            Some(preflight::Server { id: *id, name, info: info.as_deref()? })
        });
        let said: Vec<_> = said.collect();
        let hints = preflight::hints(prompt, graph);
        let mut verdict = preflight::preflight_all(prompt, &said, &hints);
        for server in &mut verdict.servers {
            // We bring these along.
            server.report.findings.retain(|finding| {
                finding.kind != FindingKind::InputFileMissing
                    || !finding.given.as_deref().is_some_and(|given| self.inputs.has(given))
            });
        }
        let all_said = said.len() == self.servers.len();
        // A server takes it, and its node fails: no picture, video or sound is called nothing.
        let mut findings = verdict.servers.iter().flat_map(|server| &server.report.findings);
        let unchosen = findings.find(|finding| {
            finding.kind == FindingKind::InputFileMissing
                && finding.given.as_deref().is_some_and(|given| given.trim().is_empty())
        });
        let nowhere = (all_said && verdict.runs_nowhere).then(|| nowhere(&verdict));
        CheckView {
            blocked: nowhere.or_else(|| unchosen.map(|finding| finding.text.clone())),
            servers: self
                .servers
                .iter()
                .map(|(id, name, _)| {
                    let found = verdict.servers.iter().find(|found| found.server == *id);
                    server_check(*id, name, found.map(|found| &found.report), &said)
                })
                .collect(),
        }
    }
}

/// Why no server can run it: the gravest finding of the server that lacks least.
fn nowhere(verdict: &Verdict) -> String {
    let least = verdict.servers.iter().min_by_key(|server| blocks(&server.report).count());
    let why = least.and_then(|server| blocks(&server.report).next().map(|found| &found.text));
    match (why, verdict.servers.len()) {
        (Some(why), 1) => why.clone(),
        (Some(why), _) => format!("No server can run this as it is. {why}"),
        (None, _) => "No server can run this as it is.".to_owned(),
    }
}

fn blocks(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|found| found.severity == preflight::Severity::Blocks)
}

fn server_check(
    server_id: ServerId,
    name: &str,
    report: Option<&Report>,
    servers: &[preflight::Server<'_>],
) -> ServerCheck {
    let Some(report) = report else {
        return ServerCheck {
            server_id,
            ability: Ability::Unknown,
            text: format!("{name} has not said yet which nodes and models it has."),
            findings: Vec::new(),
        };
    };
    let count = |number: usize, what: &str| match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    };
    let text = if report.blocked {
        let number = blocks(report).count() + report.more;
        format!("{name} would refuse it: {}.", count(number, "thing").replace("thing", "fault"))
    } else {
        let classes = match report.classes_found {
            1 => "1 node class".to_owned(),
            number => format!("{number} node classes"),
        };
        format!("Ready on {name}: {} and {classes} found.", count(report.models_found, "model"))
    };
    ServerCheck {
        server_id,
        ability: if report.blocked { Ability::Cannot } else { Ability::Can },
        text,
        findings: report
            .findings
            .iter()
            .take(MOST_FINDINGS)
            .map(|found| finding(found, servers))
            .collect(),
    }
}

fn finding(found: &Finding, servers: &[preflight::Server<'_>]) -> FindingView {
    let is_fine = |server: &&preflight::Server<'_>| found.fine_on.contains(&server.id);
    FindingView {
        fine_on: servers.iter().filter(is_fine).map(|server| server.name.to_owned()).collect(),
        severity: match found.severity {
            preflight::Severity::Blocks => Severity::Blocks,
            preflight::Severity::Warns => Severity::Warns,
            preflight::Severity::Says => Severity::Says,
        },
        kind: word(&found.kind),
        text: found.text.clone(),
        node: found.node.clone(),
        title: found.title.clone(),
        class: found.class.clone(),
        input: found.input.clone(),
        given: found.given.clone(),
        suggestions: found.suggestions.iter().map(|suggested| suggested.json.clone()).collect(),
    }
}

/// What a conversion was not sure of, for people.
pub fn doubt(note: &Note) -> FindingView {
    FindingView {
        severity: if note.kind == NoteKind::MadeWhenQueued {
            Severity::Says
        } else {
            Severity::Warns
        },
        kind: "conversion".to_owned(),
        text: note.text.clone(),
        node: note.node.clone(),
        title: note.title.clone(),
        class: note.class.clone(),
        input: note.input.clone(),
        given: None,
        suggestions: Vec::new(),
        fine_on: Vec::new(),
    }
}

/// What was filled in where the workflow leaves it to chance or to the clock.
pub fn filled_in(filled: &Filled, prompt: &Prompt) -> FindingView {
    let node = prompt.node(&filled.node);
    let short = |text: &str| match text.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    FindingView {
        severity: Severity::Says,
        kind: "filled_in".to_owned(),
        text: format!("“{}” became “{}”.", short(&filled.from), short(&filled.to)),
        node: Some(filled.node.clone()),
        title: node.map(|node| node.title.clone().unwrap_or_else(|| node.class.clone())),
        class: node.map(|node| node.class.clone()),
        input: Some(filled.input.clone()),
        given: None,
        suggestions: Vec::new(),
        fine_on: Vec::new(),
    }
}

/// Whether a doubt is grave enough to look before it runs: something may be sent that nobody meant.
pub fn is_grave(note: &Note) -> bool {
    matches!(
        note.kind,
        NoteKind::ValueCount | NoteKind::WrongType | NoteKind::Circle | NoteKind::LeftOut
    )
}

fn word(kind: &FindingKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

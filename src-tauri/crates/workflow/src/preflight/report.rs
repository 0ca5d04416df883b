//! From problems to findings: which severity, in which order, in which words, and what would do.

use super::{
    Finding, FindingKind, Hints, Place, Report, Severity, Suggestion,
    check::{Found, Views},
    class::Spec,
    closest::{Closest, MOST_SUGGESTIONS, suggestion},
    graph::Graph,
    problem::{About, Fault, MOST, Problem, Rank},
    size, values, words,
};
use serde_json::Value;

/// The most nodes that a finding names.
pub(super) const MOST_PLACES: usize = 20;
/// The longest value or title that is shown, in characters.
const LONGEST: usize = 200;

/// All that it takes to put a problem into words.
pub(super) struct Writer<'a> {
    pub graph: &'a Graph<'a>,
    pub views: &'a Views<'a>,
    pub server: &'a str,
    pub hints: &'a Hints,
}

impl<'a> Writer<'a> {
    pub fn report(&self, mut found: Found<'a>) -> Report {
        let blocked = found.is_blocked();
        let rest_runs = !found.good_outputs.is_empty();
        self.outputs(&mut found);
        let total = found.problems.total();
        let severity = |problem: &Problem<'_>| match problem.fault.rank {
            Rank::Always => Severity::Blocks,
            Rank::Refused if !rest_runs => Severity::Blocks,
            Rank::Refused | Rank::Warns => Severity::Warns,
            Rank::Says => Severity::Says,
        };
        let mut kept: Vec<_> =
            found.problems.into_kept().map(|problem| (severity(&problem), problem)).collect();
        kept.sort_by_key(|(severity, problem)| {
            (*severity, problem.node, problem.input.as_ref().map(|(_, place)| *place))
        });
        kept.truncate(MOST);
        let mut closest = Closest::default();
        let findings: Vec<_> = kept
            .into_iter()
            .map(|(severity, problem)| self.finding(severity, problem, &mut closest))
            .collect();
        Report {
            more: total - findings.len(),
            findings,
            blocked,
            classes_found: found.stock.classes.len(),
            models_found: found.stock.models.len(),
        }
    }

    /// Adds what is known of outputs only once all else is: which are left out, and how much comes
    /// back from the others.
    fn outputs(&self, found: &mut Found<'a>) {
        if found.good_outputs.is_empty() {
            return;
        }
        // A server that refuses all runs no rest.
        let broken = if found.is_blocked() { Vec::new() } else { found.broken_outputs.clone() };
        let mut add = |node, kind, rank, about| {
            let fault = Fault::new(kind, rank, about);
            found.problems.push(Problem { fault, node, input: None, given: None, spec: None });
        };
        for (output, blamed) in broken {
            let about = About::Nodes(vec![blamed], 0);
            add(Some(output), FindingKind::OutputLeftOut, Rank::Warns, about);
        }
        let amount = size::amount(self.graph, self.views, &found.good_outputs);
        if amount.is_large() {
            add(None, FindingKind::LargeResult, Rank::Says, About::Words(amount.text()));
        }
    }

    fn finding(
        &self,
        severity: Severity,
        problem: Problem<'a>,
        closest: &mut Closest<'a>,
    ) -> Finding {
        let node = problem.node.map(|place| self.graph.node(place));
        let class = node.map(|node| node.class.clone());
        let missing = problem.fault.kind == FindingKind::ClassMissing;
        let pack = class.as_deref().filter(|_| missing).and_then(|it| self.hints.packs.get(it));
        let given = problem.given.map(|raw| as_text(values::unwrap(raw).unwrap_or(raw)));
        let models = [FindingKind::ModelMissing, FindingKind::ListEmpty];
        let source = given
            .as_deref()
            .filter(|_| models.contains(&problem.fault.kind))
            .and_then(|given| self.hints.model(given));
        let mut text = self.text(&problem, given.as_deref().unwrap_or("its value"));
        if let Some(source) = source.and_then(words::model_source) {
            text = format!("{text} {source}");
        }
        let nodes = match &problem.fault.about {
            About::Nodes(nodes, _) => nodes.iter().map(|node| self.place(*node)).collect(),
            _ => Vec::new(),
        };
        Finding {
            kind: problem.fault.kind,
            severity,
            title: problem.node.map(|place| self.title(place)),
            suggestions: suggestions(&problem, given.as_deref(), closest),
            pack: pack.cloned(),
            source: source.cloned(),
            node: node.map(|node| node.id.clone()),
            class,
            input: problem.input.map(|(name, _)| name.into_owned()),
            text,
            given: given.as_deref().map(short),
            nodes,
            fine_on: Vec::new(),
        }
    }

    /// What people call a node.
    pub fn title(&self, place: u32) -> String {
        let node = self.graph.node(place);
        let shown = || self.views.of(place).map(|view| view.class.display_name.as_str());
        short(node.title.as_deref().or_else(shown).unwrap_or(&node.class))
    }

    pub fn place(&self, place: u32) -> Place {
        Place { node: self.graph.node(place).id.clone(), title: self.title(place) }
    }

    fn text(&self, problem: &Problem<'_>, given: &str) -> String {
        let (server, given) = (self.server, &short(given));
        let told = words::told(given);
        let title = &problem.node.map(|place| self.title(place)).unwrap_or_default();
        let input = problem.input.as_ref().map_or("an input", |(name, _)| name.as_ref());
        let about = &problem.fault.about;
        match problem.fault.kind {
            FindingKind::ClassMissing => {
                let class = problem.node.map(|place| self.graph.node(place).class.as_str());
                let class = class.unwrap_or_default();
                words::class_missing(server, class, self.hints.packs.get(class))
            }
            FindingKind::InputFileMissing | FindingKind::ListEmpty if given.trim().is_empty() => {
                words::nothing_chosen(title, input)
            }
            FindingKind::ModelMissing => words::file_missing(server, title, input, given),
            FindingKind::InputFileMissing if *about == About::CannotTell => format!(
                "{input} of {title} is {told}, which is in a folder that servers do not list. Whether it is there cannot be told."
            ),
            FindingKind::InputFileMissing => format!(
                "{server} has no {told} for {input} of {title}. Give the file, and it is sent there; or choose one it has."
            ),
            FindingKind::ListEmpty if *about == About::CannotTell => format!(
                "{server} lists no values for {input} of {title}, so whether it takes {told} cannot be told."
            ),
            FindingKind::ListEmpty => format!(
                "{server} lists no files for {input} of {title}, so it has no {told}. Put the file there."
            ),
            FindingKind::NotInList => words::not_in_list(title, input, given),
            FindingKind::TooSmall | FindingKind::TooLarge => {
                let small = problem.fault.kind == FindingKind::TooSmall;
                let words = if small { words::too_small } else { words::too_large };
                let limit = if let About::Limit(limit) = about { limit } else { "" };
                let which = if small { "least" } else { "most" };
                format!("{} The {which} is {limit}.", words(title, input, given))
            }
            FindingKind::WrongType => match about {
                About::TakesLink => {
                    format!("{input} of {title} has a value, and it takes a link. Connect it.")
                }
                About::Wants(what) => {
                    format!("{} Give it {what}.", words::wrong_type(title, input, given))
                }
                _ => words::wrong_type(title, input, given),
            },
            FindingKind::Converted => {
                let made = if let About::Becomes(made) = about { made } else { "another value" };
                format!(
                    "{input} of {title} is {told}, and ComfyUI takes that for {made}. Set it to what you mean."
                )
            }
            FindingKind::InputMissing => words::input_missing(title, input),
            FindingKind::InputUnknown => {
                let names = if let About::Names(names) = about {
                    names.join(", ")
                } else {
                    input.to_owned()
                };
                format!(
                    "On {} {title} has no {}. The workflow may be of another version of the node: open it in ComfyUI and save it again.",
                    in_sentence(server),
                    short(&names)
                )
            }
            FindingKind::BadLink => format!(
                "{input} of {title} is {told}, which is no link to a node's output. Connect it again."
            ),
            FindingKind::LinkToNothing => {
                let from = if let About::From(from) = about { short(from) } else { String::new() };
                format!(
                    "{input} of {title} is connected to node {from}, which is not in the workflow. Connect it again."
                )
            }
            FindingKind::NoSuchOutput => self.no_such_output(about, input, title),
            FindingKind::LinkType => {
                let types = match about {
                    About::Link { brings, takes, .. } => {
                        format!(" It brings {}, and takes {}.", short(brings), short(takes))
                    }
                    _ => String::new(),
                };
                format!("{}{types} Connect another output.", words::link_type(title, input))
            }
            FindingKind::Circle => format!(
                "Nodes feed each other in a circle: {}. Cut one of the links.",
                self.titles(about)
            ),
            FindingKind::ChainTooLong => {
                let many = if let About::Many(many) = about { *many } else { 0 };
                format!(
                    "{title} hangs on a chain of {many} nodes. ComfyUI refuses chains of about 1,000: make it shorter, or save and load a picture half way."
                )
            }
            FindingKind::NoOutput => words::no_output(server),
            FindingKind::OutputLeftOut => format!(
                "{server} leaves out {title} because of {}, and runs the rest.",
                self.titles(about)
            ),
            FindingKind::PaidService => format!(
                "{title} uses a paid service. It fails without a key of a Comfy account with credits."
            ),
            FindingKind::LargeResult => match about {
                About::Words(words) => words.clone(),
                _ => String::new(),
            },
        }
    }

    fn no_such_output(&self, about: &About, input: &str, title: &str) -> String {
        let About::Link { source, slot, .. } = about else { return String::new() };
        let outputs = self.views.of(*source).map_or(0, |view| view.class.outputs.len());
        let has = match outputs {
            0 => "has none".to_owned(),
            1 => "has one".to_owned(),
            many => format!("has {many}"),
        };
        format!(
            "{input} of {title} is connected to output {} of {}, which {has}. Connect it again.",
            u64::from(*slot) + 1,
            self.title(*source)
        )
    }

    fn titles(&self, about: &About) -> String {
        let About::Nodes(nodes, more) = about else { return String::new() };
        let titles = nodes.iter().map(|node| self.title(*node)).collect::<Vec<_>>().join(", ");
        if *more > 0 { format!("{titles}, and {more} more") } else { titles }
    }
}

/// A server without a name is "The server" at the start of a sentence only.
fn in_sentence(server: &str) -> &str {
    if server == super::THE_SERVER { "the server" } else { server }
}

/// A value as a person writes it.
fn as_text(raw: &str) -> String {
    serde_json::from_str::<String>(raw).unwrap_or_else(|_| short(raw))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn suggestions<'a>(
    problem: &Problem<'a>,
    given: Option<&str>,
    closest: &mut Closest<'a>,
) -> Vec<Suggestion> {
    let Some(spec) = problem.spec else { return Vec::new() };
    let option = |name: &str| spec.input.options.get(name).map(suggestion).into_iter().collect();
    match problem.fault.kind {
        _ if problem.fault.about == About::CannotTell => Vec::new(),
        FindingKind::ModelMissing | FindingKind::NotInList | FindingKind::InputFileMissing => {
            in_list(spec, given.unwrap_or_default(), closest)
        }
        FindingKind::TooSmall => option("min"),
        FindingKind::TooLarge => option("max"),
        FindingKind::WrongType if spec.kind() == "BOOLEAN" => yes_and_no(),
        FindingKind::WrongType => option("default"),
        FindingKind::Converted if spec.kind() == "BOOLEAN" => yes_and_no(),
        _ => Vec::new(),
    }
}

fn in_list<'a>(spec: &'a Spec<'a>, given: &str, closest: &mut Closest<'a>) -> Vec<Suggestion> {
    if let Some(keys) = spec.keys() {
        return keys.take(MOST_SUGGESTIONS).map(suggestion).collect();
    }
    // A list in place of one value is mended by hand.
    if spec.input.is("multiselect") {
        return Vec::new();
    }
    closest.find(spec.list().unwrap_or_default(), given)
}

fn yes_and_no() -> Vec<Suggestion> {
    [true, false].map(|is| suggestion(&Value::Bool(is))).into()
}

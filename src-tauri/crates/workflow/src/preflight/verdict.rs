//! What several servers have and lack of what a prompt needs.

use super::{
    FindingKind, Hints, Lack, LackKind, OnServer, Server, Verdict,
    check::{Stock, Views, check},
    graph::Graph,
    report::Writer,
};
use domain::ServerId;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The most things that are named.
const MOST_LACKS: usize = 500;

pub(super) fn verdict(graph: &Graph<'_>, servers: &[Server<'_>], hints: &Hints) -> Verdict {
    let mut reports = Vec::with_capacity(servers.len());
    let mut lacks = Lacks::default();
    for server in servers {
        let views = Views::new(graph, server.info);
        let found = check(graph, &views);
        let writer = Writer { graph, views: &views, server: server.name, hints };
        lacks.add(server.id, &found.stock, &writer);
        reports.push((server.id, writer.report(found)));
    }
    compare(&mut reports);
    let lacks = lacks.into_list(hints);
    let runs_nowhere = !reports.is_empty() && reports.iter().all(|(_, report)| report.blocked);
    let servers = reports
        .into_iter()
        .map(|(server, report)| OnServer {
            server,
            report,
            lacks: lacks.iter().filter(|lack| lack.lacking.contains(&server)).count(),
        })
        .collect();
    Verdict { servers, lacks, runs_nowhere }
}

/// For each finding of a server notes the servers without it.
fn compare(reports: &mut [(ServerId, super::Report)]) {
    type Key = (FindingKind, Option<String>, Option<String>);
    let mut all: Vec<(ServerId, HashSet<Key>)> = Vec::new();
    // Where more was found than is listed, what is not listed may be there all the same.
    for (server, report) in reports.iter().filter(|(_, report)| report.more == 0) {
        let key =
            |finding: &super::Finding| (finding.kind, finding.node.clone(), finding.input.clone());
        all.push((*server, report.findings.iter().map(key).collect()));
    }
    for (server, report) in reports.iter_mut() {
        for finding in &mut report.findings {
            let key = (finding.kind, finding.node.clone(), finding.input.clone());
            // Of a node without its class a server says nothing more.
            let no_class = (FindingKind::ClassMissing, finding.node.clone(), None);
            let fine = all.iter().filter(|(other, found)| {
                other != server && !found.contains(&key) && !found.contains(&no_class)
            });
            finding.fine_on = fine.map(|(other, _)| *other).collect();
        }
    }
}

/// Things by kind and name: who lacks them and which nodes need them.
#[derive(Default)]
struct Lacks {
    things: BTreeMap<(LackKind, String), Thing>,
    servers: Vec<Has>,
}

#[derive(Default)]
struct Thing {
    nodes: Vec<super::Place>,
    lacking: Vec<ServerId>,
}

/// What a server has.
struct Has {
    server: ServerId,
    classes: BTreeSet<String>,
    models: BTreeSet<String>,
    files: BTreeSet<String>,
}

impl Lacks {
    fn add(&mut self, server: ServerId, stock: &Stock<'_>, writer: &Writer<'_>) {
        for (kind, names) in [
            (LackKind::Class, &stock.no_classes),
            (LackKind::Model, &stock.no_models),
            (LackKind::File, &stock.no_files),
        ] {
            for (name, nodes) in names {
                let thing = self.things.entry((kind, name.clone())).or_insert_with(|| Thing {
                    nodes: nodes.iter().map(|node| writer.place(*node)).collect(),
                    lacking: Vec::new(),
                });
                thing.lacking.push(server);
            }
        }
        let classes = stock.classes.iter().map(|class| (*class).to_owned()).collect();
        let (models, files) = (stock.models.clone(), stock.files.clone());
        self.servers.push(Has { server, classes, models, files });
    }

    fn into_list(self, hints: &Hints) -> Vec<Lack> {
        let Self { things, servers } = self;
        let having = |kind, name: &str, lacking: &[ServerId]| {
            let has = |has: &&Has| match kind {
                LackKind::Class => has.classes.contains(name),
                LackKind::Model => has.models.contains(name) && !lacking.contains(&has.server),
                LackKind::File => has.files.contains(name) && !lacking.contains(&has.server),
            };
            servers.iter().filter(has).map(|has| has.server).collect()
        };
        things
            .into_iter()
            .take(MOST_LACKS)
            .map(|((kind, name), thing)| Lack {
                having: having(kind, &name, &thing.lacking),
                pack: hints.packs.get(&name).filter(|_| kind == LackKind::Class).cloned(),
                source: hints.model(&name).filter(|_| kind == LackKind::Model).cloned(),
                kind,
                name,
                nodes: thing.nodes,
                lacking: thing.lacking,
            })
            .collect()
    }
}

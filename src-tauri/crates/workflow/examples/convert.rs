//! Converts every `CORPUS/<name>/workflow.json` and writes `OUT/<name>.json`.
//!
//! `cargo run --release -p workflow --example convert -- --object-info FILE CORPUS OUT`
//!
//! Prints how many were converted, how many of them with notes, and how long the conversions alone
//! took, with the reading of the JSON. With `--notes` it prints every note, too.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};
use workflow::{ObjectInfo, convert};

fn main() {
    let mut info = ObjectInfo::default();
    let mut show_notes = false;
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--object-info" => {
                let file = arguments.next().expect("a file after --object-info");
                info = ObjectInfo::read(&fs::read(file).unwrap()).unwrap();
            }
            "--notes" => show_notes = true,
            path => paths.push(path.into()),
        }
    }
    let [corpus, out] = paths.as_slice() else {
        panic!("usage: convert [--notes] --object-info FILE CORPUS OUT");
    };
    fs::create_dir_all(out).unwrap();
    let graphs = graphs(corpus);
    // The classes are laid out once, when the first node of each is met.
    for (_, graph) in &graphs {
        let _ = convert(graph, &info);
    }
    let (mut converted, mut noted, mut failed) = (0, 0, 0);
    let mut took = Duration::ZERO;
    for (name, graph) in &graphs {
        let began = Instant::now();
        let result = convert(graph, &info);
        took += began.elapsed();
        match result {
            Ok(result) => {
                converted += 1;
                noted += usize::from(!result.notes.is_empty());
                fs::write(out.join(format!("{name}.json")), result.prompt.text()).unwrap();
                for note in result.notes.iter().filter(|_| show_notes) {
                    let (node, class) = (note.node.as_deref(), note.class.as_deref());
                    println!(
                        "{name}\t{}\t{}\t{:?}\t{}\t{}",
                        node.unwrap_or("-"),
                        class.unwrap_or("-"),
                        note.kind,
                        note.input.as_deref().unwrap_or("-"),
                        note.text
                    );
                }
            }
            Err(error) => {
                failed += 1;
                println!("{name}: {error}");
            }
        }
    }
    println!(
        "{converted} converted, {noted} of them with notes, {failed} not; {:.1} ms for the conversions alone, {:.0} a second",
        took.as_secs_f64() * 1_000.0,
        graphs.len() as f64 / took.as_secs_f64()
    );
    let threads = thread::available_parallelism().map_or(1, usize::from);
    println!("on {threads} threads {:.0} a second", rate(&graphs, &info, threads));
}

/// Conversions a second on some threads, each of which converts all graphs a few times.
fn rate(graphs: &[(String, String)], info: &ObjectInfo, threads: usize) -> f64 {
    const TIMES: usize = 5;
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for (_, graph) in graphs.iter().cycle().take(graphs.len() * TIMES) {
                    let _ = black_box(convert(graph, info));
                }
            });
        }
    });
    (graphs.len() * TIMES * threads) as f64 / began.elapsed().as_secs_f64()
}

fn graphs(corpus: &Path) -> Vec<(String, String)> {
    let mut graphs: Vec<(String, String)> = fs::read_dir(corpus)
        .unwrap()
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            let graph = fs::read_to_string(folder.join("workflow.json")).ok()?;
            Some((folder.file_name()?.to_string_lossy().into_owned(), graph))
        })
        .collect();
    graphs.sort();
    graphs
}

//! Converts every `CORPUS/<name>/workflow.json` and writes `OUT/<name>.json`.
//!
//! `cargo run --release -p workflow --example convert -- --object-info FILE CORPUS OUT`
//!
//! They are converted on all cores, as an import does it. Prints how many were converted, how many of
//! them with notes, how long the conversions alone took, with the reading of the JSON, and how many a
//! second one thread does. With `--notes` it prints every note, too.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};
use workflow::{ConvertError, Converted, ObjectInfo, convert};

/// As in the app.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let results = on_threads(&graphs, &info, threads);
    let took = began.elapsed();
    let (mut converted, mut noted, mut failed) = (0, 0, 0);
    for ((name, _), result) in graphs.iter().zip(results) {
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
        "{converted} converted, {noted} of them with notes, {failed} not; {:.1} ms for the conversions alone on {threads} threads",
        took.as_secs_f64() * 1_000.0
    );
    for threads in [threads, 1] {
        println!("on {threads} threads {:.0} a second", rate(&graphs, &info, threads));
    }
}

/// Converts all graphs, each thread its share of them.
fn on_threads(
    graphs: &[(String, String)],
    info: &ObjectInfo,
    threads: usize,
) -> Vec<Result<Converted, ConvertError>> {
    thread::scope(|scope| {
        let shares = graphs.chunks(graphs.len().div_ceil(threads).max(1));
        let running: Vec<_> = shares
            .map(|share| {
                scope.spawn(|| share.iter().map(|(_, graph)| convert(graph, info)).collect())
            })
            .collect();
        running.into_iter().flat_map(|one| -> Vec<_> { one.join().unwrap() }).collect()
    })
}

/// Conversions a second on some threads, each of which converts all graphs a few times.
fn rate(graphs: &[(String, String)], info: &ObjectInfo, threads: usize) -> f64 {
    const TIMES: usize = 20;
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

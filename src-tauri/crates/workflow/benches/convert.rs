//! Converting graphs as the editor saves them, beside comfy-cli on the same files in the same run.
//!
//! The files are the corpus of templates where it is at hand (`../shared/corpus` beside the project),
//! else the project's own small fixtures, without comfy-cli. `COMFY_CLI` names comfy-cli's program,
//! whose Python is used.
#![allow(missing_docs, clippy::cast_precision_loss)]

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};
use workflow::{ObjectInfo, convert};

/// As in the app.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LONG_ENOUGH: Duration = Duration::from_secs(3);

/// Reads and converts all files as often as fits into a few seconds; prints conversions a second.
const PYTHON: &str = r"
import copy, json, pathlib, sys, time
from comfy_cli.workflow_to_api import convert_ui_to_api
info = json.loads(pathlib.Path(sys.argv[1]).read_text())
texts = [pathlib.Path(path).read_text() for path in sys.stdin.read().splitlines()]
done, began = 0, time.perf_counter()
while time.perf_counter() - began < 3:
    for text in texts:
        try:
            convert_ui_to_api(json.loads(text), info)
        except Exception:
            pass
        done += 1
print(done / (time.perf_counter() - began))
";

fn main() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = own.join("../../../../shared/corpus");
    if !corpus.is_dir() {
        let fixtures = own.join("tests/convert");
        let info = classes(&fixtures.join("classes.json"));
        let texts = graphs_of_fixtures(&fixtures);
        println!("<!-- the corpus is not here: the project's own fixtures are converted -->");
        println!(
            "| Conversions a second, {} fixtures | {:.0} | |",
            texts.len(),
            rate(&texts, &info, 1)
        );
        return;
    }
    let info_file = corpus.join("object_info_0.28.2_with_models.json");
    let info = classes(&info_file);
    let files = files(&corpus.join("templates"));
    let texts: Vec<String> =
        files.iter().map(|file| fs::read_to_string(file).expect("a graph")).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let one = rate(&texts, &info, 1);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let all = rate(&texts, &info, threads);
    let megabytes = bytes as f64 / texts.len() as f64 * one / 1e6;
    println!(
        "| Conversions a second, {} templates, one thread | {one:.0} | {megabytes:.0} MB/s of JSON |",
        texts.len()
    );
    println!(
        "| The same on all {threads} cores, as an import does | {all:.0} | {:.1} times one thread |",
        all / one
    );
    beside_comfy_cli(&info_file, &files, one, all);
}

/// Conversions a second, with the reading of the JSON.
fn rate(texts: &[String], info: &ObjectInfo, threads: usize) -> f64 {
    let began = Instant::now();
    let done: usize = thread::scope(|scope| {
        let work = || {
            let mut done = 0;
            while began.elapsed() < LONG_ENOUGH {
                for text in texts {
                    black_box(convert(text, info)).ok();
                }
                done += texts.len();
            }
            done
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|one| one.join().expect("a thread")).sum()
    });
    done as f64 / began.elapsed().as_secs_f64()
}

fn beside_comfy_cli(info: &Path, files: &[PathBuf], one: f64, all: f64) {
    let Some(program) = std::env::var_os("COMFY_CLI") else {
        println!("<!-- not measured beside comfy-cli: COMFY_CLI does not name it -->");
        return;
    };
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let list = std::env::temp_dir().join(format!("graphs-{}.txt", std::process::id()));
    fs::write(&list, names.join("\n")).expect("a list of files");
    let answer = Command::new(PathBuf::from(program).with_file_name("python"))
        .args(["-c", PYTHON])
        .arg(info)
        .stdin(fs::File::open(&list).expect("a list of files"))
        .output();
    fs::remove_file(&list).ok();
    let answer = answer.expect("comfy-cli's Python runs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let theirs: f64 = String::from_utf8_lossy(&answer.stdout).trim().parse().expect("a number");
    println!(
        "| The same by comfy-cli (`workflow_to_api`), one thread | {theirs:.0} | Safelight is {:.0} times as fast on one thread, {:.0} times on all cores |",
        one / theirs,
        all / theirs
    );
}

fn classes(file: &Path) -> ObjectInfo {
    ObjectInfo::read(&fs::read(file).expect("node classes")).expect("node classes")
}

/// The graphs in the folders of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = folders
        .filter_map(|entry| Some(entry.ok()?.path().join("workflow.json")))
        .filter(|file| file.is_file())
        .collect();
    files.sort();
    files
}

fn graphs_of_fixtures(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| {
            let case = fs::read(entry.ok()?.path()).ok()?;
            let case: serde_json::Value = serde_json::from_slice(&case).ok()?;
            case.get("graph").map(ToString::to_string)
        })
        .collect()
}

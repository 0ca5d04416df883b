//! Pictures that a workflow asks for, that no server has, and that lie beside its file or were handed
//! in with it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use domain::Outcome;
use engine::view::{IntakeItem, Standing};
use serde_json::{Value, json};
use std::{fs, path::Path};
use support::{Bench, known, known_in, picture, submit, written};
use tempfile::TempDir;

/// Inverts a picture.
fn invert(name: &str) -> String {
    json!({
        "1": {"class_type": "LoadImage", "inputs": {"image": name}, "_meta": {"title": "Harbour"}},
        "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "inv"}},
    })
    .to_string()
}

/// The same as ComfyUI's editor saves it.
fn drawn(name: &str) -> String {
    json!({
        "last_node_id": 3, "last_link_id": 2,
        "nodes": [
            {"id": 1, "type": "LoadImage", "pos": [10, 20], "size": [210, 130], "mode": 0,
             "inputs": [], "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]},
                                       {"name": "MASK", "type": "MASK", "links": null}],
             "properties": {}, "widgets_values": [name, "image"]},
            {"id": 2, "type": "ImageInvert", "pos": [300, 20], "size": [210, 46], "mode": 0,
             "inputs": [{"name": "image", "type": "IMAGE", "link": 1}],
             "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [2]}], "properties": {}},
            {"id": 3, "type": "SaveImage", "pos": [600, 20], "size": [210, 80], "mode": 0,
             "inputs": [{"name": "images", "type": "IMAGE", "link": 2}], "outputs": [],
             "properties": {}, "widgets_values": ["inv"]}
        ],
        "links": [[1, 1, 0, 2, 0, "IMAGE"], [2, 2, 0, 3, 0, "IMAGE"]],
        "groups": [], "config": {}, "extra": {}, "version": 0.4
    })
    .to_string()
}

fn told(item: &IntakeItem) -> Vec<&str> {
    let of = item.findings.iter().filter(|found| found.kind == "taken_along");
    of.map(|found| found.text.as_str()).collect()
}

/// The picture that a job's prompt names.
async fn named(bench: &Bench, item: &IntakeItem) -> String {
    let prompt = bench.engine.job_workflow(item.job_id.unwrap()).await.unwrap();
    let prompt: Value = serde_json::from_str(&prompt).unwrap();
    prompt["1"]["inputs"]["image"].as_str().unwrap().to_owned()
}

/// What the server has under a name.
async fn at_the_server(bench: &Bench, name: &str) -> Option<Vec<u8>> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let url =
        format!("{}/view?filename={file}&subfolder={folder}&type=input", bench.practice().url());
    let answer = reqwest::get(url).await.unwrap().error_for_status().ok()?;
    Some(answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_picture_beside_the_workflow_goes_along_byte_for_byte() {
    let bench = known().await;
    let dir = bench.folder.path().join("work");
    written(&dir, "harbour.png", picture(40));
    written(&dir, "masks/night/sea.png", picture(90));
    let files = [
        written(&dir, "beside.json", invert("harbour.png [input]")),
        written(&dir, "drawn.json", drawn("harbour.png")),
        written(&dir, "below.json", invert(r"masks\night\sea.png")),
    ];
    // Looking copies nothing.
    let looked = bench.engine.intake_inspect(files.to_vec()).await.unwrap();
    assert_eq!(told(&looked.items[0]), ["Takes harbour.png from beside it."]);
    assert!(looked.items.iter().all(|item| item.standing == Standing::Ready), "{looked:#?}");
    assert!(!bench.folder.path().join("data/inputs").exists());

    let report = submit(&bench.engine, &files).await;
    let wanted = [
        ("Took harbour.png from beside it.", picture(40), 215),
        ("Took harbour.png from beside it.", picture(40), 215),
        (r"Took masks\night\sea.png from beside it.", picture(90), 165),
    ];
    let mut names = Vec::new();
    for (item, (text, bytes, red)) in report.items.iter().zip(wanted) {
        assert_eq!((item.standing, told(item)), (Standing::Ready, vec![text]), "{item:#?}");
        let done = bench.ended(item.job_id.unwrap(), Outcome::Succeeded).await;
        assert!(done.events.iter().any(|event| event.text == text), "{:#?}", done.events);
        let name = named(&bench, item).await;
        assert_eq!(at_the_server(&bench, &name).await.unwrap(), bytes, "{name}");
        let output = bench.engine.asset_path(done.assets[0].id).await.unwrap();
        assert_eq!(first_red(&output), red, "{name}");
        names.push(name);
    }
    assert_eq!(names[0], names[1], "the same picture is kept once");
    let asked = bench.practice().record().asked;
    assert_eq!(asked.iter().filter(|asked| asked.path == "/upload/image").count(), 2);
    // What was drawn is kept as it was.
    let out = bench.folder.path().join("out.json");
    let workflow = report.items[1].workflow.clone().unwrap();
    bench.engine.workflow_export(&workflow, out.clone(), true).await.unwrap();
    assert_eq!(fs::read_to_string(out).unwrap(), drawn("harbour.png"));
    bench.engine.stop().await;
}

fn first_red(path: &Path) -> u8 {
    let file = std::io::BufReader::new(fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels[0]
}

#[tokio::test]
async fn a_picture_handed_in_with_the_workflow_goes_into_it() {
    let bench = known().await;
    let dir = bench.folder.path();
    let workflow = written(dir, "work/invert.json", invert("harbour.png"));
    let with = written(dir, "elsewhere/harbour.png", picture(7));
    let report = submit(&bench.engine, &[workflow.clone(), with.clone()]).await;
    let [job, file] = report.items.as_slice() else { panic!("{report:#?}") };
    assert_eq!(told(job), ["Took harbour.png that was handed in with it."]);
    assert_eq!((file.standing, file.job_id), (Standing::TakenAlong, None));
    assert_eq!(file.message, "It goes into invert.json, which asks for it.");
    bench.ended(job.job_id.unwrap(), Outcome::Succeeded).await;
    let name = named(&bench, job).await;
    assert_eq!(at_the_server(&bench, &name).await.unwrap(), picture(7));
    // Of two of one name nobody knows which is meant.
    let other = written(dir, "another/harbour.png", picture(8));
    let report = submit(&bench.engine, &[workflow.clone(), with, other]).await;
    let item = &report.items[0];
    assert_eq!(item.standing, Standing::NeedsLook);
    assert_eq!(
        told(item),
        ["harbour.png is not taken along: several files of this name were handed in."]
    );
    // The one beside it is meant before any other.
    written(dir, "work/harbour.png", picture(9));
    let report = submit(&bench.engine, &[workflow]).await;
    let name = named(&bench, &report.items[0]).await;
    bench.ended(report.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    assert_eq!(at_the_server(&bench, &name).await.unwrap(), picture(9));
    bench.engine.stop().await;
}

#[tokio::test]
async fn nothing_outside_the_folder_and_nothing_but_media_is_taken() {
    let bench = known().await;
    let dir = bench.folder.path().join("work");
    let secret = written(bench.folder.path(), "secret.png", picture(66));
    written(&dir, "letter.png", "dear diary");
    let large = written(&dir, "large.png", picture(1));
    fs::File::options().write(true).open(large).unwrap().set_len((2 << 30) + 1).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, dir.join("link.png")).unwrap();
    fs::create_dir(bench.folder.path().join("with")).unwrap();
    let with = bench.folder.path().join("with/with.png");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, &with).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(bench.folder.path(), dir.join("up")).unwrap();
    // (what the workflow asks for, what is said)
    let out = "it is a link that leads out of the workflow's folder.";
    let mut cases = vec![
        ("../secret.png".to_owned(), None),
        ("masks/../../secret.png".to_owned(), None),
        (secret.display().to_string(), None),
        ("secret.png".to_owned(), None),
        ("large.png".to_owned(), Some("it has more than 2 GB.")),
        ("letter.png".to_owned(), Some("it is no picture, video or sound.")),
    ];
    if cfg!(unix) {
        cases.push(("link.png".to_owned(), Some(out)));
        cases.push(("with.png".to_owned(), None));
        cases.push(("up/secret.png".to_owned(), Some(out)));
    }
    for (at, (asked, said)) in cases.iter().enumerate() {
        let path = written(&dir, &format!("{at}.json"), invert(asked));
        // Links may be handed in as well, in a folder for instance.
        let report = submit(&bench.engine, &[path, dir.join("link.png"), with.clone()]).await;
        let item = &report.items[0];
        assert_eq!(named(&bench, item).await, *asked, "nothing was put in its place");
        match said {
            Some(said) => assert!(told(item)[0].ends_with(said), "{asked}: {:?}", told(item)),
            None => assert!(told(item).is_empty(), "{asked}: {:?}", told(item)),
        }
    }
    let kept = fs::read_dir(bench.folder.path().join("data/inputs"));
    assert_eq!(kept.map_or(0, Iterator::count), 0);
    assert_eq!(at_the_server(&bench, "secret.png").await, None);
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_a_server_has_is_left_to_it() {
    let folder = TempDir::new().unwrap();
    written(folder.path(), "practice/input/sea.png", picture(255));
    let bench = known_in(folder).await;
    let dir = bench.folder.path().join("work");
    written(&dir, "sea.png", picture(1));
    let path = written(&dir, "invert.json", invert("sea.png"));
    let report = submit(&bench.engine, &[path]).await;
    assert_eq!(named(&bench, &report.items[0]).await, "sea.png");
    assert!(told(&report.items[0]).is_empty());
    let done = bench.ended(report.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    assert_eq!(first_red(&bench.engine.asset_path(done.assets[0].id).await.unwrap()), 0);
    bench.engine.stop().await;
}

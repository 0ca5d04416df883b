//! Ratings and tags in XMP sidecars beside the files of a folder.

use crate::{
    World,
    made::{put, saved, settled},
    until,
};
use engine::view::{ExportInto, ExportPlan, LibraryCell, Mark, PictureForm, ScanReport, WorkState};
use std::{fs, path::Path};

/// As Lightroom writes them.
const LIGHTROOM: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="4" xmp:Label="Red">
<dc:subject><rdf:Bag><rdf:li>night</rdf:li><rdf:li>for print</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>"#;

/// As darktable writes them.
fn darktable(rating: i8, tags: &[&str]) -> String {
    let items: String = tags.iter().map(|tag| format!("<rdf:li>{tag}</rdf:li>")).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:darktable="http://darktable.sf.net/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmp:Rating="{rating}" darktable:xmp_version="5">
   <lr:hierarchicalSubject><rdf:Seq><rdf:li>darktable|format|png</rdf:li>{items}</rdf:Seq></lr:hierarchicalSubject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"#
    )
}

impl World {
    /// Stars, flag and tags of a picture.
    async fn marks(&self, title: &str) -> (u8, i8, String) {
        let key = self.engine.asset_key(self.asset(title).await.id).await.unwrap();
        let detail = self.engine.asset_detail(key).await.unwrap();
        let LibraryCell { rating, flag, .. } = detail.cell;
        (rating, flag, detail.tags.join(", "))
    }

    async fn mark(&self, title: &str, mark: Mark) {
        let key = self.engine.asset_key(self.asset(title).await.id).await.unwrap();
        self.engine.asset_mark(vec![key], mark).await.unwrap();
    }
}

fn said(rating: u8, flag: i8, tags: &str) -> (u8, i8, String) {
    (rating, flag, tags.to_owned())
}

fn sidecar(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    put(folder, name, text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ratings_and_tags_come_with_the_files_and_bad_ones_are_told() {
    let world = World::new().await;
    let folder = world.pictures();
    for (n, name) in ["one", "two", "three", "four", "five", "six"].into_iter().enumerate() {
        put(&folder, format!("deep/{name}.png"), saved(n as u64));
    }
    // Some write the ending so.
    sidecar(&folder, "deep/one.XMP", LIGHTROOM);
    sidecar(&folder, "deep/two.png.xmp", darktable(-1, &["places|France|Paris"]));
    // The longer name counts.
    sidecar(&folder, "deep/two.xmp", LIGHTROOM);
    sidecar(&folder, "deep/three.png.xmp", &LIGHTROOM[..200]);
    sidecar(&folder, "deep/four.png.xmp", vec![b' '; (4 << 20) + 1]);
    sidecar(&folder, "deep/five.png.xmp", b"\xff\xfe no text");
    sidecar(&folder, "deep/nobody.png.xmp", LIGHTROOM);

    let root = world.import(false).await;
    let ScanReport { new, sidecars, passed_over, problems, .. } = root.report;
    assert_eq!((new, sidecars, passed_over), (6, 2, 0));
    let mut told: Vec<_> = problems.iter().map(|told| told.path.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["deep/five.png.xmp", "deep/four.png.xmp", "deep/three.png.xmp"]);
    assert!(problems.iter().all(|told| told.text.contains("sidecar")), "{problems:?}");
    assert_eq!(world.marks("one").await, said(4, 0, "for print, night, Red"));
    assert_eq!(world.marks("two").await, said(0, -1, "Paris"));
    for title in ["three", "four", "five", "six"] {
        assert_eq!(world.marks(title).await, said(0, 0, ""), "{title}");
    }
    world.found("rating:4 tag:night", 1).await;
    // What was read is not read again.
    assert_eq!(world.rescan(root.id).await.report.sidecars, 0);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_artist_set_here_wins_over_a_sidecar_that_is_changed_later() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    put(&folder, "two.png", saved(2));
    let root = world.import(false).await;
    world.mark("one", Mark::Rating { stars: 2 }).await;
    sidecar(&folder, "one.png.xmp", darktable(5, &["a", "b"]));
    sidecar(&folder, "two.png.xmp", darktable(5, &["a"]));
    assert_eq!(world.rescan(root.id).await.report.sidecars, 2);
    assert_eq!(world.marks("one").await, said(2, 0, "a, b"), "the stars were set here before");
    assert_eq!(world.marks("two").await, said(5, 0, "a"));

    world.mark("one", Mark::TagRemove { name: "a".into() }).await;
    world.mark("two", Mark::Rating { stars: 1 }).await;
    sidecar(&folder, "one.png.xmp", darktable(3, &["a", "c"]));
    sidecar(&folder, "two.png.xmp", darktable(-1, &["b"]));
    assert_eq!(world.rescan(root.id).await.report.sidecars, 2);
    assert_eq!(world.marks("one").await, said(2, 0, "c"));
    assert_eq!(world.marks("two").await, said(1, -1, "b"));
    // Without its sidecar nothing is taken away; renamed with it, nothing is read again.
    fs::remove_file(folder.join("one.png.xmp")).unwrap();
    fs::rename(folder.join("two.png"), folder.join("2.png")).unwrap();
    fs::rename(folder.join("two.png.xmp"), folder.join("2.png.xmp")).unwrap();
    let root = world.rescan(root.id).await;
    assert_eq!((root.report.moved, root.report.problems.len()), (1, 0));
    #[cfg(unix)]
    assert_eq!(root.report.sidecars, 0);
    assert_eq!(world.marks("one").await, said(2, 0, "c"));
    assert_eq!(world.marks("two").await, said(1, -1, "b"));
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sidecar_that_is_written_while_its_folder_is_watched_is_noticed() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "deep/one.png", saved(1));
    world.import(true).await;
    for (name, text, marks) in [
        ("deep/one.xmp", darktable(3, &["a"]), said(3, 0, "a")),
        ("deep/one.xmp", darktable(4, &["b"]), said(4, 0, "b")),
        ("deep/one.png.xmp", darktable(-1, &[]), said(0, -1, "")),
    ] {
        fs::write(folder.join(name), text).unwrap();
        until("it is noticed", || async { (world.marks("one").await == marks).then_some(()) })
            .await;
    }
    // With a picture that comes together with it.
    fs::write(folder.join("deep/two.png"), saved(2)).unwrap();
    fs::write(folder.join("deep/two.xmp"), LIGHTROOM).unwrap();
    until("both are there", || async {
        let there = world.titles().await.contains(&"two".to_owned());
        (there && world.marks("two").await.0 == 4).then_some(())
    })
    .await;
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_with_sidecars_comes_back_with_its_marks() {
    let world = World::new().await;
    let folder = world.pictures();
    for (n, name) in ["one", "two", "three"].into_iter().enumerate() {
        put(&folder, format!("{name}.png"), saved(n as u64));
    }
    world.import(false).await;
    world.mark("one", Mark::Rating { stars: 5 }).await;
    world.mark("one", Mark::TagAdd { name: "<a> & \"b\"".into() }).await;
    world.mark("one", Mark::TagAdd { name: "夜の港".into() }).await;
    world.mark("two", Mark::Flag { flag: -1 }).await;
    let mut keys = Vec::new();
    for asset in world.assets().await {
        keys.push(world.engine.asset_key(asset.id).await.unwrap());
    }
    let other = World::new().await;
    let plan = ExportPlan {
        to: other.pictures().display().to_string(),
        into: ExportInto::Folder,
        form: PictureForm::Original,
        quality: 90,
        longest_edge: None,
        metadata: true,
        xmp: true,
        names: "{name}".into(),
    };
    let work = world.engine.export_start(keys, plan).await.unwrap();
    until("the export is done", || async {
        let works = world.engine.work_list();
        works.into_iter().find(|one| one.id == work.id && one.state == WorkState::Done)
    })
    .await;
    for entry in fs::read_dir(other.pictures()).unwrap() {
        settled(&entry.unwrap().path());
    }
    let root = other.import(false).await;
    assert_eq!((root.report.new, root.report.sidecars), (3, 2));
    for title in ["one", "two", "three"] {
        assert_eq!(other.marks(title).await, world.marks(title).await, "{title}");
    }
    world.engine.stop().await;
    other.engine.stop().await;
}

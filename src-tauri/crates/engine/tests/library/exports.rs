//! Copies for other people.

use crate::{World, made, support::until};
use engine::view::{ExportInto, ExportPlan, Mark, PictureForm, WorkState, WorkView};
use std::{fs, path::Path};

fn plan(to: &Path, into: ExportInto) -> ExportPlan {
    ExportPlan {
        to: to.display().to_string(),
        into,
        form: PictureForm::Original,
        quality: 90,
        longest_edge: None,
        metadata: true,
        xmp: false,
        names: "{name}".into(),
    }
}

async fn export(world: &World, text: &str, plan: ExportPlan) -> WorkView {
    let work = world.engine.export_start(world.keys(text).await, plan).await.unwrap();
    until("the export is done", || async {
        let works = world.engine.work_list();
        works.into_iter().find(|one| one.id == work.id && one.state != WorkState::Running)
    })
    .await
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn originals_are_copied_to_the_letter_and_nothing_is_overwritten() {
    let world = World::new().await;
    let to = world.path("out");
    for round in 0..2 {
        let work = export(&world, "*.seed<2", plan(&to, ExportInto::Folder)).await;
        assert_eq!((work.state, work.done), (WorkState::Done, 2), "{work:?}");
        assert_eq!(names(&to).len(), 2 + round * 2);
    }
    assert_eq!(names(&to)[0], "lake_00000_ (2).png");
    let original = fs::read(world.path("pictures/day/lake_00000_.png")).unwrap();
    assert_eq!(fs::read(to.join("lake_00000_.png")).unwrap(), original);
}

#[tokio::test]
async fn names_formats_and_metadata_are_as_wanted() {
    let world = World::new().await;
    let keys = world.keys("seed:3").await;
    world.engine.asset_mark(keys.clone(), Mark::Rating { stars: 5 }).await.unwrap();
    world.engine.asset_mark(keys, Mark::TagAdd { name: "prints".into() }).await.unwrap();
    let to = world.path("out");
    let small = ExportPlan {
        form: PictureForm::Jpeg,
        longest_edge: Some(8),
        metadata: false,
        xmp: true,
        names: "{seed}-{rating}-{n}".into(),
        ..plan(&to, ExportInto::Folder)
    };
    let work = export(&world, "seed:3", small).await;
    assert_eq!(work.state, WorkState::Done, "{work:?}");
    assert_eq!(work.problems, [""; 0]);
    assert_eq!(names(&to), ["3-5-0001.jpg", "3-5-0001.jpg.xmp"]);
    let bytes = fs::read(to.join("3-5-0001.jpg")).unwrap();
    assert_eq!(bytes[..2], [0xff, 0xd8]);
    assert!(!bytes.windows(8).any(|window| window == b"KSampler"), "no workflow goes along");
    let sidecar = fs::read_to_string(to.join("3-5-0001.jpg.xmp")).unwrap();
    assert!(sidecar.contains("prints") && sidecar.contains('5'), "{sidecar}");
}

#[tokio::test]
async fn what_is_small_enough_already_is_not_written_anew() {
    let world = World::new().await;
    let original = fs::read(world.path("pictures/day/lake_00003_.png")).unwrap();
    let size = |bytes: &[u8]| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes));
        reader.read_header_info().unwrap().width
    };
    let edge = size(&original);
    let at_most = async |name: &str, edge: u32, metadata: bool| {
        let to = world.path(name);
        let plan =
            ExportPlan { longest_edge: Some(edge), metadata, ..plan(&to, ExportInto::Folder) };
        let work = export(&world, "seed:3", plan).await;
        assert_eq!((work.state, &work.problems[..]), (WorkState::Done, &[][..]), "{work:?}");
        fs::read(to.join("lake_00003_.png")).unwrap()
    };
    assert_eq!(at_most("as large", edge, true).await, original);
    let smaller = at_most("smaller", edge - 1, true).await;
    assert_eq!(size(&smaller), edge - 1);
    let bare = at_most("bare", edge, false).await;
    assert_eq!(size(&bare), edge);
    assert!(!bare.windows(8).any(|window| window == b"KSampler"), "no workflow goes along");
}

/// A bitmap of one pixel: a format that holds nothing which could be left out of it.
fn bitmap(blue: u8) -> Vec<u8> {
    let numbers: [u32; 13] = [58, 0, 54, 40, 1, 1, 1 | 24 << 16, 0, 4, 0, 0, 0, 0];
    let numbers = numbers.into_iter().flat_map(u32::to_le_bytes);
    b"BM".iter().copied().chain(numbers).chain([blue, 0, 0, 0]).collect()
}

#[tokio::test]
async fn what_cannot_be_written_without_its_recipe_is_told_before() {
    let world = World::new().await;
    made::put(&world.path("pictures"), "a.bmp", bitmap(1));
    made::put(&world.path("pictures"), "b.BMP", bitmap(2));
    world.engine.root_scan(world.engine.root_list().await[1].id).await.unwrap();
    world.finds("", 14).await;
    let keys = world.keys("").await;
    let without = ExportPlan { metadata: false, ..plan(&world.path("out"), ExportInto::Folder) };
    let told = |plan: ExportPlan| {
        let (world, keys) = (&world, &keys);
        async move {
            let told = world.engine.export_unstripped(keys, plan).await.unwrap();
            (told.files, told.endings)
        }
    };
    assert_eq!(told(without.clone()).await, (2, vec!["bmp".to_owned()]));
    // And so it is.
    let work = export(&world, "", without.clone()).await;
    assert_eq!((work.problems.len(), names(&world.path("out")).len()), (2, 12), "{work:?}");
    let png = ExportPlan { form: PictureForm::Png, ..without.clone() };
    let kept = ExportPlan { metadata: true, ..without.clone() };
    let sheet = ExportPlan { into: ExportInto::ContactSheet, ..without };
    let smaller = ExportPlan { longest_edge: Some(64), ..png.clone() };
    let smaller = ExportPlan { form: PictureForm::Original, ..smaller };
    for fine in [png, kept, sheet, smaller.clone()] {
        assert_eq!(told(fine.clone()).await, (0, Vec::new()), "{fine:?}");
    }
    let smaller = ExportPlan { to: world.path("smaller").display().to_string(), ..smaller };
    let work = export(&world, "", smaller).await;
    let written = names(&world.path("smaller"));
    assert_eq!((work.problems.len(), written.len()), (0, 14), "{work:?}");
    assert!(written.contains(&"a.png".to_owned()), "{written:?}");
}

#[tokio::test]
async fn many_go_into_one_zip_or_onto_one_sheet() {
    let world = World::new().await;
    let zip = world.path("all.zip");
    let work = export(&world, "", plan(&zip, ExportInto::Zip)).await;
    assert_eq!((work.state, work.done, work.of), (WorkState::Done, 12, 12), "{work:?}");
    let bytes = fs::read(&zip).unwrap();
    assert_eq!(bytes[..2], *b"PK");
    assert!(bytes.windows(15).any(|window| window == b"lake_00011_.png"));
    let sheet = world.path("all.png");
    let work = export(&world, "", plan(&sheet, ExportInto::ContactSheet)).await;
    assert_eq!(work.state, WorkState::Done, "{work:?}");
    let mut reader = png::Decoder::new(std::io::BufReader::new(fs::File::open(&sheet).unwrap()));
    let header = reader.read_header_info().unwrap();
    assert!(header.width > 32 && header.height > 32, "{header:?}");
}

#[tokio::test]
async fn a_file_that_is_gone_is_told_and_the_others_are_written() {
    let world = World::new().await;
    fs::remove_file(world.path("pictures/day/lake_00001_.png")).unwrap();
    let to = world.path("out");
    let work = export(&world, "*.seed<3", plan(&to, ExportInto::Folder)).await;
    assert_eq!(work.state, WorkState::Done);
    assert_eq!(work.problems.len(), 1, "{work:?}");
    assert!(work.problems[0].contains("lake_00001_.png"), "{work:?}");
    assert_eq!(names(&to), ["lake_00000_.png", "lake_00002_.png"]);
    let zip = world.path("all.zip");
    let work = export(&world, "*.seed<3", plan(&zip, ExportInto::Zip)).await;
    assert_eq!((work.state, work.problems.len()), (WorkState::Done, 1), "{work:?}");
    assert!(work.problems[0].contains("lake_00001_.png"), "{work:?}");
    let bytes = fs::read(&zip).unwrap();
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    assert!(holds(b"lake_00000_.png") && holds(b"lake_00002_.png") && !holds(b"lake_00001_.png"));
    // Nothing of it can be reached: that is said, and why.
    fs::rename(world.path("pictures"), world.path("unplugged")).unwrap();
    let root = world.engine.root_list().await.remove(1).id;
    world.engine.root_scan(root).await.unwrap();
    world.finds("is:away", 12).await;
    for (text, wanted) in [("", "none of the 12 files"), ("seed:3", "lake_00003_.png cannot be")] {
        let keys = world.keys(text).await;
        let start = world.engine.export_start(keys, plan(&to, ExportInto::Folder));
        let error = start.await.unwrap_err();
        assert!(error.message.contains(wanted), "{error:?}");
    }
    let nowhere = plan(Path::new("not/whole"), ExportInto::Folder);
    let error = world.engine.export_start(world.keys("").await, nowhere).await.unwrap_err();
    assert!(error.message.contains("full path"), "{error:?}");
}

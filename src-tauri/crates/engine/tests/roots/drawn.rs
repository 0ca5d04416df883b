//! Small pictures of 3D files, which the page draws and the cache keeps.

use crate::{
    World,
    made::{png, put, saved},
    start,
};
use domain::AssetId;
use engine::{
    Engine, MediaSize, NoMedia,
    view::{CommandErrorCode, RootState},
};
use std::fs;

/// A 3D file that is read as a text.
const SAIL: &str = "v -1 -1 0\nv 1 -1 0\nv 0 1 0\nf 1 2 3\n";

/// What the page draws: red on nothing.
fn drawn(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let half = width as usize / 2;
    let row = [[255, 0, 0, 255].repeat(half), [0; 4].repeat(width as usize - half)].concat();
    let pixels = row.repeat(height as usize);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}

/// Width, first and last pixel of both sizes, as they are served.
async fn served(engine: &Engine, id: AssetId) -> Result<Vec<(u32, [u8; 4], [u8; 4])>, NoMedia> {
    let mut all = Vec::new();
    for size in [MediaSize::Thumb, MediaSize::Large] {
        let shown = engine.media_asset(id, size).await?;
        assert_eq!(shown.mime, "image/png");
        let file = std::io::BufReader::new(fs::File::open(shown.path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.color_type, info.height), (png::ColorType::Rgba, info.width));
        let row = &pixels[..info.line_size];
        let [first, last] = [row.first_chunk(), row.last_chunk()].map(|pixel| *pixel.unwrap());
        all.push((info.width, first, last));
    }
    Ok(all)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_drawn_of_a_3d_file_is_kept_like_other_small_pictures() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "sail.obj", SAIL);
    let root = world.import(false).await;
    let id = world.asset("sail").await.id;
    assert_eq!(served(&world.engine, id).await.unwrap_err(), NoMedia::NotDrawn);

    world.engine.model_picture_keep(id, drawn(512, 512)).await.unwrap();
    let (red, clear) = ([255, 0, 0, 255], [0; 4]);
    let both = vec![(256, red, clear), (512, red, clear)];
    assert_eq!(served(&world.engine, id).await.unwrap(), both);

    // After a restart, and while the drive is away.
    world.engine.stop().await;
    let World { folder: home, .. } = world;
    let elsewhere = home.path().join("unplugged");
    fs::rename(&folder, &elsewhere).unwrap();
    let world = World { engine: start(home.path()).await, folder: home };
    world.in_state(root.id, RootState::Away).await;
    assert_eq!(served(&world.engine, id).await.unwrap(), both);

    // The cache may be deleted at any time: it is drawn anew.
    fs::remove_dir_all(world.folder.path().join("cache/thumbs")).unwrap();
    assert_eq!(served(&world.engine, id).await.unwrap_err(), NoMedia::NotDrawn);
    let before = world.root(root.id).await.scanned_at;
    fs::rename(&elsewhere, &folder).unwrap();
    world.scanned(root.id, before).await;
    world.engine.model_picture_keep(id, drawn(256, 256)).await.unwrap();
    let both = vec![(256, red, clear), (256, red, clear)];
    assert_eq!(served(&world.engine, id).await.unwrap(), both);

    // Another content has no picture yet.
    put(&folder, "sail.obj", format!("{SAIL}# another\n"));
    world.rescan(root.id).await;
    let id = world.asset("sail").await.id;
    assert_eq!(served(&world.engine, id).await.unwrap_err(), NoMedia::NotDrawn);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_else_is_kept_as_the_picture_of_a_3d_file() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "sail.obj", SAIL);
    put(&folder, "one.png", saved(1));
    world.import(false).await;
    let [sail, one] = [world.asset("sail").await.id, world.asset("one").await.id];
    let gone = AssetId(uuid::Uuid::now_v7());

    let whole = drawn(512, 512);
    let cut = whole[..whole.len() / 2].to_vec();
    // Its head tells of more pixels than there is room for.
    let mut bomb = whole.clone();
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    for (id, picture, why) in [
        (sail, vec![7; (8 << 20) + 1], "more than 8 MB"),
        (sail, vec![], "no PNG"),
        (sail, SAIL.into(), "no PNG"),
        (sail, b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "no PNG"),
        (sail, drawn(512, 256), "no square"),
        (sail, drawn(128, 128), "no square of 256 to 1024 pixels"),
        (sail, drawn(1_025, 1_025), "no square"),
        (sail, bomb, "no square"),
        (sail, whole[..20].to_vec(), "no square"),
        (sail, cut, "damaged"),
        (one, png(512, 1, &[]), "one.png is no 3D file"),
        (gone, whole.clone(), "not there any more"),
    ] {
        let refused = world.engine.model_picture_keep(id, picture).await.unwrap_err();
        assert!(refused.message.contains(why) && refused.message.ends_with('.'), "{refused:?}");
        let code = if id == gone { CommandErrorCode::NotFound } else { CommandErrorCode::BadInput };
        assert_eq!(refused.code, code, "{why}");
    }
    assert_eq!(served(&world.engine, sail).await.unwrap_err(), NoMedia::NotDrawn);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_drawn_of_a_file_that_was_written_over_is_not_kept() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "sail.obj", SAIL);
    world.import(false).await;
    let id = world.asset("sail").await.id;
    // As long as it was, and no scan needs to have seen it.
    fs::write(folder.join("sail.obj"), SAIL.replace("v 0 1 0", "v 0 3 0")).unwrap();
    let refused = world.engine.model_picture_keep(id, drawn(256, 256)).await.unwrap_err();
    assert!(refused.message.contains("not there") && refused.message.ends_with('.'), "{refused:?}");
    assert!(served(&world.engine, id).await.is_err());
    world.engine.stop().await;
}

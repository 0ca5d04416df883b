//! Every starter of the workflow crate runs here, built after what this server says it has.

use std::collections::HashMap;

use image::GenericImageView;
use serde_json::Value;
use workflow::ObjectInfo;
use workflow::preflight::preflight;
use workflow::starters::{Form, Lora, Padding, Picture, Server, StarterId, build, starters};

use crate::help::server;

/// A picture of one colour.
fn plain(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    let image = image::RgbImage::from_pixel(width, height, image::Rgb(colour));
    let mut out = std::io::Cursor::new(vec![]);
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

/// A mask: white on the left half, black on the right.
fn left_half(width: u32, height: u32) -> Vec<u8> {
    let image = image::GrayImage::from_fn(width, height, |x, _| {
        image::Luma([if x < width / 2 { 255 } else { 0 }])
    });
    let mut out = std::io::Cursor::new(vec![]);
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

#[tokio::test]
async fn every_starter_makes_its_pictures() {
    let server = server().await;
    server.upload("cat.png", plain(600, 400, [200, 40, 40]), &[]).await;
    server.upload("mask.png", left_half(600, 400), &[]).await;
    let (status, info) = server.get("/object_info").await;
    assert_eq!(status, 200);
    let info = ObjectInfo::read(info.to_string().as_bytes()).unwrap();
    let metadata = HashMap::new();
    let has = Server { info: &info, metadata: &metadata };
    let form = Form {
        prompt: "a quiet harbour".to_owned(),
        negative: "blur".to_owned(),
        size: Some((3, 2)),
        count: 2,
        seed: u64::MAX,
        picture: Some(Picture { name: "cat.png".to_owned(), size: Some((600, 400)) }),
        mask: Some("mask.png".to_owned()),
        padding: Padding { left: 0, top: 0, right: 200, bottom: 0 },
        loras: vec![Lora { name: "practice_mono.safetensors".to_owned(), strength: 0.7 }],
        ..Form::default()
    };
    for offer in starters(&has) {
        let id = offer.starter.id;
        assert_eq!(offer.lacks, None, "{id:?}");
        // Each as it is filled in, and with as little as it takes.
        let bare = Form {
            picture: Some(Picture { name: "cat.png".to_owned(), size: None }),
            ..Form::default()
        };
        for (form, count) in [(&form, 2), (&bare, 1)] {
            let built = build(id, form, &has).unwrap();
            let report = preflight(&built.prompt, &info);
            assert!(!report.blocked && report.findings.is_empty(), "{id:?} {:?}", report.findings);
            let prompt: Value = serde_json::from_str(built.prompt.text()).unwrap();
            let entry = server.run(prompt).await;
            assert_eq!(entry["status"]["status_str"], "success", "{id:?} {entry:#}");
            let (node, output) =
                entry["outputs"].as_object().and_then(|outputs| outputs.iter().next()).unwrap();
            let wanted = if id == StarterId::Upscale { 1 } else { count };
            assert_eq!(output["images"].as_array().map(Vec::len), Some(wanted), "{id:?}");
            let picture = server.picture(&entry, node).await;
            if count == 2 {
                let size = match id {
                    StarterId::Upscale => (1200, 800),
                    StarterId::Outpaint => (720, 368),
                    StarterId::ModelFree => (64, 64),
                    _ => (576, 384),
                };
                looks(id, &picture, size);
            }
        }
    }
}

/// What is new is new, and what was to be kept is kept.
fn looks(id: StarterId, picture: &image::DynamicImage, size: (u32, u32)) {
    let (width, height) = picture.dimensions();
    let red = |x: u32, y: u32| {
        let [r, g, b, _] = picture.get_pixel(x, y).0;
        r.abs_diff(200) < 4 && g.abs_diff(40) < 4 && b.abs_diff(40) < 4
    };
    match id {
        StarterId::Inpaint => {
            assert!((0..8).any(|at| !red(width / 16, height * at / 8)), "the left is new");
            assert!((0..8).all(|at| red(width * 15 / 16, height * at / 8)), "the right is kept");
        }
        StarterId::Outpaint => {
            assert!((0..8).any(|at| !red(width - 8, height * at / 8)), "the right is new");
            assert!((0..8).all(|at| red(width / 4, height * at / 8)), "the left is kept");
        }
        _ => {}
    }
    assert_eq!((width, height), size, "{id:?}");
}

//! Each node's result: size and some pixels.

use std::time::Instant;

use image::GenericImageView;
use serde_json::{Value, json};

use crate::help::{Server, classic, png, server};

/// A picture of the four quarters red, green, blue, white.
fn quarters(side: u32) -> Vec<u8> {
    let image = image::RgbImage::from_fn(side, side, |x, y| {
        image::Rgb(match (x < side / 2, y < side / 2) {
            (true, true) => [255, 0, 0],
            (false, true) => [0, 255, 0],
            (true, false) => [0, 0, 255],
            (false, false) => [255, 255, 255],
        })
    });
    let mut out = std::io::Cursor::new(vec![]);
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

/// Runs one node on the quarters (node `q`), red (`r`), grey (`g`, 100,100,100) and a
/// batch of red and grey (`b`); its first picture.
async fn made(server: &Server, class: &str, inputs: Value) -> image::DynamicImage {
    let entry = run(server, class, inputs, 0).await;
    server.picture(&entry, "out").await
}

async fn run(server: &Server, class: &str, inputs: Value, slot: u32) -> Value {
    server.upload("q.png", quarters(8), &[("overwrite", "1")]).await;
    let flat = |color: u32| {
        json!({"class_type": "EmptyImage",
               "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": color}})
    };
    let prompt = json!({
        "q": {"class_type": "LoadImage", "inputs": {"image": "q.png"}},
        "r": flat(0xff0000), "g": flat(0x646464),
        "b": {"class_type": "ImageBatch", "inputs": {"image1": ["r", 0], "image2": ["g", 0]}},
        "half": {"class_type": "SolidMask", "inputs": {"value": 0.5, "width": 8, "height": 8}},
        "node": {"class_type": class, "inputs": inputs},
        "picture": {"class_type": "MaskToImage", "inputs": {"mask": ["node", slot]}},
        "out": {"class_type": "PreviewImage", "inputs": {"images": ["node", 0]}},
    });
    let mut prompt = prompt;
    let mask = matches!(class, "SolidMask" | "InvertMask" | "ImageToMask" | "LoadImageMask");
    if mask || slot == 1 {
        prompt["out"]["inputs"]["images"] = json!(["picture", 0]);
    } else {
        prompt.as_object_mut().unwrap().remove("picture");
    }
    let entry = server.run(prompt).await;
    assert_eq!(entry["status"]["status_str"], "success", "{class}: {entry:#}");
    entry
}

fn at(image: &image::DynamicImage, x: u32, y: u32) -> [u8; 3] {
    let [r, g, b, _] = image.get_pixel(x, y).0;
    [r, g, b]
}

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const WHITE: [u8; 3] = [255, 255, 255];

#[tokio::test]
async fn picture_nodes() {
    let server = server().await;
    // Class, inputs, size, some pixels.
    type Case = (&'static str, Value, (u32, u32), Vec<(u32, u32, [u8; 3])>);
    let scale = |method: &str, w: u32, h: u32, crop: &str| json!({"image": ["q", 0], "upscale_method": method, "width": w, "height": h, "crop": crop});
    let blend = |mode: &str, factor: f64| json!({"image1": ["r", 0], "image2": ["g", 0], "blend_factor": factor, "blend_mode": mode});
    let cases: Vec<Case> = vec![
        (
            "EmptyImage",
            json!({"width": 3, "height": 5, "batch_size": 2, "color": 0x123456}),
            (3, 5),
            vec![(2, 4, [0x12, 0x34, 0x56])],
        ),
        ("LoadImage", json!({"image": "q.png"}), (8, 8), vec![(0, 0, RED), (7, 0, GREEN)]),
        (
            "ImageInvert",
            json!({"image": ["q", 0]}),
            (8, 8),
            vec![(0, 0, [0, 255, 255]), (7, 7, [0; 3])],
        ),
        (
            "ImageScale",
            scale("nearest-exact", 16, 4, "disabled"),
            (16, 4),
            vec![(7, 1, RED), (8, 1, GREEN)],
        ),
        (
            "ImageScale",
            scale("bilinear", 16, 16, "disabled"),
            (16, 16),
            vec![(0, 0, RED), (7, 0, [191, 63, 0])],
        ),
        ("ImageScale", scale("area", 1, 1, "disabled"), (1, 1), vec![(0, 0, [127, 127, 127])]),
        (
            "ImageScale",
            scale("bicubic", 16, 16, "disabled"),
            (16, 16),
            vec![(0, 0, RED), (15, 15, WHITE)],
        ),
        ("ImageScale", scale("lanczos", 4, 4, "disabled"), (4, 4), vec![]),
        ("ImageScale", scale("area", 4, 2, "center"), (4, 2), vec![(0, 0, RED), (3, 1, WHITE)]),
        ("ImageScale", scale("area", 0, 4, "disabled"), (4, 4), vec![]),
        ("ImageScale", scale("area", 0, 0, "disabled"), (8, 8), vec![]),
        (
            "ImageScaleBy",
            json!({"image": ["q", 0], "upscale_method": "area", "scale_by": 0.5}),
            (4, 4),
            vec![(0, 0, RED), (3, 3, WHITE)],
        ),
        (
            "ImageCrop",
            json!({"image": ["q", 0], "width": 4, "height": 6, "x": 4, "y": 0}),
            (4, 6),
            vec![(0, 0, GREEN), (3, 5, WHITE)],
        ),
        (
            "ImageCrop",
            json!({"image": ["q", 0], "width": 90, "height": 90, "x": 90, "y": 2}),
            (1, 6),
            vec![(0, 0, GREEN)],
        ),
        ("ImageBlend", blend("normal", 0.5), (8, 8), vec![(0, 0, [177, 50, 50])]),
        ("ImageBlend", blend("multiply", 1.0), (8, 8), vec![(0, 0, [100, 0, 0])]),
        ("ImageBlend", blend("screen", 1.0), (8, 8), vec![(0, 0, [255, 99, 99])]),
        ("ImageBlend", blend("overlay", 1.0), (8, 8), vec![(0, 0, RED)]),
        ("ImageBlend", blend("difference", 1.0), (8, 8), vec![(0, 0, [155, 0, 0])]),
        ("ImageBlend", blend("soft_light", 1.0), (8, 8), vec![(0, 0, RED)]),
        (
            "ImageBlur",
            json!({"image": ["g", 0], "blur_radius": 3, "sigma": 1.0}),
            (8, 8),
            vec![(0, 0, [100; 3])],
        ),
        (
            "ImageSharpen",
            json!({"image": ["q", 0], "sharpen_radius": 1, "sigma": 1.0, "alpha": 1.0}),
            (8, 8),
            vec![(0, 0, RED), (7, 0, GREEN)],
        ),
        (
            "ImageQuantize",
            json!({"image": ["q", 0], "colors": 4, "dither": "none"}),
            (8, 8),
            vec![(0, 0, RED), (7, 0, GREEN), (7, 7, WHITE)],
        ),
        (
            "ImageQuantize",
            json!({"image": ["q", 0], "colors": 1, "dither": "floyd-steinberg"}),
            (8, 8),
            vec![(0, 0, [128; 3]), (7, 7, [128; 3])],
        ),
        (
            "ImageQuantize",
            json!({"image": ["q", 0], "colors": 256, "dither": "bayer-4"}),
            (8, 8),
            vec![(0, 0, RED)],
        ),
        (
            "ImageBatch",
            json!({"image1": ["g", 0], "image2": ["q", 0]}),
            (8, 8),
            vec![(0, 0, [100; 3])],
        ),
        ("RepeatImageBatch", json!({"image": ["q", 0], "amount": 3}), (8, 8), vec![(0, 0, RED)]),
        (
            "ImageFromBatch",
            json!({"image": ["b", 0], "batch_index": 1, "length": 1}),
            (8, 8),
            vec![(0, 0, [100; 3])],
        ),
        (
            "ImageFromBatch",
            json!({"image": ["b", 0], "batch_index": -2, "length": 9}),
            (8, 8),
            vec![(0, 0, RED)],
        ),
        (
            "SolidMask",
            json!({"value": 0.4, "width": 3, "height": 2}),
            (3, 2),
            vec![(2, 1, [102; 3])],
        ),
        ("InvertMask", json!({"mask": ["half", 0]}), (8, 8), vec![(0, 0, [127; 3])]),
        ("MaskToImage", json!({"mask": ["half", 0]}), (8, 8), vec![(0, 0, [127; 3])]),
        (
            "ImageToMask",
            json!({"image": ["q", 0], "channel": "green"}),
            (8, 8),
            vec![(0, 0, [0; 3]), (7, 0, WHITE)],
        ),
        (
            "LoadImageMask",
            json!({"image": "q.png", "channel": "blue"}),
            (8, 8),
            vec![(0, 0, [0; 3]), (0, 7, WHITE)],
        ),
        (
            "LoadImageMask",
            json!({"image": "q.png", "channel": "alpha"}),
            (64, 64),
            vec![(0, 0, [0; 3])],
        ),
        (
            "ImageCompositeMasked",
            json!({"destination": ["g", 0], "source": ["r", 0], "x": 4, "y": 4,
            "resize_source": false}),
            (8, 8),
            vec![(3, 3, [100; 3]), (4, 4, RED)],
        ),
        (
            "ImageCompositeMasked",
            json!({"destination": ["g", 0], "source": ["r", 0], "x": 0, "y": 0,
            "resize_source": true, "mask": ["half", 0]}),
            (8, 8),
            vec![(0, 0, [177, 50, 50])],
        ),
        (
            "ImagePadForOutpaint",
            json!({"image": ["q", 0], "left": 8, "top": 0, "right": 0, "bottom": 16,
            "feathering": 0}),
            (16, 24),
            vec![(0, 0, [127; 3]), (8, 0, RED), (15, 7, WHITE)],
        ),
    ];
    for (class, inputs, size, pixels) in cases {
        let image = made(&server, class, inputs.clone()).await;
        assert_eq!((image.width(), image.height()), size, "{class} {inputs}");
        for (x, y, color) in pixels {
            assert_eq!(at(&image, x, y), color, "{class} {inputs} at {x}, {y}");
        }
    }
}

#[tokio::test]
async fn batches_masks_and_blur() {
    let server = server().await;
    let count = |entry: &Value| entry["outputs"]["out"]["images"].as_array().unwrap().len();
    let twice = run(&server, "RepeatImageBatch", json!({"image": ["b", 0], "amount": 2}), 0).await;
    assert_eq!(count(&twice), 4);
    let last = run(
        &server,
        "ImageFromBatch",
        json!({"image": ["b", 0], "batch_index": 1, "length": 5}),
        0,
    );
    assert_eq!(count(&last.await), 1);

    let pad = json!({"image": ["q", 0], "left": 8, "top": 0, "right": 0, "bottom": 0,
                     "feathering": 3});
    let entry = run(&server, "ImagePadForOutpaint", pad, 1).await;
    let mask = server.picture(&entry, "out").await;
    // Outside 1; then (3 - d)^2 / 9 towards the inside.
    let row: Vec<u8> = (6..12).map(|x| at(&mask, x, 0)[0]).collect();
    assert_eq!(row, [255, 255, 255, 113, 28, 0]);

    // The mask of a picture with alpha is what is transparent.
    server.upload("a.png", png(4, 4, [9, 9, 9, 55]), &[]).await;
    let entry = run(&server, "LoadImage", json!({"image": "a.png"}), 1).await;
    assert_eq!(at(&server.picture(&entry, "out").await, 0, 0), [200; 3]);

    // ComfyUI's kernel of radius 1 and sigma 1 has weights e^-0.5, 1, e^-0.5.
    let blur = json!({"image": ["q", 0], "blur_radius": 1, "sigma": 1.0});
    let image = made(&server, "ImageBlur", blur).await;
    assert_eq!(at(&image, 0, 0), RED);
    let side = (-0.5f64).exp() / (1.0 + 2.0 * (-0.5f64).exp());
    assert_eq!(at(&image, 3, 0), [(255.0 * (1.0 - side)) as u8, (255.0 * side) as u8, 0]);
}

#[tokio::test]
async fn values_travel_along_links() {
    let server = server().await;
    let show = |class: &str, value: Value| {
        let prompt = json!({
            "1": {"class_type": class, "inputs": {"value": value}},
            "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
        });
        let server = &server;
        async move { server.run(prompt).await["outputs"]["2"]["text"][0].clone() }
    };
    assert_eq!(show("PrimitiveInt", json!(-5)).await, "-5");
    assert_eq!(show("PrimitiveFloat", json!(1)).await, "1.0");
    assert_eq!(show("PrimitiveString", json!("a")).await, "a");
    assert_eq!(show("PrimitiveStringMultiline", json!("a\nb")).await, "a\nb");
    assert_eq!(show("PrimitiveBoolean", json!(true)).await, "True");
    let prompt = json!({
        "1": {"class_type": "PrimitiveInt", "inputs": {"value": 24}},
        "2": {"class_type": "EmptyImage",
              "inputs": {"width": ["1", 0], "height": 8, "batch_size": 1, "color": 0}},
        "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}},
    });
    let entry = server.run(prompt.clone()).await;
    assert_eq!(server.picture(&entry, "3").await.width(), 24);
    // A linked value is not checked beforehand, so the node must refuse it.
    let mut large = prompt;
    large["1"]["inputs"]["value"] = json!(1_000_000);
    large["2"]["inputs"]["height"] = json!(16384);
    let entry = server.run(large).await;
    let message = entry["status"]["messages"][2][1]["exception_message"].as_str().unwrap();
    assert!(message.contains("Make it smaller"), "{message}");
}

#[tokio::test]
async fn the_classic_graph_draws() {
    let server = server().await;
    let bytes = async |prompt: Value| {
        // Without the cache, so that it is drawn again.
        server.post("/free", json!({"free_memory": true})).await;
        let entry = server.run(prompt).await;
        assert_eq!(entry["status"]["status_str"], "success", "{entry:#}");
        let image = server.picture(&entry, "9").await;
        assert_eq!((image.width(), image.height()), (128, 96));
        image.to_rgb8().into_raw()
    };
    let one = bytes(classic(1, 8)).await;
    assert_eq!(one, bytes(classic(1, 8)).await, "the same inputs, the same picture");
    assert_ne!(one, bytes(classic(2, 8)).await, "another seed");
    for (node, input, value) in [
        ("6", "text", json!("a hill")),
        ("7", "text", json!("blurry")),
        ("4", "ckpt_name", json!("practice_dunes.safetensors")),
        ("3", "sampler_name", json!("dpmpp_2m")),
        ("3", "cfg", json!(1.0)),
    ] {
        let mut prompt = classic(1, 8);
        prompt[node]["inputs"][input] = value.clone();
        assert_ne!(one, bytes(prompt).await, "{input} {value}");
    }
    let mut lora = classic(1, 8);
    lora["10"] = json!({"class_type": "LoraLoader", "inputs": {"model": ["4", 0],
        "clip": ["4", 1], "lora_name": "practice_mono.safetensors", "strength_model": 1.0,
        "strength_clip": 1.0}});
    lora["3"]["inputs"]["model"] = json!(["10", 0]);
    let grey = bytes(lora).await;
    assert!(grey.chunks(3).all(|p| p[0].abs_diff(p[1]) <= 1 && p[1].abs_diff(p[2]) <= 1));
}

#[tokio::test]
async fn pictures_can_be_drawn_over_and_enlarged() {
    let server = server().await;
    server.upload("base.png", png(128, 96, [200, 40, 40, 255]), &[]).await;
    let mut prompt = classic(1, 4);
    prompt["5"] =
        json!({"class_type": "VAEEncode", "inputs": {"pixels": ["20", 0], "vae": ["4", 2]}});
    prompt["20"] = json!({"class_type": "LoadImage", "inputs": {"image": "base.png"}});
    prompt["3"]["inputs"]["denoise"] = json!(0.0);
    let entry = server.run(prompt.clone()).await;
    let kept = server.picture(&entry, "9").await;
    assert_eq!(at(&kept, 64, 48), [200, 40, 40], "no denoise leaves the picture alone");
    prompt["3"]["inputs"]["denoise"] = json!(0.5);
    let half = server.run(prompt.clone()).await;
    let half = server.picture(&half, "9").await.to_rgb8();
    prompt["3"]["inputs"]["denoise"] = json!(1.0);
    let full = server.run(prompt).await;
    let full = server.picture(&full, "9").await.to_rgb8();
    for (half, full) in half.pixels().zip(full.pixels()) {
        let mean = (200 + u16::from(full[0])) / 2;
        assert!(mean.abs_diff(u16::from(half[0])) <= 1, "{half:?} {full:?}");
    }

    let mut larger = classic(1, 4);
    larger["11"] = json!({"class_type": "LatentUpscale", "inputs": {"samples": ["3", 0],
        "upscale_method": "bislerp", "width": 256, "height": 192, "crop": "disabled"}});
    larger["8"]["inputs"]["samples"] = json!(["11", 0]);
    let entry = server.run(larger).await;
    assert_eq!(server.picture(&entry, "9").await.dimensions(), (256, 192));

    let mut batch = classic(1, 1);
    batch["5"]["inputs"]["batch_size"] = json!(2);
    let entry = server.run(batch).await;
    assert_ne!(server.bytes(&entry, "9", 0).await, server.bytes(&entry, "9", 1).await);
}

#[tokio::test]
async fn a_large_picture_is_drawn_soon() {
    let server = server().await;
    let mut prompt = classic(1, 1);
    prompt["5"]["inputs"] = json!({"width": 1024, "height": 1024, "batch_size": 1});
    let start = Instant::now();
    let entry = server.run(prompt).await;
    println!("1024 x 1024 drawn and saved in {:?}", start.elapsed());
    assert_eq!(server.picture(&entry, "9").await.dimensions(), (1024, 1024));
}

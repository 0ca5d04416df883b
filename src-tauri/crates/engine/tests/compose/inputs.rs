//! Pictures that go in.

use super::*;

#[tokio::test]
async fn a_picture_with_a_painted_mask_goes_in_and_is_uploaded_once() {
    let bench = bench().await;
    let dir = bench.folder.path();
    let prompt = r#"{"1":{"class_type":"LoadImage","inputs":{"image":"none.png"}},
"2":{"class_type":"InvertMask","inputs":{"mask":["1",1]}},
"3":{"class_type":"MaskToImage","inputs":{"mask":["2",0]}},
"4":{"class_type":"SaveImage","inputs":{"images":["3",0],"filename_prefix":"mask"}},
"5":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":"picture"}}}"#;
    let view = opened(&bench, prompt).await;
    assert_eq!(view.knobs[0].role, KnobRole::Picture);
    let path = dir.join("boat.png");
    png(&path, 40, 20, |_, _| [200, 30, 40, 255]);
    let taken = bench.engine.input_take(path).await.unwrap();
    assert_eq!((taken.width, taken.height), (Some(40), Some(20)));
    let fitted = bench.engine.input_fit(&taken.json, (16, 16), Fit::Crop).await.unwrap();
    assert_eq!((fitted.width, fitted.height), (Some(16), Some(16)));
    let mask = dir.join("mask.png");
    png(&mask, 16, 16, |x, _| if x < 4 { [255, 255, 255, 255] } else { [0, 0, 0, 255] });
    let masked =
        bench.engine.input_mask(&fitted.json, std::fs::read(&mask).unwrap()).await.unwrap();
    assert_ne!(masked.json, fitted.json);
    let other = bench.engine.input_mask(&taken.json, std::fs::read(&mask).unwrap()).await;
    assert!(other.unwrap_err().message.contains("16×16"));
    let state = ComposeState {
        values: vec![value("1", "image", masked.json.clone())],
        ..ComposeState::default()
    };
    let told = plan(&bench.engine, view.draft, &state).await;
    assert!(told.check.as_ref().unwrap().blocked.is_none(), "{told:?}");
    let (batch, _) = queued(&bench.engine, view.draft, &state).await;
    let id = jobs_of(&bench.engine, batch).await[0];
    let done = bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(done.assets.len(), 2);
    // What was painted is black in the inverted mask, and the picture kept its colours.
    let mut made: Vec<_> =
        done.assets.iter().map(|asset| pixels(&dir.join("library").join(&asset.path))).collect();
    made.sort_by_key(|pixels| pixels[10] != [255; 3]);
    assert_eq!((made[0][0], made[0][10]), ([0; 3], [255; 3]));
    assert!(made[1].iter().all(|pixel| pixel[0] > 180 && pixel[2] < 60));
    bench.engine.stop().await;
}

pub fn png(path: &std::path::Path, width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 4]) {
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let bytes: Vec<u8> = all.flat_map(|(x, y)| colour(x, y)).collect();
    encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
}

fn pixels(path: &std::path::Path) -> Vec<[u8; 3]> {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let each = info.color_type.samples();
    bytes[..info.buffer_size()]
        .chunks(each)
        .map(|p| [p[0], p[each / 2], p[each.min(3) - 1]])
        .collect()
}

use serde_json::{Value, json};

use crate::help::{png, server, small};

#[tokio::test]
async fn files_are_served_whole_in_parts_and_re_encoded() {
    let server = server().await;
    server.upload("rgba.png", png(20, 10, [200, 100, 50, 128]), &[]).await;
    server.upload("page.html", b"<script>1</script>".to_vec(), &[]).await;
    let url = server.url("/view?filename=rgba.png&type=input");
    let get = |query: &str| server.http.get(format!("{url}{query}")).send();
    let whole = get("").await.unwrap();
    assert_eq!(whole.status(), 200);
    let headers = whole.headers().clone();
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(headers["content-disposition"], "filename=\"rgba.png\"");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["accept-ranges"], "bytes");
    let bytes = whole.bytes().await.unwrap();
    assert_eq!(bytes, png(20, 10, [200, 100, 50, 128]));

    let ranged = |range: &str| server.http.get(&url).header("range", range).send();
    let part = ranged("bytes=8-15").await.unwrap();
    assert_eq!(part.status(), 206);
    let length = bytes.len();
    assert_eq!(part.headers()["content-range"], format!("bytes 8-15/{length}").as_str());
    assert_eq!(part.bytes().await.unwrap(), bytes.slice(8..16));
    let end = ranged("bytes=-4").await.unwrap().bytes().await.unwrap();
    assert_eq!(end, bytes.slice(length - 4..));
    assert_eq!(ranged("bytes=100000-").await.unwrap().status(), 416);
    for (name, value) in [
        ("if-none-match", headers["etag"].clone()),
        ("if-modified-since", headers["last-modified"].clone()),
    ] {
        let same = server.http.get(&url).header(name, value).send().await.unwrap();
        assert_eq!(same.status(), 304, "{name}");
    }
    let head = server.http.head(&url).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-length"], length.to_string().as_str());

    for (query, kind) in [
        ("&preview=webp;75", "image/webp"),
        ("&preview=jpeg;80", "image/jpeg"),
        ("&preview=avif;20", "image/webp"),
        ("&channel=rgb", "image/png"),
        ("&channel=a", "image/png"),
    ] {
        let answer = get(query).await.unwrap();
        assert_eq!(answer.status(), 200, "{query}");
        assert_eq!(answer.headers()["content-type"], kind, "{query}");
        assert!(!answer.headers().contains_key("etag"), "{query}");
        let image = image::load_from_memory(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!((image.width(), image.height()), (20, 10), "full size");
        match query {
            "&channel=rgb" => assert!(!image.color().has_alpha()),
            "&channel=a" => assert_eq!(image.to_rgba8().get_pixel(3, 3).0, [0, 0, 0, 128]),
            _ => {}
        }
    }
    assert_eq!(get("&preview=webp;999").await.unwrap().status(), 500);
    let page = server.url("/view?filename=page.html&type=input");
    assert_eq!(server.http.get(format!("{page}&preview=webp")).send().await.unwrap().status(), 500);
    let page = server.http.get(&page).send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "application/octet-stream");
    assert!(page.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
}

#[tokio::test]
async fn nothing_outside_the_folders_is_served() {
    let server = server().await;
    server.upload("in.png", png(2, 2, [0; 4]), &[]).await;
    std::fs::write(server.data.path().join("secret.txt"), "secret").unwrap();
    for (query, status) in [
        ("filename=in.png&type=input", 200),
        ("filename=in.png [input]", 200),
        ("filename=sub/in.png&type=input", 200),
        ("filename=none.png", 404),
        ("", 404),
        ("filename=", 400),
        ("filename=in.png&type=secret", 400),
        ("filename=../secret.txt", 400),
        ("filename=..%2Fsecret.txt&type=input", 400),
        ("filename=/etc/passwd", 400),
        ("filename=a..b.png", 400),
        ("filename=secret.txt&subfolder=..&type=input", 403),
        ("filename=passwd&subfolder=/etc&type=input", 403),
        ("filename=secret.txt&subfolder=a/../..&type=input", 403),
    ] {
        let (got, _) = server.get(&format!("/view?{query}")).await;
        assert_eq!(got, status, "{query}");
    }
}

#[tokio::test]
async fn uploads_keep_their_name_if_they_can() {
    let server = server().await;
    let (one, two) = (png(4, 4, [255; 4]), png(4, 4, [1, 2, 3, 255]));
    let name = async |bytes: &[u8], fields: &[(&str, &str)]| {
        server.upload("up.png", bytes.to_vec(), fields).await.1["name"].clone()
    };
    assert_eq!(name(&one, &[]).await, "up.png");
    assert_eq!(name(&one, &[]).await, "up.png", "the same bytes");
    assert_eq!(name(&two, &[]).await, "up (1).png");
    assert_eq!(name(&two, &[("overwrite", "true")]).await, "up.png");
    let (_, deep) = server.upload("s.png", one.clone(), &[("subfolder", "clips/deep")]).await;
    assert_eq!(deep, json!({"name": "s.png", "subfolder": "clips/deep", "type": "input"}));
    assert!(server.data.path().join("input/clips/deep/s.png").is_file());
    let (_, temp) = server.upload("t.png", one.clone(), &[("type", "temp")]).await;
    assert_eq!(temp["type"], "temp");
    assert_eq!(server.upload("w.png", one.clone(), &[("type", "weird")]).await.0, 500);
    assert_eq!(server.upload("../../evil.png", one.clone(), &[]).await.0, 400);
    let evil = [("subfolder", "../../evil")];
    assert_eq!(server.upload("e.png", one.clone(), &evil).await.0, 400);
    let wrong = server.upload_to("/upload/image", "file", "x.png", one.clone(), &[]).await;
    assert_eq!(wrong.0, 400);
    assert_eq!(server.post("/upload/image", json!({})).await.0, 400);
    assert!(!server.data.path().parent().unwrap().join("evil.png").exists());

    let (_, info) = server.get("/object_info/LoadImage").await;
    let files = &info["LoadImage"]["input"]["required"]["image"][0];
    assert_eq!(files, &json!(["up (1).png", "up.png"]));
}

#[tokio::test]
async fn a_mask_becomes_the_alpha_of_its_original() {
    let server = server().await;
    server.upload("o.png", png(4, 4, [10, 20, 30, 255]), &[]).await;
    let reference = r#"{"filename":"o.png","type":"input","subfolder":""}"#;
    let mask = |name: &'static str, size: u32, reference: &'static str| {
        let fields: Vec<(&str, &str)> =
            if reference.is_empty() { vec![] } else { vec![("original_ref", reference)] };
        let bytes = png(size, size, [0, 0, 0, 77]);
        let server = &server;
        async move { server.upload_to("/upload/mask", "image", name, bytes, &fields).await }
    };
    assert_eq!(mask("m.png", 4, reference).await.1["name"], "m.png");
    let made = image::open(server.data.path().join("input/m.png")).unwrap().to_rgba8();
    assert_eq!(made.get_pixel(0, 0).0, [10, 20, 30, 77]);
    assert_eq!(mask("bad.png", 5, reference).await.0, 500, "another size");
    assert_eq!(mask("none.png", 4, "").await.0, 500);
    let absent = r#"{"filename":"absent.png","type":"input"}"#;
    assert_eq!(mask("n.png", 4, absent).await.0, 200);
    assert!(!server.data.path().join("input/n.png").exists());
}

#[tokio::test]
async fn saved_pictures_carry_their_graph() {
    let server = server().await;
    let body = json!({
        "prompt": small(0x102030),
        "extra_data": {"extra_pnginfo": {"workflow": {"id": "wf", "note": "füße"}}},
    });
    let (_, answer) = server.post("/prompt", body).await;
    let entry = server.ended(answer["prompt_id"].as_str().unwrap()).await;
    let bytes = server.bytes(&entry, "2", 0).await;
    let reader = png::Decoder::new(std::io::Cursor::new(&bytes[..])).read_info().unwrap();
    let texts: Vec<(&str, &str)> = reader
        .info()
        .uncompressed_latin1_text
        .iter()
        .map(|chunk| (&chunk.keyword[..], &chunk.text[..]))
        .collect();
    assert_eq!(texts.iter().map(|t| t.0).collect::<Vec<_>>(), ["prompt", "workflow", "practice"]);
    assert_eq!(serde_json::from_str::<Value>(texts[0].1).unwrap(), small(0x102030));
    assert!(texts[0].1.starts_with(r#"{"1": {"class_type": "EmptyImage", "#), "{}", texts[0].1);
    assert_eq!(texts[1].1, r#"{"id": "wf", "note": "f\u00fc\u00dfe"}"#);
    assert_eq!(texts[2].1, "Drawn by Safelight's practice engine, not by a model");
}

#[tokio::test]
async fn names_are_counted_and_stay_inside() {
    let server = server().await;
    let save = |prefix: &str, color: u32| {
        let mut prompt = small(color);
        prompt["1"]["inputs"]["batch_size"] = json!(2);
        prompt["2"]["inputs"]["filename_prefix"] = json!(prefix);
        server.run(prompt)
    };
    let names = |entry: &Value| -> Vec<String> {
        let files = entry["outputs"]["2"]["images"].as_array().unwrap();
        files
            .iter()
            .map(|f| {
                format!("{}|{}", f["subfolder"].as_str().unwrap(), f["filename"].as_str().unwrap())
            })
            .collect()
    };
    assert_eq!(names(&save("a/b/x", 1).await), ["a/b|x_00001_.png", "a/b|x_00002_.png"]);
    assert_eq!(names(&save("a/b/x", 2).await), ["a/b|x_00003_.png", "a/b|x_00004_.png"]);
    assert_eq!(
        names(&save("%width%x%height%", 3).await),
        ["|64x48_00001_.png", "|64x48_00002_.png"]
    );
    for bad in ["../evil", "/evil", "a/../../evil"] {
        let entry = save(bad, 4).await;
        assert_eq!(entry["status"]["status_str"], "error", "{bad}");
        let error = &entry["status"]["messages"][2];
        assert_eq!(error[0], "execution_error");
        assert!(error[1]["exception_message"].as_str().unwrap().contains("leads out of"));
    }
}

#[tokio::test]
async fn animations_play_and_carry_their_graph() {
    let server = server().await;
    let mut prompt = small(0xff0000);
    prompt["3"] = json!({"class_type": "EmptyImage",
        "inputs": {"width": 64, "height": 48, "batch_size": 1, "color": 0x00ff00}});
    prompt["4"] = json!({"class_type": "ImageBatch",
        "inputs": {"image1": ["1", 0], "image2": ["3", 0]}});
    prompt["2"] = json!({"class_type": "SaveAnimatedWEBP", "inputs": {"images": ["4", 0],
        "filename_prefix": "anim", "fps": 10.0, "lossless": true, "quality": 80,
        "method": "default"}});
    let entry = server.run(prompt.clone()).await;
    assert_eq!(
        entry["outputs"]["2"],
        json!({"images": [{"filename": "anim_00001_.webp", "subfolder": "", "type": "output"}],
               "animated": [true]})
    );
    let bytes = server.bytes(&entry, "2", 0).await;
    let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(&bytes[..])).unwrap();
    assert_eq!(decoder.dimensions(), (64, 48));
    assert_eq!(decoder.num_frames(), 2);
    let exif = decoder.exif_metadata().unwrap().unwrap();
    let text = String::from_utf8_lossy(&exif);
    assert!(text.starts_with("Exif\0\0MM"), "{text:?}");
    assert!(text.contains(r#"prompt:{"1": {"class_type": "EmptyImage""#));
    let mut frame = vec![0; decoder.output_buffer_size().unwrap()];
    let mut colors = vec![];
    for _ in 0..2 {
        assert_eq!(decoder.read_frame(&mut frame).unwrap(), 100, "milliseconds");
        colors.push([frame[0], frame[1], frame[2]]);
    }
    assert_eq!(colors, [[255, 0, 0], [0, 255, 0]]);

    prompt["2"]["inputs"]["images"] = json!(["1", 0]);
    let entry = server.run(prompt).await;
    assert_eq!(entry["outputs"]["2"]["animated"], json!([false]));
    let still = server.picture(&entry, "2").await;
    assert_eq!(still.to_rgb8().get_pixel(5, 5).0, [255, 0, 0]);
}

//! Lists, chance and seeds.

use super::*;

#[tokio::test]
async fn lists_of_prompts_chance_and_seeds_make_the_jobs_they_say() {
    let bench = bench().await;
    let view = opened(&bench, &classic(100, 1)).await;
    let seeds =
        vec![SeedSetting { node: "3".into(), input: "seed".into(), rule: SeedRule::Increment }];
    let lines = BatchLines {
        node: "6".into(),
        input: "text".into(),
        text: "a red boat\n\n  a {blue|green|grey} boat  \n".into(),
    };
    let state = ComposeState {
        many: Many::Batch { count: 2, lines: Some(lines.clone()), pictures: Vec::new() },
        seeds,
        chance: "7".into(),
        ..held()
    };
    assert_eq!(plan(&bench.engine, view.draft, &state).await.cells, 4);
    let (_, prompts) = queued(&bench.engine, view.draft, &state).await;
    let texts: Vec<&str> =
        prompts.iter().map(|prompt| prompt["6"]["inputs"]["text"].as_str().unwrap()).collect();
    let numbers: Vec<u64> =
        prompts.iter().map(|prompt| prompt["3"]["inputs"]["seed"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [100, 101, 102, 103]);
    assert_eq!(texts[..2], ["a red boat", "a red boat"]);
    assert!(
        texts[2..]
            .iter()
            .all(|text| { ["a blue boat", "a green boat", "a grey boat"].contains(text) })
    );
    // The same chance gives the same again.
    let (_, again) = queued(&bench.engine, view.draft, &state).await;
    assert_eq!(prompts, again);
    // Every wording.
    let every = ComposeState {
        many: Many::Batch { count: 1, lines: Some(lines), pictures: Vec::new() },
        wording: Wording::All,
        ..held()
    };
    let (_, all) = queued(&bench.engine, view.draft, &every).await;
    let texts: Vec<&str> =
        all.iter().map(|prompt| prompt["6"]["inputs"]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["a red boat", "a blue boat", "a green boat", "a grey boat"]);
    // Wildcards from files; one that holds itself is told with its circle.
    let wildcards = bench.folder.path().join("data/wildcards");
    std::fs::create_dir_all(&wildcards).unwrap();
    std::fs::write(wildcards.join("colour.txt"), "# warm\nred\norange\n").unwrap();
    std::fs::write(wildcards.join("loop.txt"), "__loop__\n").unwrap();
    let of = |text: &str| ComposeState {
        values: vec![value("6", "text", json!(text).to_string())],
        chance: "1".into(),
        ..held()
    };
    let (_, one) = queued(&bench.engine, view.draft, &of("a __colour__ boat")).await;
    let text = one[0]["6"]["inputs"]["text"].as_str().unwrap();
    assert!(["a red boat", "a orange boat"].contains(&text), "{text}");
    let told = plan(&bench.engine, view.draft, &of("a __loop__ boat")).await;
    let problem = told.problems.iter().find(|problem| problem.blocks).unwrap();
    assert!(problem.text.contains("loop"), "{problem:?}");
    assert_eq!(problem.knob.as_ref().unwrap().node, "6");
    let refused = bench
        .engine
        .compose_queue(view.draft, BatchId(Uuid::now_v7()), of("a __loop__ boat"), false)
        .await;
    assert!(refused.is_err());
    // As written.
    let as_is = ComposeState { wording: Wording::AsWritten, ..of("a {red|blue} boat") };
    let (_, one) = queued(&bench.engine, view.draft, &as_is).await;
    assert_eq!(one[0]["6"]["inputs"]["text"], "a {red|blue} boat");
    bench.engine.stop().await;
}

#[tokio::test]
async fn every_prompt_goes_with_every_picture_and_seeds_count_on_beyond_the_largest() {
    let bench = bench().await;
    let prompt = classic(1, 1).replace(
        "\"5\":{\"class_type\":\"EmptyLatentImage\",\"inputs\":{\"width\":128,\"height\":128,\"batch_size\":1}},",
        "\"5\":{\"class_type\":\"VAEEncode\",\"inputs\":{\"pixels\":[\"10\",0],\"vae\":[\"4\",2]}},\n\"10\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"none.png\"}},",
    );
    let view = opened(&bench, &prompt).await;
    let path = bench.folder.path().join("boat.png");
    std::fs::write(&path, support::picture(200)).unwrap();
    let boat = bench.engine.input_take(path).await.unwrap().json;
    let seed = SeedSetting { node: "3".into(), input: "seed".into(), rule: SeedRule::Increment };
    let state = ComposeState {
        values: vec![value("3", "seed", LARGEST_SEED)],
        many: Many::Batch {
            count: 2,
            lines: Some(BatchLines {
                node: "6".into(),
                input: "text".into(),
                text: "one\r\ntwo".into(),
            }),
            pictures: vec![value("10", "image", boat.clone()), value("10", "image", "\"b.png\"")],
        },
        seeds: vec![seed],
        ..held()
    };
    assert_eq!(plan(&bench.engine, view.draft, &state).await.cells, 8);
    let (_, prompts) = queued(&bench.engine, view.draft, &state).await;
    let found: Vec<(String, String, String)> = prompts
        .iter()
        .map(|prompt| {
            let [text, image, seed] = [
                &prompt["6"]["inputs"]["text"],
                &prompt["10"]["inputs"]["image"],
                &prompt["3"]["inputs"]["seed"],
            ];
            (text.to_string(), image.to_string(), seed.to_string())
        })
        .collect();
    let mut wanted = Vec::new();
    for text in ["\"one\"", "\"two\""] {
        for image in [boat.as_str(), "\"b.png\""] {
            for _ in 0..2 {
                let seed = match wanted.len() {
                    0 => LARGEST_SEED.to_owned(),
                    n => (n - 1).to_string(),
                };
                wanted.push((text.to_owned(), image.to_owned(), seed));
            }
        }
    }
    assert_eq!(found, wanted);
    bench.engine.stop().await;
}

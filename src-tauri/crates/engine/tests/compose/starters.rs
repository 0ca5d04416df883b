//! Starting from nothing: every starter that is offered opens, and runs.

use super::{inputs::png, *};

#[tokio::test]
async fn every_starter_that_is_offered_opens_and_runs() {
    let bench = bench().await;
    let engine = &bench.engine;
    let path = bench.folder.path().join("boat.png");
    png(&path, 640, 480, |x, _| [200, 30, (x % 256) as u8, 255]);
    let picture = engine.input_take(path).await.unwrap();
    let offers = engine.start_get(None).await.unwrap().starters;
    assert_eq!(offers.len(), 7);
    for offer in offers {
        assert_eq!(offer.lacks, None, "{}", offer.id);
        let source = ComposeSource::Starter {
            id: offer.id.clone(),
            server: None,
            model: None,
            loras: u32::from(offer.id.contains("lora")),
        };
        let view = engine.compose_open(source).await.unwrap();
        assert_eq!(view.title, offer.title);
        let pictures: Vec<KnobValue> = view
            .knobs
            .iter()
            .filter(|knob| knob.role == KnobRole::Picture)
            .map(|knob| value(&knob.node, &knob.input, picture.json.clone()))
            .collect();
        let takes_one = ["picture-to-picture", "inpaint", "outpaint", "upscale"];
        assert_eq!(
            pictures.len(),
            usize::from(takes_one.contains(&offer.id.as_str())),
            "{}",
            offer.id
        );
        if !pictures.is_empty() {
            // Until a picture is chosen it is said that one is missing.
            let told = plan(engine, view.draft, &ComposeState::default()).await;
            let blocked = told.check.unwrap().blocked.unwrap();
            assert!(blocked.contains("nothing is chosen"), "{}: {blocked}", offer.id);
        }
        let state = ComposeState { values: pictures, ..ComposeState::default() };
        let (batch, _) = queued(engine, view.draft, &state).await;
        for job in jobs_of(engine, batch).await {
            let done = bench.ended(job, Outcome::Succeeded).await;
            assert!(!done.assets.is_empty(), "{}", offer.id);
        }
    }
    bench.engine.stop().await;
}

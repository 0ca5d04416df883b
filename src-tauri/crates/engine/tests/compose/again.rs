//! Running again what made pictures, and its way to ComfyUI's own page.

use super::*;

/// The newest pictures of the library, by their ids and numbers.
async fn made(bench: &Bench, jobs: &[JobId]) -> Vec<domain::AssetId> {
    let mut ids = Vec::new();
    for job in jobs {
        bench.ended(*job, Outcome::Succeeded).await;
        let detail = bench.engine.job_get(*job).await.unwrap();
        ids.extend(detail.assets.iter().map(|asset| asset.id));
    }
    ids
}

fn batch() -> BatchId {
    BatchId(Uuid::now_v7())
}

#[tokio::test]
async fn pictures_are_run_again_as_one_batch_with_their_seed_or_another() {
    let bench = bench().await;
    let engine = &bench.engine;
    let first = bench.queue(&classic(1, 1)).await;
    let second = bench.queue(&classic(2, 1)).await;
    let ids = made(&bench, &[first, second]).await;
    assert_eq!(ids.len(), 2);
    // The same output twice, or two of one workflow, are one job.
    let twice = [ids[0], ids[1], ids[0]];
    let report = engine.asset_rerun(&twice, batch(), false).await.unwrap();
    let again: Vec<JobId> = report.items.iter().filter_map(|item| item.job_id).collect();
    assert_eq!(again.len(), 2);
    for (job, seed) in again.iter().zip([1, 2]) {
        assert_eq!(engine.job_workflow(*job).await.unwrap(), classic(seed, 1));
        let job = bench.ended(*job, Outcome::Succeeded).await.job;
        assert_eq!((job.batch_count, job.title.is_empty()), (2, false));
    }
    let report = engine.asset_rerun(&ids, batch(), true).await.unwrap();
    for (item, seed) in report.items.iter().zip([1, 2]) {
        let job = item.job_id.unwrap();
        let text = engine.job_workflow(job).await.unwrap();
        let prompt: Value = serde_json::from_str(&text).unwrap();
        let new = prompt["3"]["inputs"]["seed"].as_u64().unwrap();
        assert_ne!(new, seed);
        assert_eq!(text, classic(new, 1), "nothing else is different");
        bench.ended(job, Outcome::Succeeded).await;
    }
    // What has no seed says so, and what is not there is told.
    let plain = bench.queue(&support::plain(7)).await;
    let ids = made(&bench, &[plain]).await;
    let report = engine.asset_rerun(&ids, batch(), true).await.unwrap();
    assert_eq!(report.items[0].job_id, None);
    assert!(report.items[0].message.contains("no seed"), "{report:?}");
    let gone = domain::AssetId(Uuid::now_v7());
    assert!(engine.asset_rerun(&[gone], batch(), false).await.is_err());
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_workflow_is_saved_for_comfyuis_page_once_and_never_overwritten() {
    let bench = bench().await;
    let engine = &bench.engine;
    let job = bench.queue(&classic(5, 1)).await;
    let [id] = made(&bench, &[job]).await[..] else { panic!("one picture") };
    let saved = engine.editor_save(id, bench.server).await.unwrap();
    assert!(!saved.existed && !saved.drawn, "{saved:?}");
    assert_eq!(saved.url, bench.practice().url().trim_end_matches('/'));
    let offers = engine.server_offers(bench.server).await.unwrap().offers;
    let offer = offers.iter().find(|offer| offer.title == saved.name).unwrap();
    assert_eq!((offer.group.as_str(), offer.template), ("Safelight", false));
    // What the page opens becomes the same prompt again.
    let report = engine
        .server_take(bench.server, &offer.key, false, batch(), engine::TakeTo::Hold)
        .await
        .unwrap();
    let back = engine.job_workflow(report.items[0].job_id.unwrap()).await.unwrap();
    let (back, first): (Value, Value) =
        (serde_json::from_str(&back).unwrap(), serde_json::from_str(&classic(5, 1)).unwrap());
    for node in first.as_object().unwrap().keys() {
        assert_eq!(back[node]["inputs"], first[node]["inputs"], "{node}");
    }
    // The artist went on with it there.
    let url = format!(
        "{}/userdata/workflows%2FSafelight%2F{}.json",
        bench.practice().url(),
        saved.name.replace(' ', "%20")
    );
    let client = reqwest::Client::new();
    client.post(&url).body("{\"theirs\":1}").send().await.unwrap().error_for_status().unwrap();
    let again = engine.editor_save(id, bench.server).await.unwrap();
    assert_eq!((again.existed, &again.name), (true, &saved.name));
    let text = client.get(&url).send().await.unwrap().text().await.unwrap();
    assert_eq!(text, "{\"theirs\":1}");
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_cell_of_the_gallery_stands_for_all_that_is_in_its_stack() {
    let bench = bench().await;
    let engine = &bench.engine;
    let alone = bench.queue(&classic(90, 1)).await;
    bench.ended(alone, Outcome::Succeeded).await;
    let view = opened(&bench, &classic(1, 1)).await;
    let seeds = Many::Sweep { axes: vec![axis("3", "seed", range("1..3"))] };
    let (batch, _) =
        queued(engine, view.draft, &ComposeState { many: seeds, ..ComposeState::default() }).await;
    for job in jobs_of(engine, batch).await {
        bench.ended(job, Outcome::Succeeded).await;
    }
    let query = LibraryQuery { stacks: true, ..LibraryQuery::default() };
    let answer = until("all are in the library", || async {
        let answer = engine.library_query(query.clone()).await.unwrap();
        (answer.whole && answer.shown == 4).then_some(answer)
    })
    .await;
    assert_eq!(answer.first.iter().map(|cell| cell.stack).collect::<Vec<_>>(), [3, 1]);
    let keys: Vec<u32> = answer.first.iter().map(|cell| cell.key).collect();
    let members = async |keys: &[u32]| {
        let mut members = engine.library_members(answer.ticket, keys.to_vec()).await.unwrap();
        members.sort_unstable();
        members
    };
    let stack = members(&keys[..1]).await;
    assert!(stack.len() == 3 && stack.contains(&keys[0]), "{stack:?}");
    assert_eq!(members(&keys[1..]).await, keys[1..]);
    // Opened, it is these, the one on top first, each for itself.
    let columns = engine.library_stack(answer.ticket, keys[0]).await.unwrap();
    assert_eq!(columns.len(), 4 + 3 * 12);
    let (numbers, stacks) = (&columns[4..16], &columns[34..40]);
    let numbers = numbers.chunks(4).map(|four| u32::from_le_bytes(four.try_into().unwrap()));
    let mut numbers: Vec<u32> = numbers.collect();
    assert_eq!(numbers[0], keys[0]);
    numbers.sort_unstable();
    assert_eq!(numbers, stack);
    assert_eq!(stacks, [1, 0, 1, 0, 1, 0]);
    assert!(engine.library_stack(answer.ticket + 90, keys[0]).await.is_err());
    // Named twice, or by another of its outputs, it is there once.
    assert_eq!(members(&[stack[0], stack[1], keys[1]]).await.len(), 4);
    let marked = engine.asset_mark(stack.clone(), Mark::Rating { stars: 5 }).await.unwrap();
    assert_eq!(marked.changed, 3);
    engine.mark_undo(marked.undo).await.unwrap();
    let cells = engine.library_cells(stack).await.unwrap();
    assert!(cells.iter().all(|cell| cell.rating == 0));
    assert!(engine.library_members(answer.ticket + 90, keys).await.is_err());
    bench.engine.stop().await;
}

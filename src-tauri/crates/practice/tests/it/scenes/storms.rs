use practice::{Scene, Storm};
use serde_json::json;

use crate::help::{server, small};

const LAST: &str = "0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1dff";

/// What happens to 60 requests in a row and to the events of three jobs, one after the
/// other. What the server does at the same time as something else is left out.
async fn blow(seed: u64) -> (Vec<Option<u16>>, Vec<String>) {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.practice.set_storm(Some(Storm {
        seed,
        chances: vec![
            (Scene::Error500, 0.2),
            (Scene::AnswerLost, 0.2),
            (Scene::EventsLost, 0.2),
            (Scene::EventsTwice, 0.2),
            (Scene::EventsCut, 0.1),
        ],
    }));
    let mut answers = vec![];
    for _ in 0..60 {
        let answer = server.http.get(server.url("/queue")).send().await;
        answers.push(answer.ok().map(|answer| answer.status().as_u16()));
    }
    for color in 0..3 {
        let id = format!("0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1d0{color}");
        let body = json!({"prompt": small(color), "client_id": "me", "prompt_id": id});
        while server.practice.record().runs_of(&id) == 0 {
            let sent = server.http.post(server.url("/prompt")).body(body.to_string()).send().await;
            // A lost answer was carried out.
            let queued = sent.map_or(true, |answer| answer.status() == 200);
            while queued && server.practice.record().runs_of(&id) == 0 {
                tokio::task::yield_now().await;
            }
        }
        while server.practice.record().executions.iter().any(|run| run.ended.is_none()) {
            tokio::task::yield_now().await;
        }
    }
    server.practice.set_storm(None);
    // A job after the storm, whose end comes after all the others.
    let body = json!({"prompt": small(9), "client_id": "me", "prompt_id": LAST});
    server.post("/prompt", body).await;
    let mut kinds = vec![];
    loop {
        let event = socket.event().await;
        let last = event.data["node"].is_null() && event.data["prompt_id"] == LAST;
        if last && event.kind == "executing" {
            break;
        }
        kinds.push(event.kind);
    }
    // The end of the third job may be before or after that of the storm.
    kinds.truncate(20);
    (answers, kinds)
}

#[tokio::test]
async fn a_storm_from_a_seed_repeats_itself() {
    for seed in [1, 42] {
        let (first, again) = (blow(seed).await, blow(seed).await);
        assert_eq!(first.0, again.0, "answers, seed {seed}");
        assert_eq!(first.1, again.1, "events, seed {seed}");
    }
    let (one, other) = (blow(1).await, blow(2).await);
    assert_ne!(one.0, other.0, "seeds 1 and 2");
}

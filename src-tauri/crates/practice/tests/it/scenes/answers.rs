use std::time::{Duration, Instant};

use practice::Scene;
use serde_json::json;

use super::ID;
use crate::help::{Server, server, small};

async fn send(server: &Server) -> Result<reqwest::StatusCode, reqwest::Error> {
    let body = json!({"prompt": small(1), "prompt_id": ID}).to_string();
    let sent = server.http.post(server.url("/prompt")).body(body).send().await;
    sent.map(|answer| answer.status())
}

async fn until_runs(server: &Server, count: u64) {
    while server.practice.record().runs_of(ID) < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_prompt_can_be_carried_out_and_its_answer_dropped() {
    let server = server().await;
    server.scene(Scene::PromptDropped, true);
    assert!(send(&server).await.is_err());
    server.ended(ID).await;
}

#[tokio::test]
async fn a_prompt_can_be_lost() {
    let server = server().await;
    server.scene(Scene::PromptLost, true);
    assert!(send(&server).await.is_err());
    server.scene(Scene::PromptLost, false);
    server.run(small(2)).await;
    assert_eq!(server.practice.record().runs_of(ID), 0, "the lost one never ran");
}

#[tokio::test]
async fn the_answer_to_a_prompt_can_be_late() {
    let server = server().await;
    server.scene(Scene::PromptLate, true);
    let release = async {
        until_runs(&server, 1).await;
        server.scene(Scene::PromptLate, false);
    };
    assert_eq!(tokio::join!(send(&server), release).0.unwrap(), 200);
}

#[tokio::test]
async fn an_answer_that_never_comes_does_not_keep_the_server_from_stopping() {
    let server = server().await;
    server.scene(Scene::PromptUnanswered, true);
    let body = json!({"prompt": small(1), "prompt_id": ID}).to_string();
    let waiting = tokio::spawn(server.http.post(server.url("/prompt")).body(body).send());
    until_runs(&server, 1).await;
    server.practice.stop().await;
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn an_id_can_be_used_again() {
    let server = server().await;
    server.scene(Scene::IdReused, true);
    assert_eq!(send(&server).await.unwrap(), 200);
    until_runs(&server, 2).await;
    server.ended_all().await;
    let (_, history) = server.get("/history").await;
    assert_eq!(history.as_object().unwrap().len(), 1, "overwritten");
    assert_eq!(history[ID]["status"]["messages"][1][1]["nodes"], json!(["1", "2"]));
    let files: Vec<usize> =
        server.practice.record().executions.iter().map(|run| run.files.len()).collect();
    assert_eq!(files, [1, 0], "what is cached is not written again");
}

#[tokio::test]
async fn an_answer_can_be_lost() {
    let server = server().await;
    let entry = server.run(small(1)).await;
    server.scene(Scene::AnswerLost, true);
    let clear = server.http.post(server.url("/history")).body(r#"{"clear":true}"#).send().await;
    assert!(clear.is_err());
    server.scene(Scene::AnswerLost, false);
    assert_eq!(entry["prompt"][0], 0);
    assert_eq!(server.get("/history").await.1, json!({}), "carried out all the same");
}

#[tokio::test]
async fn answers_can_be_late() {
    let server = server().await;
    server.scene(Scene::AnswerLate, true);
    let asked = Instant::now();
    assert_eq!(server.get("/queue").await.0, 200);
    assert!(asked.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn every_answer_can_be_wrong() {
    let server = server().await;
    for (name, status, start) in [
        ("error500", 500, "500 Internal Server Error"),
        ("login_page", 200, "<!DOCTYPE html>"),
        ("unauthorized", 401, "401"),
    ] {
        let scene = async |on: bool| {
            let change = server.http.post(server.url("/practice/scene"));
            let change = change.json(&json!({"scene": name, "on": on})).send().await.unwrap();
            assert_eq!(change.status(), 200);
        };
        scene(true).await;
        let (got, text) = server.get("/queue").await;
        assert_eq!(got, status);
        assert!(text.as_str().unwrap().starts_with(start), "{name}");
        scene(false).await;
    }
    assert!(server.get("/queue").await.1.is_object());
}

#[tokio::test]
async fn files_can_be_missing_cut_short_or_slow() {
    let server = server().await;
    let entry = server.run(small(1)).await;
    let whole = server.bytes(&entry, "2", 0).await;
    let fetch = async |scene: Scene| {
        server.scene(scene, true);
        let answer = server.http.get(server.url("/view?filename=small_00001_.png")).send().await;
        let answer = answer.unwrap();
        let (status, length) = (answer.status().as_u16(), answer.content_length());
        let bytes = answer.bytes().await;
        server.scene(scene, false);
        (status, length, bytes)
    };
    assert_eq!(fetch(Scene::ViewMissing).await.0, 404);
    let (status, length, bytes) = fetch(Scene::ViewTruncated).await;
    assert_eq!((status, length), (200, Some(whole.len() as u64)));
    assert!(bytes.is_err());
    assert_eq!(fetch(Scene::ViewSlow).await.2.unwrap(), whole);
    let (status, length, bytes) = fetch(Scene::WrongSize).await;
    let half = whole.len() / 2;
    assert_eq!((status, length), (200, Some(half as u64)));
    assert_eq!(bytes.unwrap(), whole[..half]);
}

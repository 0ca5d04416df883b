//! What must not lose anything.

use crate::support::{Desktop, Window, files};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_app_finds_its_job_again_and_it_ran_once() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::from_millis(100)).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let workflow = files::write(desktop.dir(), "long.json", &files::classic("a long one", 5, 50));
    let report = window.submit(&[workflow]).await;
    let id = report["items"][0]["job_id"].as_str().expect("a job").to_owned();
    window
        .until_js(
            "it is in the middle",
            "return Number(document.querySelector('[data-testid=share]')?.dataset.share) > 0.2",
        )
        .await;
    window.kill();

    let window = Window::open(&desktop).await;
    let jobs = window.succeeded(1).await;
    assert_eq!(jobs[0]["id"], json!(id));
    assert_eq!(jobs[0]["asset_count"], json!(1));
    assert_eq!(server.record().runs_of(&id), 1);
    window.until("it is listed", "[data-testid=finished-row][data-outcome=succeeded]").await;
    server.stop().await;
}

/// The moments are spread over the whole life of a job, from the command to the stored file.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_every_job_is_there_and_ran_once() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::from_millis(15)).await;
    let mut window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let mut jobs = Vec::new();
    for (seed, moment) in (1..).zip([0, 8, 20, 40, 80, 160, 240, 320]) {
        let name = format!("{moment} ms.json");
        let file = files::write(desktop.dir(), &name, &files::classic(&name, seed, 12));
        let report = window.submit(&[file]).await;
        jobs.push(report["items"][0]["job_id"].as_str().expect("a job").to_owned());
        tokio::time::sleep(Duration::from_millis(moment)).await;
        window.kill();
        window = Window::open(&desktop).await;
    }
    let ended = window.succeeded(jobs.len()).await;
    for id in &jobs {
        let job = ended.iter().find(|job| job["id"] == json!(id)).expect("the job is there");
        assert_eq!(job["asset_count"], json!(1), "{job:#}");
        assert_eq!(server.record().runs_of(id), 1, "{job:#}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_server_loses_the_job_and_the_queue_does_not() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::from_millis(100)).await;
    let port = server.address().port();
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let workflow = files::write(desktop.dir(), "again.json", &files::classic("twice", 5, 40));
    let report = window.submit(&[workflow]).await;
    let lost = report["items"][0]["job_id"].as_str().expect("a job").to_owned();
    window
        .until_js(
            "it is in the middle",
            "return Number(document.querySelector('[data-testid=share]')?.dataset.share) > 0.2",
        )
        .await;
    server.stop().await;
    window
        .until(
            "the window says that the server is away",
            "[data-testid=server-chip]:not([data-link=online])",
        )
        .await;
    window.picture("server-away").await;
    let server = files::server(desktop.dir(), port, Duration::from_millis(5)).await;

    let jobs = window.succeeded(1).await;
    let again = &jobs[0];
    assert_eq!(again["retry_of"], json!(lost));
    assert_eq!(again["attempt"], json!(2));
    assert_eq!(again["asset_count"], json!(1));
    assert_eq!(server.record().runs_of(again["id"].as_str().expect("an id")), 1);
    let first = window.invoke("job_get", json!({ "id": lost })).await;
    assert_eq!(first["job"]["state"], json!({ "kind": "ended", "of": "lost" }));
    window
        .until_js(
            "the list tells it as one story",
            "return document.querySelectorAll('[data-testid=finished-row]').length === 1",
        )
        .await;
    server.stop().await;
}

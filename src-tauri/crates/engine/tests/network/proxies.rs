//! What proxies do to a server behind them: hide it below a path, keep answers back, refuse large
//! requests, drop upgrades, lose it, ask for a login, cut what is quiet.

use crate::{
    engine_at,
    nginx::Nginx,
    quick, shown, succeeded_once,
    support::{self, Bench, classic, plain},
};
use domain::{JobState, Outcome, TroubleCode};
use engine::{Pace, view::LinkState};
use practice::Scene;
use std::time::Duration;
use tempfile::TempDir;

const FAST: Duration = Duration::from_millis(2);
const SLOW: Duration = Duration::from_millis(60);

/// What hands everything on to a backend, sockets too.
const UPGRADE: &str = "proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;";

pub fn hand_on(port: u16) -> String {
    format!("location / {{ proxy_pass http://127.0.0.1:{port}; {UPGRADE} }}")
}

/// An engine that reaches the practice engine through nginx; `server` is told the backend's port.
async fn behind(step: Duration, pace: Pace, server: impl Fn(u16) -> String) -> (Bench, Nginx) {
    let folder = TempDir::new().unwrap();
    let practice = support::practice(folder.path(), 0, step).await;
    let nginx = Nginx::start(&server(practice.address().port())).await;
    let bench = engine_at(folder, practice, nginx.url(), pace).await;
    (bench, nginx)
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_jobs_run_live() {
    let (bench, _nginx) = behind(SLOW, quick(), hand_on).await;
    let id = bench.queue(&classic(1, 8)).await;
    let detail = bench.job(id, |detail| detail.progress.steps_done >= 2.0).await;
    assert!(detail.progress.live);
    shown(&bench, "the server is live", |server| server.live && server.message.is_none()).await;
    succeeded_once(&bench, id).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn below_a_path_of_a_proxy_jobs_run_live() {
    let folder = TempDir::new().unwrap();
    let practice = support::practice(folder.path(), 0, SLOW).await;
    let port = practice.address().port();
    // Everything beside the path is another program.
    let nginx = Nginx::start(&format!(
        "location /studio/comfy/ {{ proxy_pass http://127.0.0.1:{port}/; {UPGRADE} }}"
    ))
    .await;
    let address = format!("{}/studio/comfy", nginx.url());
    let bench = engine_at(folder, practice, address, quick()).await;
    let id = bench.queue(&classic(1, 8)).await;
    let detail = bench.job(id, |detail| detail.progress.steps_done >= 2.0).await;
    assert!(detail.progress.live);
    succeeded_once(&bench, id).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_larger_than_a_proxy_takes_is_refused_with_a_word_about_the_limit() {
    // nginx takes 1 MB where nothing is said.
    let (bench, _nginx) = behind(FAST, quick(), hand_on).await;
    let large = classic(1, 2).replace("a quiet harbour", &"a quiet harbour ".repeat(200_000));
    let id = bench.queue(&large).await;
    let trouble = bench.ended(id, Outcome::Failed).await.job.trouble.unwrap();
    assert_eq!(trouble.code, TroubleCode::Validation);
    assert!(trouble.message.contains("larger than far away"), "{}", trouble.message);
    assert!(trouble.message.contains("proxy"), "{}", trouble.message);
    assert_eq!(bench.runs(id), 0);
    // The next one is not kept from running.
    let id = bench.queue(&classic(1, 2)).await;
    succeeded_once(&bench, id).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_output_comes_whole_through_a_proxy_that_keeps_answers_back() {
    let (bench, _nginx) = behind(FAST, quick(), |port| {
        // Small buffers, so that most of an answer goes through a file of nginx.
        format!(
            "proxy_buffering on; proxy_buffer_size 4k; proxy_buffers 4 4k; proxy_busy_buffers_size 8k;
             location / {{ proxy_pass http://127.0.0.1:{port}; {UPGRADE} }}"
        )
    })
    .await;
    let large = classic(1, 2).replace(":128", ":1536");
    let id = bench.queue(&large).await;
    let detail = succeeded_once(&bench, id).await;
    assert!(detail.assets[0].bytes > 1 << 20, "not large: {} bytes", detail.assets[0].bytes);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_drops_upgrades_lets_jobs_complete_and_the_page_is_told() {
    let (bench, _nginx) = behind(FAST, quick(), |port| {
        format!("location / {{ proxy_pass http://127.0.0.1:{port}; }}")
    })
    .await;
    let server = shown(&bench, "the server is online without live events", |server| {
        server.link == LinkState::Online && !server.live && server.message.is_some()
    })
    .await;
    let why = server.message.unwrap();
    assert!(why.contains("Live progress is missing") && why.contains("proxy"), "{why}");
    let id = bench.queue(&classic(2, 3)).await;
    assert!(!succeeded_once(&bench, id).await.progress.live);
    bench.engine.stop().await;
}

/// A backend that cannot be reached: nobody listens there.
const GONE: &str = "location / { proxy_pass http://unix:/nobody/listens/here; }";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_its_proxy_cannot_reach_for_a_while_keeps_its_jobs() {
    let (bench, mut nginx) = behind(SLOW, quick(), hand_on).await;
    // Ran before, so that the history has something to go by.
    let first = bench.queue(&plain(1)).await;
    succeeded_once(&bench, first).await;
    let running = bench.queue(&classic(1, 30)).await;
    bench.job(running, |detail| detail.progress.steps_done >= 1.0).await;
    // However long nginx takes, the job is not over before.
    bench.practice().set_scene(Scene::Stall, true);
    nginx.change(GONE).await;
    bench.practice().set_scene(Scene::DropSockets, true);
    shown(&bench, "the server is not there, by the proxy's word", |server| {
        let message = server.message.as_deref().unwrap_or_default();
        server.link != LinkState::Online && message.contains("502")
    })
    .await;
    let waiting = bench.queue(&plain(2)).await;
    // It runs on and ends while nobody can ask for it.
    bench.practice().set_scene(Scene::Stall, false);
    support::until("the job is over at the server", || async {
        let record = bench.practice().record();
        record.executions.last().unwrap().ended
    })
    .await;
    assert_eq!(bench.engine.job_get(running).await.unwrap().job.state, JobState::Running);
    nginx.change(&hand_on(bench.port)).await;
    succeeded_once(&bench, running).await;
    succeeded_once(&bench, waiting).await;
    bench.engine.stop().await;
}

/// Asks nobody while events arrive, so that a proxy can change unnoticed.
fn trusting() -> Pace {
    Pace { poll_live: Duration::from_secs(600), ..quick() }
}

/// A job is offered to a proxy that answers for the server, before anybody has noticed. It is
/// neither lost nor sent twice.
async fn offered_into(bench: Bench, mut nginx: Nginx, page: &str) {
    shown(&bench, "the server is live", |server| server.live).await;
    nginx.change(page).await;
    let id = bench.queue(&plain(2)).await;
    bench.job(id, |detail| detail.job.state != JobState::Held || detail.events.len() > 1).await;
    bench.engine.server_reconnect(bench.server).await.unwrap();
    shown(&bench, "the server is not there", |server| {
        matches!(server.link, LinkState::Refused | LinkState::Reconnecting | LinkState::Offline)
    })
    .await;
    nginx.change(&hand_on(bench.port)).await;
    succeeded_once(&bench, id).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_offered_into_a_bad_gateway_runs_once_it_is_gone() {
    let (bench, nginx) = behind(FAST, trusting(), hand_on).await;
    // Whether the gateway's backend got the job is not known, but its history shows that it did not.
    let first = bench.queue(&plain(1)).await;
    succeeded_once(&bench, first).await;
    offered_into(bench, nginx, GONE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_offered_into_a_login_page_runs_once_it_is_gone() {
    let (bench, nginx) = behind(FAST, trusting(), hand_on).await;
    offered_into(bench, nginx, PAGE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_offered_into_a_redirect_to_a_login_runs_once_it_is_gone() {
    let (bench, nginx) = behind(FAST, trusting(), hand_on).await;
    offered_into(bench, nginx, REDIRECT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_could_not_be_looked_up_is_asked_for_when_it_can_be() {
    let (bench, mut nginx) = behind(FAST, trusting(), hand_on).await;
    let first = bench.queue(&plain(1)).await;
    succeeded_once(&bench, first).await;
    shown(&bench, "the server is live", |server| server.live).await;
    // The socket stays: nothing but the failed question says that something is wrong.
    let lost = |path: &str| format!("location = {path} {{ proxy_pass http://unix:/nobody:/; }}");
    nginx.change(&[lost("/prompt"), lost("/queue"), hand_on(bench.port)].join("\n")).await;
    let id = bench.queue(&plain(2)).await;
    shown(&bench, "the server cannot be asked", |server| server.link == LinkState::Reconnecting)
        .await;
    nginx.change(&hand_on(bench.port)).await;
    succeeded_once(&bench, id).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_a_proxy_gave_up_waiting_for_is_looked_up_and_not_sent_twice() {
    let (bench, _nginx) = behind(FAST, quick(), |port| {
        format!(
            "location = /prompt {{ proxy_pass http://127.0.0.1:{port}; proxy_read_timeout 1s; }} {}",
            hand_on(port)
        )
    })
    .await;
    shown(&bench, "the server is live", |server| server.live).await;
    // The job is queued, and the answer kept: nginx says 504.
    bench.practice().set_scene(Scene::PromptLate, true);
    let id = bench.queue(&plain(1)).await;
    succeeded_once(&bench, id).await;
    let record = bench.practice().record();
    let sent =
        record.asked.iter().filter(|asked| asked.method == "POST" && asked.path == "/prompt");
    assert_eq!(sent.count(), 1);
    bench.practice().set_scene(Scene::PromptLate, false);
    bench.engine.stop().await;
}

const PAGE: &str = "location / {
    default_type text/html;
    return 200 '<!doctype html><title>Log in</title><form><input type=password></form>';
}";
const REDIRECT: &str = "location / { return 302 /login; }";

/// A proxy's session runs out in the middle of a job.
async fn login_in_the_middle(page: &str) {
    let (bench, mut nginx) = behind(SLOW, quick(), hand_on).await;
    let id = bench.queue(&classic(1, 30)).await;
    bench.job(id, |detail| detail.progress.steps_done >= 1.0).await;
    // However long nginx takes, it is the middle.
    bench.practice().set_scene(Scene::Stall, true);
    nginx.change(page).await;
    let server =
        shown(&bench, "the server is refused", |server| server.link == LinkState::Refused).await;
    assert!(server.message.as_ref().unwrap().contains("login"), "{:?}", server.message);
    let detail = bench.engine.job_get(id).await.unwrap();
    assert_eq!(detail.job.state, JobState::Running, "the job is kept");
    bench.practice().set_scene(Scene::Stall, false);
    nginx.change(&hand_on(bench.port)).await;
    succeeded_once(&bench, id).await;
    shown(&bench, "the server is online", |server| server.link == LinkState::Online).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_page_in_the_middle_of_a_job_keeps_it() {
    login_in_the_middle(PAGE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_a_login_in_the_middle_of_a_job_keeps_it() {
    login_in_the_middle(REDIRECT).await;
}

/// A proxy that answers for `/view` only: its word is not the server's, and the picture is not gone.
async fn in_place_of_an_output(page: &str) {
    let (bench, mut nginx) = behind(SLOW, quick(), hand_on).await;
    let id = bench.queue(&classic(1, 30)).await;
    bench.job(id, |detail| detail.progress.steps_done >= 1.0).await;
    // However long nginx takes, there is no output before.
    bench.practice().set_scene(Scene::Stall, true);
    let page = page.replace("location /", "location /view");
    nginx.change(&format!("{page} {}", hand_on(bench.port))).await;
    bench.practice().set_scene(Scene::Stall, false);
    let detail = bench.job(id, |detail| detail.job.trouble.is_some()).await;
    assert!(matches!(detail.job.state, JobState::Collecting(_)), "{detail:#?}");
    let trouble = detail.job.trouble.unwrap();
    assert_eq!(trouble.code, TroubleCode::Server);
    assert!(trouble.message.contains("waits at the server"), "{}", trouble.message);
    assert!(trouble.message.contains("wants a login"), "{}", trouble.message);
    nginx.change(&hand_on(bench.port)).await;
    assert!(succeeded_once(&bench, id).await.job.trouble.is_none());
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_page_in_place_of_an_output_is_no_output() {
    in_place_of_an_output(PAGE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_forbids_an_output_does_not_make_it_gone() {
    in_place_of_an_output("location / { return 403; }").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_cuts_quiet_sockets_costs_nothing_but_a_new_one() {
    let quiet = Duration::from_millis(2_500);
    let (bench, _nginx) =
        behind(quiet, quick(), |port| format!("proxy_read_timeout 1s; {}", hand_on(port))).await;
    let id = bench.queue(&classic(1, 3)).await;
    succeeded_once(&bench, id).await;
    let record = bench.practice().record();
    let sockets = record.asked.iter().filter(|asked| asked.path.starts_with("/ws")).count();
    assert!(sockets > 1, "the socket was never cut");
    bench.engine.stop().await;
}

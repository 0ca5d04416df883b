//! A network that is cut: the server is in a network of its own, at the other end of a link that is
//! set down and up. Only root may make such networks; these tests say so where they do not run.

use crate::{
    engine_at,
    nginx::Nginx,
    proxies::hand_on,
    quick, shown, succeeded_once,
    support::{self, classic, until},
};
use domain::JobState;
use engine::{Pace, view::LinkState};
use practice::{Practice, Scene};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::{
    fs::File,
    net::Ipv4Addr,
    os::fd::AsFd,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A network beside that of the test, named after the process. Dropping it deletes it.
struct Net {
    name: String,
    far: Ipv4Addr,
}

/// Whether `ip` did it.
fn ip(arguments: &str) -> bool {
    let done = Command::new("ip").args(arguments.split(' ')).output();
    done.is_ok_and(|done| done.status.success())
}

impl Net {
    /// Nothing where that is not allowed. `number` tells the networks of this process apart.
    fn new(number: u8) -> Option<Self> {
        let id = std::process::id();
        // In the range for measuring networks, which nobody else uses.
        let of =
            |last| Ipv4Addr::new(198, 18 + number, (id >> 6) as u8, ((id & 63) << 2) as u8 | last);
        let net = Self { name: format!("sl{id}n{number}"), far: of(2) };
        let (name, near, far) = (&net.name, of(1), net.far);
        let made = ip(&format!("netns add {name}"))
            && ip(&format!("link add {name} type veth peer name far netns {name}"))
            && ip(&format!("address add {near}/30 dev {name}"))
            && ip(&format!("-n {name} address add {far}/30 dev far"))
            && ip(&format!("link set {name} up"))
            && ip(&format!("-n {name} link set lo up"));
        if !made {
            println!("not run: a network namespace can be made by root only, with iproute2");
            return None;
        }
        net.set("up");
        Some(net)
    }

    /// Sets the link up or down, at its far end: a cable that is pulled there.
    fn set(&self, state: &str) {
        assert!(ip(&format!("-n {} link set far {state}", self.name)), "set the link {state}");
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        ip(&format!("link delete {}", self.name));
        ip(&format!("netns delete {}", self.name));
    }
}

/// What runs in that network, until it is dropped.
struct Far {
    practice: Practice,
    nginx: Nginx,
    _until: oneshot::Sender<()>,
}

/// Starts the practice engine in a network. It listens to its own computer only, so nginx is there
/// as well.
async fn start_in(net: &Net, folder: &Path, step: Duration) -> Far {
    let (started, starting) = oneshot::channel();
    let (_until, ended) = oneshot::channel::<()>();
    let (name, far, folder) = (net.name.clone(), net.far, folder.to_owned());
    // A thread can be in another network than the rest of its process, with all that it starts.
    std::thread::spawn(move || {
        let there = File::open(Path::new("/run/netns").join(name)).unwrap();
        move_into_link_name_space(there.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let practice = support::practice(&folder, 0, step).await;
            let nginx = Nginx::start_at(far.into(), &hand_on(practice.address().port())).await;
            let _ = started.send((practice, nginx));
            let _ = ended.await;
        });
    });
    let (practice, nginx) = starting.await.unwrap();
    Far { practice, nginx, _until }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_is_noticed_by_pings_and_the_job_is_found_again() {
    let Some(net) = Net::new(0) else { return };
    let folder = TempDir::new().unwrap();
    let far = start_in(&net, folder.path(), Duration::from_millis(200)).await;
    // Asks nobody by itself: only the pings can notice.
    let pace = Pace { poll_live: Duration::from_secs(600), ..quick() };
    let bench = engine_at(folder, far.practice, far.nginx.url(), pace).await;
    let id = bench.queue(&classic(1, 250)).await;
    bench.job(id, |detail| detail.progress.steps_done >= 1.0).await;
    net.set("down");
    shown(&bench, "the silence is noticed", |server| {
        server.message.as_deref() == Some("The connection fell silent.")
    })
    .await;
    assert_eq!(bench.engine.job_get(id).await.unwrap().job.state, JobState::Running);
    net.set("up");
    shown(&bench, "the server is live again", |server| {
        server.link == LinkState::Online && server.live
    })
    .await;
    until("the job is over at the server", || async {
        bench.practice().record().executions[0].ended
    })
    .await;
    // Its events went to the socket of before, and this engine asks nobody by itself.
    bench.engine.server_reconnect(bench.server).await.unwrap();
    succeeded_once(&bench, id).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_in_the_middle_of_an_output_brings_it_whole_later() {
    let Some(net) = Net::new(1) else { return };
    let folder = TempDir::new().unwrap();
    let library = folder.path().join("library");
    let far = start_in(&net, folder.path(), Duration::from_millis(2)).await;
    far.practice.set_scene(Scene::ViewSlow, true);
    let bench = engine_at(folder, far.practice, far.nginx.url(), quick()).await;
    let id = bench.queue(&classic(1, 2).replace(":128", ":1024")).await;
    until("a part of it has come", || async {
        let length = part(&library)?.metadata().ok()?.len();
        (length > 0).then_some(())
    })
    .await;
    net.set("down");
    until("the part is given up", || async { part(&library).is_none().then_some(()) }).await;
    let detail = bench.engine.job_get(id).await.unwrap();
    assert!(matches!(detail.job.state, JobState::Collecting(_)), "{detail:#?}");
    bench.practice().set_scene(Scene::ViewSlow, false);
    net.set("up");
    succeeded_once(&bench, id).await;
    assert_eq!(part(&library), None);
    bench.engine.stop().await;
}

/// The beginning of a file that is being fetched, in a folder of the library.
fn part(library: &Path) -> Option<PathBuf> {
    let days = std::fs::read_dir(library).ok()?.flatten();
    let mut files = days.filter_map(|day| std::fs::read_dir(day.path()).ok()).flatten().flatten();
    files.find(|file| file.path().extension().is_some_and(|end| end == "part")).map(|f| f.path())
}

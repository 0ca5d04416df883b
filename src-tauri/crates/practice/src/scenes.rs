//! Ways in which the server can be told to misbehave. Each is a trap seen on real
//! ComfyUI servers, or on what stands between one and its client.

use std::sync::Mutex;

#[cfg(feature = "scenes")]
use serde::{Deserialize, Serialize};

use crate::lock;
use crate::storm::Weather;

/// One way to misbehave. Most last until switched off; those marked "at once" happen
/// when switched on and leave nothing to switch off. In a [`Storm`](crate::Storm) each
/// strikes by chance, each time it could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "scenes", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "scenes", serde(rename_all = "snake_case"))]
pub enum Scene {
    /// At once: every WebSocket connection is cut without a close frame.
    DropSockets,
    /// At once: queue, history and cache are emptied, numbers start at 0, and the
    /// running job ends without a word, as after a restart.
    ForgetEverything,
    /// At once: every WebSocket connection stays open, and nothing is sent or answered
    /// on it any more, not even a ping: as when the other end lost its power.
    HalfOpen,
    /// At once: the history is emptied, as another client may do; the queue stays.
    HistoryCleared,
    /// `POST /prompt` is carried out at once and answered when the scene ends.
    PromptLate,
    /// `POST /prompt` is carried out and never answered; the connection stays open.
    PromptUnanswered,
    /// `POST /prompt` is carried out and the connection cut instead of an answer.
    PromptDropped,
    /// `POST /prompt` is not carried out and the connection is cut.
    PromptLost,
    /// A job is queued twice under its id, as when somebody sends the request again: it
    /// runs a second time, and its history entry is overwritten.
    IdReused,
    /// `/ws` is answered like by a proxy that does not pass on `Upgrade`.
    SocketsRefused,
    /// Nothing is sent on the sockets any more, while they stay open.
    Mute,
    /// Text events are not sent.
    EventsLost,
    /// A text event changes places with the frame after it; when none comes within
    /// 200 ms it is only late.
    EventsReordered,
    /// Another client does not read its socket: nothing is published to anybody until the
    /// scene ends (in a storm: for 300 ms), then all of it comes at once. A new socket
    /// still gets its first frames.
    SlowReader,
    /// Text events break off in the middle.
    EventsCut,
    /// Each frame is sent 200 ms late, and all after it wait.
    EventsLate,
    /// Each text event is sent twice.
    EventsTwice,
    /// Before each event come a text that is not JSON and a binary frame cut short.
    Garbage,
    /// A request is carried out, and the connection cut instead of an answer.
    AnswerLost,
    /// Answers come 50 ms late.
    AnswerLate,
    /// Every request is answered `500` with plain text.
    Error500,
    /// Every request is answered `200` with the HTML of a login page.
    LoginPage,
    /// Every request is answered `401`.
    Unauthorized,
    /// `/view` answers `404` for every file.
    ViewMissing,
    /// `/view` announces and sends half of the file, as if that were all.
    WrongSize,
    /// The running node does nothing more and says nothing; it can be interrupted.
    Stall,
    /// Sampler steps run out of memory.
    OutOfMemory,
    /// Pictures cannot be written: the disk is full.
    FullDisk,
    /// Times in events and in the history are an hour back.
    ClockJump,
    /// `/view` announces the whole file, sends half and cuts the connection.
    ViewTruncated,
    /// `/view` sends the file in small pieces with a pause between them.
    ViewSlow,
}

/// Which scenes are on.
#[derive(Default)]
pub(crate) struct Scenes {
    on: Mutex<Vec<Scene>>,
    changed: tokio::sync::Notify,
    pub weather: Weather,
}

impl Scenes {
    pub fn is_on(&self, scene: Scene) -> bool {
        lock(&self.on).contains(&scene)
    }

    /// Whether the scene is on, or a storm makes it strike this time.
    pub fn strikes(&self, scene: Scene) -> bool {
        self.is_on(scene) || self.weather.strikes(scene)
    }

    #[cfg(feature = "scenes")]
    pub fn set(&self, scene: Scene, on: bool) {
        {
            let mut scenes = lock(&self.on);
            scenes.retain(|known| *known != scene);
            if on {
                scenes.push(scene);
            }
        }
        self.changed.notify_waiters();
    }

    /// Returns when the scene is off.
    pub async fn until_off(&self, scene: Scene) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if !self.is_on(scene) {
                return;
            }
            changed.await;
        }
    }
}

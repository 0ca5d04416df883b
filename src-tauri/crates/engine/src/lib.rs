//! The engine: job processor, connection actors, reconciler, library keeper and event hub.
//!
//! It knows no window. The app starts one [`Engine`], asks it things with its async methods, and
//! reads what changed from [`Engine::open_stream`].

mod bin;
mod book;
mod checks;
mod commands;
mod compose;
mod convert;
mod core;
mod embedded;
mod ending;
mod engine;
mod estimate;
mod export;
mod family;
mod finding;
mod graph;
mod hub;
mod inputs;
mod intake;
mod known;
mod library;
mod live;
mod matching;
mod notices;
mod pace;
mod previews;
mod queue_file;
mod roots;
mod server;
mod sidecars;
mod snapshot;
mod tasks;
mod thumbs;
mod time;
mod trouble;
mod upkeep;
pub mod view;
mod watch;
mod work;

pub use crate::core::Policy;
pub use commands::{
    Copied, MediaFile, MediaSize, NoMedia, ServerInput, SheetPicture, SubmitPaths, SubmitPictures,
    TakeTo, ValuesFrom, Which,
};
pub use engine::{Engine, EngineConfig, StartError};
pub use media::png_of_pixels;
pub use notices::{Lamp, Notice, NoticeKind, Status};
pub use pace::Pace;
pub use time::Clock;

//! ComfyUI's native protocol, for versions 0.3.64 to 0.28.2 and newer, by what a server answers and
//! not by its version. Only this crate reads a server's bytes.
//!
//! Sources: recorded traffic of 0.3.64, 0.8.0 and 0.28.2 (docs/PROTOCOL.md).

mod address;
mod client;
mod download;
mod error;
mod evidence;
mod frame;
mod history;
mod jobs;
mod lenient;
mod link;
mod logs;
mod object_info;
mod outputs;
mod progress;
mod queue;
mod refusal;
mod server_info;
mod socket;
mod submit;
mod templates;
mod upload;
mod user_data;

pub use address::{Address, AddressError};
pub use client::Client;
pub use download::{Download, Part};
pub use error::ComfyError;
pub use frame::{Frame, NodeProgress, decode_binary, decode_text};
pub use history::HistoryEntry;
pub use jobs::{ServerJob, ServerJobStatus};
pub use lenient::strict_json;
pub use link::{LinkError, Linked, fetch_link};
pub use logs::LogLine;
pub use object_info::read_classes;
pub use outputs::{FileRef, NodeError, Output, OutputItem};
pub use progress::ProgressReader;
pub use queue::{Queue, QueueItem};
pub use refusal::{MissingNode, NodeProblem, Refusal};
pub use server_info::{Device, Features, Probe, SystemStats};
pub use socket::Socket;
pub use submit::{Accepted, Submit, SubmitError};
pub use templates::Template;
pub use upload::Upload;
pub use user_data::UserFile;

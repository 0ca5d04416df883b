//! What the tests need: a desktop of their own, and the app's window in it.

pub mod desktop;
pub mod files;
pub mod gallery;
pub mod many;
pub mod process;
pub mod real;
pub mod viewer;
pub mod window;

pub use desktop::Desktop;
pub use window::Window;

use std::time::Duration;

/// How long a state may take to come. Far more than it takes; only a fault reaches it.
pub const SOON: Duration = Duration::from_secs(60);

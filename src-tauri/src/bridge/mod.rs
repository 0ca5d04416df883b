//! The bridge to the page: what it can ask, and the stream of what changed. The only code that
//! serialises for the page.

pub mod commands;
pub mod compose;
pub mod library;
pub mod roots;
pub mod state;
pub mod stream;
pub mod workflows;

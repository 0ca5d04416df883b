//! What the tests of this crate share.

pub mod build;
pub mod draw;
pub mod make;
pub mod strip;

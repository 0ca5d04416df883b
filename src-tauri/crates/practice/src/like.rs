//! Which ComfyUI the server is like.

use std::fmt;
use std::str::FromStr;

/// A version of ComfyUI to answer like. They differ in what clients meet in the wild:
/// routes that were not there yet, other errors, other fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Like {
    /// October 2025: no `/api/jobs`, no `create_time`.
    V0_3_64,
    /// January 2026: `/api/jobs` without cancelling.
    V0_8_0,
    /// July 2026.
    #[default]
    V0_28_2,
}

impl Like {
    /// Every version, the oldest first.
    pub const ALL: [Self; 3] = [Self::V0_3_64, Self::V0_8_0, Self::V0_28_2];

    /// As ComfyUI writes it, such as `0.28.2`.
    pub fn version(self) -> &'static str {
        match self {
            Self::V0_3_64 => "0.3.64",
            Self::V0_8_0 => "0.8.0",
            Self::V0_28_2 => "0.28.2",
        }
    }
}

impl fmt::Display for Like {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.version())
    }
}

/// The text names no version the practice engine can be like.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the practice engine cannot be like ComfyUI {0}; it can be like 0.3.64, 0.8.0 and 0.28.2")]
pub struct UnknownVersion(String);

impl FromStr for Like {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let known = Self::ALL.into_iter().find(|like| like.version() == text);
        known.ok_or_else(|| UnknownVersion(text.into()))
    }
}

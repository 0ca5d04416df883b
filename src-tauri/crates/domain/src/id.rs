//! Ids. Each is its own type, so that a job's id cannot be taken for a server's.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(export, type = "string")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id!(
    /// One prompt for one server. A UUIDv7 made by Safelight and sent to the server as `prompt_id`,
    /// always lower case with hyphens (ComfyUI 0.28.2 refuses any other form).
    JobId
);
uuid_id!(
    /// One submission: a single run, or several runs made together.
    BatchId
);
uuid_id!(
    /// One ComfyUI, as the artist added it.
    ServerId
);
uuid_id!(
    /// One output file of one job.
    AssetId
);
uuid_id!(
    /// One set of values that the artist is turning, kept until it is queued or discarded.
    DraftId
);

/// The BLAKE3 hash of a workflow's prompt text, as 64 hex digits. The same prompt is stored once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export, type = "string")]
pub struct WorkflowHash(pub String);

impl fmt::Display for WorkflowHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

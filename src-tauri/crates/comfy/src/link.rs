//! Files on the web that an artist dropped a link to.

use std::time::Duration;
use thiserror::Error;
use url::Url;

/// How long the whole fetch may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a link cannot be followed. Each is a sentence for a person.
#[derive(Debug, Error)]
pub enum LinkError {
    /// No web address.
    #[error("“{0}” is no address on the web. It must begin with http:// or https://.")]
    NoAddress(String),
    /// Nothing came.
    #[error("{host} could not be reached: {why}.")]
    Unreachable {
        /// The computer.
        host: String,
        /// The library's words.
        why: String,
    },
    /// An answer with an error status.
    #[error(
        "{host} does not give the file (HTTP {status}). Does it want a login? Save the file and drop it instead."
    )]
    Status {
        /// The computer.
        host: String,
        /// HTTP status.
        status: u16,
    },
    /// More than is taken.
    #[error(
        "What is at {host} is larger than {limit_mb} MB, more than Safelight fetches. Save the file and drop it instead."
    )]
    TooLarge {
        /// The computer.
        host: String,
        /// The limit in MB.
        limit_mb: usize,
    },
}

/// A file that was fetched.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The name at the end of its address.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Fetches the file behind a link; at most `limit` bytes. Nothing but the address is told to the
/// other side: no cookies, no name of ours.
///
/// # Errors
/// See [`LinkError`].
pub async fn fetch_link(link: &str, limit: usize) -> Result<Linked, LinkError> {
    let no_address = || LinkError::NoAddress(link.chars().take(200).collect());
    let url = Url::parse(link.trim()).map_err(|_| no_address())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(no_address());
    }
    let host = url.host_str().ok_or_else(no_address)?.to_owned();
    let name = url
        .path_segments()
        .and_then(|mut segments| segments.next_back())
        .map(|name| percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| host.clone());
    let broken = |error: reqwest::Error| LinkError::Unreachable {
        host: host.clone(),
        why: crate::error::last(&error),
    };
    let too_large = || LinkError::TooLarge { host: host.clone(), limit_mb: limit >> 20 };
    let client = reqwest::Client::builder().timeout(PATIENCE).build().map_err(broken)?;
    let mut response = client.get(url).send().await.map_err(broken)?;
    if !response.status().is_success() {
        let status = response.status().as_u16();
        return Err(LinkError::Status { host, status });
    }
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(part) = response.chunk().await.map_err(broken)? {
        if bytes.len() + part.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&part);
    }
    Ok(Linked { name, bytes })
}

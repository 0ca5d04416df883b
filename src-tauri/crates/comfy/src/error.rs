//! What can be in the way of a server. Each is a sentence a person can act on.

use thiserror::Error;

/// An error in talking to a server.
#[derive(Debug, Error)]
pub enum ComfyError {
    /// Nothing listens there.
    #[error("Nothing answers at {host}. Is ComfyUI running, and is the port right?")]
    Refused {
        /// Host and port.
        host: String,
    },
    /// The name has no address.
    #[error("There is no computer called {host}. Check the spelling and the network.")]
    Dns {
        /// Host and port.
        host: String,
    },
    /// No answer in time.
    #[error("{host} did not answer in time. It may be busy, switched off, or behind a firewall.")]
    Timeout {
        /// Host and port.
        host: String,
    },
    /// The secure connection could not be made.
    #[error("No secure connection to {host}: {why}. Does the address need http instead of https?")]
    Tls {
        /// Host and port.
        host: String,
        /// The library's words.
        why: String,
    },
    /// The connection broke.
    #[error("The connection to {host} broke ({why}).")]
    Broken {
        /// Host and port.
        host: String,
        /// The library's words.
        why: String,
    },
    /// The server, or a proxy before it, wants a login.
    #[error(
        "{host} wants a login (HTTP {status}). Safelight cannot log in yet; use an address that reaches ComfyUI directly."
    )]
    Login {
        /// Host and port.
        host: String,
        /// HTTP status.
        status: u16,
    },
    /// Something else answers there.
    #[error("Something answers at {host}, but it is not ComfyUI: {what}.")]
    NotComfy {
        /// Host and port.
        host: String,
        /// What it looks like.
        what: String,
    },
    /// An answer with an error status.
    #[error("The server answered {route} with HTTP {status}: {text}")]
    Http {
        /// The route.
        route: String,
        /// HTTP status.
        status: u16,
        /// The beginning of the answer.
        text: String,
    },
    /// The file or the route is not there.
    #[error("The server does not have it (HTTP 404).")]
    NotFound,
    /// An answer larger than we take.
    #[error("The answer to {route} is larger than {limit_mb} MB, more than Safelight takes.")]
    TooLarge {
        /// The route.
        route: String,
        /// The limit in MB.
        limit_mb: usize,
    },
    /// The server, or a proxy before it, takes no request that large.
    #[error(
        "The server takes no request that large ({text}). Start ComfyUI with a larger --max-upload-size, or raise the limit of the proxy before it."
    )]
    PayloadTooLarge {
        /// The server's words.
        text: String,
    },
    /// A file of that name is there already.
    #[error("The server already has {name}.")]
    Exists {
        /// Its name.
        name: String,
    },
    /// A name that cannot be sent.
    #[error("“{name}” cannot be the name of a file at the server.")]
    BadName {
        /// The name.
        name: String,
    },
    /// Fewer bytes came than were announced.
    #[error("The file broke off: {got} of {announced} bytes came.")]
    Truncated {
        /// Bytes announced.
        announced: u64,
        /// Bytes that came.
        got: u64,
    },
    /// An answer that makes no sense.
    #[error("The answer to {route} makes no sense: {why}")]
    BadAnswer {
        /// The route.
        route: String,
        /// Why.
        why: String,
    },
    /// The upgrade to a socket was refused.
    #[error("The server or a proxy before it refuses WebSocket connections (HTTP {status}).")]
    NoUpgrade {
        /// HTTP status.
        status: u16,
    },
    /// The server ended the connection.
    #[error("The server ended the connection.")]
    Closed,
    /// Nothing came for too long.
    #[error("The connection fell silent.")]
    Silent,
}

impl ComfyError {
    /// Sorts an error of the HTTP library.
    pub(crate) fn from_http(host: &str, error: &reqwest::Error) -> Self {
        let host = host.to_owned();
        if error.is_timeout() {
            Self::Timeout { host }
        } else if error.is_connect() {
            Self::in_the_way(&host, error).unwrap_or(Self::Refused { host })
        } else {
            Self::Broken { host, why: last(error) }
        }
    }

    /// Why a connection could not be made, by the words of the libraries: they have no types for it.
    pub(crate) fn in_the_way(host: &str, error: &dyn std::error::Error) -> Option<Self> {
        let low = causes(error).to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| low.contains(word));
        let host = host.to_owned();
        if says(&["dns", "lookup", "resolve"]) {
            Some(Self::Dns { host })
        } else if says(&[
            "certificate",
            "tls",
            "handshake",
            "invalidcontenttype",
            "corrupt message",
        ]) {
            Some(Self::Tls { host, why: last(error) })
        } else {
            None
        }
    }

    /// Whether nothing can have reached the server.
    pub fn never_left(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Dns { .. } | Self::Tls { .. })
    }
}

/// The words of everything that led to an error. Its own words name the address, which may have any
/// words in it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&error.to_string());
        text.push('\n');
        source = error.source();
    }
    text
}

pub(crate) fn last(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

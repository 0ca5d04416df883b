//! The base address of a server.

use std::fmt;
use thiserror::Error;
use url::Url;

/// A base address, such as `http://127.0.0.1:8188` or `https://host/comfy`. A path is kept, and
/// routes are appended to it: nothing in ComfyUI is aware of a proxy's prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

/// Why a text is no address.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// Nothing was given.
    #[error("Type the server's address, for example 127.0.0.1:8188.")]
    Empty,
    /// It cannot be read.
    #[error("“{0}” is no address. It should look like 127.0.0.1:8188 or https://my-host/comfy.")]
    Unreadable(String),
    /// It is of a kind that is not spoken here.
    #[error("Safelight speaks http and https, not {0}.")]
    Scheme(String),
    /// It carries a name and a password.
    #[error("Leave the name and the password out of the address.")]
    Credentials,
}

impl Address {
    /// Reads what a person types: with or without scheme, port and path.
    ///
    /// # Errors
    /// See [`AddressError`].
    pub fn parse(typed: &str) -> Result<Self, AddressError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(AddressError::Empty);
        }
        let unreadable = || AddressError::Unreadable(typed.chars().take(80).collect());
        let full = if typed.contains("://") { typed.to_owned() } else { format!("http://{typed}") };
        let mut url = Url::parse(&full).map_err(|_| unreadable())?;
        match url.scheme() {
            "http" | "https" => {}
            "ws" => url.set_scheme("http").map_err(|()| unreadable())?,
            "wss" => url.set_scheme("https").map_err(|()| unreadable())?,
            other => return Err(AddressError::Scheme(other.to_owned())),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        if url.host_str().is_none_or(|host| host.is_empty() || host.contains(' ')) {
            return Err(unreadable());
        }
        url.set_query(None);
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of a route; `route` begins with `/`.
    pub fn http(&self, route: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{route}", self.0.path().trim_end_matches('/')));
        url
    }

    /// The address of the socket for a client id.
    pub fn ws(&self, client_id: &str) -> Url {
        let mut url = self.http("/ws");
        let scheme = if self.0.scheme() == "https" { "wss" } else { "ws" };
        // Between these four schemes the change is always allowed.
        let _ = url.set_scheme(scheme);
        url.query_pairs_mut().append_pair("clientId", client_id);
        url
    }

    /// Host and port, for sentences.
    pub fn host(&self) -> String {
        match (self.0.host_str(), self.0.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => self.to_string(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_people_type() {
        for (typed, shown, route) in [
            ("127.0.0.1:8188", "http://127.0.0.1:8188", "http://127.0.0.1:8188/queue"),
            (" localhost ", "http://localhost", "http://localhost/queue"),
            ("http://host:8188/", "http://host:8188", "http://host:8188/queue"),
            ("https://host/comfy/", "https://host/comfy", "https://host/comfy/queue"),
            ("wss://host/a/b", "https://host/a/b", "https://host/a/b/queue"),
            ("[::1]:8188", "http://[::1]:8188", "http://[::1]:8188/queue"),
            ("http://host:8188/?x=1#y", "http://host:8188", "http://host:8188/queue"),
        ] {
            let address = Address::parse(typed).unwrap();
            assert_eq!(address.to_string(), shown, "{typed}");
            assert_eq!(address.http("/queue").as_str(), route, "{typed}");
        }
        let socket = Address::parse("https://host/comfy").unwrap().ws("a b");
        assert_eq!(socket.as_str(), "wss://host/comfy/ws?clientId=a+b");
    }

    #[test]
    fn what_is_no_address() {
        assert_eq!(Address::parse("  "), Err(AddressError::Empty));
        assert_eq!(Address::parse("ftp://host"), Err(AddressError::Scheme("ftp".into())));
        assert_eq!(Address::parse("http://me:secret@host"), Err(AddressError::Credentials));
        for typed in ["http://", "not an address", "http://host:99999", "::::"] {
            assert!(matches!(Address::parse(typed), Err(AddressError::Unreadable(_))), "{typed}");
        }
    }
}

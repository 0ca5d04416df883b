//! When work on a file is given up: because somebody asked for it, or because it takes too long.

use crate::MediaError;
use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::Arc,
    time::{Duration, Instant},
};

/// Asked again and again while a file is read. Cheap to copy.
#[derive(Clone, Default)]
pub struct Stop {
    asked: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
    until: Option<Instant>,
}

impl Stop {
    /// Work that nobody stops.
    pub fn never() -> Self {
        Self::default()
    }

    /// Work that ends soon after `asked` answers with yes, such as a token's `is_cancelled`.
    pub fn when(asked: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { asked: Some(Arc::new(asked)), until: None }
    }

    /// The same, and given up after this time from now, whichever comes first.
    #[must_use]
    pub fn within(&self, time: Duration) -> Self {
        let until = Instant::now().checked_add(time);
        let until = match (self.until, until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Self { asked: self.asked.clone(), until }
    }

    /// Goes on.
    ///
    /// # Errors
    /// [`MediaError::Stopped`] when somebody asked for it, [`MediaError::TooSlow`] when time is up.
    pub fn check(&self) -> Result<(), MediaError> {
        if self.asked.as_ref().is_some_and(|asked| asked()) {
            return Err(MediaError::Stopped);
        }
        if self.until.is_some_and(|until| Instant::now() >= until) {
            return Err(MediaError::TooSlow);
        }
        Ok(())
    }
}

/// A reader that ends with an error once the work is stopped, for libraries that take a reader.
pub(crate) struct Watched<R> {
    inner: R,
    stop: Stop,
}

impl<R> Watched<R> {
    pub fn new(inner: R, stop: Stop) -> Self {
        Self { inner, stop }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stop.check().map_err(io::Error::other)?;
        self.inner.read(into)
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

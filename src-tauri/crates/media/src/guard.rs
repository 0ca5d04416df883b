//! A fault in a library must not end the import of a hundred thousand files.

use crate::MediaError;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a decoder; a panic in it is a damaged file. Nothing that `work` changed is used afterwards but
/// the file itself, which is read from its beginning each time.
///
/// # Errors
/// Those of `work`, and [`MediaError::Damaged`] for a panic.
pub fn no_panic<T>(work: impl FnOnce() -> Result<T, MediaError>) -> Result<T, MediaError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(MediaError::Damaged("no decoder can make sense of it".to_owned())))
}

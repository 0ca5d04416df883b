//! Numbers as a text: `0.25..1 step 0.25`.

use super::RangeProblem;

/// Reads numbers: `1, 2, 5..8`, `0.25..1 step 0.25`, `10..1 step 3`. Exact decimals, written as
/// ComfyUI's page writes them: whole numbers without a point, no zeros at the end. Both ends are in
/// it if the steps meet them. Without a step, whole numbers go by 1.
///
/// # Errors
/// What is no number, a missing or impossible step, and more than [`MAX_CELLS`](super::MAX_CELLS).
pub fn range(text: &str) -> Result<Vec<String>, RangeProblem> {
    let _ = text;
    todo!()
}

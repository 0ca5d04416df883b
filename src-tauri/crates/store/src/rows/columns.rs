//! Between columns and rows.

use super::{AssetRow, FlightRow, JobRow, Marks, NodeRunRow, ServerRow};
use crate::{PlaceState, Result, StoreError};
use domain::{JobState, Outcome, ServerEnd, WorkflowHash};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, sqlite::SqliteRow};
use std::str::FromStr;

/// A state as it is stored: state, what the server said, outcome.
pub(crate) fn state_columns(
    state: JobState,
) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match state {
        JobState::Held => ("held", None, None),
        JobState::Sending => ("sending", None, None),
        JobState::Queued => ("queued", None, None),
        JobState::Running => ("running", None, None),
        JobState::Collecting(end) => ("collecting", Some(end_name(end)), None),
        JobState::Ended(outcome) => ("ended", None, Some(outcome_name(outcome))),
    }
}

fn end_name(end: ServerEnd) -> &'static str {
    match end {
        ServerEnd::Succeeded => "succeeded",
        ServerEnd::Failed => "failed",
        ServerEnd::Interrupted => "interrupted",
    }
}

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Failed => "failed",
        Outcome::Cancelled => "cancelled",
        Outcome::Lost => "lost",
    }
}

fn state_from(state: &str, end: Option<&str>, outcome: Option<&str>) -> Result<JobState> {
    Ok(match (state, end, outcome) {
        ("held", _, _) => JobState::Held,
        ("sending", _, _) => JobState::Sending,
        ("queued", _, _) => JobState::Queued,
        ("running", _, _) => JobState::Running,
        ("collecting", Some("succeeded"), _) => JobState::Collecting(ServerEnd::Succeeded),
        ("collecting", Some("failed"), _) => JobState::Collecting(ServerEnd::Failed),
        ("collecting", Some("interrupted"), _) => JobState::Collecting(ServerEnd::Interrupted),
        ("ended", _, Some("succeeded")) => JobState::Ended(Outcome::Succeeded),
        ("ended", _, Some("failed")) => JobState::Ended(Outcome::Failed),
        ("ended", _, Some("cancelled")) => JobState::Ended(Outcome::Cancelled),
        ("ended", _, Some("lost")) => JobState::Ended(Outcome::Lost),
        _ => return Err(StoreError::Value(format!("job state {state} {end:?} {outcome:?}"))),
    })
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Value(error.to_string()))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Value(error.to_string()))
}

pub(crate) fn id<T: FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::Value(format!("id {text}")))
}

pub(crate) fn maybe_id<T: FromStr>(text: Option<&str>) -> Result<Option<T>> {
    text.map(id).transpose()
}

fn size(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX })
}

pub(crate) fn count(row: &SqliteRow, column: &str) -> Result<u32> {
    Ok(size(row.try_get::<i64, _>(column)?))
}

pub(crate) fn shape(row: &SqliteRow, column: &str) -> Result<Option<u32>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(size))
}

/// A job's state, from its three columns.
pub(crate) fn job_state(row: &SqliteRow) -> Result<JobState> {
    state_from(row.try_get("state")?, row.try_get("server_end")?, row.try_get("outcome")?)
}

pub(crate) fn flight(row: &SqliteRow) -> Result<FlightRow> {
    Ok(FlightRow {
        id: id(row.try_get("id")?)?,
        state: job_state(row)?,
        cancel_requested: row.try_get("cancel_requested")?,
        asked_back: row.try_get("asked_back")?,
    })
}

pub(crate) fn job(row: &SqliteRow) -> Result<JobRow> {
    let trouble: Option<&str> = row.try_get("trouble")?;
    Ok(JobRow {
        id: id(row.try_get("id")?)?,
        batch_id: id(row.try_get("batch_id")?)?,
        batch_index: count(row, "batch_index")?,
        batch_count: count(row, "batch_count")?,
        title: row.try_get("title")?,
        state: job_state(row)?,
        on_hold: row.try_get("on_hold")?,
        cancel_requested: row.try_get("cancel_requested")?,
        asked_back: row.try_get("asked_back")?,
        position: row.try_get("position")?,
        wants_server: maybe_id(row.try_get("wants_server")?)?,
        server_id: maybe_id(row.try_get("server_id")?)?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        workflow: WorkflowHash(row.try_get("workflow")?),
        shape: row.try_get("shape")?,
        needs: row.try_get("needs")?,
        pixels: row.try_get("pixels")?,
        batch_name: row.try_get("batch_name")?,
        sheet: row.try_get::<Option<bool>, _>("sheet")?.unwrap_or(false),
        source: row.try_get("source")?,
        facts: from_json(row.try_get("facts")?)?,
        node_count: count(row, "node_count")?,
        trouble: trouble.map(from_json).transpose()?,
        warnings: from_json(row.try_get("warnings")?)?,
        attempt: count(row, "attempt")?,
        retry_of: maybe_id(row.try_get("retry_of")?)?,
        retried_by: maybe_id(row.try_get("retried_by")?)?,
        practice: row.try_get("practice")?,
        seen: row.try_get("seen")?,
        not_before: row.try_get("not_before")?,
        removed_at: row.try_get("removed_at")?,
        asset_count: 0,
        shown: Vec::new(),
    })
}

/// An asset without where it lies.
pub(crate) fn asset(row: &SqliteRow) -> Result<AssetRow> {
    let facts: Option<&str> = row.try_get("facts")?;
    Ok(AssetRow {
        seq: count(row, "seq")?,
        id: id(row.try_get("id")?)?,
        job_id: maybe_id(row.try_get("job_id")?)?,
        node_id: row.try_get::<Option<String>, _>("node_id")?.unwrap_or_default(),
        ordinal: shape(row, "ordinal")?.unwrap_or(0),
        title: row.try_get("title")?,
        kind: row.try_get("kind")?,
        path: String::new(),
        width: shape(row, "width")?,
        height: shape(row, "height")?,
        bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
        hash: row.try_get("hash")?,
        created_at: row.try_get("created_at")?,
        took_ms: row.try_get("took_ms")?,
        practice: row.try_get("practice")?,
        preview: row.try_get("preview")?,
        facts: facts.map(from_json).transpose()?.unwrap_or_default(),
        server_name: row.try_get("server_name")?,
        workflow: row.try_get::<Option<String>, _>("workflow")?.map(WorkflowHash),
        library: String::new(),
        duration_ms: row.try_get::<Option<i64>, _>("duration_ms")?.map(i64::unsigned_abs),
        marks: marks(row)?,
        state: PlaceState::Missing,
    })
}

/// What the artist says about an asset.
pub(crate) fn marks(row: &SqliteRow) -> Result<Marks> {
    Ok(Marks {
        rating: row.try_get("rating")?,
        favourite: row.try_get("favourite")?,
        flag: row.try_get("flag")?,
        binned_at: row.try_get("binned_at")?,
    })
}

pub(crate) fn server(row: &SqliteRow) -> Result<ServerRow> {
    Ok(ServerRow {
        id: id(row.try_get("id")?)?,
        name: row.try_get("name")?,
        kind: row.try_get("kind")?,
        address: row.try_get("address")?,
        position: row.try_get("position")?,
        max_held: count(row, "max_held")?,
        paused: row.try_get("paused")?,
        outputs: row.try_get("outputs")?,
        created_at: row.try_get("created_at")?,
    })
}

pub(crate) fn node_run(row: &SqliteRow) -> Result<NodeRunRow> {
    Ok(NodeRunRow {
        node_id: row.try_get("node_id")?,
        title: row.try_get("title")?,
        class: row.try_get("class")?,
        state: row.try_get("state")?,
        value: row.try_get("value")?,
        max: row.try_get("max")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        made: count(row, "made")?,
    })
}

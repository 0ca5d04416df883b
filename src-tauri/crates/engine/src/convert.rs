//! From stored rows to what the page sees.

use crate::view::{
    AssetKind, AssetView, Counts, DeviceView, JobEventView, JobOutput, JobView, LibraryCell,
    ServerFacts, ServerKind,
};
use store::{AssetRow, CountsRow, JobEventRow, JobRow, PlaceState};

/// A job row as lists show it.
pub fn job(row: JobRow) -> JobView {
    JobView {
        id: row.id,
        batch_id: row.batch_id,
        batch_name: row.batch_name,
        sheet: row.sheet,
        batch_index: row.batch_index,
        batch_count: row.batch_count,
        title: row.title,
        state: row.state,
        on_hold: row.on_hold,
        cancel_requested: row.cancel_requested,
        position: row.position,
        wants_server: row.wants_server,
        server_id: row.server_id,
        created_at: row.created_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
        workflow: row.workflow,
        source: row.source,
        facts: row.facts,
        node_count: row.node_count,
        trouble: row.trouble,
        warnings: row.warnings,
        newest: row.shown.into_iter().map(output).collect(),
        asset_count: row.asset_count,
        attempt: row.attempt,
        retry_of: row.retry_of,
        retried_by: row.retried_by,
        practice: row.practice,
        seen: row.seen,
        needs: row.needs,
        start_at: row.not_before,
    }
}

/// An output that is shown with its job.
pub fn output((id, kind): (domain::AssetId, store::Kind)) -> JobOutput {
    JobOutput { id, kind: asset_kind(kind.name()) }
}

/// An asset row.
pub fn asset(row: AssetRow) -> AssetView {
    AssetView {
        id: row.id,
        job_id: row.job_id,
        title: row.title,
        kind: asset_kind(&row.kind),
        path: row.path,
        width: row.width,
        height: row.height,
        duration_ms: row.duration_ms,
        bytes: row.bytes,
        hash: Some(row.hash).filter(|hash| !store::is_stand_in(hash)),
        created_at: row.created_at,
        took_ms: row.took_ms,
        practice: row.practice,
        preview: row.preview,
        facts: row.facts,
        server_name: row.server_name,
        workflow: row.workflow,
    }
}

/// An asset as a cell of the gallery.
pub fn library_cell(row: AssetRow) -> LibraryCell {
    LibraryCell {
        key: row.seq,
        id: row.id,
        w: row.width.unwrap_or(0),
        h: row.height.unwrap_or(0),
        at: row.created_at,
        kind: asset_kind(&row.kind),
        title: row.title,
        duration_ms: row.duration_ms.and_then(|ms| i64::try_from(ms).ok()),
        rating: row.marks.rating,
        favourite: row.marks.favourite,
        flag: row.marks.flag,
        practice: row.practice,
        preview: row.preview,
        binned: row.marks.binned_at.is_some(),
        away: row.state != PlaceState::Here,
        stack: 1,
    }
}

/// An event of a job.
pub fn event(row: JobEventRow) -> JobEventView {
    JobEventView { at: row.at, text: row.text, bad: row.bad }
}

/// Counts.
pub fn counts(row: CountsRow) -> Counts {
    Counts {
        waiting: row.waiting,
        running: row.running,
        finished: row.finished,
        unseen_failures: row.unseen_failures,
        assets: row.assets,
        assets_last_hour: row.assets_last_hour,
        left_ms: None,
        left_unknown: 0,
    }
}

/// The kind of asset from its stored name.
pub fn asset_kind(name: &str) -> AssetKind {
    match name {
        "picture" => AssetKind::Picture,
        "video" => AssetKind::Video,
        "audio" => AssetKind::Audio,
        "model" => AssetKind::Model,
        "text" => AssetKind::Text,
        _ => AssetKind::Other,
    }
}

/// A kind of asset, for the store.
pub fn stored_kind(kind: AssetKind) -> store::Kind {
    match kind {
        AssetKind::Picture => store::Kind::Picture,
        AssetKind::Video => store::Kind::Video,
        AssetKind::Audio => store::Kind::Audio,
        AssetKind::Model => store::Kind::Model,
        AssetKind::Text => store::Kind::Text,
        AssetKind::Other => store::Kind::Other,
    }
}

/// What kind of asset a file is, by its name.
pub fn kind_of_file(name: &str) -> AssetKind {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    match extension.as_deref() {
        Some(
            "png" | "apng" | "jpg" | "jpeg" | "jfif" | "webp" | "gif" | "avif" | "bmp" | "tif"
            | "tiff" | "svg" | "jxl" | "heic" | "heif" | "hif" | "exr",
        ) => AssetKind::Picture,
        Some("mp4" | "m4v" | "mov" | "3gp" | "webm" | "mkv" | "avi" | "mpg" | "mpeg" | "wmv") => {
            AssetKind::Video
        }
        Some(
            "flac" | "mp3" | "ogg" | "oga" | "opus" | "wav" | "m4a" | "mka" | "aac" | "aif"
            | "aiff",
        ) => AssetKind::Audio,
        Some(
            "glb" | "gltf" | "obj" | "ply" | "stl" | "fbx" | "usdz" | "splat" | "ksplat" | "spz",
        ) => AssetKind::Model,
        Some("txt" | "json" | "md" | "csv" | "srt" | "vtt") => AssetKind::Text,
        _ => AssetKind::Other,
    }
}

/// The stored name of a kind of server.
pub fn server_kind_name(kind: ServerKind) -> &'static str {
    match kind {
        ServerKind::Comfy => "comfy",
        ServerKind::Practice => "practice",
    }
}

/// The kind of server from its stored name.
pub fn server_kind(name: &str) -> ServerKind {
    if name == "practice" { ServerKind::Practice } else { ServerKind::Comfy }
}

/// What a server says about itself.
pub fn server_facts(stats: &comfy::SystemStats, node_classes: Option<u32>) -> ServerFacts {
    ServerFacts {
        version: stats.version.clone(),
        python: stats.python.clone(),
        pytorch: stats.pytorch.clone(),
        os: stats.os.clone(),
        devices: stats
            .devices
            .iter()
            .map(|device| DeviceView {
                name: device.name.clone(),
                kind: device.kind.clone(),
                vram_total: device.vram_total,
                vram_free: device.vram_free,
            })
            .collect(),
        node_classes,
    }
}

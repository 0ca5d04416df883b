//! `/internal/logs`: what a real server writes to its terminal.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Shared, in_trouble, json_ok, read_body};
use crate::hub::To;
use crate::{lock, python, unix_millis};

/// Lines kept, as in ComfyUI.
const KEPT: usize = 300;

#[derive(Default)]
pub(crate) struct Logs {
    lines: Mutex<VecDeque<Value>>,
    /// Client ids that asked for new lines.
    followers: Mutex<HashSet<String>>,
}

/// `2026-11-24T02:32:25.284000`, in UTC.
fn timestamp(millis: u64) -> String {
    let (days, of_day) = (millis / 86_400_000, millis % 86_400_000);
    // Howard Hinnant's civil_from_days, for days since 1970.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
    let (second, milli) = (of_day / 1000 % 60, of_day % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}000")
}

impl Shared {
    /// Adds a line to the log and tells those who follow it.
    pub fn log(&self, line: &str) {
        let entry = json!({ "t": timestamp(unix_millis()), "m": format!("{line}\n") });
        {
            let mut lines = lock(&self.logs.lines);
            if lines.len() == KEPT {
                lines.pop_front();
            }
            lines.push_back(entry.clone());
        }
        let data = json!({ "entries": [entry], "size": null });
        for client in lock(&self.logs.followers).iter() {
            self.hub.send(To::Client(client), "logs", data.clone());
        }
    }
}

impl Logs {
    /// A follower whose socket ended follows no more.
    pub fn left(&self, client_id: &str) {
        lock(&self.followers).remove(client_id);
    }
}

/// All lines as one text.
pub async fn text(State(shared): State<Arc<Shared>>) -> Response {
    let mut text = String::new();
    for line in lock(&shared.logs.lines).iter() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{} - {}", python::text(&line["t"]), python::text(&line["m"]));
    }
    json_ok(&json!(text))
}

pub async fn raw(State(shared): State<Arc<Shared>>) -> Response {
    let entries: Vec<Value> = lock(&shared.logs.lines).iter().cloned().collect();
    json_ok(&json!({ "entries": entries, "size": null }))
}

/// `{"clientId","enabled"}`.
pub async fn subscribe(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    let bytes = match read_body(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let (Some(client), Some(enabled)) = (body["clientId"].as_str(), body.get("enabled")) else {
        return in_trouble();
    };
    let mut followers = lock(&shared.logs.followers);
    if python::truthy(enabled) {
        followers.insert(client.into());
    } else {
        followers.remove(client);
    }
    StatusCode::OK.into_response()
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn times_are_written_like_python_does() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000000");
        assert_eq!(timestamp(951_782_400_000), "2000-02-29T00:00:00.000000");
        assert_eq!(timestamp(1_795_487_545_284), "2026-11-24T02:32:25.284000");
    }
}

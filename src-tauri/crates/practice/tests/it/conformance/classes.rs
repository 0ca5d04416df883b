//! `/object_info` against the recorded one.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use practice::Like;
use serde_json::{Map, Value};

use super::{normal, recording};
use crate::help::like_server;

/// How the classes differ. The nodes are those of 0.28.2 whatever version the server is
/// like; of an older one only the fields of an entry are compared.
pub async fn differences(folder: &Path, like: Like) -> (usize, Vec<String>) {
    let server = like_server(like, Duration::ZERO).await;
    let ours = server.get("/object_info").await.1;
    let ours = ours.as_object().unwrap();
    let recorded = recording::lenient(&recording::text(folder, "object_info.json"));
    let recorded = recorded.as_object().unwrap();
    let fields = |class: &Map<String, Value>| class.keys().cloned().collect::<Vec<_>>();
    let known: HashSet<String> =
        recorded.values().filter_map(Value::as_object).flat_map(fields).collect();
    let mut found = vec![];
    for (name, class) in ours {
        if like < Like::default() {
            let class = class.as_object().unwrap();
            let new: Vec<_> = class.keys().filter(|field| !known.contains(*field)).collect();
            if !new.is_empty() {
                found.push(format!("object_info: {name} has {new:?}"));
            }
        } else if let Some(recorded) = recorded.get(name) {
            let (recorded, class) = (normal::value(recorded), normal::value(class));
            found.extend(normal::difference(&format!("object_info: {name}"), &recorded, &class));
        } else {
            found.push(format!("object_info: {name} is in no ComfyUI {like}"));
        }
    }
    (ours.len(), found)
}

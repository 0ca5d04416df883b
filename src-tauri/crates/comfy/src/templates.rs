//! Workflow templates that come with a server and with its custom nodes.
//!
//! Source: ComfyUI 0.28.2. The page's own templates are files below `/templates`, listed in
//! `index.json`; those of custom nodes are listed by `/workflow_templates`.

use crate::{Client, ComfyError, user_data::SEGMENT};
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What [`Client::template`] takes.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// What it does, in the words of who made it; may be empty.
    pub description: String,
    /// The group it is in, or the pack of nodes it came with.
    pub group: String,
}

#[derive(Deserialize)]
struct RawGroup {
    #[serde(default)]
    title: String,
    #[serde(default)]
    templates: Vec<RawTemplate>,
}

#[derive(Deserialize)]
struct RawTemplate {
    name: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

/// Keys of the page's own templates begin so, and those of custom nodes' so.
const OWN: &str = "templates/";
const OF_NODES: &str = "api/workflow_templates/";

impl Client {
    /// The templates of a server, its own first. Servers without any, such as old ones, have none.
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn templates(&self) -> Result<Vec<Template>, ComfyError> {
        let mut all = Vec::new();
        if let Some(json) = self.unless_missing("/templates/index.json").await? {
            let groups: Vec<RawGroup> = Self::parse("/templates/index.json", &json)?;
            for group in groups {
                all.extend(group.templates.into_iter().map(|raw| Template {
                    key: format!("{OWN}{}.json", raw.name),
                    title: raw.title.unwrap_or_else(|| raw.name.clone()),
                    description: raw.description.unwrap_or_default(),
                    group: group.title.clone(),
                }));
            }
        }
        if let Some(json) = self.unless_missing("/workflow_templates").await? {
            let packs: BTreeMap<String, Vec<String>> = Self::parse("/workflow_templates", &json)?;
            for (pack, names) in packs {
                all.extend(names.into_iter().map(|name| Template {
                    key: format!("{OF_NODES}{pack}/{name}.json"),
                    title: name,
                    description: String::new(),
                    group: pack.clone(),
                }));
            }
        }
        Ok(all)
    }

    /// Reads a template by its key.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when there is none.
    pub async fn template(&self, key: &str) -> Result<Vec<u8>, ComfyError> {
        if !(key.starts_with(OWN) || key.starts_with(OF_NODES)) {
            return Err(ComfyError::NotFound);
        }
        let segments: Vec<String> = key
            .split('/')
            .map(|segment| utf8_percent_encode(segment, SEGMENT).to_string())
            .collect();
        if segments.iter().any(|segment| matches!(segment.as_str(), "" | "." | "..")) {
            return Err(ComfyError::NotFound);
        }
        self.get(&format!("/{}", segments.join("/"))).await
    }

    async fn unless_missing(&self, route: &str) -> Result<Option<Vec<u8>>, ComfyError> {
        match self.get(route).await {
            Ok(json) => Ok(Some(json)),
            // A server without the route, or one that answers with its page.
            Err(ComfyError::NotFound | ComfyError::NotComfy { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

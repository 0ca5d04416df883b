//! Commands about the workflows that servers offer.

use super::intake::blocking;
use crate::{
    Engine,
    checks::Shelves,
    intake::{self, Place, look},
    view::{CommandError, CommandErrorCode, IntakeReport, OfferView, OffersView},
};
use comfy::{Client, ComfyError};
use domain::{BatchId, ServerId};

/// The folder of saved workflows among a user's data at a server.
const SAVED: &str = "workflows";
/// The most workflows that are listed of one server.
const MOST: usize = 5_000;

/// What is done with a workflow that a server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakeTo {
    /// It is queued.
    Queue,
    /// It is queued on hold.
    Hold,
    /// It is kept in the library.
    Library,
}

impl Engine {
    /// The workflows that a server offers: what people saved there, and its templates.
    ///
    /// # Errors
    /// When the server is not there. What it does not list is said in the answer.
    pub async fn server_offers(&self, id: ServerId) -> Result<OffersView, CommandError> {
        let client = self.client(id).await.ok_or_else(|| CommandError::not_found("The server"))?;
        let mut offers = Vec::new();
        let mut trouble = None;
        match client.user_files(SAVED).await {
            Ok(mut files) => {
                files.sort_by_key(|file| std::cmp::Reverse(file.modified));
                let saved = files.into_iter().filter(|file| ends_in_json(&file.path));
                offers.extend(saved.map(|file| of_file(file.path, file.modified)));
            }
            Err(error) => trouble = Some(format!("What is saved there cannot be listed. {error}")),
        }
        match client.templates().await {
            Ok(templates) => offers.extend(templates.into_iter().map(|template| OfferView {
                key: template.key,
                title: template.title,
                description: template.description,
                group: template.group,
                modified_at: None,
                template: true,
            })),
            Err(error) => {
                trouble.get_or_insert(format!("Its templates cannot be listed. {error}"));
            }
        }
        offers.truncate(MOST);
        Ok(OffersView { server_id: id, offers, trouble })
    }

    /// Takes a workflow that a server offers.
    ///
    /// # Errors
    /// When the server or the workflow is not there, or the database cannot be written.
    pub async fn server_take(
        &self,
        id: ServerId,
        key: &str,
        template: bool,
        batch_id: BatchId,
        to: TakeTo,
    ) -> Result<IntakeReport, CommandError> {
        let client = self.client(id).await.ok_or_else(|| CommandError::not_found("The server"))?;
        let text = fetch(&client, key, template).await.map_err(|error| CommandError {
            retry: true,
            ..CommandError::new(CommandErrorCode::Server, error.to_string())
        })?;
        let name = key.rsplit('/').next().unwrap_or(key);
        let name = name.strip_suffix(".json").unwrap_or(name).to_owned();
        let shelves = Shelves::of(self.core());
        let looked =
            blocking(move || vec![look::named_text(&name, &text, &shelves.read())]).await?;
        Ok(match to {
            TakeTo::Library => intake::keep(self.core(), &looked).await?,
            TakeTo::Queue | TakeTo::Hold => {
                let place = Place { on_hold: to == TakeTo::Hold, ..Place::default() };
                intake::queue(self.core(), batch_id, looked, place).await?
            }
        })
    }
}

async fn fetch(client: &Client, key: &str, template: bool) -> Result<Vec<u8>, ComfyError> {
    if template {
        client.template(key).await
    } else {
        client.user_file(&format!("{SAVED}/{key}")).await
    }
}

fn ends_in_json(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"))
}

fn of_file(path: String, modified: i64) -> OfferView {
    let (group, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let title = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    OfferView {
        title,
        description: String::new(),
        group: group.to_owned(),
        modified_at: Some(modified),
        template: false,
        key: path,
    }
}

//! Commands about starting from nothing: starters, and what a new job can begin with.

use super::{blocking, compose::Beginning};
use crate::{
    Engine,
    checks::Shelves,
    compose::About,
    time::now_ms,
    view::{
        ChosenView, CommandError, CommandErrorCode, DraftView, LinkState, StartView, StarterView,
    },
};
use domain::{ServerId, node_class::InputKind};
use futures_util::future::join_all;
use std::{collections::HashMap, sync::Arc, time::Duration};
use store::{DraftRow, WorkflowRow};
use uuid::Uuid;
use workflow::{
    ObjectInfo,
    starters::{self, Family, Form, Loader, Lora, Metadata, Picture, Server, StarterId},
};

/// The most LoRAs that a starter is made with.
const MOST_LORAS: usize = 16;
/// The most model files that a server is asked about at once.
const MOST_ASKED: usize = 16;
/// How long it has to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How much of a draft's prompt is shown, in characters.
const SHORT: usize = 120;

impl Engine {
    /// What a new job can begin with, on a server; on the first that is connected if none is named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn start_get(&self, server: Option<ServerId>) -> Result<StartView, CommandError> {
        let drafts = self.core().store.drafts().await?;
        let drafts = drafts.into_iter().map(draft_view).collect();
        let Some((server, info)) = self.said(server).await? else {
            return Ok(StartView {
                server: None,
                drafts,
                starters: Vec::new(),
                models: Vec::new(),
            });
        };
        let metadata = self.told_of_models(server, &info).await;
        let (starters, models) = blocking(move || {
            let on = Server { info: &info, metadata: &metadata };
            let models = starters::models(StarterId::TextToPicture, &on);
            let models: Vec<String> = models
                .into_iter()
                .filter(|model| model.lacks.is_none())
                .map(|model| model.name)
                .collect();
            let offers = starters::starters(&on);
            (offers.into_iter().map(starter_view).collect(), models)
        })
        .await?;
        Ok(StartView { server: Some(server), drafts, starters, models })
    }

    /// A starter made for a server.
    pub(crate) async fn starter(
        &self,
        id: &str,
        server: Option<ServerId>,
        model: Option<String>,
        loras: u32,
    ) -> Result<Beginning, CommandError> {
        let bad = |why: String| CommandError::new(CommandErrorCode::BadInput, why);
        let starter: StarterId = serde_json::from_value(id.into())
            .map_err(|_| CommandError::not_found("The starter"))?;
        let said = self.said(server).await?;
        let (server, info) = said.ok_or_else(|| {
            bad("No server has said yet what it has. Connect one, or start the practice engine.".to_owned())
        })?;
        let metadata = self.told_of_models(server, &info).await;
        let id = id.to_owned();
        blocking(move || {
            let on = Server { info: &info, metadata: &metadata };
            let form = Form {
                checkpoint: model,
                loras: first_loras(&info, loras),
                seed: Uuid::new_v4().as_u64_pair().1 >> 12,
                // Chosen on the compose screen: the check before it runs says so until then.
                picture: Some(Picture { name: String::new(), size: None }),
                ..Form::default()
            };
            let built = starters::build(starter, &form, &on).map_err(|why| why.to_string())?;
            let title = starters::starters(&on)
                .into_iter()
                .find(|offer| offer.starter.id == starter)
                .map_or_else(|| id.clone(), |offer| offer.starter.title.to_owned());
            Ok::<_, String>(Beginning {
                workflow: WorkflowRow {
                    hash: built.prompt.hash(),
                    prompt: built.prompt.text().to_owned(),
                    ui_graph: None,
                    title: title.clone(),
                    source: None,
                    created_at: now_ms(),
                    base: None,
                },
                title,
                values: Vec::new(),
                about: About {
                    starter: Some(id),
                    chosen: built.chosen.into_iter().map(chosen).collect(),
                    notes: built.notes,
                },
            })
        })
        .await?
        .map_err(bad)
    }

    /// What a server tells of model files whose names do not tell what they are. A server that does not
    /// answer soon tells nothing.
    async fn told_of_models(
        &self,
        server: ServerId,
        info: &ObjectInfo,
    ) -> HashMap<String, Metadata> {
        let Some(client) = self.client(server).await else { return HashMap::new() };
        let asked = unclear(info).into_iter().map(|(folder, name)| {
            let client = &client;
            async move {
                let told = client.model_metadata(folder, &name);
                // One that is slow is not waited for; what the others tell still counts.
                let told = tokio::time::timeout(PATIENCE, told).await.ok()?.ok()?;
                Some((name, told))
            }
        });
        join_all(asked).await.into_iter().flatten().collect()
    }

    /// What a server said it has: the one that is named, else the first that is connected, else the
    /// first that ever said.
    async fn said(
        &self,
        server: Option<ServerId>,
    ) -> Result<Option<(ServerId, Arc<ObjectInfo>)>, CommandError> {
        let mut views = self.core().book.views();
        views.sort_by_key(|view| view.link != LinkState::Online);
        let order: Vec<ServerId> = views
            .into_iter()
            .map(|view| view.id)
            .filter(|id| server.is_none_or(|wanted| wanted == *id))
            .collect();
        let shelves = Shelves::of(self.core());
        blocking(move || {
            let shelf = shelves.read();
            order.into_iter().find_map(|id| Some((id, shelf.info(id)?)))
        })
        .await
    }
}

/// Models whose names do not tell their family, with the folder the server has them in.
fn unclear(info: &ObjectInfo) -> Vec<(&'static str, String)> {
    let lists = [
        ("CheckpointLoaderSimple", "ckpt_name", "checkpoints", Loader::Checkpoint),
        ("UNETLoader", "unet_name", "diffusion_models", Loader::DiffusionModel),
    ];
    let mut all = Vec::new();
    for (class, input, folder, loader) in lists {
        let input = info.get(class).and_then(|class| class.input(input));
        let Some(InputKind::Combo(names)) = input.map(|input| &input.kind) else { continue };
        for name in names.iter().filter_map(|name| name.as_str()) {
            let unknown = starters::family(name, loader, None).family == Family::Unknown;
            if unknown && name.ends_with(".safetensors") {
                all.push((folder, name.to_owned()));
            }
        }
    }
    all.truncate(MOST_ASKED);
    all
}

/// As many places for LoRAs as are wanted, with the first that the server has; none if it has none.
fn first_loras(info: &ObjectInfo, number: u32) -> Vec<Lora> {
    let names = ["LoraLoader", "LoraLoaderModelOnly"].into_iter().find_map(|class| {
        let input = info.get(class).and_then(|class| class.input("lora_name"))?;
        let InputKind::Combo(names) = &input.kind else { return None };
        names.first()?.as_str()
    });
    let number = usize::try_from(number).unwrap_or(MOST_LORAS).min(MOST_LORAS);
    let lora = names.map(|first| Lora { name: first.to_owned(), strength: 1.0 });
    lora.map_or_else(Vec::new, |lora| vec![lora; number])
}

fn starter_view(offer: starters::Offer) -> StarterView {
    let id = serde_json::to_value(offer.starter.id).ok();
    StarterView {
        id: id.and_then(|id| Some(id.as_str()?.to_owned())).unwrap_or_default(),
        title: offer.starter.title.to_owned(),
        about: offer.starter.sentence.to_owned(),
        lacks: offer.lacks,
    }
}

fn chosen(choice: starters::Choice) -> ChosenView {
    ChosenView { what: choice.what.to_owned(), value: choice.value, why: choice.why }
}

fn draft_view(row: DraftRow) -> DraftView {
    let state: crate::view::ComposeState = serde_json::from_str(&row.state).unwrap_or_default();
    // The longest text that was typed says most of it.
    let texts = state.values.iter().filter_map(|value| {
        serde_json::from_str::<String>(&value.json).ok().filter(|text| text.contains(' '))
    });
    let prompt = texts.max_by_key(String::len).map(|text| text.chars().take(SHORT).collect());
    DraftView { id: row.id, title: row.title, prompt, changed_at: row.changed_at }
}

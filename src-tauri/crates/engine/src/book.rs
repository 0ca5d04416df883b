//! The book of servers: what is known of each right now, and how to wake the actor that owns it.

use crate::view::ServerView;
use domain::ServerId;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// What is known of one node class of a server.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    /// Class to the name ComfyUI shows for it.
    pub display_names: HashMap<String, String>,
    /// Classes whose nodes are outputs.
    pub outputs: HashSet<String>,
    /// By class and input: the files it lists, of inputs that list models.
    pub models: HashMap<(String, String), HashSet<String>>,
}

/// How much is known of what a server has.
#[derive(Clone, Debug, Default)]
pub enum Stock {
    /// It was not asked yet.
    #[default]
    Learning,
    /// It was asked and did not say.
    Untold,
    /// It said.
    Known(Arc<Classes>),
}

struct Entry {
    view: ServerView,
    wake: Arc<Notify>,
    stock: Stock,
}

/// All servers, in the artist's order.
#[derive(Default)]
pub struct Book(Mutex<Vec<Entry>>);

impl Book {
    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a server; its actor is woken by the answer.
    pub fn add(&self, view: ServerView) -> Arc<Notify> {
        let wake = Arc::new(Notify::new());
        let mut entries = self.lock();
        entries.retain(|entry| entry.view.id != view.id);
        entries.push(Entry { view, wake: wake.clone(), stock: Stock::Learning });
        wake
    }

    /// Removes a server.
    pub fn remove(&self, id: ServerId) {
        self.lock().retain(|entry| entry.view.id != id);
    }

    /// All servers.
    pub fn views(&self) -> Vec<ServerView> {
        self.lock().iter().map(|entry| entry.view.clone()).collect()
    }

    /// One server.
    pub fn view(&self, id: ServerId) -> Option<ServerView> {
        self.lock().iter().find(|entry| entry.view.id == id).map(|entry| entry.view.clone())
    }

    /// Changes what is known of a server. Answers with the new view if it differs from the old one.
    pub fn update(&self, id: ServerId, change: impl FnOnce(&mut ServerView)) -> Option<ServerView> {
        let mut entries = self.lock();
        let entry = entries.iter_mut().find(|entry| entry.view.id == id)?;
        let before = entry.view.clone();
        change(&mut entry.view);
        (before != entry.view).then(|| entry.view.clone())
    }

    /// Remembers the server's node classes; nothing when it did not tell them. What it told before
    /// stays.
    pub fn set_classes(&self, id: ServerId, classes: Option<Arc<Classes>>) {
        if let Some(entry) = self.lock().iter_mut().find(|entry| entry.view.id == id) {
            entry.stock = match (classes, &entry.stock) {
                (Some(classes), _) => Stock::Known(classes),
                (None, Stock::Known(before)) => Stock::Known(before.clone()),
                (None, _) => Stock::Untold,
            };
        }
    }

    /// What is known of what a server has.
    pub fn stock(&self, id: ServerId) -> Stock {
        let entries = self.lock();
        entries
            .iter()
            .find(|entry| entry.view.id == id)
            .map(|e| e.stock.clone())
            .unwrap_or_default()
    }

    /// The server's node classes, once known.
    pub fn classes(&self, id: ServerId) -> Option<Arc<Classes>> {
        match self.stock(id) {
            Stock::Known(classes) => Some(classes),
            Stock::Learning | Stock::Untold => None,
        }
    }

    /// The classes of any server, to name nodes before a job has a server.
    pub fn any_classes(&self) -> Option<Arc<Classes>> {
        self.lock().iter().find_map(|entry| match &entry.stock {
            Stock::Known(classes) => Some(classes.clone()),
            Stock::Learning | Stock::Untold => None,
        })
    }

    /// Wakes one server's actor.
    pub fn wake(&self, id: ServerId) {
        if let Some(entry) = self.lock().iter().find(|entry| entry.view.id == id) {
            entry.wake.notify_one();
        }
    }

    /// Wakes all actors: there may be work.
    pub fn wake_all(&self) {
        for entry in self.lock().iter() {
            entry.wake.notify_one();
        }
    }
}

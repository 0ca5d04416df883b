//! What a server's node classes are, by name: what conversion and checks are made against.

use crate::convert::Layout;
use domain::NodeClass;
use std::{collections::HashMap, sync::OnceLock};

/// All node classes of a server.
#[derive(Clone, Debug, Default)]
pub struct ObjectInfo(HashMap<String, Class>);

/// A class, and how the page lays its nodes out, which is found when it is asked for.
#[derive(Clone, Debug)]
struct Class {
    class: NodeClass,
    layout: OnceLock<Box<Layout>>,
}

impl ObjectInfo {
    /// Puts classes in order.
    pub fn new(classes: impl IntoIterator<Item = NodeClass>) -> Self {
        let with_name =
            |class: NodeClass| (class.name.clone(), Class { class, layout: OnceLock::new() });
        Self(classes.into_iter().map(with_name).collect())
    }

    /// Reads the JSON of `/object_info`.
    ///
    /// # Errors
    /// When it is no JSON object.
    pub fn read(json: &[u8]) -> Result<Self, serde_json::Error> {
        domain::node_class::read(json).map(Self::new)
    }

    /// A class by its name.
    pub fn get(&self, class: &str) -> Option<&NodeClass> {
        self.0.get(class).map(|class| &class.class)
    }

    /// How the page lays out the nodes of a class.
    pub(crate) fn layout(&self, class: &str) -> Option<&Layout> {
        let class = self.0.get(class)?;
        Some(class.layout.get_or_init(|| Box::new(Layout::new(&class.class))))
    }

    /// All classes, in no order.
    pub fn classes(&self) -> impl Iterator<Item = &NodeClass> {
        self.0.values().map(|class| &class.class)
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

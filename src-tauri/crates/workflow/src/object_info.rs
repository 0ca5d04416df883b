//! What a server's node classes are, by name: what conversion and checks are made against.

use domain::NodeClass;
use std::collections::HashMap;

/// All node classes of a server.
#[derive(Clone, Debug, Default)]
pub struct ObjectInfo(HashMap<String, NodeClass>);

impl ObjectInfo {
    /// Puts classes in order.
    pub fn new(classes: impl IntoIterator<Item = NodeClass>) -> Self {
        Self(classes.into_iter().map(|class| (class.name.clone(), class)).collect())
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
        self.0.get(class)
    }

    /// All classes, in no order.
    pub fn classes(&self) -> impl Iterator<Item = &NodeClass> {
        self.0.values()
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

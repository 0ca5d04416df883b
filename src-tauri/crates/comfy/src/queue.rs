//! The server's queue.

use serde::Deserialize;

/// A job in the server's queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueItem {
    /// Its number: lower runs first.
    pub number: f64,
    /// Its id.
    pub prompt_id: String,
}

/// The server's queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// Running.
    pub running: Vec<QueueItem>,
    /// Waiting, in the order they will run.
    pub pending: Vec<QueueItem>,
}

#[derive(Deserialize)]
pub(crate) struct RawQueue {
    #[serde(default)]
    queue_running: Vec<RawItem>,
    #[serde(default)]
    queue_pending: Vec<RawItem>,
}

/// `[number, prompt_id, prompt, extra_data, outputs]`; the graphs are skipped.
struct RawItem(f64, String);

impl<'de> Deserialize<'de> for RawItem {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = RawItem;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a queue item")
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<RawItem, A::Error> {
                use serde::de::Error;
                let number = seq.next_element()?.ok_or_else(|| A::Error::custom("no number"))?;
                let id = seq.next_element()?.ok_or_else(|| A::Error::custom("no prompt_id"))?;
                while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                Ok(RawItem(number, id))
            }
        }
        deserializer.deserialize_seq(Visitor)
    }
}

impl RawQueue {
    /// The queue in true order: the server's own list of waiting jobs is a heap.
    pub(crate) fn in_order(self) -> Queue {
        Queue { running: in_order(self.queue_running), pending: in_order(self.queue_pending) }
    }
}

fn in_order(list: Vec<RawItem>) -> Vec<QueueItem> {
    let mut items: Vec<_> = list
        .into_iter()
        .map(|RawItem(number, prompt_id)| QueueItem { number, prompt_id })
        .collect();
    items.sort_by(|a, b| a.number.total_cmp(&b.number).then_with(|| a.prompt_id.cmp(&b.prompt_id)));
    items
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_heap_is_put_in_order_and_graphs_are_skipped() {
        let text = r#"{"queue_running": [], "queue_pending": [
            [1, "a", {"1": {}}, {}, []], [9, "c", {}, {}, []], [2.5, "b", {}]]}"#;
        let queue = serde_json::from_str::<RawQueue>(text).unwrap().in_order();
        let ids: Vec<_> = queue.pending.iter().map(|item| item.prompt_id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
    }
}

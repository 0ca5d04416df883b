//! In which order small pictures are made: what somebody looks at first, the newest wish first of all,
//! since whoever scrolls has left the older ones behind.

use super::cache::ThumbSize;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::PathBuf,
    sync::Arc,
};
use tokio::sync::{mpsc, oneshot};

/// Wishes that wait; of more the oldest are let go. A screen shows a few hundred.
const MOST_WISHES: usize = 4_000;
/// Contents of which is remembered that nothing can be shown.
const MOST_FAILED: usize = 10_000;

/// Where the small picture lies, or why there is none.
pub type Answer = Result<PathBuf, Arc<str>>;

/// A small picture to make.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wish {
    /// The content.
    pub hash: String,
    /// Which size.
    pub size: ThumbSize,
}

/// What is to be done next.
pub enum Next {
    /// For somebody who waits.
    Asked(Wish, PathBuf),
    /// For nobody in particular.
    Background(Background),
}

/// A picture that is looked at while nobody waits.
#[derive(Clone, Debug)]
pub struct Background {
    /// Its number in the library.
    pub key: u32,
    /// Its content.
    pub hash: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Who wants to know what it looks like.
    pub tell: mpsc::UnboundedSender<Seen>,
}

/// What a look at a picture came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub key: u32,
    /// What was seen.
    pub look: Look,
    /// What is wrong with it, as a sentence.
    pub damage: Option<String>,
}

/// What a picture looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Like others whose perceptual hash is near to this.
    Like(u64),
    /// Nothing that can be told: it is blank, or cannot be shown, now and later.
    Nothing,
    /// It could not be read now.
    NotNow,
}

#[derive(Default)]
pub struct Queue {
    /// The newest last.
    asked: Vec<(Wish, PathBuf)>,
    waiting: HashMap<Wish, Vec<oneshot::Sender<Answer>>>,
    busy: HashSet<Wish>,
    background: VecDeque<Background>,
    failed: HashMap<String, Arc<str>>,
}

impl Queue {
    /// Asks for a small picture. Answers at once if it is known that there is none.
    pub fn ask(
        &mut self,
        wish: Wish,
        path: PathBuf,
    ) -> Result<oneshot::Receiver<Answer>, Arc<str>> {
        if wish.size != ThumbSize::Peaks
            && let Some(why) = self.failed.get(&wish.hash)
        {
            return Err(why.clone());
        }
        let (tell, told) = oneshot::channel();
        self.waiting.entry(wish.clone()).or_default().push(tell);
        if !self.busy.contains(&wish) {
            self.asked.retain(|(other, _)| *other != wish);
            self.asked.push((wish, path));
            if self.asked.len() > MOST_WISHES {
                let (oldest, _) = self.asked.remove(0);
                // Whoever waits for it hears that it was let go, and may ask again.
                self.waiting.remove(&oldest);
            }
        }
        Ok(told)
    }

    /// Adds pictures that nobody waits for.
    pub fn add(&mut self, pictures: Vec<Background>) {
        self.background.extend(pictures);
    }

    /// What is to be done next. `background` says whether there is time for what nobody waits for.
    pub fn next(&mut self, background: bool) -> Option<Next> {
        while let Some((wish, path)) = self.asked.pop() {
            let anybody = self
                .waiting
                .get(&wish)
                .is_some_and(|waiting| waiting.iter().any(|one| !one.is_closed()));
            if anybody {
                self.busy.insert(wish.clone());
                return Some(Next::Asked(wish, path));
            }
            self.waiting.remove(&wish);
        }
        if background { self.background.pop_front().map(Next::Background) } else { None }
    }

    /// A small picture is there, or there is none.
    pub fn done(&mut self, wish: &Wish, answer: &Answer) {
        self.busy.remove(wish);
        for waiting in self.waiting.remove(wish).unwrap_or_default() {
            // Whoever asked may have left.
            let _ = waiting.send(answer.clone());
        }
    }

    /// Remembers that nothing of a content can be shown.
    pub fn failed(&mut self, hash: &str, why: Arc<str>) {
        if self.failed.len() >= MOST_FAILED {
            self.failed.clear();
        }
        self.failed.insert(hash.to_owned(), why);
    }

    /// Lets go of everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn wish(hash: &str) -> Wish {
        Wish { hash: hash.into(), size: ThumbSize::Small }
    }

    fn next(queue: &mut Queue) -> Option<String> {
        queue.next(true).map(|next| match next {
            Next::Asked(wish, _) => wish.hash,
            Next::Background(picture) => picture.hash,
        })
    }

    #[test]
    fn what_is_looked_at_comes_first_and_the_newest_wish_first_of_all() {
        let mut queue = Queue::default();
        let (tell, _seen) = mpsc::unbounded_channel();
        let hash = "background".to_owned();
        queue.add(vec![Background { key: 1, hash, path: PathBuf::new(), tell }]);
        let told: Vec<_> = ["a", "b", "c", "a"]
            .map(|hash| queue.ask(wish(hash), PathBuf::new()).unwrap())
            .into_iter()
            .collect();
        assert_eq!(next(&mut queue).as_deref(), Some("a"));
        assert_eq!(next(&mut queue).as_deref(), Some("c"));
        // Nobody waits for it any more.
        drop(told);
        assert!(queue.next(false).is_none());
        assert_eq!(next(&mut queue).as_deref(), Some("background"));
        assert_eq!(next(&mut queue), None);
    }

    #[test]
    fn one_picture_is_made_once_for_all_who_wait() {
        let mut queue = Queue::default();
        let mut first = queue.ask(wish("a"), PathBuf::new()).unwrap();
        assert!(next(&mut queue).is_some());
        let mut second = queue.ask(wish("a"), PathBuf::new()).unwrap();
        assert_eq!(next(&mut queue), None, "it is being made");
        queue.done(&wish("a"), &Ok("there".into()));
        for told in [&mut first, &mut second] {
            assert_eq!(told.try_recv().unwrap(), Ok(PathBuf::from("there")));
        }
        queue.failed("a", "It is damaged.".into());
        assert_eq!(&*queue.ask(wish("a"), PathBuf::new()).unwrap_err(), "It is damaged.");
    }

    #[test]
    fn wishes_are_bounded() {
        let mut queue = Queue::default();
        let mut told = Vec::new();
        for n in 0..=MOST_WISHES {
            told.push(queue.ask(wish(&n.to_string()), PathBuf::new()).unwrap());
        }
        assert!(told[0].try_recv().is_err() && queue.asked.len() == MOST_WISHES);
    }
}

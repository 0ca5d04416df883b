//! In which order small pictures are made: what somebody looks at first, the newest wish first of all,
//! since whoever scrolls has left the older ones behind.

use super::{HANGS_AFTER, cache::ThumbSize};
use std::{
    collections::{HashMap, VecDeque},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// Wishes that wait; of more the oldest are let go. A screen shows a few hundred.
const MOST_WISHES: usize = 4_000;
/// Contents of which is remembered that nothing can be shown.
const MOST_FAILED: usize = 10_000;
/// How long work on a small picture may take before its disk is thought not to answer. What takes long to
/// decode is given up by itself after half of that.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a wish waits in the queue while nothing at all gets done. Threads that hang are replaced
/// meanwhile, and those in their place get done with what lies on other disks.
const STANDSTILL: Duration = Duration::from_secs(120);

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
    /// Nothing that can be told: it is blank, cannot be shown, now and later, or not without taking too
    /// long.
    Nothing,
    /// It could not be read now.
    NotNow,
}

#[derive(Default)]
pub struct Queue {
    /// The newest last.
    asked: Vec<(Wish, PathBuf)>,
    waiting: HashMap<Wish, Vec<oneshot::Sender<Answer>>>,
    /// What is being made, and since when.
    busy: HashMap<Wish, Instant>,
    /// When a thread got done with anything last.
    moved: Option<Instant>,
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
        let waiting = self.waiting.entry(wish.clone()).or_default();
        // Who asks again and again for what a thread hangs at has left each time.
        waiting.retain(|one| !one.is_closed());
        waiting.push(tell);
        if !self.busy.contains_key(&wish) {
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

    /// Takes pictures that nobody waits for, in place of what is left of those before.
    pub fn put_background(&mut self, pictures: Vec<Background>) {
        self.background = pictures.into();
    }

    /// Takes the pictures back that nobody waits for and no thread has begun with.
    pub fn take_background(&mut self) -> Vec<Background> {
        std::mem::take(&mut self.background).into()
    }

    /// Whether a thread will come to the pictures that nobody waits for: there are some, and others,
    /// which come first, get done.
    pub fn comes_to_background(&self, now: Instant) -> bool {
        let moves = |at: Instant| now.saturating_duration_since(at) < HANGS_AFTER;
        !self.background.is_empty() && self.moved.is_some_and(moves)
    }

    /// What is to be done next, from `now` on. `background` says whether there is time for what nobody
    /// waits for.
    pub fn next(&mut self, background: bool, now: Instant) -> Option<Next> {
        while let Some((wish, path)) = self.asked.pop() {
            let anybody = self
                .waiting
                .get(&wish)
                .is_some_and(|waiting| waiting.iter().any(|one| !one.is_closed()));
            if anybody {
                self.busy.insert(wish.clone(), now);
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

    /// A thread got done with something, for somebody or for nobody in particular.
    pub fn got_done(&mut self, now: Instant) {
        self.moved = Some(now);
    }

    /// Why somebody who wishes for a small picture since `asked` is to wait no longer, as a sentence;
    /// nothing while it may still come. However many wishes are before it, each of them gets done, unless
    /// the threads hang.
    pub fn gives_up(&self, wish: &Wish, asked: Instant, now: Instant) -> Option<&'static str> {
        if let Some(begun) = self.busy.get(wish) {
            return (now.saturating_duration_since(*begun) > PATIENCE)
                .then_some("The disk that this file is on does not answer.");
        }
        let moved = self.moved.map_or(asked, |moved| moved.max(asked));
        (now.saturating_duration_since(moved) > STANDSTILL).then_some(
            "A disk with other pictures does not answer, so this one was not reached. Look at it again later.",
        )
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
        queue.next(true, Instant::now()).map(|next| match next {
            Next::Asked(wish, _) => wish.hash,
            Next::Background(picture) => picture.hash,
        })
    }

    #[test]
    fn what_is_looked_at_comes_first_and_the_newest_wish_first_of_all() {
        let mut queue = Queue::default();
        let (tell, _seen) = mpsc::unbounded_channel();
        let hash = "background".to_owned();
        queue.put_background(vec![Background { key: 1, hash, path: PathBuf::new(), tell }]);
        let told: Vec<_> = ["a", "b", "c", "a"]
            .map(|hash| queue.ask(wish(hash), PathBuf::new()).unwrap())
            .into_iter()
            .collect();
        assert_eq!(next(&mut queue).as_deref(), Some("a"));
        assert_eq!(next(&mut queue).as_deref(), Some("c"));
        // Nobody waits for it any more.
        drop(told);
        assert!(queue.next(false, Instant::now()).is_none());
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

    #[test]
    fn who_waits_is_sent_away_only_if_a_disk_does_not_answer() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut queue = Queue::default();
        let hashes = ["oldest", "older", "newer", "newest"];
        let _told = hashes.map(|hash| queue.ask(wish(hash), PathBuf::new()).unwrap());
        let gives_up = |queue: &Queue, hash: &str, seconds: u64| {
            queue.gives_up(&wish(hash), begin, at(seconds))
        };
        // On one thread, the newest wish first.
        for (hash, from) in [("newest", 0), ("newer", 50), ("older", 100)] {
            assert!(queue.next(true, at(from)).is_some());
            assert_eq!(gives_up(&queue, hash, from + 49), None, "it is being made");
            assert_eq!(gives_up(&queue, "oldest", from + 49), None, "others get done");
            queue.done(&wish(hash), &Ok(PathBuf::new()));
            queue.got_done(at(from + 50));
        }
        // Its own time begins long after it was asked for.
        assert!(queue.next(true, at(150)).is_some());
        assert_eq!(gives_up(&queue, "oldest", 209), None);
        let hangs = gives_up(&queue, "oldest", 211).unwrap();
        assert!(hangs.contains("this file"), "{hangs}");
        // Who asks again for what a thread hangs at waits no minute.
        assert_eq!(queue.gives_up(&wish("oldest"), at(211), at(211)), Some(hangs));
        for _ in 0..9 {
            drop(queue.ask(wish("oldest"), PathBuf::new()).unwrap());
        }
        assert!(queue.waiting[&wish("oldest")].len() <= 2, "who left is not kept");
        // Nothing gets done any more: who stands behind it waits for some time, and not for ever.
        let _behind = queue.ask(wish("behind"), PathBuf::new()).unwrap();
        let behind = |seconds| queue.gives_up(&wish("behind"), at(211), at(seconds));
        assert_eq!(behind(330), None);
        assert!(behind(332).is_some_and(|why| !why.contains("this file")));
    }

    #[test]
    fn what_nobody_waits_for_has_time_while_others_get_done() {
        let begin = Instant::now();
        let mut queue = Queue::default();
        let (tell, _seen) = mpsc::unbounded_channel();
        let picture = |key| {
            let tell = tell.clone();
            Background { key, hash: key.to_string(), path: PathBuf::new(), tell }
        };
        queue.put_background(vec![picture(1), picture(2), picture(3)]);
        assert!(!queue.comes_to_background(begin), "nothing got done yet");
        queue.got_done(begin);
        assert!(queue.comes_to_background(begin + HANGS_AFTER / 2));
        assert!(!queue.comes_to_background(begin + HANGS_AFTER));
        // With the first a thread has begun.
        assert_eq!(next(&mut queue).as_deref(), Some("1"));
        let keys = |left: Vec<Background>| left.iter().map(|left| left.key).collect::<Vec<_>>();
        assert_eq!(keys(queue.take_background()), [2, 3]);
        assert!(!queue.comes_to_background(begin), "there are none");
        // What is left of a round does not gather.
        queue.put_background(vec![picture(4)]);
        queue.put_background(vec![picture(5)]);
        assert_eq!(keys(queue.take_background()), [5]);
    }
}

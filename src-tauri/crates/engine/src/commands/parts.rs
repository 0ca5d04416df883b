//! What is too much for one step: done in parts, each all or nothing, watched and stopped between two.

use crate::{
    core::Core,
    view::{CommandError, CutOff, WorkKind},
    work::Progress,
};

/// Something that is done in parts.
pub(super) struct Parts {
    /// Who watches it; nobody, where it is one part only.
    progress: Option<Progress>,
    of: usize,
    done: usize,
    why: Option<CommandError>,
}

impl Parts {
    /// Begins it: `of` things, at most `each` in a part.
    pub fn begin(core: &Core, kind: WorkKind, title: String, of: usize, each: usize) -> Self {
        let count = u32::try_from(of).unwrap_or(u32::MAX);
        let progress = (of > each).then(|| core.works.watched(kind, title, count));
        Self { progress, of, done: 0, why: None }
    }

    /// Whether the next part is done, too.
    pub fn go_on(&self) -> bool {
        let stopped = self.progress.as_ref().is_some_and(Progress::stopped);
        self.why.is_none() && !stopped
    }

    /// What came of a part of so many things; nothing if it failed.
    pub fn take<T>(&mut self, things: usize, part: Result<T, CommandError>) -> Option<T> {
        match part {
            Ok(part) => {
                self.done += things;
                if let Some(progress) = &self.progress {
                    progress.done(self.done);
                }
                Some(part)
            }
            Err(why) => {
                self.why = Some(why);
                None
            }
        }
    }

    /// It is over. Answers with what is left of it.
    ///
    /// # Errors
    /// When the first part failed: then nothing is done.
    pub fn end(self) -> Result<Option<CutOff>, CommandError> {
        if let Some(progress) = &self.progress {
            progress.over(self.why.as_ref().map_or(Ok(()), |why| Err(why.message.clone())));
        }
        let left = u32::try_from(self.of - self.done).unwrap_or(u32::MAX);
        match self.why {
            Some(why) if self.done == 0 => Err(why),
            Some(why) => Ok(Some(CutOff { left, why: Some(why.message) })),
            None => Ok((left > 0).then_some(CutOff { left, why: None })),
        }
    }
}

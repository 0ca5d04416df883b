//! Honest progress: the share of a run that is done, from events alone.

//! A network that is cut.

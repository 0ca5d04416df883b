//! The real app in a real window: its own display, window manager and session bus for each test.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic)]

mod backup;
mod compare;
mod compose;
mod controls;
mod export;
mod faults;
mod finding;
mod gallery;
mod grid;
mod handed_in;
mod hundred_thousand;
mod import;
mod import_killed;
mod in_place;
mod library;
mod long_queue;
mod moving;
mod outputs;
mod queue;
mod real;
mod second_window;
mod sheet;
mod shell;
mod start;
mod support;
mod viewer;
mod way;
mod ways_in;
mod workflows_out;

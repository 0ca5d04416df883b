//! Child processes that end with the test.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::Instant,
};

/// A child process whose lines can be waited for. It is ended when dropped.
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    stdin: Option<ChildStdin>,
    name: String,
}

impl Process {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let (send, lines) = mpsc::channel();
        let stdout = child.stdout.take().expect("it was asked for");
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Self { child, lines, stdin, name }
    }

    /// The next line it prints.
    pub fn line(&self) -> String {
        let line = self.lines.recv_timeout(super::SOON);
        line.unwrap_or_else(|error| panic!("{} says nothing more: {error}", self.name))
    }

    /// The next line that is wanted; others are passed over.
    pub fn line_where(&self, wanted: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + super::SOON;
        while Instant::now() < until {
            let line = self.line();
            if wanted(&line) {
                return line;
            }
        }
        panic!("{} never says what is waited for", self.name)
    }

    /// The lines it has printed that nobody has read.
    pub fn unread(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }

    /// Tells it a line.
    pub fn tell(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("it listens");
        writeln!(stdin, "{line}").and_then(|()| stdin.flush()).expect("it still listens");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stdin = None;
        // The whole group: a driver's own driver and the app go with it.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-9", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

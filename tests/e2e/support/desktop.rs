//! A desktop of its own for each test: display, window manager, session bus, folders.

use super::process::Process;
use serde_json::Value;
use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};
use tempfile::TempDir;

/// Looks at a dialog after Return before it is pressed again.
const LOOKS: u32 = 20;

/// The desktop.
pub struct Desktop {
    dir: TempDir,
    env: Vec<(&'static str, String)>,
    // Ended in this order: what uses the display and the bus first.
    session: Option<Process>,
    _openbox: Process,
    _bus: Option<Process>,
    _xvfb: Process,
}

impl Desktop {
    /// A desktop with a tray host, a notification daemon and a file manager.
    pub fn new() -> Self {
        Self::with_bus(true).composited()
    }

    /// A desktop where the app chooses by itself how it is drawn: without OpenGL, for want of a card. Takes
    /// no pictures: WebDriver's picture of a page with a canvas never comes then (WebKitGTK 2.50.6).
    pub fn without_opengl() -> Self {
        Self::with_bus(true)
    }

    /// A desktop without a session bus.
    pub fn without_bus() -> Self {
        Self::with_bus(false).composited()
    }

    /// Pages are put together as they are with a card, and painted by the processor.
    fn composited(mut self) -> Self {
        self.env.push(("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1".to_owned()));
        self
    }

    fn with_bus(bus: bool) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = |name: &str| {
            let folder = dir.path().join(name);
            std::fs::create_dir_all(&folder).expect("a folder");
            folder.display().to_string()
        };
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1680x1050x24", "-nolisten", "tcp"])
            .stderr(std::process::Stdio::null());
        let xvfb = Process::start(&mut xvfb);
        let mut env = vec![
            ("DISPLAY", format!(":{}", xvfb.line())),
            ("XDG_RUNTIME_DIR", folder("runtime")),
            ("XDG_CONFIG_HOME", folder("config")),
            ("XDG_DATA_HOME", folder("share")),
            ("XDG_CACHE_HOME", folder("cache")),
            ("SAFELIGHT_DATA_DIR", folder("data")),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
            ("GDK_BACKEND", "x11".to_owned()),
        ];
        let path = std::env::var("PATH").unwrap_or_default();
        env.push(("PATH", format!("{}:{path}", browser(dir.path()).display())));
        let mut daemon = None;
        if bus {
            let mut command = Command::new("dbus-daemon");
            command.args(["--session", "--nofork", "--print-address=1"]);
            let started = Process::start(set(&mut command, &env));
            env.push(("DBUS_SESSION_BUS_ADDRESS", started.line()));
            daemon = Some(started);
        }
        let openbox =
            Process::start(set(Command::new("openbox").stderr(std::process::Stdio::null()), &env));
        let session = bus.then(|| {
            let mut command = Command::new("/usr/bin/python3");
            let session = Process::start(set(command.arg(support("session_bus.py")), &env));
            session.line();
            session
        });
        Self { dir, env, session, _openbox: openbox, _bus: daemon, _xvfb: xvfb }
    }

    /// A folder of this desktop.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The app's data folder.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A command in this desktop.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        set(&mut command, &self.env);
        command
    }

    /// Begins to drag files, or links as browsers offer them.
    pub fn drag(&self, files: &[PathBuf]) -> Drag<'_> {
        let source = self.python("drag_source.py", files);
        source.line_where(|line| line == "ready");
        let (x, y, w, h) = self.place_of("drag source");
        self.xdotool(&["mousemove", &(x + w / 2).to_string(), &(y + h / 2).to_string()]);
        self.xdotool(&["mousedown", "1"]);
        // Small moves first: a press becomes a drag beyond a threshold.
        for _ in 0..12 {
            self.xdotool(&["mousemove_relative", "--", "-4", "-2"]);
        }
        source.line_where(|line| line == "begin");
        Drag { desktop: self, source }
    }

    /// Left, top, width and height of a window.
    pub fn place_of(&self, title: &str) -> (i32, i32, i32, i32) {
        let until = Instant::now() + super::SOON;
        loop {
            let found = self.xdotool(&["search", "--onlyvisible", "--name", &named(title)]);
            if let Some(id) = found.lines().last() {
                let text = self.xdotool(&["getwindowgeometry", "--shell", id]);
                let value = |key: &str| {
                    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
                    line.parse::<i32>().ok()
                };
                if let (Some(x), Some(y), Some(w), Some(h)) =
                    (value("X="), value("Y="), value("WIDTH="), value("HEIGHT="))
                {
                    return (x, y, w, h);
                }
            }
            assert!(Instant::now() < until, "there is no window {title:?}");
        }
    }

    /// Whether there is a window of this title.
    pub fn is_there(&self, title: &str) -> bool {
        !self.xdotool(&["search", "--onlyvisible", "--name", &named(title)]).is_empty()
    }

    /// Brings a window to the front and waits until it is there.
    pub fn focus(&self, title: &str) {
        let until = Instant::now() + super::SOON;
        let named = named(title);
        while self.in_front() != title {
            self.xdotool(&["search", "--onlyvisible", "--name", &named, "windowactivate"]);
            assert!(Instant::now() < until, "{title} does not come to the front");
        }
    }

    /// Chooses a path in a dialog of this title.
    pub fn choose_path(&self, title: &str, path: &Path) {
        self.focus(title);
        // Away from the recent files, where a folder cannot be chosen. In the place of what is there:
        // where a file is to be written, its ending would stay.
        self.xdotool(&["key", "alt+Home", "ctrl+l", "ctrl+a"]);
        self.xdotool(&["type", &path.display().to_string()]);
        let until = Instant::now() + super::SOON;
        while self.is_there(title) {
            // One press too many would press again what opened the dialog. What it proposes behind what
            // was typed is taken away: pressed with it, Return only takes it, or of a folder what is in
            // it. It may come at any time, so nothing comes between the two presses.
            if self.in_front() == title {
                self.xdotool(&["key", "--delay", "0", "Delete", "Return"]);
            }
            let mut looks = 0..LOOKS;
            while looks.next().is_some() && self.is_there(title) {}
            assert!(Instant::now() < until, "the dialog stays");
        }
    }

    /// The title of the window in front.
    fn in_front(&self) -> String {
        self.xdotool(&["getactivewindow", "getwindowname"]).trim().to_owned()
    }

    /// Starts one of the scripts beside this file.
    pub fn python(&self, script: &str, files: &[PathBuf]) -> Process {
        Process::start(self.command("/usr/bin/python3").arg(support(script)).args(files))
    }

    /// What another program is given of the clipboard: its `text`, its `picture` as PNG, or its `files` as
    /// JSON.
    pub fn clipboard(&self, kind: &str) -> Option<Vec<u8>> {
        let path = self.dir.path().join("clipboard");
        let read = self.python("clipboard_read.py", &[kind.into(), path.clone()]);
        (read.line() == kind).then(|| std::fs::read(path).expect("a file"))
    }

    /// Runs xdotool and gives what it prints.
    pub fn xdotool(&self, arguments: &[&str]) -> String {
        let done = self.command("xdotool").args(arguments).output().expect("xdotool runs");
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    /// A part of the screen as it is seen, three bytes a point.
    pub fn screen(&self, x: i32, y: i32, width: i32, height: i32) -> Vec<u8> {
        let crop = format!("{width}x{height}+{x}+{y}");
        let mut command = self.command("import");
        command.args(["-silent", "-window", "root", "-crop", &crop, "-depth", "8", "rgb:-"]);
        let taken = command.output().expect("import runs");
        assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
        taken.stdout
    }

    /// The next notification.
    pub fn notification(&self) -> Value {
        self.said("notification")
    }

    /// Notifications nobody has read yet.
    pub fn notifications(&self) -> Vec<Value> {
        let lines = self.session().unread();
        let all = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        all.filter(|line| line.get("notification").is_some()).collect()
    }

    /// The addresses that the browser was asked to open, in their order.
    pub fn opened(&self) -> Vec<String> {
        let opened = std::fs::read_to_string(self.dir.path().join("opened")).unwrap_or_default();
        opened.lines().map(str::to_owned).collect()
    }

    /// The addresses of the files that the file manager is asked to show next.
    pub fn shown_files(&self) -> Value {
        self.said("shown")["shown"].clone()
    }

    /// Clicks a notification.
    pub fn click(&mut self, notification: &Value) {
        let number = &notification["notification"];
        self.ask(&format!("click {number}"), "clicked");
    }

    /// The labels of the tray's menu.
    pub fn tray_menu(&mut self) -> Vec<String> {
        let said = self.ask("menu", "menu");
        serde_json::from_value(said["menu"].clone()).expect("labels")
    }

    /// Waits for a tray menu with a label that fits.
    pub fn wait_for_tray(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let until = Instant::now() + super::SOON;
        loop {
            let labels = self.tray_menu();
            if labels.iter().any(|label| wanted(label)) {
                return labels;
            }
            assert!(Instant::now() < until, "the tray's menu stays {labels:?}");
        }
    }

    /// Chooses from the tray's menu.
    pub fn choose(&mut self, label: &str) {
        self.ask(&format!("choose {label}"), "chosen");
    }

    /// Waits until the app has put its icon into the tray.
    pub fn wait_for_tray_icon(&self) {
        self.said("tray");
    }

    fn ask(&mut self, line: &str, answer: &str) -> Value {
        self.session.as_mut().expect("there is a bus").tell(line);
        self.said(answer)
    }

    fn said(&self, key: &str) -> Value {
        let line = self.session().line_where(|line| {
            let said: Value = serde_json::from_str(line).expect("JSON");
            assert!(said.get("error").is_none(), "{line}");
            said.get(key).is_some()
        });
        serde_json::from_str(&line).expect("JSON")
    }

    fn session(&self) -> &Process {
        self.session.as_ref().expect("there is a bus")
    }
}

/// Files under way.
pub struct Drag<'a> {
    desktop: &'a Desktop,
    source: Process,
}

impl Drag<'_> {
    /// Moves them over the app's window, to a point given in parts of its size.
    pub fn over(&self, x: f64, y: f64) {
        let (left, top, w, h) = self.desktop.place_of("Safelight");
        #[allow(clippy::cast_possible_truncation)]
        let at = |from: i32, size: i32, part: f64| from + (f64::from(size) * part) as i32;
        let (x, y) = (at(left, w, x), at(top, h, y));
        // From the edge inwards, as a hand would.
        for step in (0..12).rev() {
            self.desktop.xdotool(&[
                "mousemove",
                &(x + step * 9).to_string(),
                &(y + step * 7).to_string(),
            ]);
        }
    }

    /// Lets go.
    pub fn release(self) {
        self.desktop.xdotool(&["mousemove_relative", "--", "2", "2"]);
        self.desktop.xdotool(&["mouseup", "1"]);
        self.source.line_where(|line| line == "end");
    }
}

/// A folder with what opens addresses on a desktop; this one notes them in the file `opened`.
fn browser(dir: &Path) -> PathBuf {
    let bin = dir.join("bin");
    std::fs::create_dir_all(&bin).expect("a folder");
    let opener = bin.join("xdg-open");
    let script =
        format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", dir.join("opened").display());
    std::fs::write(&opener, script).expect("a file");
    std::fs::set_permissions(&opener, Permissions::from_mode(0o755)).expect("a script");
    bin
}

/// What finds windows of just this title.
fn named(title: &str) -> String {
    format!("^{}$", title.replace('?', "[?]"))
}

fn set<'a>(command: &'a mut Command, env: &[(&str, String)]) -> &'a mut Command {
    command
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .envs(env.iter().map(|(key, value)| (key, value)))
}

fn support(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/support").join(name)
}

//! nginx as a process of a test, with all it writes in a folder of its own.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Where Debian has it; /usr/sbin is not in everybody's PATH.
const NGINX: &str = "/usr/sbin/nginx";
/// The longest it may take to follow a config. Only a broken one reaches it.
const PATIENCE: Duration = Duration::from_secs(40);

pub struct Nginx {
    folder: TempDir,
    process: Child,
    address: SocketAddr,
    configs: u32,
}

impl Nginx {
    /// Starts it on a free port of 127.0.0.1; `server` is what its only server block says.
    pub async fn start(server: &str) -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST.into(), server).await
    }

    /// Starts it on a free port of this address.
    pub async fn start_at(ip: IpAddr, server: &str) -> Self {
        loop {
            let port = TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap().port();
            let folder = TempDir::new().unwrap();
            let address = SocketAddr::new(ip, port);
            write_config(folder.path(), address, 0, server);
            let process = Command::new(NGINX)
                .arg("-p")
                .arg(folder.path())
                .arg("-e")
                .arg(folder.path().join("error.log"))
                .arg("-c")
                .arg(config_file(folder.path()))
                // That `user` is not followed, where nobody is root.
                .stderr(Stdio::null())
                .spawn()
                .unwrap_or_else(|error| {
                    panic!("{NGINX}: {error}. Please run: sudo apt-get install nginx-light")
                });
            let mut nginx = Self { folder, process, address, configs: 0 };
            if nginx.follows_config().await {
                return nginx;
            }
            assert!(nginx.log().contains("Address already in use"), "nginx ended: {}", nginx.log());
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets its server block say something else. Open sockets stay as they are.
    pub async fn change(&mut self, server: &str) {
        self.configs += 1;
        write_config(self.folder.path(), self.address, self.configs, server);
        self.signal("-HUP");
        assert!(self.follows_config().await, "nginx ended: {}", self.log());
    }

    /// Waits until it follows the newest config, and that alone. False when it ended instead.
    async fn follows_config(&mut self) -> bool {
        let began = Instant::now();
        let url = format!("{}/number-of-config", self.url());
        let wanted = self.configs.to_string();
        loop {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            // The worker with the config before takes connections until it is told to end.
            let left = self.log().matches("gracefully shutting down").count();
            if left == self.configs as usize && ask(&url).await.is_some_and(|text| text == wanted) {
                return true;
            }
            assert!(began.elapsed() < PATIENCE, "it never follows: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill {signal}");
    }
}

async fn ask(url: &str) -> Option<String> {
    reqwest::get(url).await.ok()?.text().await.ok()
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Not SIGKILL, which would leave its worker behind.
        if matches!(self.process.try_wait(), Ok(None)) {
            self.signal("-TERM");
            let _ = self.process.wait();
        }
    }
}

fn config_file(folder: &Path) -> PathBuf {
    folder.join("nginx.conf")
}

fn write_config(folder: &Path, address: SocketAddr, number: u32, server: &str) {
    let at = folder.display();
    let config = format!(
        "daemon off;
user root;
error_log {at}/error.log notice;
pid {at}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {at}/body;
    proxy_temp_path {at}/proxy;
    fastcgi_temp_path {at}/fastcgi;
    uwsgi_temp_path {at}/uwsgi;
    scgi_temp_path {at}/scgi;
    # A connection that is kept open would keep its config.
    keepalive_timeout 0;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
    server {{
        listen {address};
        location = /number-of-config {{ return 200 {number}; }}
        {server}
    }}
}}
"
    );
    std::fs::write(config_file(folder), config).unwrap();
}

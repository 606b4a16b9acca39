//! One running `tessera` process: start, join as a further node, kill, restart, stop. The
//! binary is the one beside the test's own target folder, or TESSERA_BIN.

use crate::cli::Cli;
use crate::clock::ClockFile;
use crate::database::Database;
use crate::http::{Request, Response};
use crate::process::{binary, fresh_folder, is_release, signal};
use crate::ready::{Application, Ready, User};
use crate::wait::until;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use url::Url;

/// How long a start may take: a debug build on two busy cores.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How long an orderly stop may take.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// What a test may want different from the plain `tessera dev --ephemeral`.
#[derive(Debug)]
pub struct Options {
    /// Where the data lies.
    pub database: Database,
    /// Further arguments.
    pub arguments: Vec<String>,
    /// Further environment.
    pub environment: Vec<(String, String)>,
    /// Cores the process may use, as `taskset -c` wants them; all without.
    pub cores: Option<String>,
}

impl Options {
    /// The defaults on this database.
    pub fn new(database: Database) -> Options {
        Options { database, arguments: Vec::new(), environment: Vec::new(), cores: None }
    }

    /// Adds an argument.
    pub fn argument(mut self, argument: &str) -> Options {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Pins the process to these cores.
    pub fn on_cores(mut self, cores: &str) -> Options {
        self.cores = Some(cores.to_owned());
        self
    }

    /// Adds an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Options {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What the nodes of one installation share in a test.
#[derive(Debug)]
struct Installation {
    folder: PathBuf,
    options: Options,
    clock: ClockFile,
    nodes: AtomicU32,
    ephemeral: std::sync::Mutex<Vec<PathBuf>>,
}

/// A node.
#[derive(Debug)]
pub struct Server {
    installation: Arc<Installation>,
    child: Child,
    ready: Ready,
    ready_file: PathBuf,
    log: PathBuf,
}

impl Server {
    /// Starts an installation on this database.
    pub fn start(database: Database) -> Server {
        Server::with(Options::new(database))
    }

    /// Starts an installation.
    pub fn with(options: Options) -> Server {
        let folder = fresh_folder();
        let clock = ClockFile::new(&folder);
        let installation = Arc::new(Installation {
            folder,
            options,
            clock,
            nodes: AtomicU32::new(0),
            ephemeral: std::sync::Mutex::default(),
        });
        Server::spawn(installation, 0, None)
    }

    /// Starts a further node of this installation on a port of its own.
    pub fn join(&self) -> Server {
        Server::spawn(Arc::clone(&self.installation), 0, Some(&self.ready_file))
    }

    /// Starts this node again on its old port, after [`Server::kill9`].
    pub fn restart(&self) -> Server {
        let port = self.address().port();
        Server::spawn(Arc::clone(&self.installation), port, Some(&self.ready_file))
    }

    fn spawn(installation: Arc<Installation>, port: u16, join: Option<&Path>) -> Server {
        let number = installation.nodes.fetch_add(1, Ordering::Relaxed);
        let ready_file = installation.folder.join(format!("ready-{number}.json"));
        let log = installation.folder.join(format!("node-{number}.log"));
        let mut command = match &installation.options.cores {
            Some(cores) => {
                let mut command = Command::new("taskset");
                command.args(["-c", cores]).arg(binary());
                command
            }
            None => Command::new(binary()),
        };
        command.args(["dev", "--ephemeral", "--port", &port.to_string()]);
        command.arg("--ready-file").arg(&ready_file);
        if !is_release() {
            command.arg("--clock-file").arg(installation.clock.path());
        }
        match (join, installation.options.database.url()) {
            (Some(first), _) => drop(command.arg("--join").arg(first)),
            (None, Some(url)) => drop(command.args(["--database", &url])),
            (None, None) => {}
        }
        command.args(&installation.options.arguments);
        command.envs(installation.options.environment.iter().map(|(n, v)| (n, v)));
        let output = File::create(&log).expect("the test folder is writable");
        let errors = output.try_clone().expect("a file handle can be copied");
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        command.current_dir(&installation.folder);
        let mut child = command.spawn().expect("the tessera binary can be started");
        let ready = await_ready(&mut child, &ready_file, &log);
        if let Some(folder) = Path::new(&ready.config).parent() {
            let mut folders = installation.ephemeral.lock().expect("no test panics here");
            folders.push(folder.to_owned());
        }
        Server { installation, child, ready, ready_file, log }
    }

    /// The ready file's content.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// The ready file.
    pub fn ready_file(&self) -> &Path {
        &self.ready_file
    }

    /// The clock all nodes of this installation read.
    pub fn clock(&self) -> &ClockFile {
        &self.installation.clock
    }

    /// The database of this installation.
    pub fn database(&self) -> &Database {
        &self.installation.options.database
    }

    /// A folder that lives as long as the installation.
    pub fn folder(&self) -> &Path {
        &self.installation.folder
    }

    /// What the process has printed so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Where this node listens.
    pub fn address(&self) -> SocketAddr {
        let url = Url::parse(&self.ready.listen_url).expect("listen_url is an address");
        let port = url.port_or_known_default().expect("listen_url has a port");
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// The public address.
    pub fn base(&self) -> Url {
        Url::parse(&self.ready.base_url).expect("base_url is an address")
    }

    /// A seeded application by type.
    pub fn application(&self, kind: &str) -> Application {
        self.ready.application(kind)
    }

    /// A seeded user.
    pub fn user(&self, index: usize) -> User {
        self.ready.users[index].clone()
    }

    /// Runs commands against this installation.
    pub fn cli(&self) -> Cli {
        Cli::new(Path::new(&self.ready.config), &self.installation.clock)
    }

    /// Sends a request to this node. `url` may be absolute (its host becomes the Host header)
    /// or a path.
    pub fn send(&self, request: &Request) -> Response {
        let base = self.base();
        self.try_send(request).unwrap_or_else(|error| panic!("no answer from {base}: {error}"))
    }

    /// The same, giving socket errors to the caller.
    ///
    /// # Errors
    /// Whatever the socket says.
    pub fn try_send(&self, request: &Request) -> std::io::Result<Response> {
        request.send(self.address(), &crate::browser::authority(&self.base()))
    }

    /// Kills the process without warning.
    pub fn kill9(&mut self) {
        self.child.kill().expect("our own child can be killed");
        self.child.wait().expect("a killed child can be awaited");
    }

    /// Asks the process to stop and waits for its end.
    pub fn stop(&mut self) -> ExitStatus {
        signal(self.child.id(), "TERM");
        until("an orderly stop", STOP_LIMIT, || self.child.try_wait().expect("a child"))
    }

    /// Stops (`true`) or continues (`false`) the process.
    pub fn freeze(&self, stopped: bool) {
        signal(self.child.id(), if stopped { "STOP" } else { "CONT" });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.try_wait().ok().flatten().is_none() {
            signal(self.child.id(), "TERM");
            let limit = if std::thread::panicking() { 2 } else { 10 };
            let deadline = std::time::Instant::now() + Duration::from_secs(limit);
            while self.child.try_wait().ok().flatten().is_none() {
                if std::time::Instant::now() > deadline {
                    let _ = self.child.kill();
                    let _ = self.child.wait();
                    break;
                }
                crate::wait::pause(Duration::from_millis(5));
            }
        }
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<_> = log.lines().rev().take(40).collect();
            let tail: Vec<_> = tail.into_iter().rev().collect();
            eprintln!("--- {} ---\n{}", self.log.display(), tail.join("\n"));
        }
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
        // A killed node could not remove the fresh folder it had made.
        for folder in self.ephemeral.get_mut().into_iter().flatten() {
            let ours = folder.starts_with(std::env::temp_dir())
                && folder.to_string_lossy().contains("tessera");
            if ours && !std::thread::panicking() {
                let _ = std::fs::remove_dir_all(folder);
            }
        }
    }
}

fn await_ready(child: &mut Child, file: &Path, log: &Path) -> Ready {
    until("the ready file", START_LIMIT, || {
        if let Some(status) = child.try_wait().expect("a child can be asked") {
            let output = std::fs::read_to_string(log).unwrap_or_default();
            panic!("tessera ended at start with {status}:\n{output}");
        }
        let text = std::fs::read_to_string(file).ok()?;
        let parsed = serde_json::from_str(&text);
        Some(parsed.unwrap_or_else(|error| panic!("ready file: {error}:\n{text}")))
    })
}

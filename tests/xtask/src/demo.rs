//! `cargo xtask demo`: the main job on a fresh machine with Rust, a C compiler and Python 3.11.
//! Builds the three clients and our server, serves a mailbox of real-looking mail on the loopback,
//! downloads it with each client, and shows that all got the same octets.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::library;
use crate::ours;
use crate::shell::{Outcome, command, output, root, run, succeeds};

/// How much mail: messages of every shape, and one with a big attachment.
const MESSAGES: &str = "300";
const BIG: &str = "20000000";
const USER: &str = "demo";
const PASSWORD: &str = "only for this demonstration";

pub(crate) fn demo() -> ExitCode {
    let start = Instant::now();
    match show() {
        Ok(()) => {
            println!("\nAll in {:.0} s, building included.", start.elapsed().as_secs_f32());
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("\ndemo: {why}");
            ExitCode::FAILURE
        }
    }
}

fn show() -> Outcome {
    check_tools()?;
    let directory = fresh_directory()?;
    println!("building the clients in Rust, C and Python, and our server: a minute or two\n");
    let clients = build(&directory)?;

    println!();
    let mailbox = directory.join("mailbox");
    run(python3()
        .arg("tests/interop/mail.py")
        .arg(&mailbox)
        .args(["--count", MESSAGES, "--big", BIG]))?;
    let server = Server::start(&mailbox)?;
    println!("our server listens on 127.0.0.1:{}\n", server.port);

    let mut rows = vec![Row { name: "on the server", took: None, digest: digest(&mailbox)? }];
    for client in &clients {
        rows.push(client.download(&server, &directory)?);
    }
    drop(server);
    print_table(&rows);
    compare(&rows)
}

// Before.

/// Says at once what is missing, and how to get it, rather than after a minute of compiling.
fn check_tools() -> Outcome {
    let tools: [(&str, &[&str], &str); 4] = [
        ("cc", &["--version"], "a C compiler (Debian: gcc libc6-dev)"),
        ("objcopy", &["--version"], "GNU binutils (Debian: binutils)"),
        ("python3", &["-c", "import sys; assert sys.version_info >= (3, 11)"], "Python 3.11"),
        ("python3", &["-c", "import venv, ensurepip"], "Python's venv (Debian: python3-venv)"),
    ];
    let lacks = |(name, arguments, _): &&(&str, &[&str], &str)| {
        !succeeds(command(name).args(arguments.iter()))
    };
    match tools.iter().find(lacks) {
        Some((name, _, remedy)) => {
            Err(format!("`{name}` is missing or not enough: install {remedy}"))
        }
        None => Ok(()),
    }
}

fn fresh_directory() -> Result<PathBuf, String> {
    let directory = root().join("target/demo");
    for part in ["mailbox", "mail-rust", "mail-c", "mail-python"] {
        match fs::remove_dir_all(directory.join(part)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(text(error)),
            _ => {}
        }
    }
    fs::create_dir_all(&directory).map_err(text)?;
    Ok(directory)
}

// The three clients: how each is built, and what it is told.

struct Client {
    name: &'static str,
    program: PathBuf,
    arguments: fn(port: &str, into: &str) -> Vec<String>,
}

type Build = fn(&Path) -> Result<Client, String>;

/// All three at once: while one waits for the network or for the linker, another compiles.
fn build(directory: &Path) -> Result<Vec<Client>, String> {
    let builds: [Build; 3] = [rust_client, c_client, python_client];
    thread::scope(|scope| {
        let threads = builds.map(|build| scope.spawn(move || build(directory)));
        let clients = threads.into_iter().map(|thread| thread.join());
        clients.map(|client| client.unwrap_or_else(|_| Err("a build panicked".into()))).collect()
    })
}

fn rust_client(_: &Path) -> Result<Client, String> {
    ours::build_examples(&["pop3_fetch", "pop3_serve"])?;
    Ok(Client { name: "rust", program: ours::example("pop3_fetch"), arguments: example_arguments })
}

fn c_client(directory: &Path) -> Result<Client, String> {
    library::build(&library::directory())?;
    let program = directory.join("pop3_fetch_c");
    ours::compile_c(ours::POP3_FETCH, &program, &[])?;
    Ok(Client { name: "c", program, arguments: example_arguments })
}

fn python_client(directory: &Path) -> Result<Client, String> {
    let venv = directory.join("venv");
    run(python3().args(["-m", "venv"]).arg(&venv))?;
    ours::install_python(&mut command(venv.join("bin/python")))?;
    Ok(Client {
        name: "python",
        program: venv.join("bin/mailproto"),
        arguments: |port, into| {
            words(&["pop3", "fetch", "--host", "127.0.0.1", "--port", port, "--user", USER])
                .chain(words(&["--tls", "insecure", "--no-state", "--files", into]))
                .collect()
        },
    })
}

/// The examples in Rust and in C have the same command line.
fn example_arguments(port: &str, into: &str) -> Vec<String> {
    words(&["--insecure", "--user", USER, "127.0.0.1", port, into]).collect()
}

fn words(words: &[&str]) -> impl Iterator<Item = String> {
    words.iter().map(|word| word.to_string())
}

impl Client {
    fn download(&self, server: &Server, directory: &Path) -> Result<Row, String> {
        let into = directory.join(format!("mail-{}", self.name));
        let log = fs::File::create(directory.join(format!("{}.log", self.name))).map_err(text)?;
        fs::create_dir_all(&into).map_err(text)?;
        let mut program = command(&self.program);
        program.args((self.arguments)(&server.port, &into.to_string_lossy()));
        program.env("MAILPROTO_PASSWORD", PASSWORD).stdout(log);
        let start = Instant::now();
        run(&mut program)?;
        Ok(Row { name: self.name, took: Some(start.elapsed()), digest: digest(&into)? })
    }
}

/// Our server, until it is dropped.
struct Server {
    child: Child,
    port: String,
    _output: BufReader<ChildStdout>,
}

impl Server {
    fn start(mailbox: &Path) -> Result<Self, String> {
        let mut program = command(ours::example("pop3_serve"));
        program.args(["--user", USER]).arg(mailbox).env("MAILPROTO_PASSWORD", PASSWORD);
        let mut child = program.stdout(Stdio::piped()).spawn().map_err(text)?;
        let mut output = BufReader::new(child.stdout.take().ok_or("the server has no output")?);
        let mut line = String::new();
        output.read_line(&mut line).map_err(text)?;
        let port = line.trim().rsplit(':').next().unwrap_or_default().to_owned();
        Ok(Self { child, port, _output: output })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

// After.

struct Row {
    name: &'static str,
    took: Option<Duration>,
    digest: Digest,
}

/// What `digest.py` tells of a directory of mail.
#[derive(PartialEq, Eq)]
struct Digest {
    messages: String,
    octets: String,
    sha256: String,
}

fn digest(directory: &Path) -> Result<Digest, String> {
    let printed = output(python3().arg("tests/interop/digest.py").arg(directory));
    let printed = printed.unwrap_or_default();
    let mut words = printed.split_whitespace().map(str::to_owned);
    match (words.next(), words.next(), words.next()) {
        (Some(messages), Some(octets), Some(sha256)) => Ok(Digest { messages, octets, sha256 }),
        _ => Err(format!("no digest of {}", directory.display())),
    }
}

fn print_table(rows: &[Row]) {
    println!("\n{:<14} {:>9} {:>11} {:>9}  SHA-256", "", "messages", "octets", "seconds");
    for Row { name, took, digest } in rows {
        let seconds = took.map_or(String::new(), |took| format!("{:.2}", took.as_secs_f32()));
        let Digest { messages, octets, sha256 } = digest;
        println!("{name:<14} {messages:>9} {octets:>11} {seconds:>9}  {:.32}…", sha256);
    }
}

fn compare(rows: &[Row]) -> Outcome {
    let [original, copies @ ..] = rows else { return Ok(()) };
    match copies.iter().find(|copy| copy.digest != original.digest) {
        None => {
            println!("\nThe same octets, three times over.");
            Ok(())
        }
        Some(copy) => Err(format!("what the {} client got is not what was there", copy.name)),
    }
}

fn python3() -> Command {
    command("python3")
}

fn text(error: std::io::Error) -> String {
    error.to_string()
}

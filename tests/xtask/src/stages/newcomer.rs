//! Whoever knows only the page "Bring it up on your board in 30 minutes" gets there: its files are
//! written, its commands run and its output is compared, in an empty directory, with the archive of
//! `cargo xtask dist` and without a compiler for Rust. Its program is then run against a server that lets nobody in.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::chip;
use crate::dist;
use crate::setup::Need;
use crate::shell::{Outcome, command, output, root, run};

/// What the stage needs: the archive is built first.
pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(chip::PACKAGES),
    Need::Debian(dist::PACKAGES),
    Need::Debian(&["qemu-system-arm", "python3"]),
];

const PAGE: &str = "docs/firmware.md";
const TARGET: &str = "thumbv7em-none-eabihf";
/// All that a newcomer has installed.
const PROGRAMS: &[&str] =
    &["sh", "tar", "gzip", "mv", "arm-none-eabi-gcc", "arm-none-eabi-size", "qemu-system-arm"];
/// Where its servers listen.
const PORTS: &[&str] = &["1110", "1143"];
/// A session takes a second.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn test() -> Outcome {
    let page = fs::read_to_string(root().join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))?;
    let page = with_free_ports(page)?;
    let archive = dist::archive(chip::target(TARGET)?, &dist::directory())?;
    let mut newcomer = Newcomer::arrive(&root().join("target/newcomer"))?;
    run(&mut newcomer.shell("! command -v cargo rustc"))?;
    run(command("cp").arg(archive).arg(&newcomer.desk))?;
    let blocks = blocks(&page)?;
    blocks.iter().try_for_each(|block| newcomer.follow(block))?;
    match newcomer.running.as_slice() {
        [] => newcomer.is_refused(&blocks),
        _ => Err(format!("{PAGE}: does not say what its last commands print")),
    }
}

// The page.

/// Something may listen already on the ports that the page names.
fn with_free_ports(mut page: String) -> Outcome<String> {
    let mut taken = Vec::new();
    for port in PORTS {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
        let free = listener.local_addr().map_err(|error| error.to_string())?.port();
        page = page.replace(port, &free.to_string());
        taken.push(listener);
    }
    Ok(page)
}

/// A fenced block of the page.
#[derive(Debug)]
enum Block<'a> {
    /// Its first line is a comment that begins with the name of the file.
    File(&'a str, &'a str),
    /// To be given to a shell.
    Command(&'a str),
    /// What a command prints that runs until it is stopped.
    Output(&'a str),
}

fn blocks(page: &str) -> Outcome<Vec<Block<'_>>> {
    let mut rest = page;
    let mut blocks = Vec::new();
    while let Some((_, block)) = rest.split_once("\n```") {
        let (block, after) =
            block.split_once("\n```").ok_or_else(|| format!("{PAGE}: a block without end"))?;
        let (language, text) = block.split_once('\n').unwrap_or((block, ""));
        blocks.push(match (language, name(text)) {
            (_, Some(name)) => Block::File(name, text),
            ("sh", _) => Block::Command(text),
            ("text", _) => Block::Output(text),
            _ => return Err(format!("{PAGE}: a block of {language} that names no file")),
        });
        rest = after;
    }
    Ok(blocks)
}

/// `/* mail.c: …` and `"""server.py: …` name a file.
fn name(text: &str) -> Option<&str> {
    let comment = text.strip_prefix("/* ").or_else(|| text.strip_prefix("\"\"\""))?;
    comment.split_once(": ").map(|(name, _)| name)
}

// Who follows it.

struct Newcomer {
    /// Where the files are.
    desk: PathBuf,
    /// The only directory of `PATH`.
    programs: PathBuf,
    /// Servers and boards that go on, the first first.
    running: Vec<Running>,
}

impl Newcomer {
    fn arrive(place: &Path) -> Outcome<Self> {
        let _ = fs::remove_dir_all(place);
        let one = Self { desk: place.join("desk"), programs: place.join("bin"), running: vec![] };
        for directory in [&one.desk, &one.programs] {
            fs::create_dir_all(directory).map_err(|error| error.to_string())?;
        }
        for name in PROGRAMS {
            let found = output(command("sh").args(["-c", &format!("command -v {name}")]));
            one.own(name, found.ok_or_else(|| format!("no {name}"))?.trim())?;
        }
        // What is called python3 may be a script that looks for one.
        let python = output(command("python3").args(["-c", "import sys; print(sys.executable)"]));
        one.own("python3", python.ok_or("no python3")?.trim())?;
        Ok(one)
    }

    fn own(&self, name: &str, path: &str) -> Outcome {
        let link = self.programs.join(name);
        std::os::unix::fs::symlink(path, &link).map_err(|error| format!("{name}: {error}"))
    }

    fn follow(&mut self, block: &Block) -> Outcome {
        match block {
            Block::File(name, text) => {
                fs::write(self.desk.join(name), format!("{text}\n")).map_err(|e| e.to_string())
            }
            Block::Command(text) if goes_on(text) => self.start(text),
            Block::Command(text) => run(&mut self.shell(text)),
            Block::Output(text) if self.running.is_empty() => {
                Err(format!("{PAGE}: nothing runs that could print {text:?}"))
            }
            Block::Output(text) => self.running.remove(0).prints(text),
        }
    }

    /// The page's first board leaves as it should where nobody of its name may come in.
    fn is_refused(&mut self, blocks: &[Block]) -> Outcome {
        let board = blocks.iter().find_map(|block| match block {
            Block::Command(text) if text.starts_with("qemu-system-arm ") => Some(*text),
            _ => None,
        });
        let board = board.ok_or_else(|| format!("{PAGE}: no board"))?;
        let address = board.split_once("tcp:").and_then(|(_, rest)| rest.split(' ').next());
        let listener = TcpListener::bind(address.ok_or_else(|| format!("{PAGE}: no address"))?);
        let listener = listener.map_err(|error| error.to_string())?;
        let server = thread::spawn(move || refuse(&listener));
        self.start(board)?;
        self.running.remove(0).prints("refused\nsession ended well")?;
        let heard = server.join().map_err(|_| "the server failed")?.map_err(|e| e.to_string())?;
        if heard == ["USER ann", "QUIT"] {
            Ok(())
        } else {
            Err(format!("the board says {heard:?}"))
        }
    }

    fn shell(&self, text: &str) -> Command {
        let mut shell = Command::new(self.programs.join("sh"));
        shell.args(["-ec", text]).current_dir(&self.desk);
        shell.env_clear().env("PATH", &self.programs);
        shell
    }

    /// Starts it, and waits until a server says that it is there: the board does not call twice.
    fn start(&mut self, text: &str) -> Outcome {
        println!("$ {text}");
        let mut shell = self.shell(&format!("exec {text}"));
        let running = Running::new(shell.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        let speaks = running.within(PATIENCE, |printed| !printed.is_empty());
        self.running.push(running);
        if speaks { Ok(()) } else { Err(format!("`{text}` prints nothing")) }
    }
}

/// A POP3 server that knows no user, for one session; what it hears.
fn refuse(listener: &TcpListener) -> std::io::Result<Vec<String>> {
    let (mut connection, _) = listener.accept()?;
    let mut heard = Vec::new();
    connection.write_all(b"+OK ready\r\n")?;
    for line in BufReader::new(connection.try_clone()?).lines() {
        let line = line?;
        let last = line == "QUIT";
        connection.write_all(if last { b"+OK\r\n" } else { b"-ERR who is that?\r\n" })?;
        heard.push(line);
        if last {
            break;
        }
    }
    Ok(heard)
}

/// Whether the command ends only when it is told to.
fn goes_on(text: &str) -> bool {
    text.starts_with("qemu-system-arm ") || text.ends_with("server.py")
}

/// A program that runs beside others. It is ended when it is forgotten.
struct Running {
    child: Child,
    printed: Arc<Mutex<Vec<u8>>>,
}

impl Running {
    fn new(command: &mut Command) -> Outcome<Self> {
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let mut stdout = child.stdout.take().ok_or("no output to read")?;
        let printed = Arc::new(Mutex::new(Vec::new()));
        let place = Arc::clone(&printed);
        thread::spawn(move || {
            let mut octets = [0; 256];
            while let Ok(read @ 1..) = stdout.read(&mut octets) {
                if let (Ok(mut printed), Some(octets)) = (place.lock(), octets.get(..read)) {
                    printed.extend_from_slice(octets);
                }
            }
        });
        Ok(Self { child, printed })
    }

    /// What it has printed, with the line ends of here.
    fn printed(&self) -> String {
        let printed = self.printed.lock().map(|octets| octets.clone()).unwrap_or_default();
        String::from_utf8_lossy(&printed).replace("\r\n", "\n")
    }

    fn within(&self, time: Duration, holds: impl Fn(&str) -> bool) -> bool {
        let start = Instant::now();
        while !holds(&self.printed()) {
            if start.elapsed() > time {
                return false;
            }
            thread::sleep(Duration::from_millis(20));
        }
        true
    }

    fn prints(&self, text: &str) -> Outcome {
        if self.within(PATIENCE, |printed| printed.trim_end() == text) {
            println!("{text}");
            return Ok(());
        }
        Err(format!("it prints {:?} and not, as the page says, {text:?}", self.printed()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

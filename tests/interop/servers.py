"""Private Dovecot and Cyrus servers for tests: loopback, free high ports, own directory.

    with Dovecot() as server:
        user = server.fresh_user()
        server.deliver(user, [b"Subject: hi\r\n\r\nhello\r\n"])
        ... server.host, server.ports.pop3, user, server.password, server.cafile ...

Both run as a child of this process from a configuration written here, as root or as an
ordinary user, and leave nothing behind. `Unavailable` says what the machine lacks.
"""

from __future__ import annotations

import base64
import grp
import hashlib
import hmac
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
START_SECONDS = 20.0
STOP_SECONDS = 10.0
START_ATTEMPTS = 3
OAUTH_KEY = b"mailproto-test-key"
# What certificates are for: this machine, and the hosts that the documentation speaks of.
NAMES = "DNS:localhost,IP:127.0.0.1,DNS:imap.example.com,DNS:pop.example.com"
USERS = ("alice", "bob", "carol", "dave", "erin", "frank")

REPOSITORY = Path(__file__).resolve().parents[2]
# Debian's cyrus-imapd and cyrus-pop3d conflict with Dovecot's packages, so the set-up
# (`cargo xtask setup`) unpacks them here instead of installing them.
CYRUS_UNPACKED = REPOSITORY / "target" / "interop" / "cyrus"
CYRUS_BIN = Path("/usr/lib/cyrus/bin")


class Unavailable(Exception):
    """The machine lacks a program that this server needs; the text says which."""


@dataclass(frozen=True)
class Ports:
    """The four listeners of a server. `pop3` and `imap` also offer STLS and STARTTLS."""

    pop3: int
    pop3s: int
    imap: int
    imaps: int


class MailServer:
    """What both servers share: a directory, a certificate, ports, a child process."""

    name = ""

    def __init__(self, users: Iterable[str] = USERS, password: str = "secret") -> None:
        self.host = HOST
        self.users = list(users)
        self.password = password
        self._fresh = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._require()
        sweep(self.name)
        self.directory = private_directory(self.name)
        try:
            self.cafile, self._key = make_certificate(self.directory)
            self._prepare()
            self._start_with_retries()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stops the server by its pid and removes its directory."""
        self._stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def fresh_user(self) -> str:
        """A user with an empty mailbox that no other caller was given."""
        self._fresh += 1
        user = f"user{self._fresh}"
        self.add_user(user)
        return user

    def add_user(self, user: str) -> None:
        """Lets `user` log in with `password` from now on."""
        self._write_user(user)
        self.users.append(user)

    def deliver(self, user: str, messages: Iterable[bytes]) -> None:
        """Puts messages into the user's INBOX, in order. Lines must end in CRLF."""
        raise NotImplementedError

    def oauth_token(self, user: str, lifetime: int = 3600) -> str:
        """A bearer token that XOAUTH2 and OAUTHBEARER accept for `user`."""
        raise Unavailable(f"{self.name} has no OAuth set up")

    def log(self) -> str:
        """What the server logged so far."""
        path = self.directory / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # What each server fills in.

    def _require(self) -> None:
        raise NotImplementedError

    def _prepare(self) -> None:
        """Writes what does not depend on the ports."""
        raise NotImplementedError

    def _command(self) -> list[str]:
        """Writes the configuration for `self.ports`; returns the foreground command."""
        raise NotImplementedError

    def _write_user(self, user: str) -> None:
        raise NotImplementedError

    # Starting and stopping.

    def _start_with_retries(self) -> None:
        # A port that was free a moment ago may be taken by now: choose anew.
        for attempt in range(1, START_ATTEMPTS + 1):
            self.ports = Ports(*free_ports(4))
            if self._start():
                return
            self._stop()
            if attempt == START_ATTEMPTS:
                raise RuntimeError(f"{self.name} did not start:\n{self.log()[-4000:]}")

    def _start(self) -> bool:
        command = self._command()
        with open(self.directory / "output.log", "ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.directory,
                start_new_session=True,
            )
        (self.directory / "server.pid").write_text(str(self._process.pid))
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if all(greets(port) for port in (self.ports.pop3, self.ports.imap)):
                return True
            time.sleep(0.05)
        return False

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Dovecot(MailServer):
    """Dovecot 2.3: PLAIN LOGIN APOP CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 XOAUTH2 OAUTHBEARER.

    Its IMAP offers ACL, QUOTA, METADATA and COMPRESS too.

    `lock_sessions` lets a second POP3 session of the same user fail with [IN-USE].
    """

    name = "dovecot"

    def __init__(
        self,
        users: Iterable[str] = USERS,
        password: str = "secret",
        lock_sessions: bool = False,
    ) -> None:
        super().__init__(users, password)
        self._lock_sessions = lock_sessions
        self._delivered = 0

    def deliver(self, user: str, messages: Iterable[bytes]) -> None:
        maildir = self._maildir(user)
        for message in messages:
            self._delivered += 1
            write_maildir_message(maildir, self._delivered, message, self._mail_ids)

    def oauth_token(self, user: str, lifetime: int = 3600) -> str:
        now = int(time.time())
        claims = {"sub": user, "iat": now - 60, "nbf": now - 60, "exp": now + lifetime}
        return json_web_token(claims, OAUTH_KEY)

    def _require(self) -> None:
        self._program = require_program("dovecot", "dovecot-imapd dovecot-pop3d")
        require_program("openssl", "openssl")
        for service in ("pop3-login", "imap-login"):
            if not Path("/usr/lib/dovecot", service).exists():
                raise Unavailable(f"Dovecot lacks {service} (Debian: dovecot-imapd dovecot-pop3d)")

    def _prepare(self) -> None:
        as_root = os.geteuid() == 0
        mail = pwd.getpwnam("mail") if as_root else pwd.getpwuid(os.getuid())
        self._mail_ids = (mail.pw_uid, mail.pw_gid)
        self._internal_user = "dovecot" if as_root else mail.pw_name
        self._login_user = "dovenull" if as_root else mail.pw_name
        for name in ("run", "state", "mail", "users", "keys/default/HS256"):
            (self.directory / name).mkdir(parents=True)
        os.chown(self.directory / "mail", *self._mail_ids)
        key = base64.b64encode(OAUTH_KEY)
        (self.directory / "keys/default/HS256/default").write_bytes(key)
        for user in self.users:
            self._write_user(user)

    def _write_user(self, user: str) -> None:
        # A file a user, because Dovecot looks only once a second whether a file has changed.
        path = self.directory / "users" / user
        path.write_text(f"{user}:{{PLAIN}}{self.password}\n")

    def _command(self) -> list[str]:
        directory = self.directory
        (directory / "oauth2.conf").write_text(
            f"introspection_mode = local\n"
            f"local_validation_key_dict = fs:posix:prefix={directory}/keys/\n"
            f"username_attribute = sub\n"
        )
        uid, gid = self._mail_ids
        config = directory / "dovecot.conf"
        config.write_text(
            DOVECOT_CONF.format(
                directory=directory,
                ports=self.ports,
                uid=uid,
                gid=gid,
                internal=self._internal_user,
                group=grp.getgrgid(pwd.getpwnam(self._internal_user).pw_gid).gr_name,
                login=self._login_user,
                # Only root may change its root directory.
                chroot="" if os.geteuid() == 0 else "chroot =",
                lock="yes" if self._lock_sessions else "no",
            )
        )
        return [self._program, "-F", "-c", str(config)]

    def _maildir(self, user: str) -> Path:
        home = self.directory / "mail" / user
        maildir = home / "Maildir"
        for path in (home, maildir, maildir / "cur", maildir / "new", maildir / "tmp"):
            if not path.exists():
                path.mkdir(mode=0o700)
                os.chown(path, *self._mail_ids)
        return maildir


DOVECOT_CONF = """\
protocols = imap pop3
listen = 127.0.0.1
base_dir = {directory}/run
state_dir = {directory}/state
instance_name = mailproto-{ports.pop3}
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
log_path = {directory}/server.log
auth_verbose = yes
ssl = yes
ssl_cert = <{directory}/cert.pem
ssl_key = <{directory}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login apop cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login apop cram-md5 scram-sha-1 scram-sha-256
  args = {directory}/users/%u
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={directory}/mail/%u allow_all_users=yes
}}
mail_location = maildir:~/Maildir
mail_max_userip_connections = 200
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
# For IMAP: what Dovecot can do and does not by default. Nothing counts against the quota of POP3.
mail_attribute_dict = file:%h/attributes
plugin {{
  acl = vfile
  quota = maildir:User quota
  quota_rule = *:storage=4G
}}
protocol imap {{
  imap_metadata = yes
  mail_plugins = acl imap_acl quota imap_quota zlib imap_zlib
}}
protocol pop3 {{
  pop3_uidl_format = %08Xu%08Xv
  pop3_lock_session = {lock}
}}
service pop3-login {{
  {chroot}
  inet_listener pop3 {{
    port = {ports.pop3}
  }}
  inet_listener pop3s {{
    port = {ports.pop3s}
    ssl = yes
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {ports.imap}
  }}
  inet_listener imaps {{
    port = {ports.imaps}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  # No growing delay after wrong passwords: tests give many of them.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
"""


class Cyrus(MailServer):
    """Cyrus IMAP 3.6: PLAIN LOGIN APOP CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256."""

    name = "cyrus"

    def deliver(self, user: str, messages: Iterable[bytes]) -> None:
        with socket.create_connection((self.host, self.ports.imap), 60) as connection:
            append_all(connection, user, self.password, messages)

    def _require(self) -> None:
        if not (CYRUS_BIN / "master").exists():
            raise Unavailable("no Cyrus master (Debian: cyrus-common)")
        require_program("openssl", "openssl")
        self._saslpasswd = require_program("saslpasswd2", "sasl2-bin")
        self._services = {name: cyrus_service(name) for name in ("imapd", "pop3d")}

    def _prepare(self) -> None:
        self._account = pwd.getpwnam("cyrus" if os.geteuid() == 0 else pwd.getpwuid(os.getuid())[0])
        for name in ("bin", "conf/socket", "spool", "sock"):
            (self.directory / name).mkdir(parents=True)
        # Copied, because the unpacked ones may lie where the cyrus user may not look.
        for name, path in self._services.items():
            shutil.copy(path, self.directory / "bin" / name)
        for user in self.users:
            self._write_user(user)
        for path in [self.directory, *self.directory.rglob("*")]:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _write_user(self, user: str) -> None:
        database = self.directory / "sasldb2"
        subprocess.run(
            [self._saslpasswd, "-p", "-c", "-f", str(database), "-u", "localhost", user],
            input=self.password.encode(),
            check=True,
        )

    def _command(self) -> list[str]:
        directory = self.directory
        imapd_conf, cyrus_conf = directory / "imapd.conf", directory / "cyrus.conf"
        imapd_conf.write_text(
            CYRUS_IMAPD_CONF.format(directory=directory, account=self._account.pw_name)
        )
        cyrus_conf.write_text(
            CYRUS_CONF.format(directory=directory, ports=self.ports, bin=CYRUS_BIN)
        )
        master = str(CYRUS_BIN / "master")
        pidfile = str(directory / "master.pid")
        return [master, "-C", str(imapd_conf), "-M", str(cyrus_conf), "-p", pidfile]

    def log(self) -> str:
        # Cyrus logs to syslog only; what it cannot start with, it also prints.
        path = self.directory / "output.log"
        return path.read_text(errors="replace") if path.exists() else ""


CYRUS_IMAPD_CONF = """\
configdirectory: {directory}/conf
partition-default: {directory}/spool
defaultpartition: default
cyrus_user: {account}
servername: localhost
virtdomains: off
unixhierarchysep: yes
altnamespace: yes
allowplaintext: yes
allowapop: yes
autocreate_quota: 0
# Keep 8-bit octets in headers as they were delivered.
munge8bit: no
failedloginpause: 0
popminpoll: 0
# IDLE looks for changes each second (there is no idled here).
imapidlepoll: 1
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {directory}/sasldb2
sasl_mech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256
tls_server_cert: {directory}/cert.pem
tls_server_key: {directory}/key.pem
lmtpsocket: {directory}/sock/lmtp
idlesocket: {directory}/sock/idle
notifysocket: {directory}/sock/notify
syslog_prefix: mailproto
"""

CYRUS_CONF = """\
START {{
  recover cmd="{bin}/ctl_cyrusdb -C {directory}/imapd.conf -r"
}}
SERVICES {{
  imap  cmd="{directory}/bin/imapd -C {directory}/imapd.conf" listen="127.0.0.1:{ports.imap}"
  imaps cmd="{directory}/bin/imapd -C {directory}/imapd.conf -s" listen="127.0.0.1:{ports.imaps}"
  pop3  cmd="{directory}/bin/pop3d -C {directory}/imapd.conf" listen="127.0.0.1:{ports.pop3}"
  pop3s cmd="{directory}/bin/pop3d -C {directory}/imapd.conf -s" listen="127.0.0.1:{ports.pop3s}"
}}
EVENTS {{
}}
"""


def cyrus_service(name: str) -> Path:
    """The path of `imapd` or `pop3d`: installed, or unpacked by the set-up."""
    relative = CYRUS_BIN.relative_to("/") / name
    for root in (Path("/"), CYRUS_UNPACKED):
        if (root / relative).exists():
            return root / relative
    raise Unavailable(f"no Cyrus {name} (run `cargo xtask setup`)")


def require_program(name: str, packages: str) -> str:
    """The path of a program, looked for in /usr/sbin as well, or `Unavailable`."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise Unavailable(f"{name} is not installed (Debian: {packages})")
    return found


def free_ports(count: int) -> list[int]:
    """Distinct TCP ports of the loopback that were free just now."""
    listeners = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def greets(port: int) -> bool:
    """Whether a plain-text mail server says its greeting on `port`."""
    try:
        with socket.create_connection((HOST, port), 5) as connection:
            return connection.recv(1) in (b"+", b"*")
    except OSError:
        return False


def make_certificate(directory: Path) -> tuple[Path, Path]:
    """An authority, a certificate of its for `NAMES` (`cert.pem`), and its key;
    returns the paths of the authority's certificate and the key."""
    authority, certificate, key = (directory / name for name in ("ca.pem", "cert.pem", "key.pem"))
    authority_key = directory / "ca-key.pem"
    create = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"]
    openssl(
        create
        + ["-subj", "/CN=mailproto test authority", "-out", str(authority)]
        + ["-keyout", str(authority_key)]
    )
    openssl(
        create
        + ["-subj", "/CN=localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-addext", f"subjectAltName={NAMES}"]
        + ["-CA", str(authority), "-CAkey", str(authority_key)]
        + ["-out", str(certificate), "-keyout", str(key)]
    )
    authority_key.unlink()
    return authority, key


def openssl(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


# One directory an instance. `owner.pid` names the process that made it, `server.pid` the
# server: what a killed test run left behind is found, ended and removed by the next one.


def directory_prefix(name: str) -> str:
    return f"mailproto-{name}-"


def private_directory(name: str) -> Path:
    directory = Path(tempfile.mkdtemp(prefix=directory_prefix(name)))
    # The server's own users must get through to their subdirectories.
    directory.chmod(0o755)
    (directory / "owner.pid").write_text(str(os.getpid()))
    return directory


def sweep(name: str) -> None:
    """Ends servers whose test run has died, and removes their directories."""
    for directory in Path(tempfile.gettempdir()).glob(directory_prefix(name) + "*"):
        owner, server = read_pid(directory / "owner.pid"), read_pid(directory / "server.pid")
        if owner is None or Path(f"/proc/{owner}").exists() or not os.access(directory, os.W_OK):
            continue
        if server is not None and str(directory) in command_line(server):
            os.kill(server, signal.SIGTERM)
            wait_for_end(server)
        shutil.rmtree(directory, ignore_errors=True)


def read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while command_line(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def write_maildir_message(maildir: Path, number: int, message: bytes, ids: tuple[int, int]) -> None:
    """Delivers one message the maildir way: written in tmp/, then moved to new/.

    Dovecot numbers new messages by the time in their file names, seconds then microseconds;
    S= and W= spare it reading the file for its size.
    """
    seconds, microseconds = divmod(number, 1_000_000)
    size = len(message)
    name = f"{1_700_000_000 + seconds}.M{microseconds:06}P1.mailproto,S={size},W={size}"
    written = maildir / "tmp" / name
    written.write_bytes(message)
    os.chown(written, *ids)
    written.rename(maildir / "new" / name)


def append_all(
    connection: socket.socket, user: str, password: str, messages: Iterable[bytes]
) -> None:
    """Appends to INBOX over IMAP. Cyrus has LITERAL+ (RFC 7888), so nothing waits for a
    continuation, and CREATE makes the INBOX of a new user (it fails when there is one)."""
    replies = connection.makefile("rb")
    replies.readline()
    imap_command(connection, replies, f"LOGIN {user} {password}".encode())
    imap_command(connection, replies, b"CREATE INBOX", accept=(b"OK", b"NO"))
    for message in messages:
        literal = b"{%d+}\r\n%b" % (len(message), message)
        imap_command(connection, replies, b"APPEND INBOX " + literal)
    imap_command(connection, replies, b"LOGOUT")


def imap_command(
    connection: socket.socket,
    replies: Iterable[bytes],
    command: bytes,
    accept: tuple[bytes, ...] = (b"OK",),
) -> None:
    connection.sendall(b"a " + command + b"\r\n")
    for line in replies:
        if line.startswith(b"a "):
            if line.split()[1] not in accept:
                raise RuntimeError(f"{command[:40]!r} was answered {line!r}")
            return
    raise RuntimeError(f"the server hung up after {command[:40]!r}")


def json_web_token(claims: dict[str, object], key: bytes) -> str:
    """A JWT signed with HS256 (RFC 7519, RFC 7515 Appendix A.1)."""
    header = base64url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    payload = base64url(json.dumps(claims).encode())
    signed = f"{header}.{payload}"
    signature = hmac.digest(key, signed.encode(), hashlib.sha256)
    return f"{signed}.{base64url(signature)}"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

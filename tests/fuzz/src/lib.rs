//! What the fuzz targets share: how an input is laid out.
//!
//! ```text
//! [setting] [number of cuts] [length of each read …] [number of calls] [call …] [the peer's octets …]
//! ```
//!
//! The reads' lengths and the calls come first, so that a mutation of the octets leaves them in place, and
//! the cuts are part of what the fuzzer searches.

/// An input taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Input<'d> {
    /// Chooses the engine's configuration, bit by bit.
    pub setting: u8,
    /// The lengths of the reads; used over and over.
    pub reads: &'d [u8],
    /// What the caller does, one octet a call.
    pub calls: &'d [u8],
    /// What the peer says.
    pub octets: &'d [u8],
}

impl<'d> Input<'d> {
    /// Takes `data` apart; `None` when it is too short.
    #[must_use]
    pub fn parse(data: &'d [u8]) -> Option<Self> {
        let (&setting, rest) = data.split_first()?;
        let (reads, rest) = counted(rest)?;
        let (calls, octets) = counted(rest)?;
        Some(Self { setting, reads, calls, octets })
    }

    /// Puts an input together.
    #[must_use]
    pub fn emit(&self) -> Vec<u8> {
        let count = |list: &[u8]| u8::try_from(list.len()).expect("at most 255");
        let (reads, calls) = ([count(self.reads)], [count(self.calls)]);
        [&[self.setting], &reads[..], self.reads, &calls[..], self.calls, self.octets].concat()
    }

    /// The peer's octets as one read.
    #[must_use]
    pub fn whole(&self) -> Vec<&'d [u8]> {
        vec![self.octets]
    }

    /// The peer's octets in reads of the lengths given.
    #[must_use]
    pub fn cut(&self) -> Vec<&'d [u8]> {
        let lengths = if self.reads.is_empty() { &[1][..] } else { self.reads };
        let mut rest = self.octets;
        let mut reads = Vec::new();
        for &length in lengths.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (read, after) = rest.split_at(usize::from(length).clamp(1, rest.len()));
            reads.push(read);
            rest = after;
        }
        reads
    }
}

fn counted(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&count, rest) = data.split_first()?;
    rest.split_at_checked(usize::from(count).min(rest.len()))
}

/// What an engine told, compared between two ways to cut the same octets. Data that lie side by side are one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    lines: Vec<String>,
    data: bool,
}

impl Told {
    /// Something happened.
    pub fn line(&mut self, line: String) {
        self.data = false;
        self.lines.push(line);
    }

    /// Octets of a message came.
    pub fn data(&mut self, octets: &[u8]) {
        if !std::mem::replace(&mut self.data, true) {
            self.lines.push("data ".into());
        }
        if let Some(last) = self.lines.last_mut() {
            last.push_str(&octets.escape_ascii().to_string());
        }
    }

    /// How many things happened.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nothing happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Forgets what a cut may change: whether the answer to STLS, and what was mended in it, was told before
    /// octets that were injected behind it were seen.
    #[must_use]
    pub fn without_injected_handshake(mut self) -> Self {
        let injected = self.lines.pop_if(|last| last.contains("PlaintextAfterStls"));
        if let Some(injected) = injected {
            self.lines.retain(|line| !line.contains("Stls"));
            self.lines.retain(|line| line != "StartTls" && !line.contains("begin TLS"));
            while self.lines.pop_if(|last| last.starts_with("Quirk")).is_some() {}
            self.lines.push(injected);
        }
        self
    }
}

/// Where the octets of `imap_views` stand: what comes before and behind them; in a FETCH, good neighbours.
pub const PLACES: [(&str, &str); 32] = [
    ("* 1 FETCH (UID 5 ENVELOPE ", " FLAGS (\\Seen))\r\n"),
    ("* 1 FETCH (UID 5 BODYSTRUCTURE ", " FLAGS (\\Seen))\r\n"),
    ("* 1 FETCH (UID 5 BODY ", " FLAGS (\\Seen))\r\n"),
    ("* 1 FETCH (UID 5 BODY[", "] {2}\r\nab FLAGS (\\Seen))\r\n"),
    ("* 1 FETCH (UID 5 BINARY.SIZE[", "] 7 FLAGS (\\Seen))\r\n"),
    ("* 1 FETCH (UID 5 INTERNALDATE ", " FLAGS (\\Seen))\r\n"),
    ("* 1 FETCH (UID 5 FLAGS ", " RFC822.SIZE 7)\r\n"),
    ("* 1 FETCH (UID 5 MODSEQ ", " RFC822.SIZE 7)\r\n"),
    ("* 1 FETCH (UID 5 X-GM-LABELS ", " RFC822.SIZE 7)\r\n"),
    ("* 1 FETCH (UID 5 PREVIEW ", " EMAILID (x) THREADID NIL)\r\n"),
    ("* 1 FETCH (UID 5 SAVEDATE ", " X-GM-MSGID 7)\r\n"),
    ("* 1 FETCH (UID 5 ", " FLAGS (\\Seen))\r\n"),
    ("* 1 FETCH (UID 5 BODY[] \"", "\" FLAGS (\\Seen))\r\n"),
    ("* LIST ", "\r\n"),
    ("* LIST (\\Noselect) \"/\" ", "\r\n"),
    ("* LIST () NIL a (", ")\r\n"),
    ("* STATUS ", "\r\n"),
    ("* STATUS INBOX (", ")\r\n"),
    ("* NAMESPACE ", "\r\n"),
    ("* ID ", "\r\n"),
    ("* ESEARCH ", "\r\n"),
    ("* SEARCH ", "\r\n"),
    ("* SORT ", "\r\n"),
    ("* THREAD ", "\r\n"),
    ("* VANISHED ", "\r\n"),
    ("* CAPABILITY ", "\r\n"),
    ("* FLAGS ", "\r\n"),
    ("* QUOTA ", "\r\n* QUOTAROOT INBOX \"\"\r\n"),
    ("* ACL ", "\r\n* MYRIGHTS INBOX lr\r\n"),
    ("* METADATA ", "\r\n"),
    ("* OK [", "] text\r\n"),
    ("* LISTRIGHTS ", "\r\n"),
];

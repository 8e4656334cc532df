//! Transcripts: text files of lines, each told apart by its first word.
//!
//! | line | meaning |
//! |---|---|
//! | `# …` | a comment |
//! | `@ name value…` | a setting, or something that the caller does (see [`Step`]) |
//! | `S: text` | the server says `text` CRLF |
//! | `S| text` | the server says `text` and ends no line |
//! | `C: text` | the client is told to say `text`; how a reply looks is known from the command |
//! | `C+: text` | the same for a command that the engine does not know, with a reply of many lines |
//! | `C-: text` | the client is told to say `text`, but never does |
//! | `! text => Error` | the client refuses to say `text`, with this `LocalError` |
//! | `= event` | what the engine tells next, as [`super::log`] writes it |
//! | `\| text` | a line of data that the engine tells next, CRLF included |
//! | `\|- text` | the same, without line end |
//!
//! Escapes: `\r \n \t \0 \\ \xHH`, and `\*N{text}` for N times `text`. `C:` lines that follow one
//! another are said without waiting for replies in between.

/// A transcript.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) name: String,
    pub(crate) settings: Settings,
    pub(crate) steps: Vec<Step>,
    /// What the engine must tell, in order; `None` where that is judged otherwise.
    pub(crate) expected: Option<Vec<String>>,
}

/// How the session is set up.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// `@ security stls | private | cleartext`
    pub(crate) security: String,
    /// `@ strict`: nothing is mended.
    pub(crate) strict: bool,
    /// `@ apop`: APOP is asked for.
    pub(crate) apop: bool,
    /// `@ nopipelining`
    pub(crate) pipelining: bool,
    /// `@ scratch octets`, 512 unless told
    pub(crate) scratch: usize,
    /// `@ secret text`: for APOP.
    pub(crate) secret: Vec<u8>,
    /// `@ credentials kind value…`: for AUTH by a mechanism of ours.
    pub(crate) credentials: Vec<String>,
    /// `@ nonce octets`: for SCRAM.
    pub(crate) nonce: Vec<u8>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            security: "private".into(),
            strict: false,
            apop: false,
            pipelining: true,
            scratch: 512,
            secret: Vec::new(),
            credentials: Vec::new(),
            nonce: Vec::new(),
        }
    }
}

/// One step of a transcript.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The server's octets.
    Server(Vec<u8>),
    /// The client is told to say a line; whether an unknown command's reply has many lines.
    Client(Vec<u8>, bool),
    /// The client is told to say a line as a command that it does not know.
    Raw(Vec<u8>, bool),
    /// The client is told to say a line behind another, and holds it back for ever.
    Withheld(Vec<u8>),
    /// The client is told to say a line, and must refuse with this error.
    Refused(Vec<u8>, String),
    /// `@ tls`: the handshake after STLS is done.
    Tls,
    /// `@ eof`: the connection has ended.
    Eof,
}

impl Script {
    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let mut script = Self { name: name.into(), expected: Some(Vec::new()), ..Self::default() };
        let mut data = None;
        for (number, line) in text.lines().enumerate() {
            let place = format!("{name}:{}", number + 1);
            script
                .line(line, &mut data)
                .unwrap_or_else(|| panic!("{place}: not understood: {line}"));
        }
        script.expect_data(&mut data);
        script
    }

    fn line(&mut self, line: &str, data: &mut Option<Vec<u8>>) -> Option<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if !matches!(word, "|" | "|-" | "#" | "") {
            self.expect_data(data);
        }
        match word {
            "" | "#" => {}
            "S:" => self.server(&[unescape(rest)?, b"\r\n".to_vec()].concat()),
            "S|" => self.server(&unescape(rest)?),
            "C:" => self.steps.push(Step::Client(unescape(rest)?, false)),
            "C+:" => self.steps.push(Step::Client(unescape(rest)?, true)),
            "C-:" => self.steps.push(Step::Withheld(unescape(rest)?)),
            "!" => {
                let (text, error) = rest.rsplit_once(" => ")?;
                self.steps.push(Step::Refused(unescape(text)?, error.into()));
            }
            "=" => self.expected.as_mut()?.push(rest.into()),
            "|" => {
                let data = data.get_or_insert_default();
                data.extend(unescape(rest)?);
                data.extend(b"\r\n");
            }
            "|-" => data.get_or_insert_default().extend(unescape(rest)?),
            "@" => self.setting(rest)?,
            _ => return None,
        }
        Some(())
    }

    fn expect_data(&mut self, data: &mut Option<Vec<u8>>) {
        if let (Some(data), Some(expected)) = (data.take(), self.expected.as_mut()) {
            expected.push(super::log::data_line(&data));
        }
    }

    /// Adds to what the server says; what it says in one go is one step.
    pub(crate) fn server(&mut self, octets: &[u8]) {
        match self.steps.last_mut() {
            Some(Step::Server(said)) => said.extend_from_slice(octets),
            _ => self.steps.push(Step::Server(octets.to_vec())),
        }
    }

    fn setting(&mut self, text: &str) -> Option<()> {
        let (name, value) = text.split_once(' ').unwrap_or((text, ""));
        let settings = &mut self.settings;
        match name {
            "security" => settings.security = value.into(),
            "strict" => settings.strict = true,
            "apop" => settings.apop = true,
            "nopipelining" => settings.pipelining = false,
            "scratch" => settings.scratch = value.parse().ok()?,
            "secret" => settings.secret = unescape(value)?,
            "credentials" => settings.credentials = value.split(' ').map(str::to_owned).collect(),
            "nonce" => settings.nonce = unescape(value)?,
            "tls" => self.steps.push(Step::Tls),
            "eof" => self.steps.push(Step::Eof),
            _ => return None,
        }
        Some(())
    }

    /// Everything that the server says.
    pub(crate) fn server_octets(&self) -> Vec<u8> {
        let said = self.steps.iter().filter_map(|step| match step {
            Step::Server(octets) => Some(octets.as_slice()),
            _ => None,
        });
        said.collect::<Vec<_>>().concat()
    }

    /// Everything that the client says, if it says all that it is told to.
    pub(crate) fn client_octets(&self) -> Vec<u8> {
        let said = self.steps.iter().filter_map(|step| match step {
            Step::Client(line, _) | Step::Raw(line, _) => Some([line.as_slice(), b"\r\n"].concat()),
            _ => None,
        });
        said.collect::<Vec<_>>().concat()
    }
}

/// Replaces the escapes; `None` for one that is not known.
pub(crate) fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        octets.extend(plain.as_bytes());
        let mut letters = escape.chars();
        match letters.next()? {
            'r' => octets.push(b'\r'),
            'n' => octets.push(b'\n'),
            't' => octets.push(b'\t'),
            '0' => octets.push(0),
            '\\' => octets.push(b'\\'),
            'x' => {
                octets.push(u8::from_str_radix(escape.get(1..3)?, 16).ok()?);
                letters = escape.get(3..)?.chars();
            }
            '*' => {
                let (count, repeated) = escape.get(1..)?.split_once('{')?;
                let (unit, after) = repeated.split_once('}')?;
                octets.extend(unescape(unit)?.repeat(count.parse().ok()?));
                letters = after.chars();
            }
            _ => return None,
        }
        rest = letters.as_str();
    }
    octets.extend(rest.as_bytes());
    Some(octets)
}

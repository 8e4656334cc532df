//! The connection: TCP, TLS from the start, or TLS later (STLS).

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::Result;
use crate::options::Options;

/// How long a client may be silent: RFC 1939 §3 demands ten minutes at least.
const AUTOLOGOUT: Duration = Duration::from_secs(600);

pub(crate) struct Channel {
    stream: Stream,
    has_certificate: bool,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Channel {
    pub(crate) fn accept(socket: TcpStream, options: &Options) -> Result<Self> {
        socket.set_read_timeout(Some(AUTOLOGOUT))?;
        socket.set_write_timeout(Some(AUTOLOGOUT))?;
        socket.set_nodelay(true)?;
        let has_certificate = options.certificate.is_some();
        let mut channel = Self { stream: Stream::Plain(socket), has_certificate };
        if options.tls {
            channel.start_tls(options)?;
        }
        Ok(channel)
    }

    pub(crate) fn can_start_tls(&self) -> bool {
        self.has_certificate && matches!(self.stream, Stream::Plain(_))
    }

    pub(crate) fn start_tls(&mut self, options: &Options) -> Result<()> {
        let (Stream::Plain(socket), Some((certificate, key))) =
            (&self.stream, &options.certificate)
        else {
            return Err("TLS needs a certificate, and once is enough".into());
        };
        let mut socket = socket.try_clone()?;
        let mut tls = ServerConnection::new(Arc::new(config(certificate, key)?))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        self.stream = Stream::Tls(Box::new(StreamOwned::new(tls, socket)));
        Ok(())
    }

    pub(crate) fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(octets),
            Stream::Tls(tls) => tls.write_all(octets).and_then(|()| tls.flush()),
        }
    }

    /// Receives what there is, and waits when there is nothing. 0 is the end of the stream.
    pub(crate) fn receive(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            let received = match &mut self.stream {
                Stream::Plain(socket) => socket.read(room),
                Stream::Tls(tls) => tls.read(room),
            };
            match received {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // TLS was not closed in order. Only QUIT ends a session well, so that is no loss.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                received => return received,
            }
        }
    }
}

fn config(certificate: &Path, key: &Path) -> Result<ServerConfig> {
    let chain =
        CertificateDer::pem_file_iter(certificate)?.collect::<std::result::Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?)
}

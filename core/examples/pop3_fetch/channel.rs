//! The connection: TCP, TLS from the start, or TLS later (STLS).

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::Result;
use crate::options::{Options, Transport};

pub(crate) enum Channel {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Channel {
    pub(crate) fn connect(options: &Options) -> Result<Self> {
        let socket = connect(options)
            .map_err(|error| format!("{}:{}: {error}", options.host, options.port))?;
        socket.set_read_timeout(Some(options.timeout))?;
        socket.set_write_timeout(Some(options.timeout))?;
        // Commands are small, and a pipeline's last must not wait for the acknowledgement before.
        socket.set_nodelay(true)?;
        let mut channel = Self::Plain(socket);
        if options.transport == Transport::Tls {
            channel.start_tls(options)?;
        }
        Ok(channel)
    }

    /// Makes the TLS handshake, and verifies that the server is the one that was asked for.
    pub(crate) fn start_tls(&mut self, options: &Options) -> Result<()> {
        let Self::Plain(socket) = self else { return Ok(()) };
        let mut socket = socket.try_clone()?;
        let name = ServerName::try_from(options.host.clone())?;
        let mut tls = ClientConnection::new(Arc::new(config(options.cafile.as_deref())?), name)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        *self = Self::Tls(Box::new(StreamOwned::new(tls, socket)));
        Ok(())
    }

    pub(crate) fn send(&mut self, octets: &[u8]) -> Result<()> {
        match self {
            Self::Plain(socket) => socket.write_all(octets)?,
            Self::Tls(tls) => {
                tls.write_all(octets)?;
                tls.flush()?;
            }
        }
        Ok(())
    }

    /// Receives what there is, and waits when there is nothing. 0 is the end of the stream.
    pub(crate) fn receive(&mut self, room: &mut [u8]) -> Result<usize> {
        loop {
            let received = match self {
                Self::Plain(socket) => socket.read(room),
                Self::Tls(tls) => tls.read(room),
            };
            return match received {
                Ok(octets) => Ok(octets),
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => continue,
                    // TLS was not closed in order: whether that matters, the engine knows.
                    io::ErrorKind::UnexpectedEof => Ok(0),
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                        Err("the server did not answer in time".into())
                    }
                    _ => Err(error.into()),
                },
            };
        }
    }
}

/// Tries the addresses of the host in turn, each for as long as the server may be silent.
fn connect(options: &Options) -> io::Result<TcpStream> {
    let mut failure = io::ErrorKind::NotFound.into();
    for address in (options.host.as_str(), options.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, options.timeout) {
            Ok(socket) => return Ok(socket),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn config(cafile: Option<&Path>) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots(cafile)?)
        .with_no_client_auth())
}

/// The certificates to trust: those of the file, or those that this machine trusts.
fn roots(cafile: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    match cafile {
        Some(path) => {
            for certificate in CertificateDer::pem_file_iter(path)? {
                roots.add(certificate?)?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    Ok(roots)
}

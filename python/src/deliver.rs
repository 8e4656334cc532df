//! Delivery of many messages into a Maildir (https://cr.yp.to/proto/maildir.html): a thread of its
//! own writes one batch while Python receives and parses the next. It never needs the interpreter.

mod batch;
mod directory;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};

use batch::{Batch, Failure, Names, Store};

/// How many batches may be on their way to the disk while another one is filled.
const UNDER_WAY: usize = 2;
/// How long Ctrl-C may take while Python waits for the disk.
const SIGNALS: Duration = Duration::from_millis(100);

/// Writes whole messages into a Maildir, many at a time, in a thread of its own.
///
/// A message has its final name when it is whole and, if `durable`, on the disk. `crlf=False` turns
/// CRLF into LF. `host` is this machine's name, a part of each file's.
///
/// Not for use from two threads at once: the second then gets a `RuntimeError`.
#[pyclass(module = "mailproto.stores")]
pub(crate) struct MaildirWriter {
    store: Store,
    crlf: bool,
    names: Names,
    filling: Batch,
    worker: Option<Worker>,
    stored: Vec<PathBuf>,
    failure: Option<Failure>,
}

#[pymethods]
impl MaildirWriter {
    #[new]
    #[pyo3(signature = (maildir, host, *, crlf = false, durable = true))]
    fn new(
        py: Python<'_>,
        maildir: PathBuf,
        host: &str,
        crlf: bool,
        durable: bool,
    ) -> PyResult<Self> {
        let store = Store::open(&maildir, durable).map_err(|failure| os_error(py, &failure))?;
        Ok(Self {
            store,
            crlf,
            names: Names::new(host),
            filling: Batch::default(),
            worker: None,
            stored: Vec::new(),
            failure: None,
        })
    }

    /// Takes a whole message: a `bytes` or other buffer, or a list of them. `flags` are the letters
    /// behind `:2,` in its name; with any it goes to `cur`, else to `new`. `received` becomes the
    /// file's time, in seconds since 1970.
    ///
    /// Returns whether there is something for `settled`. Waits when two batches are on their way
    /// already. Raises `OSError` when a batch failed: what `settled` tells then was stored, what was
    /// added behind it was not.
    #[pyo3(signature = (octets, flags = "", received = None))]
    fn add(
        &mut self,
        octets: &Bound<'_, PyAny>,
        flags: &str,
        received: Option<f64>,
    ) -> PyResult<bool> {
        let py = octets.py();
        self.check(py)?;
        let time = received.and_then(time_of);
        if self.filling.is_empty() {
            self.names.refresh();
        }
        let mut draft = self.filling.begin(self.crlf);
        each_piece(octets, |piece| draft.write(piece))?;
        draft.finish(&self.names, flags, time);
        if self.filling.is_full() {
            self.hand_over(py)?;
        }
        Ok(!self.stored.is_empty())
    }

    /// The paths of the messages that were stored since the last call, in the order of `add`.
    fn settled<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.take_done();
        let stored = std::mem::take(&mut self.stored);
        PyList::new(py, stored.into_iter().map(PathBuf::into_os_string))
    }

    /// Before waiting for something else: lets the thread begin with what was added, unless it is
    /// busy. Returns what `add` returns, and never waits.
    fn push(&mut self, py: Python<'_>) -> PyResult<bool> {
        self.take_done();
        let idle = self.worker.as_ref().is_none_or(|worker| worker.under_way == 0);
        if idle && !self.filling.is_empty() {
            self.hand_over(py)?;
        }
        Ok(!self.stored.is_empty())
    }

    /// Returns when every message added is stored. Raises `OSError` as `add` does, when nothing is
    /// on its way any more.
    fn flush(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.failure.is_none() && !self.filling.is_empty() {
            self.hand_over(py)?;
        }
        self.abort(py)?;
        self.check(py)
    }

    /// Forgets what is not on its way to the disk yet, and waits for what is.
    fn abort(&mut self, py: Python<'_>) -> PyResult<()> {
        self.filling.clear();
        while self.worker.as_ref().is_some_and(|worker| worker.under_way > 0) {
            self.wait(py)?;
        }
        // The thread ends.
        self.worker = None;
        Ok(())
    }
}

impl MaildirWriter {
    fn check(&self, py: Python<'_>) -> PyResult<()> {
        self.failure.as_ref().map_or(Ok(()), |failure| Err(os_error(py, failure)))
    }

    /// Gives what was gathered to the thread, which is made when there is none.
    fn hand_over(&mut self, py: Python<'_>) -> PyResult<()> {
        self.take_done();
        while self.worker.as_ref().is_some_and(|worker| worker.under_way >= UNDER_WAY) {
            self.wait(py)?;
        }
        if self.failure.is_some() {
            self.filling.clear();
            return self.check(py);
        }
        let store = &self.store;
        let worker = self.worker.get_or_insert_with(|| Worker::new(store.clone()));
        let next = worker.spare.take().unwrap_or_default();
        worker.give(std::mem::replace(&mut self.filling, next));
        Ok(())
    }

    /// Waits for one batch. Signals are handled meanwhile.
    fn wait(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(worker) = &mut self.worker else { return Ok(()) };
        loop {
            if let Some(done) = py.detach(|| worker.wait(SIGNALS)) {
                self.note(done);
                return Ok(());
            }
            py.check_signals()?;
        }
    }

    /// Notes what the thread has done meanwhile.
    fn take_done(&mut self) {
        while let Some(done) = self.worker.as_mut().and_then(|worker| worker.wait(Duration::ZERO)) {
            self.note(done);
        }
    }

    fn note(&mut self, done: Done) {
        self.stored.extend(done.stored);
        self.failure = self.failure.take().or(done.failure);
    }
}

/// A name for a file in a Maildir that no other delivery has, on this machine or another.
#[pyfunction]
pub(crate) fn maildir_name(host: &str) -> String {
    Names::new(host).unique()
}

/// The thread, and the batches on their way to it and back.
struct Worker {
    jobs: Sender<Batch>,
    done: Mutex<Receiver<(Batch, Done)>>,
    under_way: usize,
    /// An empty batch that has its memory already.
    spare: Option<Batch>,
}

/// What became of a batch.
#[derive(Default)]
struct Done {
    stored: Vec<PathBuf>,
    failure: Option<Failure>,
}

impl Worker {
    fn new(mut store: Store) -> Self {
        let (jobs, to_do) = mpsc::channel::<Batch>();
        let (told, done) = mpsc::channel();
        thread::spawn(move || {
            let mut failed = false;
            for mut batch in to_do {
                let mut result = Done::default();
                // What comes behind a failure is not stored, so that what is, is a beginning.
                if !failed {
                    result.failure = store.store(&batch, &mut result.stored).err();
                    failed = result.failure.is_some();
                }
                batch.clear();
                if told.send((batch, result)).is_err() {
                    return;
                }
            }
        });
        Self { jobs, done: Mutex::new(done), under_way: 0, spare: None }
    }

    fn give(&mut self, batch: Batch) {
        if self.jobs.send(batch).is_ok() {
            self.under_way += 1;
        }
    }

    /// What became of the next batch, if that is known in time.
    fn wait(&mut self, most: Duration) -> Option<Done> {
        let done = self.done.get_mut().ok()?;
        match done.recv_timeout(most) {
            Ok((batch, done)) => {
                self.under_way -= 1;
                self.spare = Some(batch);
                Some(done)
            }
            Err(RecvTimeoutError::Timeout) => None,
            // The thread has died, which only a bug can do: nothing more will be stored.
            Err(RecvTimeoutError::Disconnected) => {
                self.under_way = 0;
                Some(Done { stored: Vec::new(), failure: Some(Failure::died()) })
            }
        }
    }
}

/// Shows `take` the octets of a buffer, or of each buffer in a list or tuple.
fn each_piece(octets: &Bound<'_, PyAny>, mut take: impl FnMut(&[u8])) -> PyResult<()> {
    if let Ok(pieces) = octets.cast::<PyList>() {
        pieces.iter().try_for_each(|piece| one_piece(&piece, &mut take))
    } else if let Ok(pieces) = octets.cast::<PyTuple>() {
        pieces.iter().try_for_each(|piece| one_piece(&piece, &mut take))
    } else {
        one_piece(octets, &mut take)
    }
}

fn one_piece(piece: &Bound<'_, PyAny>, take: &mut impl FnMut(&[u8])) -> PyResult<()> {
    match piece.cast::<PyBytes>() {
        Ok(octets) => take(octets.as_bytes()),
        Err(_) => take(&PyBuffer::<u8>::get(piece)?.to_vec(piece.py())?),
    }
    Ok(())
}

/// Seconds since 1970; `None` for what is no time.
fn time_of(seconds: f64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

/// The exception, of the class that Python has for its `errno`.
fn os_error(py: Python<'_>, failure: &Failure) -> PyErr {
    let Some(number) = failure.number else {
        return PyOSError::new_err(failure.text.clone());
    };
    let words = py.import("os").and_then(|os| os.call_method1("strerror", (number,)));
    let path = failure.path.as_os_str();
    words.map_or_else(
        |error| error,
        |words| PyOSError::new_err((number, words.unbind(), path.to_owned())),
    )
}

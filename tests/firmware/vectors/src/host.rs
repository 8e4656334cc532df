//! What the player finds on a host: the names of the prelude, and of `std` what it uses.

pub(crate) use alloc::borrow::ToOwned;
pub(crate) use alloc::boxed::Box;
pub(crate) use alloc::string::{String, ToString};
pub(crate) use alloc::vec::Vec;
pub(crate) use alloc::{format, vec};

/// Stands for the crate of that name.
pub(crate) mod std {
    pub(crate) use core::{cell, fmt, str};

    pub(crate) mod collections {
        pub(crate) use alloc::collections::{BTreeMap as HashMap, VecDeque};
    }
}

/// There is one thread.
macro_rules! thread_local {
    (static $name:ident: RefCell<$of:ty> = $value:expr;) => {
        static $name: crate::host::Local<$of> =
            crate::host::Local(core::cell::LazyCell::new(|| $value));
    };
}

/// What `thread_local!` makes.
pub(crate) struct Local<T>(pub(crate) core::cell::LazyCell<core::cell::RefCell<T>>);

// SAFETY: the suite runs in one thread, on hosts too.
unsafe impl<T> Sync for Local<T> {}

impl<T> Local<T> {
    pub(crate) fn with_borrow<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.0.borrow())
    }

    pub(crate) fn with_borrow_mut<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        change(&mut self.0.borrow_mut())
    }
}

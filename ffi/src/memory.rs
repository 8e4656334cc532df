//! Where C's pointers become Rust's references, and the only unsafe code. Three things are done
//! here: a span becomes a slice, an opaque object becomes the engine inside it, and memory that
//! held secrets is wiped.
//!
//! Soundness rests on what the header demands of a C program: a span describes memory that can be
//! read and does not change during the call; buffers given to an `init` stay in place, and are
//! touched by nobody else, until the object is wiped or set up anew; an object is used by one
//! thread at a time.

use core::mem::{MaybeUninit, align_of, size_of};
use core::{ptr, slice};

use mailproto_core::sasl::Mechanism;
#[cfg(feature = "server")]
use mailproto_core::sasl::ServerMechanism;
use mailproto_core::wire::valid_up_to;
use zeroize::Zeroize;

use crate::mailproto_error;

/// Octets in memory: `len` of them from `ptr` on, not terminated by NUL. A program may give NULL
/// where `len` is 0; the library never does.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_span {
    /// The first octet.
    ptr: *const u8,
    /// How many octets there are.
    len: usize,
}

impl mailproto_span {
    /// No octets, but not NULL: C's `memcpy` and `fwrite` want a pointer even to nothing.
    pub(crate) const EMPTY: Self = Self { ptr: &raw const NOTHING, len: 0 };

    /// The octets. They live as long as the header says of the parameter that the span came by.
    pub(crate) fn octets<'a>(self) -> Result<&'a [u8], mailproto_error> {
        octets(self.ptr, self.len)
    }

    /// The octets as text.
    pub(crate) fn text<'a>(self) -> Result<&'a str, mailproto_error> {
        text(self.octets()?)
    }

    /// Hands the two halves over.
    pub(crate) fn write(self, ptr: &mut MaybeUninit<*const u8>, len: &mut MaybeUninit<usize>) {
        ptr.write(self.ptr);
        len.write(self.len);
    }
}

static NOTHING: u8 = 0;

impl From<&[u8]> for mailproto_span {
    fn from(octets: &[u8]) -> Self {
        if octets.is_empty() {
            return Self::EMPTY;
        }
        Self { ptr: octets.as_ptr(), len: octets.len() }
    }
}

/// Octets as text.
pub(crate) fn text(octets: &[u8]) -> Result<&str, mailproto_error> {
    if valid_up_to(octets) < octets.len() {
        return Err(mailproto_error::NotUtf8);
    }
    // SAFETY: UTF-8, as checked.
    Ok(unsafe { core::str::from_utf8_unchecked(octets) })
}

/// The octets at `ptr`, in memory that C lends for reading.
pub(crate) fn octets<'a>(ptr: *const u8, len: usize) -> Result<&'a [u8], mailproto_error> {
    check_range(ptr, len)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL and of a possible length, as checked; readable and unchanging, as the header
    // demands (see the module's documentation).
    Ok(unsafe { slice::from_raw_parts(ptr, len) })
}

/// The octets at `ptr`, in memory that C lends for reading and writing.
pub(crate) fn octets_mut<'a>(ptr: *mut u8, len: usize) -> Result<&'a mut [u8], mailproto_error> {
    check_range(ptr, len)?;
    if len == 0 {
        return Ok(&mut []);
    }
    // SAFETY: as in `octets`; and nobody else touches it, as the header demands. It may hold
    // anything: octets that C never wrote to are octets all the same.
    Ok(unsafe { slice::from_raw_parts_mut(ptr, len) })
}

/// The octets at `ptr` to be written, apart from those that are read meanwhile.
pub(crate) fn room<'a>(
    ptr: *mut u8,
    len: usize,
    read: &[u8],
) -> Result<&'a mut [u8], mailproto_error> {
    check_disjoint(ptr, len, read.as_ptr(), read.len())?;
    octets_mut(ptr, len)
}

/// A struct that C fills in, of which arrays come: numbers, pointers and spans.
///
/// # Safety
/// The type has the layout of its C struct, and every bit pattern is valid for it: it holds no
/// enumeration, no `bool` and no reference.
pub(crate) unsafe trait Plain: Copy {}

/// A struct that the library fills in.
///
/// # Safety
/// All octets zero is a valid value.
pub(crate) unsafe trait Zero {}

/// Says that a struct may be all zero.
macro_rules! zero {
    ($type:ty) => {
        // SAFETY: of numbers, pointers, spans and enumerations that have a zero, as one sees where it is
        // declared.
        unsafe impl $crate::memory::Zero for $type {}
    };
}
pub(crate) use zero;

/// The struct at `place`, all zero, to be filled in where it lies.
pub(crate) fn zeroed<T: Zero>(place: &mut MaybeUninit<T>) -> &mut T {
    clear(place);
    // SAFETY: all octets are zero, which is a valid value.
    unsafe { place.assume_init_mut() }
}

#[cfg(feature = "fast")]
fn clear<T: Zero>(place: &mut MaybeUninit<T>) {
    *place = MaybeUninit::zeroed();
}

/// Word by word, lest `memset` be linked for this alone.
#[cfg(not(feature = "fast"))]
fn clear<T: Zero>(place: &mut MaybeUninit<T>) {
    const { assert!(align_of::<T>() >= align_of::<u32>()) };
    let words = ptr::from_mut(place).cast::<u32>();
    for word in 0..size_of::<T>() / size_of::<u32>() {
        // SAFETY: aligned, as asserted, so that its size is a whole number of words; and inside.
        unsafe { words.add(word).write_volatile(0) };
    }
}

/// Says that a struct may come in arrays.
macro_rules! plain {
    ($($type:ty),+) => {
        $(
            // SAFETY: `repr(C)`, of numbers, pointers and spans, as one sees where it is declared.
            unsafe impl $crate::memory::Plain for $type {}
        )+
    };
}
#[cfg(feature = "imap")]
pub(crate) use plain;

plain!(u32);

/// The `len` elements at `ptr`, in memory that C lends for reading.
pub(crate) fn array<'a, T: Plain>(ptr: *const T, len: usize) -> Result<&'a [T], mailproto_error> {
    let octets = len.checked_mul(size_of::<T>()).ok_or(mailproto_error::BadValue)?;
    check_range(ptr.cast(), octets)?;
    if len == 0 {
        return Ok(&[]);
    }
    if !ptr.is_aligned() {
        return Err(mailproto_error::BadValue);
    }
    // SAFETY: not NULL, aligned and of a possible length, as checked; any bit pattern will do; readable
    // and unchanging, as the header demands.
    Ok(unsafe { slice::from_raw_parts(ptr, len) })
}

/// What C lends for the time of a call, and is only read.
pub(crate) struct Shared<T>(pub(crate) T);

// SAFETY: the memory does not change during the call, as the header demands; so whoever else reads it reads
// the same. (The engine asks for this of what it is given, and starts no thread.)
unsafe impl<T: Plain> Sync for Shared<&[T]> {}

fn check_range(ptr: *const u8, len: usize) -> Result<(), mailproto_error> {
    if ptr.is_null() && len > 0 {
        return Err(mailproto_error::NullPointer);
    }
    if len > isize::MAX as usize || ptr.addr().checked_add(len).is_none() {
        return Err(mailproto_error::BadValue);
    }
    Ok(())
}

/// Where something lies, to be compared.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    start: usize,
    len: usize,
}

impl Region {
    pub(crate) fn of(octets: &[u8]) -> Self {
        Self { start: octets.as_ptr().addr(), len: octets.len() }
    }

    pub(crate) fn of_array<T: Plain>(array: &[T]) -> Self {
        Self { start: array.as_ptr().addr(), len: size_of_val(array) }
    }

    #[inline(never)]
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let begins_in = |one: Self, other: Self| one.start.wrapping_sub(other.start) < other.len;
        self.len > 0 && other.len > 0 && (begins_in(self, other) || begins_in(other, self))
    }
}

/// Checks that two buffers do not overlap: no octet of the one may be one of the other.
pub(crate) fn check_disjoint(
    one: *const u8,
    one_len: usize,
    other: *const u8,
    other_len: usize,
) -> Result<(), mailproto_error> {
    let one = Region { start: one.addr(), len: one_len };
    let other = Region { start: other.addr(), len: other_len };
    if one.overlaps(other) { Err(mailproto_error::Overlap) } else { Ok(()) }
}

/// Memory that an engine was lent, to be wiped in the end.
#[derive(Clone, Copy)]
pub(crate) struct Lent {
    ptr: *mut u8,
    len: usize,
}

impl Lent {
    pub(crate) fn new(octets: &mut [u8]) -> Self {
        Self { ptr: octets.as_mut_ptr(), len: octets.len() }
    }

    pub(crate) fn region(&self) -> Region {
        Region { start: self.ptr.addr(), len: self.len }
    }

    #[cfg(feature = "server")]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Wipes it, when the engine that borrowed it is no more.
    pub(crate) fn wipe(self) {
        // SAFETY: made from a slice, which is still lent (see the module's documentation), and the
        // engine that held that slice has been dropped by the caller.
        unsafe { slice::from_raw_parts_mut(self.ptr, self.len) }.zeroize();
    }
}

/// A type that C sees as an array of words, and what it really holds.
///
/// # Safety
/// Every bit pattern must be valid for the implementing type: it consists of
/// `MaybeUninit`.
pub(crate) unsafe trait Opaque: Sized {
    /// What is inside.
    type Inside;
    /// Tells an object that was set up from memory that was not.
    const MAGIC: u32;
}

/// Says what is inside an opaque object of the header.
macro_rules! opaque {
    ($object:ty, $inside:ty, $magic:expr) => {
        // SAFETY: the object is an array of `MaybeUninit` words.
        unsafe impl $crate::memory::Opaque for $object {
            type Inside = $inside;
            const MAGIC: u32 = $magic;
        }
    };
}
pub(crate) use opaque;

/// What lies in an opaque object.
#[repr(C)]
struct Tagged<I> {
    magic: u32,
    inside: I,
}

const fn fits<O: Opaque>() -> bool {
    size_of::<Tagged<O::Inside>>() <= size_of::<O>()
        && align_of::<Tagged<O::Inside>>() <= align_of::<O>()
}

/// Checks what an `init` was given: an object, of the size that this library was built with.
pub(crate) fn vacant<O: Opaque>(
    object: Option<&mut O>,
    size: usize,
) -> Result<&mut O, mailproto_error> {
    let object = object.ok_or(mailproto_error::NullPointer)?;
    if size == size_of::<O>() { Ok(object) } else { Err(mailproto_error::AbiMismatch) }
}

/// Sets an object up. What it held before is forgotten, not dropped: it may be anything.
pub(crate) fn place<O: Opaque>(object: &mut O, inside: O::Inside) {
    const { assert!(fits::<O>(), "the opaque object has too few words") };
    let tagged = ptr::from_mut(object).cast::<Tagged<O::Inside>>();
    // SAFETY: large enough and aligned, as asserted; any content is valid for `O`.
    unsafe { tagged.write(Tagged { magic: O::MAGIC, inside }) };
}

/// What is inside an object that was set up.
pub(crate) fn open<O: Opaque>(object: Option<&O>) -> Result<&O::Inside, mailproto_error> {
    const { assert!(fits::<O>(), "the opaque object has too few words") };
    let object = object.ok_or(mailproto_error::NullPointer)?;
    let tagged = ptr::from_ref(object).cast::<Tagged<O::Inside>>();
    check_magic::<O>(tagged)?;
    // SAFETY: the magic number is written by `place` alone, together with what follows it.
    Ok(unsafe { &(*tagged).inside })
}

/// What is inside an object that was set up, to be changed.
pub(crate) fn open_mut<O: Opaque>(
    object: Option<&mut O>,
) -> Result<&mut O::Inside, mailproto_error> {
    const { assert!(fits::<O>(), "the opaque object has too few words") };
    let object = object.ok_or(mailproto_error::NullPointer)?;
    let tagged = ptr::from_mut(object).cast::<Tagged<O::Inside>>();
    check_magic::<O>(tagged)?;
    // SAFETY: as in `open`.
    Ok(unsafe { &mut (*tagged).inside })
}

/// Ends what is inside, and wipes the object.
pub(crate) fn dismiss<O: Opaque>(object: Option<&mut O>) -> Result<(), mailproto_error> {
    let object = object.ok_or(mailproto_error::NullPointer)?;
    let inside = ptr::from_mut(open_mut(Some(&mut *object))?);
    // SAFETY: valid, as `open_mut` found; the object is wiped next, so that it is dropped once.
    unsafe { ptr::drop_in_place(inside) };
    // SAFETY: an octet view of an object for which every bit pattern is valid.
    let octets = unsafe { slice::from_raw_parts_mut(ptr::from_mut(object).cast(), size_of::<O>()) };
    <[u8]>::zeroize(octets);
    Ok(())
}

fn check_magic<O: Opaque>(tagged: *const Tagged<O::Inside>) -> Result<(), mailproto_error> {
    // SAFETY: the pointer comes from a reference to an object that is large enough. C may never
    // have written to it; a volatile read takes what is there.
    let magic = unsafe { (&raw const (*tagged).magic).read_volatile() };
    if magic == O::MAGIC { Ok(()) } else { Err(mailproto_error::NotInitialized) }
}

/// A mechanism of any type that is not larger than `Room`, seen through its trait `T`. What is
/// called is what was put in, and only that is linked: there is no list of types.
pub(crate) struct Any<Room, T: ?Sized> {
    room: MaybeUninit<Room>,
    /// Turns a pointer to the room into one to the mechanism that lies there.
    view: fn(*mut ()) -> *mut T,
}

impl<Room> Any<Room, dyn Mechanism> {
    pub(crate) fn new<M: Mechanism + 'static>(mechanism: M) -> Self {
        Self { room: fill(mechanism), view: |room| room.cast::<M>() }
    }
}

#[cfg(feature = "server")]
impl<Room> Any<Room, dyn ServerMechanism> {
    pub(crate) fn new<M: ServerMechanism + 'static>(mechanism: M) -> Self {
        Self { room: fill(mechanism), view: |room| room.cast::<M>() }
    }
}

fn fill<M, Room>(mechanism: M) -> MaybeUninit<Room> {
    const { assert!(size_of::<M>() <= size_of::<Room>()) };
    const { assert!(align_of::<M>() <= align_of::<Room>()) };
    let mut room = MaybeUninit::<Room>::uninit();
    // SAFETY: the room is large enough and aligned, as asserted.
    unsafe { room.as_mut_ptr().cast::<M>().write(mechanism) };
    room
}

impl<Room, T: ?Sized> Any<Room, T> {
    pub(crate) fn mechanism(&self) -> &T {
        // SAFETY: `new` put a mechanism there, of the type that `view` was made for; it is not
        // changed through this pointer.
        unsafe { &*(self.view)(self.room.as_ptr().cast_mut().cast()) }
    }

    pub(crate) fn mechanism_mut(&mut self) -> &mut T {
        // SAFETY: as in `mechanism`; and it is borrowed mutably.
        unsafe { &mut *(self.view)(self.room.as_mut_ptr().cast()) }
    }
}

impl<Room, T: ?Sized> Drop for Any<Room, T> {
    fn drop(&mut self) {
        // SAFETY: as in `mechanism_mut`; it is not used again.
        unsafe { ptr::drop_in_place((self.view)(self.room.as_mut_ptr().cast())) };
    }
}

//! The image: it starts with all memory as the emulator has loaded it, so that there is nothing to copy, prints
//! by semihosting and ends the emulator when it is done.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::{asm, global_asm};
use core::cell::UnsafeCell;
use core::fmt::{self, Write};
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};

use linked_list_allocator::Heap;

// Cortex-M takes the stack pointer and the entry from the first two words (ARMv6-M §B1.5.5).
#[cfg(target_arch = "arm")]
global_asm!(".section .start, \"a\"", ".word stack_top", ".word start");

// RISC-V begins at the first instruction, without a stack.
#[cfg(target_arch = "riscv32")]
global_asm!(".section .start, \"ax\"", "la sp, stack_top", "j start");

#[unsafe(no_mangle)]
extern "C" fn start() -> ! {
    MEMORY.open();
    let passed = mailproto_vectors::run(&mut |line| {
        let _ = writeln!(Host, "{line}");
    });
    exit(!passed)
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let _ = writeln!(Host, "FAILED {info}");
    exit(true)
}

// Semihosting: the debugger, here the emulator, does what a word asks for.

struct Host;

impl fmt::Write for Host {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.as_bytes().chunks(120) {
            let mut ended = [0; 121];
            ended[..piece.len()].copy_from_slice(piece);
            const WRITE0: usize = 0x04;
            semihosting(WRITE0, ended.as_ptr().addr());
        }
        Ok(())
    }
}

fn exit(failed: bool) -> ! {
    const EXIT_EXTENDED: usize = 0x20;
    const APPLICATION_EXIT: usize = 0x2_0026;
    let reason = [APPLICATION_EXIT, usize::from(failed)];
    loop {
        semihosting(EXIT_EXTENDED, reason.as_ptr().addr());
    }
}

fn semihosting(operation: usize, argument: usize) {
    // SAFETY: what the emulator does with these words changes no memory of ours.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("bkpt 0xab", inout("r0") operation => _, in("r1") argument);
    }
    // SAFETY: the same; the three instructions lie together, uncompressed, in one page.
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!(
            ".balign 16", ".option push", ".option norvc",
            "slli x0, x0, 0x1f", "ebreak", "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _, in("a1") argument,
        );
    }
}

// The player allocates, the engine does not.

const HEAP_OCTETS: usize = 2 << 20;

struct Memory {
    octets: UnsafeCell<[MaybeUninit<u8>; HEAP_OCTETS]>,
    heap: UnsafeCell<MaybeUninit<Heap>>,
}

// SAFETY: there is one thread, and no interrupt is enabled.
unsafe impl Sync for Memory {}

#[global_allocator]
static MEMORY: Memory = Memory {
    octets: UnsafeCell::new([MaybeUninit::uninit(); HEAP_OCTETS]),
    heap: UnsafeCell::new(MaybeUninit::uninit()),
};

impl Memory {
    /// Before anything is allocated.
    fn open(&self) {
        let heap = self.heap.get();
        // SAFETY: called once, first of all; the octets are given to the heap and to nobody else.
        unsafe { (*heap).write(Heap::new(self.octets.get().cast(), HEAP_OCTETS)) };
    }
}

// SAFETY: `Heap` keeps the contract; `start` has opened it.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let heap = unsafe { (*self.heap.get()).assume_init_mut() };
        heap.allocate_first_fit(layout).map_or(ptr::null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, octets: *mut u8, layout: Layout) {
        let heap = unsafe { (*self.heap.get()).assume_init_mut() };
        unsafe { heap.deallocate(NonNull::new_unchecked(octets), layout) };
    }
}

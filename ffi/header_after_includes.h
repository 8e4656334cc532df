#include <stddef.h>
#include <stdint.h>

/** @cond */
/* The size of a pointer decides how large objects are. */
#if UINTPTR_MAX == UINT64_MAX
#define MAILPROTO_POINTER_64
#elif UINTPTR_MAX == UINT32_MAX
#define MAILPROTO_POINTER_32
#else
#error "mailproto knows pointers of 32 and of 64 bits"
#endif

/* Libraries for operating systems are built with the feature `fast`, those for chips without it. Define
   MAILPROTO_SMALL where one for an operating system was built without. */
#if !defined(MAILPROTO_FAST) && !defined(MAILPROTO_SMALL) && \
    (defined(__unix__) || defined(__APPLE__) || defined(_WIN32))
#define MAILPROTO_FAST
#endif

/* How a type of a given alignment is written. */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define MAILPROTO_ALIGNED(n) alignas(n)
#elif defined(__GNUC__) || defined(__clang__)
#define MAILPROTO_ALIGNED(n) __attribute__((aligned(n)))
#elif defined(_MSC_VER)
#define MAILPROTO_ALIGNED(n) __declspec(align(n))
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MAILPROTO_ALIGNED(n) /* C11 has no place for it here: its members' alignment must do. */
#else
#define MAILPROTO_ALIGNED(n)
#endif
/** @endcond */

/** Success. */
#define MAILPROTO_OK 0

/** Whether a code says that the session was ended by the peer or the network. */
#define MAILPROTO_IS_FATAL(code) ((code) <= -200)

/** A string literal as a span. */
#define MAILPROTO_LITERAL(literal) mailproto_octets("" literal, sizeof(literal) - 1)

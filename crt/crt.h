/*
 * crt.h: what the parts of the C runtimes share.
 *
 * crt/ is one implementation behind msvcrt.dll, ucrtbase.dll and vcruntime140.dll: streams, file descriptors,
 * errno, exit tables are the process's, whichever DLL is asked.  Where the two differ, the entry points differ by
 * name (msvcrt's sprintf, ucrtbase's __stdio_common_vsprintf) and pass a flag; crt_ucrt_started decides the rest.
 *
 * API functions are ms_abi and named as Microsoft names them; with crt_ before names that libc has too.
 * Windows' wchar_t has 16 bits (-fshort-wchar), its long 32: the host's stdio.h and wchar.h are not used here.
 * Calls go down: kernel32 and ntdll, and libc's pure functions (memcpy, snprintf for digits, strtod).
 */
#ifndef CRT_CRT_H
#define CRT_CRT_H

#include "win.h"
#include <limits.h>
#include <stdatomic.h>
#include <string.h>

/* Windows' va_list: a pointer to 8-byte argument slots. */
typedef char *crt_args;
#define CRT_ARGS_START(ap, last) __builtin_ms_va_start(*(__builtin_ms_va_list *)&(ap), last)
#define CRT_ARG(ap, type) (*(type *)(((ap) += 8) - 8))

/* Windows' errno values. */
enum {
    CRT_EPERM = 1,
    CRT_ENOENT = 2,
    CRT_ESRCH = 3,
    CRT_EINTR = 4,
    CRT_EIO = 5,
    CRT_ENXIO = 6,
    CRT_E2BIG = 7,
    CRT_ENOEXEC = 8,
    CRT_EBADF = 9,
    CRT_ECHILD = 10,
    CRT_EAGAIN = 11,
    CRT_ENOMEM = 12,
    CRT_EACCES = 13,
    CRT_EFAULT = 14,
    CRT_EBUSY = 16,
    CRT_EEXIST = 17,
    CRT_EXDEV = 18,
    CRT_ENODEV = 19,
    CRT_ENOTDIR = 20,
    CRT_EISDIR = 21,
    CRT_EINVAL = 22,
    CRT_ENFILE = 23,
    CRT_EMFILE = 24,
    CRT_ENOTTY = 25,
    CRT_EFBIG = 27,
    CRT_ENOSPC = 28,
    CRT_ESPIPE = 29,
    CRT_EROFS = 30,
    CRT_EMLINK = 31,
    CRT_EPIPE = 32,
    CRT_EDOM = 33,
    CRT_ERANGE = 34,
    CRT_EDEADLK = 36,
    CRT_ENAMETOOLONG = 38,
    CRT_ENOLCK = 39,
    CRT_ENOSYS = 40,
    CRT_ENOTEMPTY = 41,
    CRT_EILSEQ = 42,
    CRT_STRUNCATE = 80,
};

#define CRT_EOF (-1)
#define CRT_WEOF ((crt_wint)0xffff)
#define CRT_TRUNCATE ((size_t)-1)
typedef unsigned short crt_wint;

/* --- memory (malloc.c): the process heap, so that msvcrt, ucrtbase and HeapAlloc's blocks mix ------------------- */

PVOID NTAPI RtlAllocateHeap(PVOID heap, ULONG flags, SIZE_T size);
PVOID NTAPI RtlReAllocateHeap(PVOID heap, ULONG flags, PVOID block, SIZE_T size);
BOOLEAN NTAPI RtlFreeHeap(PVOID heap, ULONG flags, PVOID block);
SIZE_T NTAPI RtlSizeHeap(PVOID heap, ULONG flags, const void *block);

void *WINAPI crt_malloc(size_t size);
void *WINAPI crt_calloc(size_t count, size_t size);
void *WINAPI crt_realloc(void *block, size_t size);
void WINAPI crt_free(void *block);

/* --- errno (errno.c) and the thread's block (thread.c) --------------------------------------------------------- */

struct crt_thread {
    int error;         /* errno */
    DWORD dos_error;   /* _doserrno */
    unsigned raw_read; /* bytes of the file behind the last _read: what translation hides */
    unsigned random;   /* rand */
    char *strtok_next;
    WCHAR *wcstok_next;
    unsigned char *mbstok_next;
    void *buffers[9];         /* enum crt_buffer; freed when the thread ends */
    void *handlers[8];        /* signals that are a thread's own: SIGFPE, SIGILL, SIGSEGV */
    void *exception_pointers; /* __pxcptinfoptrs, while such a handler runs */
    int fpe_code;             /* __fpecode */
    void *begin_thread;       /* what _beginthread has to close at the end */
    void *terminate;          /* set_terminate and set_unexpected of this thread */
    void *unexpected;
};

enum crt_buffer {
    BUFFER_STRERROR,
    BUFFER_WCSERROR,
    BUFFER_TM,
    BUFFER_ASCTIME,
    BUFFER_WASCTIME,
    BUFFER_TMPNAM,
    BUFFER_WTMPNAM,
    BUFFER_CVT,
    BUFFER_LOCALE,
    BUFFER_WSETLOCALE,
    BUFFER_COUNT
};

struct crt_thread *crt_thread(void);
/* A thread's static buffer of at least `size` bytes (the same size each time), zeroed when new; NULL: no memory. */
void *crt_thread_buffer(enum crt_buffer which, size_t size);

int *WINAPI _errno(void);
int crt_errno_from_win32(DWORD error);
/* Sets errno and _doserrno from a Win32 error; crt_fail_last from the thread's last error.  Return -1. */
int crt_fail_win32(DWORD error);
int crt_fail_last(void);
/* Sets errno.  Returns its argument. */
int crt_set_errno(int error);
const char *crt_error_text(int error);

/* --- invalid parameters (invalid.c) ---------------------------------------------------------------------------- */

/* Sets errno (EINVAL and the like) and calls the handler; ends the process where Windows does.  Returns `error`. */
int crt_invalid(int error);
extern bool crt_ucrt_started; /* the program's own start-up code is ucrtbase's */
#define CRT_REQUIRE(condition, result)                                                                                 \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            crt_invalid(CRT_EINVAL);                                                                                   \
            return result;                                                                                             \
        }                                                                                                              \
    } while (0)

/* --- locks: recursive, zero-cost where nobody else is ------------------------------------------------------------ */

NTSTATUS NTAPI RtlEnterCriticalSection(RTL_CRITICAL_SECTION *);
NTSTATUS NTAPI RtlLeaveCriticalSection(RTL_CRITICAL_SECTION *);
#define CRT_LOCK_INIT                                                                                                  \
    {                                                                                                                  \
        .LockCount = -1                                                                                                \
    }
static inline void crt_lock(RTL_CRITICAL_SECTION *lock)
{
    RtlEnterCriticalSection(lock);
}
static inline void crt_unlock(RTL_CRITICAL_SECTION *lock)
{
    RtlLeaveCriticalSection(lock);
}

/* --- characters (multibyte.c): the C locale maps a byte to the same code; others go by their code page --------------
 */

/* Bytes of one UTF-16 unit (up to 5) or -1; *pending keeps a high surrogate between calls (may be NULL). */
int crt_wide_to_bytes(char *bytes, WCHAR wide);
/* Length of the character at `bytes` (0: zero byte; -1: invalid or longer than count); *wide gets it. */
int crt_bytes_to_wide(WCHAR *wide, const char *bytes, size_t count);
/* File names: ANSI (or OEM after SetFileApisToOEM) to UTF-16 on the heap; errno is set when NULL. */
WCHAR *crt_wide_name(const char *name);
char *crt_narrow_name(const WCHAR *name);

/* --- file descriptors (lowio.c) ---------------------------------------------------------------------------------- */

enum {
    FD_OPEN = 0x01,
    FD_EOF = 0x02,
    FD_CRLF = 0x04,
    FD_PIPE = 0x08,
    FD_NOINHERIT = 0x10,
    FD_APPEND = 0x20,
    FD_DEVICE = 0x40,
    FD_TEXT = 0x80
};
enum { TEXT_ANSI, TEXT_UTF8, TEXT_UTF16 };

/* The layout that __pioinfo shows: osfhnd, osfile, pipech, lockinitflag, lock. */
struct crt_fd {
    HANDLE handle;
    unsigned char flags;       /* FD_* */
    unsigned char ahead;       /* a byte read too far from a pipe; '\n': none */
    unsigned char text;        /* TEXT_* */
    unsigned char ahead_count; /* bytes of `partial` in use */
    unsigned char partial[3];  /* an incomplete UTF-8 or UTF-16 character at the end of the last read */
    unsigned char reserved;
    RTL_CRITICAL_SECTION lock;
};
_Static_assert(sizeof(struct crt_fd) == 56, "__pioinfo's element");

#define FD_COUNT 8192        /* ucrtbase's */
#define FD_COUNT_MSVCRT 2048 /* msvcrt's, of streams too */
#define FD_BLOCK 32

void fd_init(void);
/* The open descriptor, or NULL with errno EBADF. */
struct crt_fd *fd_get(int fd);
/* The open descriptor, or NULL; nothing is reported. */
struct crt_fd *fd_peek(int fd);
/* A free slot (locked), or NULL with errno EMFILE. */
struct crt_fd *fd_allocate(int *fd);
HANDLE fd_handle(int fd);
/* All descriptors in use are below. */
int fd_end(void);
/* How many the program's C runtime has. */
int fd_limit(void);

enum {
    O_RDONLY_ = 0,
    O_WRONLY_ = 1,
    O_RDWR_ = 2,
    O_APPEND_ = 8,
    O_RANDOM_ = 0x10,
    O_SEQUENTIAL_ = 0x20,
    O_TEMPORARY_ = 0x40,
    O_NOINHERIT_ = 0x80,
    O_CREAT_ = 0x100,
    O_TRUNC_ = 0x200,
    O_EXCL_ = 0x400,
    O_SHORT_LIVED_ = 0x1000,
    O_OBTAIN_DIR_ = 0x2000,
    O_TEXT_ = 0x4000,
    O_BINARY_ = 0x8000,
    O_WTEXT_ = 0x10000,
    O_U16TEXT_ = 0x20000,
    O_U8TEXT_ = 0x40000
};
enum { SH_COMPAT_ = 0, SH_DENYRW_ = 0x10, SH_DENYWR_ = 0x20, SH_DENYRD_ = 0x30, SH_DENYNO_ = 0x40, SH_SECURE_ = 0x80 };

extern int crt_fmode; /* _fmode */
extern int crt_umask;
int crt_open(const WCHAR *name, int flags, int share, int mode);
int WINAPI _close(int fd);
int WINAPI _read(int fd, void *buffer, unsigned count);
int WINAPI _write(int fd, const void *buffer, unsigned count);
int WINAPI _isatty(int fd);
int WINAPI _open_osfhandle(intptr_t handle, int flags);
int WINAPI _setmode(int fd, int mode);
int WINAPI _commit(int fd);
int WINAPI _chsize_s(int fd, int64_t size);
int64_t WINAPI _lseeki64(int fd, int64_t offset, int origin);
int64_t WINAPI _telli64(int fd);

/* --- streams (stream.c) ------------------------------------------------------------------------------------------ */

/* msvcrt's FILE: programs read and write these fields with getc and putc macros.  Layout is ABI. */
struct stream {
    char *ptr;
    int cnt;
    char *base;
    int flag; /* STREAM_* */
    int file;
    int charbuf;
    int bufsiz;
    char *tmpfname;
};
_Static_assert(sizeof(struct stream) == 48, "msvcrt's FILE");

enum {
    STREAM_READ = 0x01,
    STREAM_WRITE = 0x02,
    STREAM_UNBUFFERED = 0x04,
    STREAM_OWN_BUFFER = 0x08,
    STREAM_EOF = 0x10,
    STREAM_ERROR = 0x20,
    STREAM_STRING = 0x40,
    STREAM_UPDATE = 0x80,
    STREAM_USER_BUFFER = 0x100,
    STREAM_LINE_BUFFER = 0x200,
    STREAM_SETVBUF = 0x400,
    STREAM_TEMPORARY = 0x1000,
    STREAM_COMMIT = 0x4000,
    STREAM_OPEN = 0x10000
};

#define STREAM_BUFFER 4096
#define STREAM_STATIC 20
extern struct stream crt_iob[STREAM_STATIC];
#define crt_stdin (&crt_iob[0])
#define crt_stdout (&crt_iob[1])
#define crt_stderr (&crt_iob[2])

void stream_lock(struct stream *);
void stream_unlock(struct stream *);

extern char __libc_single_threaded; /* libc's: true until a second thread is started */

/* The lock around a short operation: not needed while nobody else could come. */
static inline bool stream_guard(struct stream *stream)
{
    if (__libc_single_threaded)
        return false;
    stream_lock(stream);
    return true;
}

static inline void stream_unguard(struct stream *stream, bool locked)
{
    if (locked)
        stream_unlock(stream);
}

/* A free stream, locked; NULL with errno EMFILE or ENOMEM. */
struct stream *stream_allocate(void);
void stream_release(struct stream *);
/* Flushes what is written; 0 or EOF.  The stream is locked by the caller, as for all that follow. */
int stream_flush(struct stream *);
int stream_close(struct stream *);
/* Flushes every stream; returns how many were flushed, or EOF. */
int stream_flush_all(void);
int stream_fill(struct stream *);                    /* the next byte, or EOF */
int stream_spill(int c, struct stream *);            /* writes c where the buffer is full or absent */
size_t stream_read(struct stream *, void *, size_t); /* bytes read */
size_t stream_write(struct stream *, const void *, size_t);
bool stream_is_unicode(struct stream *); /* its descriptor is in UTF-8 or UTF-16 mode */
/* Gives an unbuffered output stream a buffer for one call; stream_end_burst writes it in one go. */
bool stream_begin_burst(struct stream *, char *buffer, int size);
void stream_end_burst(struct stream *, bool begun);
int64_t stream_tell(struct stream *);
int stream_seek(struct stream *, int64_t offset, int origin);

static inline int stream_getc(struct stream *stream)
{
    return --stream->cnt >= 0 ? (unsigned char)*stream->ptr++ : stream_fill(stream);
}
static inline int stream_putc(int c, struct stream *stream)
{
    if (--stream->cnt >= 0)
        return (unsigned char)(*stream->ptr++ = (char)c);
    return stream_spill(c, stream);
}
crt_wint stream_getwc(struct stream *);
crt_wint stream_putwc(WCHAR c, struct stream *);
crt_wint stream_ungetwc(crt_wint c, struct stream *);
int stream_ungetc(int c, struct stream *);

/* Parses fopen's mode: open flags (O_*) and stream flags; false: invalid. */
bool stream_parse_mode(const WCHAR *mode, int *open_flags, int *stream_flags);
struct stream *WINAPI _wfdopen(int fd, const WCHAR *mode);
int WINAPI crt_fclose(struct stream *);
struct stream *stream_open(const WCHAR *name, const WCHAR *mode, int share, struct stream *into);

/* --- printf and scanf (format.h, scan.h have the engines) -------------------------------------------------------- */

enum {
    FORMAT_LEGACY_NULL = 1, /* ucrt's option bits */
    FORMAT_STANDARD_SNPRINTF = 2,
    FORMAT_LEGACY_WIDE = 4,
    FORMAT_LEGACY_MSVCRT = 8,
    FORMAT_THREE_DIGITS = 16,
    FORMAT_STANDARD_ROUNDING = 32, /* exact halves to even */
    FORMAT_MSVCRT = 0x100,         /* msvcrt's own: 1.#INF, 17 digits, h for hh */
    FORMAT_POSITIONAL = 0x200,     /* _printf_p */
    FORMAT_SECURE = 0x400,         /* the _s functions: unknown conversions are errors */
};

int format_stream(struct stream *, const char *format, crt_args, unsigned options);
int format_stream_wide(struct stream *, const WCHAR *format, crt_args, unsigned options);
/* Like C99's snprintf: returns the whole length; writes at most `size` units, a zero only if it fits.  -1: error. */
int format_buffer(char *buffer, size_t size, const char *format, crt_args, unsigned options);
int format_buffer_wide(WCHAR *buffer, size_t size, const WCHAR *format, crt_args, unsigned options);

/* --- start and end (startup.c, exit.c) ---------------------------------------------------------------------------- */

extern int crt_argc, crt_commode, crt_app_type;
extern char **crt_argv, **crt_environ;
extern WCHAR **crt_wargv, **crt_wenviron;
/* Makes crt_environ / crt_wenviron from the process's environment (env.c of crt-base keeps them up to date). */
bool crt_environ_init(void);
bool crt_wenviron_init(void);
_Noreturn void WINAPI crt_exit(int code);
_Noreturn void WINAPI crt_exit_now(int code);
_Noreturn void WINAPI crt_abort(void);
/* Removes tmpfile's files and flushes streams; called once by exit. */
void crt_close_streams(void);

/* Names of files (direct.c, path.c). */
char *WINAPI _getcwd(char *buffer, int size);
WCHAR *WINAPI _wgetcwd(WCHAR *buffer, int size);

/* Writes the digits of `value` so that the last one is before `end`, at most 64; returns the first.  Radix 2 to 36. */
char *crt_digits(char *end, uint64_t value, unsigned radix, bool upper);

/* Wide and narrow helpers that several files need; all on the heap. */
WCHAR *crt_widen(UINT codepage, const char *text);
char *crt_narrow(UINT codepage, const WCHAR *text);
size_t crt_wide_length(const WCHAR *);

#endif

/*
 * file.h: open files: disk files, directories, pipes, consoles, devices.
 *
 * A struct file is what Windows calls a file object: what several duplicated handles share (position, mode,
 * completion port).  It owns its fd.  The position of a file that was opened here is kept here
 * (pread, pwrite); that of an inherited one is the host's, since others share it.
 */
#ifndef NTDLL_FILE_H
#define NTDLL_FILE_H

#include <pthread.h>
#include <sys/stat.h>

#include "arena_files.h"
#include "object.h"
#include "path.h"

enum file_kind {
    FILE_KIND_DISK,
    FILE_KIND_DIRECTORY,
    FILE_KIND_PIPE,      /* fifo, socket, anonymous or named pipe's end */
    FILE_KIND_CONSOLE,   /* a terminal */
    FILE_KIND_CHARACTER, /* another character device */
    FILE_KIND_NULL,
    FILE_KIND_PIPE_ROOT, /* \Device\NamedPipe itself */
    FILE_KIND_SOCKET,
    FILE_KIND_AFD,   /* \Device\Afd itself: takes polls (afd.c) */
    FILE_KIND_MAILSLOT,
    FILE_KIND_OTHER, /* other devices: opens, but answers nothing */
};

struct share;          /* share.c: all opens of one inode */
struct directory_scan; /* directory.c: a listing in progress */
struct pipe_end;       /* pipe.c: what a pipe knows beyond its fd */
struct mailslot_end;   /* mailslot.h: of kind FILE_KIND_MAILSLOT */
struct notify;         /* notify.c: a watch on a directory */
struct socket;         /* socket.h */
struct io_watch;       /* ioqueue.h */
struct io_channel;     /* iopoll.h: pending operations */

struct file {
    struct object object;
    struct waitable waitable; /* signalled when an operation without an event of its own ends */
    int fd;                   /* -1: a virtual directory, or a device without one */
    enum file_kind kind;
    ACCESS_MASK access; /* specific rights, as granted */
    ULONG options;      /* FILE_* options of NtCreateFile */
    ULONG sharing;
    WCHAR drive;        /* 0: none */
    char *host;         /* absolute host path, owned; NULL: none */
    bool host_position; /* the position is the fd's own */
    bool append;        /* access without FILE_WRITE_DATA: writes go to the end */
    bool delete_pending;
    bool delete_posix; /* the name goes when this file closes, whoever else has it open */
    bool borrowed;     /* fd 0, 1 or 2: not closed */
    uint8_t standard;  /* bit n: fd n is this file's or a copy of it (a child's standard handles) */
    bool synchronous;
    bool pipe_nowait;             /* PIPE_NOWAIT */
    bool console_input;           /* a console opened for its input */
    struct io_watch *input_watch; /* a console that somebody has waited for */
    UCHAR notification_modes;     /* FILE_SKIP_... of FileIoCompletionNotificationInformation */
    int64_t position;             /* under `lock` */
    pthread_mutex_t lock;
    struct object *port; /* completion port, owned; set once */
    ULONG_PTR port_key;
    struct share *share; /* entered there; NULL: not shared */
    struct file_key key; /* which file it is, if it was entered */
    struct file *share_next;
    uint32_t share_mode; /* enum open_mode */
    uint32_t doomed;     /* record of its name in the arena, to be deleted; 0: none */
    struct directory_scan *scan;
    struct pipe_end *pipe;
    struct mailslot_end *mailslot;
    struct notify *notify;
    struct stream *stream;              /* namedstream.c: fd is a copy in memory of a named stream */
    struct socket *socket;              /* of kind FILE_KIND_SOCKET, owned */
    struct io_channel *_Atomic channel; /* ioqueue.c, owned; NULL: has never had to wait */
    _Atomic uint32_t locks;             /* byte-range locks held through this file */
};

/* Which file it is, without asking the host if it is shared. */
bool file_key(const struct file *file, struct file_key *key);

/* Makes a file object around `fd` (takes it over).  NULL: no memory. */
struct file *file_create(enum file_kind kind, int fd, ACCESS_MASK access, ULONG options);

/* The kind of file an open fd is. */
/* Where the file lies: the Win32 path with all links on the way resolved, as Windows tells it.  STATUS_BUFFER_TOO_SMALL. */
NTSTATUS file_dos_path(const struct file *file, WCHAR *dos, size_t count);

enum file_kind file_kind_from_stat(const struct stat *st, int fd);

/* How an operation tells that it has ended (NtReadFile's first parameters). */
struct completion {
    struct file *file;
    struct object *event; /* owned; NULL: the file itself is signalled */
    PIO_APC_ROUTINE apc;
    PVOID context;
    PIO_STATUS_BLOCK io;
    struct object *thread; /* for the APC; owned; NULL: `apc` is winrun's own */
    struct thread *issuer; /* only compared: CancelIo */
    NTSTATUS result;       /* ioqueue.c: how a request ended that is about to tell */
};

/* Checks and prepares: looks up the event and resets it (or the file). */
NTSTATUS completion_begin(struct completion *, struct file *file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                          PIO_STATUS_BLOCK io);
/* Of an operation of winrun's own: told(context, io, 0) is called at its end, on any thread and under no lock. */
void completion_begin_own(struct completion *, struct file *file, PIO_APC_ROUTINE told, PVOID context,
                          PIO_STATUS_BLOCK io);

/*
 * Writes the status block, signals, posts, queues the APC, and gives back what `completion` owns.  at_once: the caller
 * returns `status` to the program itself; then errors complete nothing.  Returns status.
 */
NTSTATUS completion_end(struct completion *, NTSTATUS status, ULONG_PTR information, bool at_once);

/* A synchronous file's caller waits for what is pending.  Only for operations begun without an event. */
NTSTATUS completion_wait(struct file *file, NTSTATUS status, PIO_STATUS_BLOCK io);

/* share.c: sharing modes.  share_open: STATUS_SHARING_VIOLATION, STATUS_DELETE_PENDING. */
NTSTATUS share_open(struct file *file, const struct stat *st);
/* A file that was open in another process before: it stands beside whatever else is open. */
void share_inherit(struct file *file);
void share_close(struct file *file);
/* FILE_DELETE_ON_CLOSE: others may still open it until this file closes. */
void share_set_delete(struct file *file, bool delete);
/* The disposition: nobody may open it from now on. */
void share_mark_delete(struct file *file, bool delete, bool posix);
bool share_delete_pending(const struct file *file);
/* Its name is another one now. */
void share_renamed(struct file *file);
/* True if somebody has it open without sharing deletion (so it can not be replaced). */
bool share_blocks_delete(const struct stat *st);

/* attributes.c: Windows' view of a file's stat and attributes. */
struct file_facts {
    struct stat st;
    ULONG attributes;
    ULONG reparse_tag;
    int64_t created, accessed, written, changed; /* 100 ns since 1601 */
};

/* Of an open file, or of a host path (follow: through a symbolic link).  0 or an NTSTATUS. */
NTSTATUS facts_of_file(struct file *file, struct file_facts *facts);
NTSTATUS facts_of_path(int directory_fd, const char *host, bool follow, struct file_facts *facts);
/* Of a name in an open directory; `host` is its full path. */
NTSTATUS facts_of_entry(int directory_fd, const char *name, const char *host, struct file_facts *facts);
void facts_of_virtual(struct file_facts *facts);
NTSTATUS attributes_store(int fd, const char *host, const struct stat *st, ULONG attributes);
void created_store(int fd, const char *host, const struct stat *st, int64_t created);
int64_t time_from_host(struct timespec t);
struct timespec time_to_host(int64_t t);

/* pipe.c */
NTSTATUS pipe_open(const struct path *path, HANDLE root, ACCESS_MASK access, ULONG inherit, ULONG options,
                   HANDLE *handle);
void pipe_handle_closed(struct file *file);
void pipe_destroy(struct file *file);

/* directory.c, notify.c, lockfile.c */
void directory_destroy(struct file *file);
void notify_destroy(struct file *file);
void lockfile_destroy(struct file *file);

/* fileopen: opens by name what path.c resolved; used by NtCreateFile and the *Attributes calls. */
NTSTATUS file_not_found_status(int error, const char *host);

#endif

/*
 * arena.c: attaching, the lock, entries and their holders.  arena_process.c has the process records.
 *
 * Layer: NT layer.  The file lies in /dev/shm (or /tmp) under a name made of the user, the prefix and the layout's
 * version.  Attaching and removing are serialised by a lock on the file, all else by the robust mutex inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "arena.h"
#include "arena_private.h"
#include "lock.h"
#include "path.h"
#include "process.h"
#include "remote.h"

#define MAGIC 0x31415741u
#define LAYOUT_VERSION 2

static struct arena *arena;
static int file_fd = -1;
static uint32_t own = ARENA_PROCESSES;
static char file_path[96];
static pthread_mutex_t attach_lock = PTHREAD_MUTEX_INITIALIZER;

struct arena *arena_attached(void)
{
    return __atomic_load_n(&arena, __ATOMIC_ACQUIRE);
}

int arena_fd(void)
{
    return file_fd;
}

uint32_t arena_self(void)
{
    return own;
}

struct arena_process *arena_process(uint32_t number)
{
    return &arena->processes[number];
}

struct arena_entry *arena_entry(uint32_t index)
{
    return &arena->entries[index];
}

struct remote_exchange *arena_exchange(uint32_t number)
{
    return &arena->exchanges[number];
}

uint32_t arena_index(const struct waitable *waitable)
{
    return (uint32_t)(((const char *)waitable - (const char *)arena->entries) / sizeof(struct arena_entry));
}

const char *arena_tag(void)
{
    static char tag[48];
    if (!tag[0]) {
        uint64_t hash = 14695981039346656037u;
        for (const char *p = path_prefix(); *p; p++)
            hash = (hash ^ (unsigned char)*p) * 1099511628211u;
        snprintf(tag, sizeof tag, "winrun-%u-%016llx", (unsigned)geteuid(), (unsigned long long)hash);
    }
    return tag;
}

static void path_make(const char *directory)
{
    snprintf(file_path, sizeof file_path, "%s/%s.%d", directory, arena_tag(), LAYOUT_VERSION);
}

void arena_section_path(uint32_t index, char *path, size_t size)
{
    snprintf(path, size, "%s.s%u-%u", file_path, index, atomic_load(&arena->entries[index].serial));
}

static bool map_file(int fd)
{
    struct arena *map = mmap(NULL, sizeof *map, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return false;
    file_fd = fd;
    __atomic_store_n(&arena, map, __ATOMIC_RELEASE);
    return true;
}

static void header_init(struct arena_header *header)
{
    arena_files_init(&arena->files);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&header->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    atomic_store(&header->high, 1); /* entry 0 is none */
    header->magic = MAGIC;
}

/* Opens or makes the file; locked (flock) on return.  -1: not there. */
static int file_open(void)
{
    struct stat st;
    for (;;) {
        int fd = open(file_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX) || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
            close(fd);
            return -1;
        }
        if (st.st_nlink && (st.st_size == sizeof(struct arena) || !ftruncate(fd, sizeof(struct arena))))
            return fd;
        close(fd); /* removed meanwhile by the last process: make a new one */
        if (st.st_nlink)
            return -1;
    }
}

/* Without a place for the file the processes of one tree still share. */
static int file_anonymous(void)
{
    int fd = memfd_create("winrun-arena", MFD_CLOEXEC);
    file_path[0] = 0;
    if (fd >= 0 && ftruncate(fd, sizeof(struct arena))) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The file of a section or mailslot, or of what was about to become one. */
static void section_remove(uint32_t index)
{
    char path[160];
    uint32_t kind = atomic_load(&arena->entries[index].kind);
    if ((kind != ARENA_SECTION && kind != ARENA_MAILSLOT && kind != ARENA_BUSY) || !file_path[0])
        return;
    arena_section_path(index, path, sizeof path);
    unlink(path);
}

/* Files of those whose holders were killed. */
static void sections_remove(void)
{
    for (uint32_t i = 1; i < atomic_load(&arena->header.high); i++)
        section_remove(i);
}

/* The last process takes the file away. */
static void file_remove(bool wait)
{
    int fd = open(file_path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return;
    struct stat st, ours;
    if (!flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)) && !fstat(fd, &st) && !fstat(file_fd, &ours) &&
        st.st_ino == ours.st_ino && !arena_others_live()) {
        sections_remove();
        unlink(file_path);
    }
    close(fd);
}

void arena_signal_end(void)
{
    if (!arena || own == ARENA_PROCESSES || !file_path[0])
        return;
    atomic_store(&arena->processes[own].dying, 1);
    if (!arena_others_live())
        file_remove(false);
}

/* Reset to the default already: the signal comes again when this returns. */
static void on_deadly_signal(int number)
{
    arena_signal_end();
    raise(number);
}

/* A person's Control-C leaves no file behind either. */
static void hear_deadly_signals(void)
{
    static const int signals[] = {SIGINT, SIGHUP, SIGTERM};
    struct sigaction action = {.sa_handler = on_deadly_signal, .sa_flags = SA_RESETHAND | SA_ONSTACK}, old;
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        if (!sigaction(signals[i], NULL, &old) && old.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
}

static void attach(void)
{
    path_make("/dev/shm");
    int fd = file_open();
    if (fd < 0) {
        path_make("/tmp");
        fd = file_open();
    }
    if (fd < 0)
        fd = file_anonymous();
    if (fd < 0 || !map_file(fd)) {
        warn("memory shared between processes: %s (named objects stay private)", strerror(errno));
        if (fd >= 0)
            close(fd);
        return;
    }
    if (arena->header.magic != MAGIC)
        header_init(&arena->header);
    arena_sweep();
    own = arena_process_create();
    if (own == ARENA_PROCESSES)
        fatal(125, "the prefix has more than %d processes", ARENA_PROCESSES);
    arena_process_fill(arena_process(own));
    if (file_path[0])
        flock(fd, LOCK_UN);
    hear_deadly_signals();
    remote_listen();
}

struct arena *arena_attach(void)
{
    if (arena_attached())
        return arena;
    host_lock(&attach_lock);
    if (!arena)
        attach();
    host_unlock(&attach_lock);
    return arena;
}

void arena_adopt(int fd, uint32_t process)
{
    path_make("/dev/shm");
    struct stat st, named;
    if (!map_file(fd))
        fatal(125, "memory shared with the parent process: %s", strerror(errno));
    if (fstat(fd, &st) || lstat(file_path, &named) || st.st_ino != named.st_ino) {
        path_make("/tmp");
        if (lstat(file_path, &named) || st.st_ino != named.st_ino)
            file_path[0] = 0;
    }
    own = process;
    arena_process_fill(arena_process(own));
    hear_deadly_signals();
}

static bool arena_held(const struct arena_holders *holders)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < ARENA_PROCESSES / 64; i++)
        bits |= atomic_load(&holders->bits[i]);
    return bits != 0;
}

void arena_lock(void)
{
    thread_no_suspend();
    if (pthread_mutex_lock(&arena->header.lock) != EOWNERDEAD)
        return;
    pthread_mutex_consistent(&arena->header.lock);
    /* Whoever died may have been filling an entry, which nobody has seen yet, or freeing one. */
    for (uint32_t i = 1; i < atomic_load(&arena->header.high); i++) {
        uint32_t kind = atomic_load(&arena->entries[i].kind);
        if (kind == ARENA_BUSY) {
            section_remove(i);
            atomic_store(&arena->entries[i].kind, ARENA_FREE);
        } else if (kind != ARENA_FREE && !arena_held(&arena->entries[i].holders))
            arena_free_entry(i);
    }
}

void arena_unlock(void)
{
    pthread_mutex_unlock(&arena->header.lock);
    thread_may_suspend();
}

uint32_t arena_allocate(void)
{
    static uint32_t hint = 1;
    uint32_t high = atomic_load(&arena->header.high), index = hint;
    for (uint32_t tried = 0; tried < high; tried++, index++) {
        if (index >= high)
            index = 1;
        if (atomic_load(&arena->entries[index].kind) == ARENA_FREE && index < high)
            break;
    }
    if (index >= high || atomic_load(&arena->entries[index].kind) != ARENA_FREE) {
        if (high == ARENA_ENTRIES)
            return 0;
        index = high;
        atomic_store(&arena->header.high, high + 1);
    }
    hint = index + 1;
    struct arena_entry *entry = &arena->entries[index];
    atomic_store(&entry->kind, ARENA_BUSY);
    atomic_store(&arena->hashes[index], 0);
    atomic_fetch_add(&entry->serial, 1);
    entry->name_length = 0;
    atomic_store(&entry->owner, 0);
    memset(&entry->waitable, 0, sizeof entry->waitable);
    memset(entry->data, 0, sizeof entry->data);
    memset(&entry->holders, 0, sizeof entry->holders);
    arena_hold(&entry->holders, own);
    return index;
}

static WCHAR fold_ascii(WCHAR c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

uint32_t arena_name_hash(const UNICODE_STRING *name)
{
    uint32_t hash = 2166136261u;
    for (unsigned i = 0; i < name->Length / sizeof(WCHAR); i++)
        hash = (hash ^ fold_ascii(name->Buffer[i])) * 16777619u;
    return hash ? hash : 1;
}

static bool name_is(const struct arena_entry *entry, const UNICODE_STRING *name, bool fold)
{
    if (entry->name_length * sizeof(WCHAR) != name->Length)
        return false;
    for (unsigned i = 0; i < entry->name_length; i++) {
        WCHAR a = entry->name[i], b = name->Buffer[i];
        if (a != b && !(fold && fold_ascii(a) == fold_ascii(b)))
            return false;
    }
    return true;
}

uint32_t arena_find(const UNICODE_STRING *name, bool fold)
{
    return arena_find_after(name, fold, 0);
}

uint32_t arena_find_after(const UNICODE_STRING *name, bool fold, uint32_t index)
{
    uint32_t hash = arena_name_hash(name), high = atomic_load(&arena->header.high);
    for (uint32_t i = index + 1; i < high; i++)
        if (atomic_load_explicit(&arena->hashes[i], memory_order_relaxed) == hash &&
            atomic_load(&arena->entries[i].kind) > ARENA_BUSY && name_is(&arena->entries[i], name, fold))
            return i;
    return 0;
}

void arena_set_name(uint32_t index, const UNICODE_STRING *name)
{
    struct arena_entry *entry = &arena->entries[index];
    memcpy(entry->name, name->Buffer, name->Length);
    entry->name_length = name->Length / sizeof(WCHAR);
    atomic_store(&arena->hashes[index], name->Length ? arena_name_hash(name) : 0);
}

void arena_unname_directory(uint32_t index)
{
    static const UNICODE_STRING none;
    struct arena_entry *directory = &arena->entries[index];
    uint32_t length = directory->name_length, high = atomic_load(&arena->header.high);
    if (!length)
        return;
    for (uint32_t i = 1; i < high; i++) {
        struct arena_entry *entry = &arena->entries[i];
        if (atomic_load(&arena->hashes[i]) && atomic_load(&entry->kind) > ARENA_BUSY && entry->name_length > length &&
            entry->name[length] == '\\' && memcmp(entry->name, directory->name, length * sizeof(WCHAR)) == 0)
            arena_set_name(i, &none);
    }
    arena_set_name(index, &none);
}

void arena_hold(struct arena_holders *holders, uint32_t process)
{
    atomic_fetch_or(&holders->bits[process / 64], 1ull << process % 64);
}

bool arena_holds(const struct arena_holders *holders, uint32_t process)
{
    return atomic_load(&holders->bits[process / 64]) >> process % 64 & 1;
}

bool arena_drop(struct arena_holders *holders, uint32_t process)
{
    atomic_fetch_and(&holders->bits[process / 64], ~(1ull << process % 64));
    return !arena_held(holders);
}

void arena_free_entry(uint32_t index)
{
    struct arena_entry *entry = &arena->entries[index];
    section_remove(index);
    if (atomic_load(&entry->kind) == ARENA_JOB)
        job_handles_closed(index);
    if (atomic_load(&entry->kind) == ARENA_DIRECTORY)
        arena_unname_directory(index);
    atomic_store(&arena->hashes[index], 0);
    atomic_store(&entry->kind, ARENA_FREE);
}

void arena_drop_entry(uint32_t index, uint32_t process)
{
    arena_lock();
    if (arena_drop(&arena->entries[index].holders, process))
        arena_free_entry(index);
    arena_unlock();
}

void arena_note_exit(ULONG code)
{
    if (!arena_attached() || own == ARENA_PROCESSES)
        return;
    struct arena_process *self = arena_process(own);
    self->exit_code = code;
    atomic_store(&self->exit_known, 1);
}

void arena_detach(ULONG code)
{
    if (!arena_attached() || own == ARENA_PROCESSES)
        return;
    arena_note_exit(code);
    arena_bury(own);
    if (file_path[0] && !arena_others_live())
        file_remove(true);
}

/*
 * hostmaps.c: what the host has mapped, from /proc/self/maps.
 *
 * Layer: ntdll.  Works with system calls and a buffer on the stack alone, so that it can run in a signal handler.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "region.h"

/* Reads lines without allocating; a line longer than the buffer loses its end. */
struct line_reader {
    int fd;
    size_t start, end;
    char buffer[3072];
};

static char *line_next(struct line_reader *reader)
{
    for (;;) {
        char *line = reader->buffer + reader->start;
        char *newline = memchr(line, '\n', reader->end - reader->start);
        ssize_t got;

        if (newline) {
            *newline = 0;
            reader->start = (size_t)(newline + 1 - reader->buffer);
            return line;
        }
        memmove(reader->buffer, line, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
        if (reader->end == sizeof reader->buffer)
            reader->end = 0;
        got = read(reader->fd, reader->buffer + reader->end, sizeof reader->buffer - reader->end);
        if (got <= 0)
            return NULL;
        reader->end += (size_t)got;
    }
}

static uintptr_t hex_parse(const char **text)
{
    uintptr_t value = 0;

    for (;; (*text)++) {
        unsigned digit = (unsigned char)**text;

        if (digit - '0' < 10)
            digit -= '0';
        else if (digit - 'a' < 6)
            digit -= 'a' - 10;
        else
            return value;
        value = value << 4 | digit;
    }
}

/* "start-end rwxp offset dev inode   path" */
static void line_parse(const char *line, struct host_range *range)
{
    const char *at = line, *path;
    size_t length;

    range->start = hex_parse(&at);
    at++;
    range->end = hex_parse(&at);
    range->prot = (at[1] == 'r' ? PROT_READ : 0) | (at[2] == 'w' ? PROT_WRITE : 0) | (at[3] == 'x' ? PROT_EXEC : 0);
    range->shared = at[4] == 's';
    path = strpbrk(at, "/[");
    length = path ? strlen(path) : 0;
    if (length >= sizeof range->path)
        length = sizeof range->path - 1;
    memcpy(range->path, path ? path : "", length);
    range->path[length] = 0;
}

bool host_range_at(uintptr_t address, struct host_range *range)
{
    struct line_reader reader = {.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
    uintptr_t previous = 0;
    char *line;

    if (reader.fd < 0)
        return false;
    while ((line = line_next(&reader))) {
        line_parse(line, range);
        if (address < range->end)
            break;
        previous = range->end;
    }
    close(reader.fd);
    range->mapped = line && range->start <= address;
    if (!range->mapped) {
        range->end = line ? range->start : ADDRESS_LIMIT;
        range->start = previous;
        range->prot = PROT_NONE;
        range->path[0] = 0;
    }
    return true;
}

/*
 * prefix.h: what the files of winrun-prefix.so share.  Each function that fails has said why, in one line.
 */
#ifndef PREFIX_PREFIX_H
#define PREFIX_PREFIX_H

#include <glib.h>
#include <stdbool.h>

/* "winrun: prefix: ..." on standard error; false. */
bool complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* What a long operation has done so far, shown on a terminal. */
struct progress {
    const char *what;
    gint64 shown; /* time */
    guint64 files, bytes;
};
void progress_add(struct progress *progress, guint64 bytes);
void progress_end(struct progress *progress);

/* Whether a program that has touched the registry is running in it. */
bool prefix_in_use(const char *directory);

/* copy.c */
bool prefix_copy(const char *from, const char *to, struct progress *progress);
bool tree_remove(const char *path);
/* Size on disk, in bytes. */
guint64 tree_size(const char *path);
/* Puts `fresh` in the place of `old`, in one step where the file system can; `old` is gone afterwards. */
bool tree_replace(const char *fresh, const char *old);
/* A consistent copy of the registry's file, whoever writes to it. */
bool registry_copy(const char *from, int to_fd);

/* archive.c */
/* user: whose it is, if its prefix.conf does not say so. */
bool prefix_export(const char *directory, const char *user, const char *file, struct progress *progress);
bool prefix_import(const char *file, const char *directory, struct progress *progress);

#endif

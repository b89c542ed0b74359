/*
 * robocopy.h: robocopy.exe: what was asked for, and what has been done.
 */
#ifndef ROBOCOPY_H
#define ROBOCOPY_H

#include "programs/console.h"

/* What the summary counts, for directories, files and bytes. */
struct counts {
    unsigned long long total, copied, skipped, mismatched, failed, extra;
};

struct options {
    bool tree, empty, purge, move_files, move_all, older_out, newer_out, changed_out, lonely_out, extra_out;
    bool same_too, create, list;
    bool no_files, no_directories, no_header, no_summary, no_sizes, no_classes, verbose, bytes, full_paths;
    unsigned levels, retries, wait;
    unsigned long long least, most; /* sizes */
    bool any_least, any_most;
    DWORD set, cleared; /* attributes of the copies */
    DWORD need_set;     /* only files with these */
    bool attributes, times;
    WCHAR **files, **without_files, **without_directories;
    unsigned file_count, without_file_count, without_directory_count;
    struct counts directory_counts, file_counts, byte_counts;
};

/* main.c: to the log, if there is one, or standard output, or both. */
void say(const WCHAR *format, ...);
/* copy.c */
void copy_tree(struct options *options, const WCHAR *from, const WCHAR *to, unsigned level);

#endif

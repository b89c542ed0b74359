/*
 * findlist.h: searches that are answered by one list: FindClose ends them like the others.
 */
#ifndef KERNEL32_FINDLIST_H
#define KERNEL32_FINDLIST_H

#include "win.h"

/* What is being listed; also tells such a search from another handle. */
enum find_list_kind { FIND_STREAMS = 0x4d525453, FIND_NAMES = 0x454d414e };

struct find_list {
    ULONG magic; /* enum find_list_kind */
    void *next;  /* entry; NULL: at the end */
    void *list;  /* in heap memory, owned */
};

/* Takes over `list`, whose first entry is `first`.  NULL and the last error on failure. */
struct find_list *find_list_create(enum find_list_kind kind, void *list, void *first);

/* The search of this kind; NULL: the handle is none, or (also the last error is set) there is nothing more. */
struct find_list *find_list_next(HANDLE handle, enum find_list_kind kind);

/* False: the handle is not such a search. */
bool find_list_close(HANDLE handle);

#endif

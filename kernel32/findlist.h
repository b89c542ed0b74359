/*
 * findlist.h: searches that are answered by one list: FindClose ends them like the others.
 */
#ifndef KERNEL32_FINDLIST_H
#define KERNEL32_FINDLIST_H

#include "win.h"

/* False: the handle is not such a search. */
bool find_list_close(HANDLE handle);

#endif

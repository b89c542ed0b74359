/*
 * curdir.h: the current directory, as the resolver of Win32 names needs it.
 */
#ifndef NTDLL_CURDIR_H
#define NTDLL_CURDIR_H

#include "win.h"

/* The current directory with a backslash at its end; returns the length.  `out`: curdir_length_max() characters. */
size_t curdir_get(WCHAR *out);

/* The current directory of a drive; X:\ if it has none of its own. */
size_t curdir_of_drive(WCHAR letter, WCHAR *out);

/* No directory that the two above give is longer than this (in characters, with the zero). */
size_t curdir_length_max(void);

/* A handle to the current directory, which keeps it from being removed, as on Windows.  NULL: it can not be opened. */
HANDLE curdir_open(void);

#endif

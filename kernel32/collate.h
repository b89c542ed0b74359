/*
 * collate.h: linguistic order of text.
 */
#ifndef KERNEL32_COLLATE_H
#define KERNEL32_COLLATE_H

#include "win.h"

/* -1, 0 or 1 by CompareStringEx's flags.  Lengths are in units and do not count a zero. */
int text_compare(const WCHAR *locale, DWORD flags, const WCHAR *a, int a_length, const WCHAR *b, int b_length);

/* Bytes that memcmp orders as text_compare does; the whole length is returned, at most `room` written. */
int text_sort_key(const WCHAR *locale, DWORD flags, const WCHAR *text, int length, BYTE *key, int room);

/* Searching and case by a language's rules; only where the plug-in is (nls_plugin.h). */
int text_find(const WCHAR *locale, DWORD flags, bool last, const WCHAR *text, int length, const WCHAR *value,
              int value_length, int *found);
int text_case(const WCHAR *locale, bool upper, const WCHAR *text, int length, WCHAR *out, int room);

#endif

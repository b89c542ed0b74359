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

#endif

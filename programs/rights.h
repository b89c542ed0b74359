/*
 * rights.h: rights on files as ICACLS writes them: (OI)(CI)(RX), and accounts by name.
 */
#ifndef PROGRAMS_RIGHTS_H
#define PROGRAMS_RIGHTS_H

#include "console.h"

/* "(OI)(CI)(F)" of an entry's flags and mask. */
void rights_format(DWORD flags, DWORD mask, struct text *out);
/* The other way, with or without parentheses around simple rights; false: it is none. */
bool rights_parse(const WCHAR *text, DWORD *flags, DWORD *mask);

/* DOMAIN\name, or S-1-... of an identifier that nobody knows. */
void account_format(PSID sid, struct text *out);
/* By name or *S-1-...; NULL: the last error says why.  LocalFree() it. */
PSID account_parse(const WCHAR *name);

#endif

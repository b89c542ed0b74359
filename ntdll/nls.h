/*
 * nls.h: characters and code pages.
 */
#ifndef NTDLL_NLS_H
#define NTDLL_NLS_H

#include "win.h"

/* Windows' simple case mapping of one UTF-16 unit (the table that file names use, too). */
WCHAR wide_upper(WCHAR c);
WCHAR wide_lower(WCHAR c);

/* CT_CTYPE1, CT_CTYPE2 and CT_CTYPE3 bits of one UTF-16 unit. */
WORD wide_type1(WCHAR c);
WORD wide_type2(WCHAR c);
WORD wide_type3(WCHAR c);

/* CP_ACP, CP_OEMCP, CP_MACCP and CP_THREAD_ACP become numbers. */
UINT codepage_number(UINT codepage);
UINT codepage_ansi(void);
UINT codepage_oem(void);
/* What the prefix asks for; 0: as it is.  False: there is no such code page. */
bool codepage_select(UINT ansi, UINT oem);
bool codepage_valid(UINT codepage);

/* Largest number of bytes of a character, and lead byte ranges (pairs, zero-terminated, 12 bytes). */
unsigned codepage_max_bytes(UINT codepage);
void codepage_lead_bytes(UINT codepage, BYTE ranges[12]);

/*
 * Bytes to UTF-16.  room 0: only counts.  strict: invalid input is STATUS_NO_UNICODE_TRANSLATION, otherwise it
 * becomes U+FFFD.  STATUS_BUFFER_TOO_SMALL (what fits is written), STATUS_INVALID_PARAMETER: no such code page.
 */
NTSTATUS codepage_decode(UINT codepage, bool strict, const char *bytes, size_t length, WCHAR *wide, size_t room,
                         size_t *written);

struct codepage_default {
    char bytes[4]; /* replaces what can not be encoded; zero-terminated; "": the code page's own */
    bool used;     /* set if it was needed */
    bool exact;    /* no best fit */
};

/* UTF-16 to bytes, by the same rules; replace may be NULL. */
NTSTATUS codepage_encode(UINT codepage, bool strict, const WCHAR *wide, size_t length, char *bytes, size_t room,
                         struct codepage_default *replace, size_t *written);

/* Wide copies of ANSI text and the reverse, from the process heap (RtlFreeHeap); NULL for NULL or no memory. */
WCHAR *wide_from_ansi(const char *text);
char *ansi_from_wide(const WCHAR *text);

/* The user's locale by its Windows name: what LC_ALL, LC_TIME or LANG says. */
const char *nls_user_locale(void);

size_t wide_length(const WCHAR *text);
int wide_compare(const WCHAR *a, const WCHAR *b);        /* by code unit */
int wide_compare_nocase(const WCHAR *a, const WCHAR *b); /* by upper case */

#endif

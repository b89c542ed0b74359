/*
 * nls_plugin.h: what needs ICU, behind one table, so that ICU is opened only by programs that ask for it.
 */
#ifndef NTDLL_NLS_PLUGIN_H
#define NTDLL_NLS_PLUGIN_H

#include "win.h"

struct codepage_default;

enum nls_form { NLS_FORM_C = 1, NLS_FORM_D = 2, NLS_FORM_KC = 5, NLS_FORM_KD = 6 };

struct nls_plugin {
    /* Largest number of bytes a character has; 0: the code page is not known. */
    unsigned (*codepage_max_bytes)(UINT codepage);
    NTSTATUS(*decode)
    (UINT codepage, bool strict, const char *bytes, size_t length, WCHAR *wide, size_t room, size_t *written);
    NTSTATUS(*encode)
    (UINT codepage, const WCHAR *wide, size_t length, char *bytes, size_t room, struct codepage_default *replace,
     size_t *written);
    /* Linguistic order by a locale's rules: -1, 0, 1.  flags: NORM_IGNORECASE, NORM_IGNORENONSPACE,
     * SORT_DIGITSASNUMBERS ... */
    int (*compare)(const WCHAR *locale, DWORD flags, const WCHAR *a, int a_length, const WCHAR *b, int b_length);
    /* The sort key; returns its length, writes at most `room` bytes. */
    int (*sort_key)(const WCHAR *locale, DWORD flags, const WCHAR *text, int length, BYTE *key, int room);
    /* Normalization; returns the length, or -1 for invalid input.  With wide NULL only counts. */
    int (*normalize)(int form, const WCHAR *text, int length, WCHAR *wide, int room);
    int (*is_normalized)(int form, const WCHAR *text, int length);
    /* Domain names; -1: invalid. */
    int (*idn)(bool to_ascii, DWORD flags, const WCHAR *text, int length, WCHAR *wide, int room);
};

/* Opened at the first call; NULL if the host has no ICU. */
const struct nls_plugin *nls_plugin(void);

#endif

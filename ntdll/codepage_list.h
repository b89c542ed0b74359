/*
 * codepage_list.h: the code pages that Windows has, and ICU's names of their converters.
 */
#ifndef NTDLL_CODEPAGE_LIST_H
#define NTDLL_CODEPAGE_LIST_H

#include "win.h"

enum codepage_kind {
    CODEPAGE_OWN,    /* converted here: UTF-8, ASCII, Latin-1 */
    CODEPAGE_TABLE,  /* one or two bytes a character: by tables */
    CODEPAGE_STREAM, /* by the converter itself: with states or up to four bytes; takes no flags */
    CODEPAGE_FULL,   /* GB 18030: by the converter, but takes the flags for invalid characters */
};

struct codepage {
    UINT number;
    const char *converter;
    const char *name; /* as GetCPInfoEx shows it */
    BYTE max_bytes;
    BYTE kind;     /* enum codepage_kind */
    BYTE leads[6]; /* ranges of lead bytes */
    WCHAR unknown; /* what an unknown byte becomes; 0: '?' */
};

/* NULL: Windows has no such code page. */
const struct codepage *codepage_find(UINT number);
const struct codepage *codepage_at(unsigned index);

#endif

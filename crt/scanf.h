/*
 * scanf.h: the entry points of the engine of scanf.
 */
#ifndef CRT_SCANF_H
#define CRT_SCANF_H

#include "crt.h"

enum {
    SCAN_SECURE = 1, /* ucrt's option bits: sizes follow the pointers of %s, %c, %[ */
    SCAN_LEGACY_WIDE = 2,
    SCAN_LEGACY_MSVCRT = 4,
    SCAN_MSVCRT = 0x100,
};

/* Conversions stored, or EOF.  count: of units at most; the zero ends the text too. */
int scan_stream(struct stream *, const char *format, crt_args, unsigned options);
int scan_stream_wide(struct stream *, const WCHAR *format, crt_args, unsigned options);
int scan_text_of(const char *text, size_t count, const char *format, crt_args, unsigned options);
int scan_text_of_wide(const WCHAR *text, size_t count, const WCHAR *format, crt_args, unsigned options);
int scan_console(const char *format, crt_args, unsigned options);
int scan_console_wide(const WCHAR *format, crt_args, unsigned options);

double strtod(const char *, char **);

#endif

/*
 * codepage_table.h: conversion by tables or converters that the plug-in over ICU provides.
 */
#ifndef NTDLL_CODEPAGE_TABLE_H
#define NTDLL_CODEPAGE_TABLE_H

#include "codepage_list.h"
#include "nls.h"

struct nls_tables;

/* As codepage_decode and codepage_encode (nls.h), for the code pages that these do not know themselves. */
NTSTATUS codepage_table_decode(UINT codepage, bool strict, const char *bytes, size_t length, WCHAR *wide, size_t room,
                               size_t *written);
NTSTATUS codepage_table_encode(UINT codepage, bool strict, const WCHAR *wide, size_t length, char *bytes, size_t room,
                               struct codepage_default *replace, size_t *written);

/* codepage_fit.c: what Windows has otherwise than the converter, and what fits best. */
void codepage_tables_complete(const struct codepage *codepage, struct nls_tables *tables);

/* The ASCII character that comes nearest, 0: none. */
char codepage_ascii_fit(WCHAR c);

static inline bool codepage_is_lead(const struct codepage *codepage, BYTE byte)
{
    for (int i = 0; i < 6 && codepage->leads[i]; i += 2)
        if (byte >= codepage->leads[i] && byte <= codepage->leads[i + 1])
            return true;
    return false;
}

#endif

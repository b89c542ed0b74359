/*
 * codepage_table.c: code pages by tables.
 *
 * Layer: ntdll, over the plug-in (nls_plugin.h).  The tables of a code page are made when it is first used and kept
 * until the process ends; codepage_fit.c makes them Windows'.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "codepage_list.h"
#include "codepage_table.h"
#include "nls_plugin.h"

struct made {
    struct made *next;
    UINT codepage;
    struct nls_tables tables;
};

static _Atomic(struct made *) made_first;

/* NULL: no converter, or no memory.  Two threads may make the same tables; the later ones are never found again. */
static const struct nls_tables *tables_get(const struct codepage *codepage)
{
    struct made *made;

    for (made = atomic_load(&made_first); made; made = made->next)
        if (made->codepage == codepage->number)
            return &made->tables;
    made = nls_plugin() ? calloc(1, sizeof *made) : NULL;
    if (!made || !nls_plugin()->codepage_tables(codepage->converter, codepage->max_bytes, &made->tables)) {
        free(made);
        return NULL;
    }
    made->codepage = codepage->number;
    codepage_tables_complete(codepage, &made->tables);
    made->next = atomic_load(&made_first);
    while (!atomic_compare_exchange_weak(&made_first, &made->next, made))
        ;
    return &made->tables;
}

/* A converter's result as a status. */
static NTSTATUS stream_result(long result, size_t room, size_t *written)
{
    if (result < 0)
        return result == NLS_INVALID ? STATUS_NO_UNICODE_TRANSLATION : STATUS_INVALID_PARAMETER;
    *written = (size_t)result;
    return room && *written > room ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

NTSTATUS codepage_table_decode(UINT number, bool strict, const char *text, size_t length, WCHAR *wide, size_t room,
                               size_t *written)
{
    const struct codepage *codepage = codepage_find(number);
    const unsigned char *bytes = (const unsigned char *)text;
    const struct nls_tables *tables;
    size_t count = 0;

    *written = 0;
    if (!codepage || !nls_plugin())
        return STATUS_INVALID_PARAMETER;
    if (!wide)
        room = 0;
    if (codepage->kind != CODEPAGE_TABLE)
        return stream_result(nls_plugin()->decode(codepage->converter, strict, text, length, wide, room), room,
                             written);
    tables = tables_get(codepage);
    if (!tables)
        return STATUS_INVALID_PARAMETER;
    for (size_t i = 0; i < length; i++) {
        WCHAR c = tables->to_wide[bytes[i]];
        bool hole = c >= 0xe000 && c < 0xf900; /* a byte without a character stands for one of private use */

        if (c == NLS_UNMAPPED && codepage_is_lead(codepage, bytes[i]) && i + 1 < length && bytes[i + 1]) {
            c = tables->to_wide[bytes[i] << 8 | bytes[i + 1]];
            i++;
        }
        if (strict && (hole || c == NLS_UNMAPPED))
            return STATUS_NO_UNICODE_TRANSLATION;
        if (c == NLS_UNMAPPED) {
            c = codepage->unknown ? codepage->unknown : '?';
        }
        if (count < room)
            wide[count] = c;
        count++;
    }
    *written = count;
    return room && count > room ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

/* The bytes of one character: 1 or 2, in *value; 0: it has none. */
static unsigned encode_one(const struct nls_tables *tables, WCHAR c, const struct codepage_default *replace,
                           uint16_t *value)
{
    *value = tables->from_wide[c];
    if (!*value && c && !(replace && replace->exact))
        *value = tables->best_fit[c];
    return !*value && c ? 0 : *value > 0xff ? 2 : 1;
}

NTSTATUS codepage_table_encode(UINT number, bool strict, const WCHAR *wide, size_t length, char *bytes, size_t room,
                               struct codepage_default *replace, size_t *written)
{
    const struct codepage *codepage = codepage_find(number);
    const char *unknown = replace && replace->bytes[0] ? replace->bytes : "?";
    const struct nls_tables *tables;
    size_t count = 0, fitted = 0;

    *written = 0;
    if (!codepage || !nls_plugin())
        return STATUS_INVALID_PARAMETER;
    if (!bytes)
        room = 0;
    if (codepage->kind != CODEPAGE_TABLE)
        return stream_result(nls_plugin()->encode(codepage->converter, strict, wide, length, bytes, room), room,
                             written);
    tables = tables_get(codepage);
    if (!tables)
        return STATUS_INVALID_PARAMETER;
    if (!(replace && replace->bytes[0]) && tables->from_wide['A'] != 'A')
        unknown = "\x6f"; /* EBCDIC's question mark */
    for (size_t i = 0; i < length; i++) {
        char character[2];
        uint16_t value;
        unsigned size = encode_one(tables, wide[i], replace, &value);

        if (size == 2) {
            character[0] = (char)(value >> 8);
            character[1] = (char)value;
        } else if (size == 1) {
            character[0] = (char)value;
        } else { /* a pair of surrogates is two unknown characters */
            size = unknown[1] ? 2 : 1;
            memcpy(character, unknown, size);
            if (replace)
                replace->used = true;
        }
        count += size;
        if (count <= room) {
            memcpy(bytes + fitted, character, size);
            fitted = count;
        }
    }
    *written = room && count > room ? fitted : count;
    return room && count > room ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

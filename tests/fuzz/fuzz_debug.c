/*
 * fuzz_debug.c: libFuzzer target for what debuggers are told: COFF symbols and sections, translation of unwind tables,
 * and decorated names.
 *
 * The first byte says which; the rest lies in a heap block of exactly its size.
 */
#include <stdlib.h>
#include <string.h>
#include "crt/undname.h"
#include "debug/cfi.h"
#include "debug/coff.h"

static uint64_t seen; /* keeps what is read from being optimised away */

static void see(const void *data, size_t size)
{
    for (size_t i = 0; data && i < size; i++)
        seen += ((const uint8_t *)data)[i];
}

static void fuzz_coff(const uint8_t *data, size_t size)
{
    struct coff coff;
    struct coff_symbol symbol;
    char name[64];
    size_t length;

    if (!coff_open(&coff, data, size))
        return;
    for (uint32_t index = 0; coff_next(&coff, &index, &symbol);)
        see(symbol.name, symbol.length);
    for (unsigned i = 0; i < coff.section_count; i++) {
        coff_section_name(&coff, i, name, sizeof name);
        see(name, strlen(name));
        const void *bytes = coff_section_data(&coff, i, &length);
        see(bytes, bytes ? length : 0);
    }
}

/* An image that is all code and unwind information; its table of functions at its start. */
static void fuzz_cfi(const uint8_t *data, size_t size)
{
    size_t count = size / 4 / sizeof(RUNTIME_FUNCTION);
    struct cfi cfi;

    count = count < 64 ? count : 64;
    if (count && cfi_make(&cfi, data, size, (const RUNTIME_FUNCTION *)data, count, true)) {
        see(cfi.section, cfi.size);
        cfi_free(&cfi);
    }
}

static void fuzz_name(const uint8_t *data, size_t size)
{
    static char work[65536];
    char *name = malloc(size + 1), out[100];

    memcpy(name, data, size);
    name[size] = 0;
    for (unsigned flags = 0; flags < 0x4000; flags = flags * 2 + 1)
        seen += undname(name, flags, out, sizeof out, work, sizeof work);
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    uint8_t *copy = malloc(size > 1 ? size - 1 : 1);
    memcpy(copy, data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        fuzz_coff(copy, size - 1);
        break;
    case 1:
        fuzz_cfi(copy, size - 1);
        break;
    case 2:
        fuzz_name(copy, size - 1);
        break;
    }
    free(copy);
    return 0;
}

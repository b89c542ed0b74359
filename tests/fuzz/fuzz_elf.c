/*
 * fuzz_elf.c: libFuzzer target for reading a library's dynamic symbols: a damaged file is refused, or has no such
 * function.
 */
#include "hostdll/bind_elf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void look(const struct elf_library *library)
{
    static const char *const names[] = {"add", "old", "data", "nothing", "", "hidden"};
    static const char *const versions[] = {NULL, "ONE", "TWO", ""};
    char reason[200];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t j = 0; j < sizeof versions / sizeof *versions; j++) {
            *reason = 0;
            if (!elf_library_has(library, names[i], versions[j], reason, sizeof reason) && !*reason)
                abort(); /* a refusal says something */
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct elf_library library;
    char reason[200] = "";
    char *copy = malloc(size ? size : 1);
    memcpy(copy, data, size);
    elf_version(EV_CURRENT);
    Elf *elf = elf_memory(copy, size);
    if (elf && elf_library_read(elf, &library, reason, sizeof reason))
        look(&library);
    else if (elf && !*reason)
        abort();
    elf_end(elf);
    free(copy);
    return 0;
}

/*
 * fuzz_reg.c: reads any bytes as a .reg file; what is read is written and must be read the same again.
 */
#include <stdlib.h>
#include <string.h>
#include "registry/regfile.h"

static size_t widen(const char *bytes, size_t length, uint16_t *wide)
{
    for (size_t i = 0; i < length; i++)
        wide[i] = (unsigned char)bytes[i];
    return length;
}

static size_t narrow(const uint16_t *wide, size_t length, char *bytes)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)wide[i];
    return length;
}

static const struct regfile_ansi ansi = {widen, narrow};

static bool write_key(void *context, struct regfile_text path, bool remove)
{
    if (!remove)
        regfile_key(context, path);
    return true;
}

static bool write_value(void *context, struct regfile_text name, bool remove, uint32_t type, const uint8_t *data,
                        size_t size)
{
    if (!remove)
        regfile_value(context, name, type, data, size);
    return true;
}

static void *rewrite(const void *bytes, size_t size, size_t *length)
{
    struct regfile_writer writer = {.ansi = &ansi};
    const struct regfile_sink sink = {&writer, write_key, write_value};
    struct regfile_error error;
    regfile_begin(&writer);
    if (regfile_read(bytes, size, &ansi, &sink, &error))
        return regfile_finish(&writer, length);
    free(writer.text);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t first_size, second_size;
    void *first = rewrite(data, size, &first_size);
    if (!first)
        return 0;
    void *second = rewrite(first, first_size, &second_size);
    if (!second || second_size != first_size || memcmp(first, second, first_size) != 0)
        abort();
    free(first);
    free(second);
    return 0;
}

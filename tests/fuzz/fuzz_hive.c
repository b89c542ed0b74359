/*
 * fuzz_hive.c: reads any bytes as a hive (its sum is made right); what is read is written and must be read the same
 * again.
 */
#include <stdlib.h>
#include <string.h>
#include "registry/hive.h"

static uint16_t same(uint16_t c)
{
    return c;
}

static bool enter(void *context, const struct hive_key *key)
{
    hive_enter(context, key);
    return true;
}

static bool value(void *context, const struct hive_value *v)
{
    hive_value(context, v);
    return true;
}

static bool leave(void *context)
{
    hive_leave(context);
    return true;
}

static void *rewrite(const void *bytes, size_t size, size_t *length)
{
    struct hive_writer *writer = hive_begin(same);
    const struct hive_sink sink = {writer, enter, value, leave};
    bool good = hive_read(bytes, size, &sink) == HIVE_GOOD;
    void *file = hive_finish(writer, length);
    if (good && file)
        return file;
    free(file);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t first, second;
    uint32_t sum = 0, word;
    uint8_t *copy = malloc(size + 1);
    memcpy(copy, data, size);
    for (size_t i = 0; size >= 512 && i < 508; i += 4) {
        memcpy(&word, copy + i, 4);
        sum ^= word;
    }
    sum = sum == 0 ? 1 : sum == 0xffffffff ? 0xfffffffe : sum;
    if (size >= 512)
        memcpy(copy + 508, &sum, 4);
    void *once = rewrite(copy, size, &first);
    void *twice = once ? rewrite(once, first, &second) : NULL;
    if (once && (!twice || first != second || memcmp(once, twice, first) != 0))
        abort();
    free(once);
    free(twice);
    free(copy);
    return 0;
}

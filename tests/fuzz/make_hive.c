/*
 * make_hive.c: a small hive to start fuzzing from: keys, values of all forms, lists of lists would be too large.
 */
#include <stdio.h>
#include "registry/hive.h"

static uint16_t same(uint16_t c)
{
    return c;
}

int main(void)
{
    static const uint16_t wide[] = {'a', 0x20ac}, plain[] = {'n', 'a', 'm', 'e'};
    static const char data[300] = "data", security[20] = {1, 0, 0, (char)0x80};
    struct hive_writer *w = hive_begin(same);
    size_t size;
    hive_enter(w, &(struct hive_key){{plain, 4}, {wide, 2}, security, 20, 1, false});
    hive_value(w, &(struct hive_value){{plain, 0}, 1, data, 3});
    hive_value(w, &(struct hive_value){{plain, 4}, 3, data, sizeof data});
    hive_enter(w, &(struct hive_key){{wide, 2}, {plain, 0}, NULL, 0, 2, true});
    hive_value(w, &(struct hive_value){{wide, 2}, 4, data, 4});
    hive_leave(w);
    hive_leave(w);
    void *file = hive_finish(w, &size);
    return file && fwrite(file, 1, size, stdout) == size ? 0 : 1;
}

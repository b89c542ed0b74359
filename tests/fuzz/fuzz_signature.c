/*
 * fuzz_signature.c: libFuzzer target for signatures as prefix.conf has them: the parser, and what is computed from a
 * signature that it has accepted.
 */
#include "hostdll/bind.h"

#include <stdlib.h>
#include <string.h>

/* A layout alone calls nothing. */
void *bind_callback(const struct shape *shape, const struct type *type, void *function)
{
    return function;
}

void *bind_reverse(const struct shape *shape, const struct type *type, void *function)
{
    return function;
}

static unsigned depth_of(const struct signature *signature, const struct type *type)
{
    unsigned deepest = 0;
    if ((type->count && type->first + type->count > signature->used) || (type->kind == TYPE_FUNCTION && !type->count))
        abort();
    for (unsigned i = 0; i < type->count; i++) {
        unsigned depth = depth_of(signature, type_part(signature, type, i));
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

/* Values are carried over and back inside of their own memory, and come back as they were. */
static void carry(const struct signature *signature, const struct type *type)
{
    struct layout layout = layout_of(signature, type);
    struct shape shape = {.signature = signature, .type = &signature->function};
    if (layout.windows_size > layout.host_size || layout.windows_alignment > layout.host_alignment)
        abort();
    unsigned char *windows = calloc(1, layout.windows_size + 1), *host = calloc(1, layout.host_size + 1),
                  *again = calloc(1, layout.windows_size + 1);
    for (uint32_t i = 0; i < layout.windows_size; i++)
        windows[i] = (unsigned char)(i * 7 + 1);
    layout_to_host(&shape, type, windows, host);
    layout_to_windows(&shape, type, host, again);
    memset(host, 0, layout.host_size);
    layout_to_host(&shape, type, again, host);
    free(windows);
    free(host);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct signature signature;
    char error[SIGNATURE_ERROR_MAX], reason[200];
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = 0;
    if (!signature_parse(text, &signature, error)) {
        if (!*error || memchr(error, 0, sizeof error) == NULL)
            abort(); /* a refusal says something */
    } else {
        unsigned parts = 0;
        if (depth_of(&signature, &signature.function) > 10)
            abort();
        for (const char *next = strchr(text, '('); next && *next; next = signature_argument_end(next + 1))
            if (++parts > size)
                abort();
        if (signature.function.kind == TYPE_FUNCTION &&
            layout_check(&signature, &signature.function, reason, sizeof reason))
            for (unsigned i = 0; i < signature.function.count; i++) {
                const struct type *type = type_part(&signature, &signature.function, i);
                if (type->kind == TYPE_STRUCT || type->kind < TYPE_FUNCTION)
                    carry(&signature, type);
            }
    }
    free(text);
    return 0;
}

/*
 * string.c: std::string, as results of virtual functions have it, and std::_Yarn.
 *
 * Layer: msvcp.
 */
#include "msvcp/msvcp.h"

#define BIG_ALLOCATION 4096 /* from here on operator new's block begins before the text, and is noted there */

void string_assign(struct std_string *s, const void *text, size_t length, size_t unit)
{
    size_t inside = sizeof(s->inside) / unit - 1;

    s->size = length;
    s->capacity = length <= inside ? inside : length;
    void *to = s->inside;
    if (length > inside) {
        size_t size = (length + 1) * unit;
        if (size < BIG_ALLOCATION) {
            to = msvcp_new(size);
        } else {
            char *block = msvcp_new(size + 39);
            void **aligned = (void **)(((uintptr_t)block + 39) & ~(uintptr_t)31);
            aligned[-1] = block;
            to = aligned;
        }
        s->outside = to;
    }
    memcpy(to, text, length * unit);
    memset((char *)to + length * unit, 0, unit);
}

static void deinit(struct std_string *s, size_t unit)
{
    if (s->capacity < sizeof(s->inside) / unit)
        return;
    crt_free((s->capacity + 1) * unit < BIG_ALLOCATION ? s->outside : ((void **)s->outside)[-1]);
}

void string_init(struct std_string *s, const char *text)
{
    string_assign(s, text, strlen(text), 1);
}

void wstring_init(struct std_string *s, const WCHAR *text)
{
    string_assign(s, text, crt_wide_length(text), sizeof(WCHAR));
}

void string_free(struct std_string *s)
{
    deinit(s, 1);
}

void wstring_free(struct std_string *s)
{
    deinit(s, sizeof(WCHAR));
}

/* --- _Yarn ---------------------------------------------------------------------------------------------------------
 */

static void *copy_text(const void *text, bool wide)
{
    size_t size = !text ? 0 : wide ? (crt_wide_length(text) + 1) * sizeof(WCHAR) : strlen(text) + 1;
    void *copy = size ? crt_malloc(size) : NULL;

    return copy ? memcpy(copy, text, size) : NULL;
}

static struct yarn *set(struct yarn *yarn, const void *text, bool wide)
{
    if (text == yarn->text)
        return yarn;
    void *copy = copy_text(text, wide);
    crt_free(yarn->text);
    yarn->text = copy;
    return yarn;
}

#define YARN(suffix, wide)                                                                                             \
    struct yarn *WINAPI yarn_ctor_##suffix(struct yarn *yarn)                                                          \
    {                                                                                                                  \
        *yarn = (struct yarn){0};                                                                                      \
        return yarn;                                                                                                   \
    }                                                                                                                  \
    struct yarn *WINAPI yarn_ctor_ptr_##suffix(struct yarn *yarn, const void *text)                                    \
    {                                                                                                                  \
        *yarn = (struct yarn){.text = copy_text(text, wide)};                                                          \
        return yarn;                                                                                                   \
    }                                                                                                                  \
    struct yarn *WINAPI yarn_ctor_copy_##suffix(struct yarn *yarn, const struct yarn *from)                            \
    {                                                                                                                  \
        return yarn_ctor_ptr_##suffix(yarn, from->text);                                                               \
    }                                                                                                                  \
    struct yarn *WINAPI yarn_assign_##suffix(struct yarn *yarn, const struct yarn *from)                               \
    {                                                                                                                  \
        return set(yarn, from->text, wide);                                                                            \
    }                                                                                                                  \
    struct yarn *WINAPI yarn_assign_ptr_##suffix(struct yarn *yarn, const void *text)                                  \
    {                                                                                                                  \
        return set(yarn, text, wide);                                                                                  \
    }                                                                                                                  \
    const void *WINAPI yarn_c_str_##suffix(const struct yarn *yarn)                                                    \
    {                                                                                                                  \
        return yarn->text ? yarn->text : &yarn->nul;                                                                   \
    }                                                                                                                  \
    bool WINAPI yarn_empty_##suffix(const struct yarn *yarn)                                                           \
    {                                                                                                                  \
        return !yarn->text;                                                                                            \
    }                                                                                                                  \
    void WINAPI yarn_tidy_##suffix(struct yarn *yarn)                                                                  \
    {                                                                                                                  \
        crt_free(yarn->text);                                                                                          \
        yarn->text = NULL;                                                                                             \
    }

YARN(char, false)
YARN(wchar, true)

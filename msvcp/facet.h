/*
 * facet.h: what every facet class has: constructors, destructor, and how use_facet makes one.
 *
 * A facet class X of objects `struct x` is defined with FACET(x, suffix, type, category, class): x_make_suffix(object,
 * locinfo, references) fills in an object that is to have x_vftable_suffix.
 */
#ifndef MSVCP_FACET_H
#define MSVCP_FACET_H

#include "msvcp/msvcp.h"

/* The beginning of struct lconv. */
struct crt_lconv *WINAPI crt_localeconv(void);
struct conventions {
    const char *decimal_point, *thousands_sep, *grouping;
};

/* Makes a facet on the heap for the named locale (the body of each class's _Getcat). */
typedef void (*facet_maker)(struct facet *facet, const struct locinfo *info, size_t references);
void facet_make(struct facet **facet, const struct locale *locale, size_t size, facet_maker maker);

/* init(object, info): the members; tidy(object): frees them.  Either may be FACET_NOTHING. */
#define FACET_NOTHING(...) (void)0
#define FACET_CLASS(x, suffix, type, category, init, tidy)                                                             \
    extern const void *x##_vftable_##suffix[];                                                                         \
    struct locale_id x##_id_##suffix;                                                                                  \
    struct type *WINAPI x##_ctor_locinfo_u64_##suffix(struct type *facet, const struct locinfo *info, size_t count)    \
    {                                                                                                                  \
        (void)info;                                                                                                    \
        facet_init((struct facet *)facet, x##_vftable_##suffix, count);                                                \
        init(facet, info);                                                                                             \
        return facet;                                                                                                  \
    }                                                                                                                  \
    struct type *WINAPI x##_ctor_u64_##suffix(struct type *facet, size_t count)                                        \
    {                                                                                                                  \
        struct locinfo info;                                                                                           \
        locinfo_ctor_ptr(&info, "C");                                                                                  \
        x##_ctor_locinfo_u64_##suffix(facet, &info, count);                                                            \
        locinfo_dtor(&info);                                                                                           \
        return facet;                                                                                                  \
    }                                                                                                                  \
    struct type *WINAPI x##_default_ctor_##suffix(struct type *facet)                                                  \
    {                                                                                                                  \
        return x##_ctor_u64_##suffix(facet, 0);                                                                        \
    }                                                                                                                  \
    void WINAPI x##_init_##suffix(struct type *facet, const struct locinfo *info)                                      \
    {                                                                                                                  \
        (void)facet, (void)info;                                                                                       \
        init(facet, info);                                                                                             \
    }                                                                                                                  \
    void WINAPI x##_dtor_##suffix(struct type *facet)                                                                  \
    {                                                                                                                  \
        (void)facet;                                                                                                   \
        tidy(facet);                                                                                                   \
    }                                                                                                                  \
    struct type *WINAPI x##_delete_##suffix(struct type *facet, unsigned flags)                                        \
    {                                                                                                                  \
        tidy(facet);                                                                                                   \
        if (flags & 1)                                                                                                 \
            crt_free(facet);                                                                                           \
        return facet;                                                                                                  \
    }                                                                                                                  \
    static void x##_make_##suffix(struct facet *facet, const struct locinfo *info, size_t count)                       \
    {                                                                                                                  \
        x##_ctor_locinfo_u64_##suffix((struct type *)facet, info, count);                                              \
    }                                                                                                                  \
    size_t WINAPI x##_getcat_##suffix(struct facet **facet, const struct locale *locale)                               \
    {                                                                                                                  \
        facet_make(facet, locale, sizeof(struct type), x##_make_##suffix);                                             \
        return category;                                                                                               \
    }                                                                                                                  \
    struct facet_class x##_class_##suffix = {&x##_id_##suffix, x##_getcat_##suffix, NULL}

#endif

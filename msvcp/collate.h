/*
 * collate.h: the facet collate, as a template (see basic.h).  Programs have its members compiled in; named locales
 * bring this one.
 */

struct T(collate) {
    struct facet base;
    struct collvec vec;
};

static void T(collate_fill)(struct T(collate) * facet)
{
    facet->vec = msvcp_Getcoll();
}

#define COLLATE_INIT(facet, info) T(collate_fill)(facet)
#define COLLATE_CLASS(suffix) FACET_CLASS(collate, suffix, T(collate), LC_COLLATE_, COLLATE_INIT, FACET_NOTHING)
COLLATE_CLASS(SUFFIX);

#if E_WIDE
#define COMPARE msvcp_Wcscoll
#define TRANSFORM msvcp_Wcsxfrm
#else
#define COMPARE msvcp_Strcoll
#define TRANSFORM msvcp_Strxfrm
#endif

int WINAPI T(collate_do_compare)(const struct T(collate) * facet, const E *a, const E *a_end, const E *b,
                                 const E *b_end)
{
    int order = COMPARE(a, a_end, b, b_end, &facet->vec);
    return order < 0 ? -1 : order > 0;
}

struct std_string *WINAPI T(collate_do_transform)(const struct T(collate) * facet, struct std_string *result,
                                                  const E *first, const E *last)
{
    size_t size = TRANSFORM(NULL, NULL, first, last, &facet->vec);
    E *key = msvcp_new((size + 1) * sizeof(E));

    TRANSFORM(key, key + size, first, last, &facet->vec);
    string_assign(result, key, size, sizeof(E));
    crt_free(key);
    return result;
}

/* FNV-1a over the bytes. */
LONG WINAPI T(collate_do_hash)(const struct T(collate) * facet, const E *first, const E *last)
{
    uint64_t hash = 14695981039346656037u;

    (void)facet;
    for (const unsigned char *p = (const void *)first; p < (const unsigned char *)last; p++)
        hash = (hash ^ *p) * 1099511628211u;
    return (LONG)hash;
}

#undef COMPARE
#undef TRANSFORM

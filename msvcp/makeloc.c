/*
 * makeloc.c: _Makeloc: fills a named locale with facets.
 *
 * Layer: msvcp.
 */
#include "msvcp/elem_char.h"
#include "msvcp/elem_wchar.h"
#include "msvcp/elem_ushort.h"

extern struct facet_class ctype_class_char, ctype_class_wchar, ctype_class_ushort, codecvt_class_char,
    codecvt_class_wchar, codecvt_class_ushort;

#define FACETS(c)                                                                                                      \
    extern struct facet_class num_get_class_##c, num_put_class_##c, numpunct_class_##c, collate_class_##c,             \
        time_get_class_##c, time_put_class_##c;                                                                        \
    static struct facet_class *facets_##c[] = {&ctype_class_##c,    &num_get_class_##c, &num_put_class_##c,            \
                                               &numpunct_class_##c, &collate_class_##c, &time_get_class_##c,           \
                                               &time_put_class_##c, &codecvt_class_##c}
FACETS(char);
FACETS(wchar);
FACETS(ushort);

/*
 * Adds the facets of the categories (a mask).  With `from` they are that locale's; without, made anew for the locale
 * that the _Locinfo has set.
 */
static void add(struct facet_class *const *classes, size_t count, int categories, struct locimp *imp,
                const struct locale *from, const struct locale *named)
{
    for (size_t i = 0; i < count; i++) {
        struct facet *facet = NULL;
        int category = (int)classes[i]->getcat(NULL, NULL);
        if (!(categories & CATEGORY(category)))
            continue;
        if (from)
            facet = locale_facet(from, classes[i]);
        else
            classes[i]->getcat(&facet, named);
        locimp_locimp_addfac(imp, facet, localeid_number(classes[i]->id));
    }
}

static void make(struct facet_class *const *classes, size_t count, const struct locinfo *info, int categories,
                 struct locimp *imp, const struct locale *from)
{
    struct locimp name = {.name = info->new_name};
    const struct locale named = {.imp = &name};

    add(classes, count, categories, imp, from, &named);
}

void WINAPI locimp_makexloc(const struct locinfo *info, int categories, struct locimp *imp, const struct locale *from)
{
    make(facets_char, ARRAYSIZE(facets_char), info, categories, imp, from);
}

void WINAPI locimp_makewloc(const struct locinfo *info, int categories, struct locimp *imp, const struct locale *from)
{
    make(facets_wchar, ARRAYSIZE(facets_wchar), info, categories, imp, from);
}

void WINAPI locimp_makeushloc(const struct locinfo *info, int categories, struct locimp *imp, const struct locale *from)
{
    make(facets_ushort, ARRAYSIZE(facets_ushort), info, categories, imp, from);
}

struct yarn *WINAPI yarn_assign_char(struct yarn *yarn, const struct yarn *from);

struct locimp *WINAPI locimp_makeloc(const struct locinfo *info, int categories, struct locimp *imp,
                                     const struct locale *from)
{
    locimp_makexloc(info, categories, imp, from);
    locimp_makewloc(info, categories, imp, from);
    locimp_makeushloc(info, categories, imp, from);
    imp->categories |= categories;
    yarn_assign_char(&imp->name, &info->new_name);
    return imp;
}

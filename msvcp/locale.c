/*
 * locale.c: std::locale, its implementation object _Locimp, facets and their numbers.
 *
 * Layer: msvcp.
 *
 * A locale is a counted _Locimp: an array of facets indexed by the number in the facet class's id.  What a locale does
 * not have is made on demand from the locale's name (locale_facet), so the classic locale begins empty.
 */
#include "msvcp/msvcp.h"

char *WINAPI crt_setlocale(int category, const char *name);

#define FIRST_FACETS 40

extern const void *facet_vftable[], *locimp_vftable[];

int localeid_id_cnt;           /* the newest number given */
struct locimp *locimp_clocptr; /* the classic locale */
static struct locimp *global_locale;
static struct locale classic_locale;

/* --- facets --------------------------------------------------------------------------------------------------------
 */

void facet_init(struct facet *facet, const void *vftable, size_t references)
{
    facet->vftable = vftable;
    facet->references = (ULONG)references;
}

struct facet *WINAPI facet_ctor(struct facet *facet, size_t references)
{
    facet_init(facet, facet_vftable, references);
    return facet;
}

struct facet *WINAPI facet_default_ctor(struct facet *facet)
{
    return facet_ctor(facet, 0);
}

void WINAPI facet_dtor(struct facet *facet)
{
    (void)facet;
}

struct facet *WINAPI facet_delete(struct facet *facet, unsigned flags)
{
    if (flags & 1)
        crt_free(facet);
    return facet;
}

void WINAPI facet_incref(struct facet *facet)
{
    if (facet->references != (ULONG)-1)
        __atomic_add_fetch(&facet->references, 1, __ATOMIC_SEQ_CST);
}

/* Returns the facet if the caller has to delete it. */
struct facet *WINAPI facet_decref(struct facet *facet)
{
    if (facet->references == (ULONG)-1)
        return NULL;
    return __atomic_sub_fetch(&facet->references, 1, __ATOMIC_SEQ_CST) ? NULL : facet;
}

size_t WINAPI facet_getcat(struct facet **facet, const struct locale *locale)
{
    (void)facet, (void)locale;
    return (size_t)-1;
}

/* Facets of ours and of most programs count here: no need for the gate. */
void facet_hold(const struct facet *facet)
{
    if (VFTABLE(facet)[FACET_INCREF] == (const void *)facet_incref)
        facet_incref((struct facet *)facet);
    else
        VIRTUAL(facet, FACET_INCREF, 0, 0, 0);
}

void facet_release(const struct facet *facet)
{
    struct facet *last = NULL;

    if (facet && VFTABLE(facet)[FACET_DECREF] == (const void *)facet_decref)
        last = facet_decref((struct facet *)facet);
    else if (facet)
        last = (struct facet *)VIRTUAL(facet, FACET_DECREF, 0, 0, 0);
    if (last)
        VIRTUAL(last, FACET_DELETE, 1, 0, 0);
}

struct locale_id *WINAPI localeid_ctor(struct locale_id *id, size_t number)
{
    id->id = number;
    return id;
}

struct locale_id *WINAPI localeid_default_ctor(struct locale_id *id)
{
    return localeid_ctor(id, 0);
}

/* operator size_t */
size_t WINAPI localeid_number(struct locale_id *id)
{
    if (!id->id) {
        struct lockit lock;
        lockit_ctor_int(&lock, LOCK_LOCALE);
        if (!id->id)
            id->id = (size_t)++localeid_id_cnt;
        lockit_dtor(&lock);
    }
    return id->id;
}

/* --- _Locimp -------------------------------------------------------------------------------------------------------
 */

static void set_name(struct locimp *imp, const char *name)
{
    char *copy = msvcp_new(strlen(name) + 1);
    strcpy(copy, name);
    crt_free(imp->name.text);
    imp->name.text = copy;
}

void WINAPI locimp_locimp_addfac(struct locimp *imp, struct facet *facet, size_t id)
{
    struct lockit lock;

    lockit_ctor_int(&lock, LOCK_LOCALE);
    if (id >= imp->count) {
        size_t count = id + 1 < FIRST_FACETS ? FIRST_FACETS : id + 1;
        struct facet **larger = crt_realloc(imp->facets, count * sizeof(*larger));
        if (!larger) {
            lockit_dtor(&lock);
            throw_bad_alloc();
        }
        memset(larger + imp->count, 0, (count - imp->count) * sizeof(*larger));
        imp->facets = larger;
        imp->count = count;
    }
    struct facet *old = imp->facets[id];
    facet_hold(facet);
    imp->facets[id] = facet;
    facet_release(old);
    lockit_dtor(&lock);
}

void WINAPI locimp_addfac(struct locimp *imp, struct facet *facet, size_t id)
{
    locimp_locimp_addfac(imp, facet, id);
}

struct locimp *WINAPI locimp_ctor_bool(struct locimp *imp, bool transparent)
{
    *imp = (struct locimp){.transparent = transparent};
    facet_init(&imp->base, locimp_vftable, 1);
    set_name(imp, "*");
    return imp;
}

void WINAPI locimp_locimp_ctor(struct locimp *imp, const struct locimp *from)
{
    struct lockit lock;

    if (from == locimp_clocptr) {
        imp->categories = from->categories;
        set_name(imp, from->name.text);
    }
    lockit_ctor_int(&lock, LOCK_LOCALE);
    imp->facets = from->count ? msvcp_new(from->count * sizeof(struct facet *)) : NULL;
    imp->count = from->count;
    imp->categories = from->categories;
    imp->transparent = from->transparent;
    set_name(imp, from->name.text ? from->name.text : "*");
    for (size_t i = 0; i < imp->count; i++) {
        imp->facets[i] = from->facets[i];
        if (imp->facets[i])
            facet_hold(imp->facets[i]);
    }
    lockit_dtor(&lock);
}

struct locimp *WINAPI locimp_ctor_copy(struct locimp *imp, const struct locimp *from)
{
    *imp = (struct locimp){0};
    facet_init(&imp->base, locimp_vftable, 1);
    locimp_locimp_ctor(imp, from);
    return imp;
}

void WINAPI locimp_locimp_dtor(struct locimp *imp)
{
    for (size_t i = 0; i < imp->count; i++)
        facet_release(imp->facets[i]);
    crt_free(imp->facets);
    imp->facets = NULL;
    imp->count = 0;
}

void WINAPI locimp_dtor(struct locimp *imp)
{
    locimp_locimp_dtor(imp);
    crt_free(imp->name.text);
    imp->name.text = NULL;
}

struct locimp *WINAPI locimp_delete(struct locimp *imp, unsigned flags)
{
    locimp_dtor(imp);
    if (flags & 1)
        crt_free(imp);
    return imp;
}

struct locimp *WINAPI locimp_new_locimp_bool(bool transparent)
{
    return locimp_ctor_bool(msvcp_new(sizeof(struct locimp)), transparent);
}

struct locimp *WINAPI locimp_new_locimp_copy(const struct locimp *from)
{
    return locimp_ctor_copy(msvcp_new(sizeof(struct locimp)), from);
}

/* --- locale --------------------------------------------------------------------------------------------------------
 */

/* The global locale; the first call makes the classic one.  With `hold` the caller gets a reference. */
struct locimp *WINAPI locale_init_bool(bool hold)
{
    if (!__atomic_load_n(&global_locale, __ATOMIC_ACQUIRE)) {
        struct lockit lock;
        lockit_ctor_int(&lock, LOCK_LOCALE);
        if (!global_locale) {
            struct locimp *imp = locimp_new_locimp_bool(false);
            imp->categories = CATEGORY_ALL;
            set_name(imp, "C");
            facet_hold(&imp->base); /* as classic and as global locale */
            locimp_clocptr = classic_locale.imp = imp;
            __atomic_store_n(&global_locale, imp, __ATOMIC_RELEASE);
        }
        lockit_dtor(&lock);
    }
    struct locimp *imp = global_locale;
    if (hold)
        facet_hold(&imp->base);
    return imp;
}

struct locimp *WINAPI locale_init(void)
{
    return locale_init_bool(false);
}

struct locimp *WINAPI locale_getgloballocale(void)
{
    return global_locale;
}

void WINAPI locale_setgloballocale(struct locimp *imp)
{
    global_locale = imp;
}

const struct locale *WINAPI locale_classic(void)
{
    locale_init_bool(false);
    return &classic_locale;
}

struct locale *WINAPI locale_empty(struct locale *result)
{
    locale_init_bool(false);
    result->imp = locimp_new_locimp_bool(true);
    return result;
}

/* Makes `locale` the global one; the C runtime follows if it has a name.  Returns the old one. */
struct locale *WINAPI locale_global(struct locale *result, const struct locale *locale)
{
    struct lockit lock;

    result->imp = locale_init_bool(true);
    lockit_ctor_int(&lock, LOCK_LOCALE);
    struct locimp *old = global_locale;
    if (old != locale->imp) {
        facet_hold(&locale->imp->base);
        global_locale = locale->imp;
        facet_release(&old->base);
        const char *name = locale->imp->name.text;
        if (locale->imp->categories == CATEGORY_ALL && name && strcmp(name, "*"))
            crt_setlocale(0, name);
    }
    lockit_dtor(&lock);
    return result;
}

void locale_copy(struct locale *to, const struct locale *from)
{
    to->imp = from->imp;
    facet_hold(&to->imp->base);
}

void locale_free(struct locale *locale)
{
    facet_release(&locale->imp->base);
}

struct locale *locale_new(void)
{
    struct locale *locale = msvcp_new(sizeof(*locale));
    locale->imp = locale_init_bool(true);
    return locale;
}

struct locale *locale_new_copy(const struct locale *from)
{
    struct locale *locale = msvcp_new(sizeof(*locale));
    locale_copy(locale, from);
    return locale;
}

void locale_delete(struct locale *locale)
{
    if (locale)
        locale_free(locale);
    crt_free(locale);
}

const char *WINAPI locale_name(const struct locale *locale)
{
    const char *name = locale->imp->name.text;
    return name ? name : "";
}

static struct facet *find_facet(const struct locimp *imp, size_t id)
{
    struct facet *facet = id < imp->count ? imp->facets[id] : NULL;

    if (facet || !imp->transparent)
        return facet;
    return id < global_locale->count ? global_locale->facets[id] : NULL;
}

/* use_facet */
struct facet *locale_facet(const struct locale *locale, struct facet_class *class)
{
    size_t id = localeid_number(class->id);
    struct facet *facet = find_facet(locale->imp, id);

    if (facet)
        return facet;
    struct lockit lock;
    lockit_ctor_int(&lock, LOCK_LOCALE);
    if (!class->saved && class->getcat(&facet, locale) != (size_t)-1) {
        facet_hold(facet);
        class->saved = facet;
    }
    facet = class->saved;
    lockit_dtor(&lock);
    if (!facet)
        throw_bad_cast();
    return facet;
}

/*
 * locinfo.c: std::_Locinfo, the C runtime's locale as facets ask for it; _Getcoll and friends.
 *
 * Layer: msvcp over crt.
 *
 * While a _Locinfo lives, the C runtime has its locale: facets are made from setlocale, localeconv and the
 * tables of characters.
 */
#include "msvcp/msvcp.h"

#define LEAD_BYTE 0x8000

struct crt_lconv;
char *WINAPI crt_setlocale(int category, const char *name);
struct crt_lconv *WINAPI crt_localeconv(void);
UINT WINAPI ___lc_codepage_func(void);
UINT WINAPI ___lc_collate_cp_func(void);
int WINAPI ___mb_cur_max_func(void);
WCHAR **WINAPI ___lc_locale_name_func(void);
const unsigned short *WINAPI __pctype_func(void);
char *WINAPI _Getdays(void);
char *WINAPI _Getmonths(void);
WCHAR *WINAPI _W_Getdays(void);
WCHAR *WINAPI _W_Getmonths(void);
struct yarn *WINAPI yarn_assign_ptr_char(struct yarn *yarn, const void *text);

static void set_name(struct yarn *yarn, const char *name)
{
    yarn_assign_ptr_char(yarn, name);
}

/* Adds categories (a mask) of the named locale; "*" is the name when they do not all agree or there is no such. */
struct locinfo *WINAPI locinfo_addcats(struct locinfo *info, int categories, const char *name)
{
    const char *now = "*";

    if (!categories) {
        now = crt_setlocale(0, NULL);
    } else if ((categories & CATEGORY_ALL) == CATEGORY_ALL) {
        now = crt_setlocale(0, name);
    } else {
        for (int lc = LC_COLLATE_; now && lc <= LC_TIME_; lc++)
            if (categories & CATEGORY(lc))
                now = crt_setlocale(lc, name);
        now = now ? crt_setlocale(0, NULL) : NULL;
    }
    set_name(&info->new_name, now ? now : "*");
    return info;
}

struct locinfo *WINAPI locinfo_ctor_int_ptr(struct locinfo *info, int categories, const char *name)
{
    *info = (struct locinfo){0};
    lockit_ctor_int(&info->lock, LOCK_LOCALE);
    set_name(&info->old_name, crt_setlocale(0, NULL));
    return locinfo_addcats(info, categories, name);
}

struct locinfo *WINAPI locinfo_ctor_ptr(struct locinfo *info, const char *name)
{
    *info = (struct locinfo){0};
    lockit_ctor_int(&info->lock, LOCK_LOCALE);
    set_name(&info->old_name, crt_setlocale(0, NULL));
    const char *now = name ? crt_setlocale(0, name) : NULL;
    set_name(&info->new_name, now ? now : "*");
    return info;
}

struct locinfo *WINAPI locinfo_default_ctor(struct locinfo *info)
{
    return locinfo_ctor_ptr(info, "C");
}

void WINAPI locinfo_locinfo_addcats(struct locinfo *info, int categories, const char *name)
{
    locinfo_addcats(info, categories, name);
}

void WINAPI locinfo_dtor(struct locinfo *info)
{
    struct yarn *yarns[] = {&info->days,        &info->months,   &info->wide_days,
                            &info->wide_months, &info->old_name, &info->new_name};

    if (info->old_name.text)
        crt_setlocale(0, info->old_name.text);
    for (size_t i = 0; i < ARRAYSIZE(yarns); i++) {
        crt_free(yarns[i]->text);
        yarns[i]->text = NULL;
    }
    lockit_dtor(&info->lock);
}

void WINAPI locinfo_locinfo_dtor(struct locinfo *info)
{
    locinfo_dtor(info);
}

const char *WINAPI locinfo_getname(const struct locinfo *info)
{
    return info->new_name.text ? info->new_name.text : "";
}

const char *WINAPI locinfo_getfalse(const struct locinfo *info)
{
    (void)info;
    return "false";
}

const char *WINAPI locinfo_gettrue(const struct locinfo *info)
{
    (void)info;
    return "true";
}

const struct crt_lconv *WINAPI locinfo_getlconv(const struct locinfo *info)
{
    (void)info;
    return crt_localeconv();
}

/* Keeps a text that the C runtime made, and shows it. */
static void *keep(struct yarn *yarn, void *text)
{
    if (text) {
        crt_free(yarn->text);
        yarn->text = text;
    }
    return yarn->text ? yarn->text : &yarn->nul;
}

const char *WINAPI locinfo_getdays(struct locinfo *info)
{
    return keep(&info->days, _Getdays());
}

const char *WINAPI locinfo_getmonths(struct locinfo *info)
{
    return keep(&info->months, _Getmonths());
}

const WCHAR *WINAPI locinfo_w_getdays(struct locinfo *info)
{
    return keep(&info->wide_days, _W_Getdays());
}

const WCHAR *WINAPI locinfo_w_getmonths(struct locinfo *info)
{
    return keep(&info->wide_months, _W_Getmonths());
}

/* --- what facets keep of a locale ----------------------------------------------------------------------------------
 */

static WCHAR *copy_name(const WCHAR *name)
{
    size_t size = name ? (crt_wide_length(name) + 1) * sizeof(WCHAR) : 0;
    WCHAR *copy = name ? crt_malloc(size) : NULL;

    return copy ? memcpy(copy, name, size) : NULL;
}

struct collvec WINAPI msvcp_Getcoll(void)
{
    return (struct collvec){___lc_collate_cp_func(), ___lc_locale_name_func()[LC_COLLATE_]};
}

struct ctypevec WINAPI msvcp_Getctype(void)
{
    struct ctypevec vec = {.page = ___lc_codepage_func(), .name = copy_name(___lc_locale_name_func()[LC_COLLATE_])};
    short *table = crt_malloc(256 * sizeof(*table));

    if (table) {
        vec.table = memcpy(table, __pctype_func(), 256 * sizeof(*table));
        vec.free_table = 1;
    } else {
        vec.table = (const short *)__pctype_func();
    }
    return vec;
}

struct cvtvec WINAPI msvcp_Getcvt(void)
{
    struct cvtvec vec = {.page = ___lc_codepage_func(), .mb_cur_max = (ULONG)___mb_cur_max_func()};
    const unsigned short *types = __pctype_func();

    vec.is_c = !___lc_locale_name_func()[LC_CTYPE_];
    for (int i = 0; !vec.is_c && i < 256; i++)
        if (types[i] & LEAD_BYTE)
            vec.lead_bytes[i >> 3] |= (unsigned char)(1 << (i & 7));
    return vec;
}

struct collvec *WINAPI locinfo_getcoll(const struct locinfo *info, struct collvec *result)
{
    (void)info;
    *result = msvcp_Getcoll();
    return result;
}

struct ctypevec *WINAPI locinfo_getctype(const struct locinfo *info, struct ctypevec *result)
{
    (void)info;
    *result = msvcp_Getctype();
    return result;
}

struct cvtvec *WINAPI locinfo_getcvt(const struct locinfo *info, struct cvtvec *result)
{
    (void)info;
    *result = msvcp_Getcvt();
    return result;
}

/* time_base::dateorder: 2 month first, 1 day first, 3 year first. */
int WINAPI msvcp_Getdateorder(void)
{
    WCHAR order[8] = L"";

    GetLocaleInfoEx(___lc_locale_name_func()[LC_TIME_], LOCALE_ILDATE, order, ARRAYSIZE(order));
    return order[0] == '2' ? 3 : order[0] == '1' ? 1 : 2;
}

int WINAPI locinfo_getdateorder(const struct locinfo *info)
{
    (void)info;
    return msvcp_Getdateorder();
}

/* --- _Timevec: the C runtime's names of days and months, passed on to _Strftime, which knows them anyway ------------
 */

struct timevec {
    void *names;
};

struct timevec *WINAPI timevec_ctor_ptr(struct timevec *vec, void *names)
{
    vec->names = names;
    return vec;
}

struct timevec *WINAPI timevec_default_ctor(struct timevec *vec)
{
    return timevec_ctor_ptr(vec, NULL);
}

/* Copying takes the names away. */
struct timevec *WINAPI timevec_ctor_copy(struct timevec *vec, struct timevec *from)
{
    vec->names = from->names;
    from->names = NULL;
    return vec;
}

struct timevec *WINAPI timevec_assign(struct timevec *vec, struct timevec *from)
{
    if (vec != from) {
        crt_free(vec->names);
        timevec_ctor_copy(vec, from);
    }
    return vec;
}

void WINAPI timevec_dtor(struct timevec *vec)
{
    crt_free(vec->names);
}

void *WINAPI timevec_getptr(const struct timevec *vec)
{
    return vec->names;
}

struct timevec *WINAPI locinfo_gettnames(const struct locinfo *info, struct timevec *result)
{
    (void)info;
    return timevec_ctor_ptr(result, NULL);
}

/*
 * ctype.c: the facets ctype<char> and ctype<wchar_t>, and the functions on characters that they go by.
 *
 * Layer: msvcp over kernel32's tables of characters.
 */
#include "msvcp/facet.h"

#define TABLE_SIZE 256
#define WIDE_EOF 0xffff

const unsigned short *WINAPI __pctype_func(void);

const size_t ctype_table_size_char = TABLE_SIZE;

void facet_make(struct facet **facet, const struct locale *locale, size_t size, facet_maker maker)
{
    struct locinfo info;

    if (!facet || *facet)
        return;
    struct facet *made = msvcp_new(size);
    memset(made, 0, size);
    locinfo_ctor_ptr(&info, locale_name(locale));
    maker(made, &info, 0);
    locinfo_dtor(&info);
    *facet = made;
}

/* --- functions of the C runtime's kind, with the locale as an argument -----------------------------------------------
 */

static WCHAR map_wide(WCHAR c, const WCHAR *locale, DWORD how)
{
    WCHAR mapped;

    if (!locale) {
        if (how == LCMAP_LOWERCASE)
            return c >= 'A' && c <= 'Z' ? c + 32 : c;
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    }
    return LCMapStringEx(locale, how, &c, 1, &mapped, 1, NULL, NULL, 0) == 1 ? mapped : c;
}

static int map_byte(int c, const struct ctypevec *vec, DWORD how)
{
    unsigned char byte = (unsigned char)c;
    WCHAR wide;
    char back[4];

    if (!vec || !vec->name || byte < 0x80)
        return c < 0 || c > 0xff ? c : map_wide(byte, NULL, how);
    if (MultiByteToWideChar(vec->page, MB_ERR_INVALID_CHARS, (const char *)&byte, 1, &wide, 1) != 1)
        return c;
    wide = map_wide(wide, vec->name, how);
    return WideCharToMultiByte(vec->page, 0, &wide, 1, back, sizeof(back), NULL, NULL) == 1 ? (unsigned char)back[0]
                                                                                            : c;
}

int WINAPI msvcp_Tolower(int c, const struct ctypevec *vec)
{
    return map_byte(c, vec, LCMAP_LOWERCASE);
}

int WINAPI msvcp_Toupper(int c, const struct ctypevec *vec)
{
    return map_byte(c, vec, LCMAP_UPPERCASE);
}

WCHAR WINAPI msvcp_Towlower(WCHAR c, const struct ctypevec *vec)
{
    return c == WIDE_EOF ? c : map_wide(c, vec->name, LCMAP_LOWERCASE);
}

WCHAR WINAPI msvcp_Towupper(WCHAR c, const struct ctypevec *vec)
{
    return c == WIDE_EOF ? c : map_wide(c, vec->name, LCMAP_UPPERCASE);
}

short WINAPI msvcp_Getwctype(WCHAR c, const struct ctypevec *vec)
{
    WORD types = 0;

    (void)vec;
    GetStringTypeW(CT_CTYPE1, &c, 1, &types);
    return (short)types;
}

const WCHAR *WINAPI msvcp_Getwctypes(const WCHAR *first, const WCHAR *last, short *types, const struct ctypevec *vec)
{
    (void)vec;
    if (first < last)
        GetStringTypeW(CT_CTYPE1, first, (int)(last - first), (WORD *)types);
    return last;
}

static void tidy_vec(struct ctypevec *vec)
{
    if (vec->free_table)
        crt_free((void *)vec->table);
    vec->free_table = 0;
    crt_free(vec->name);
    vec->name = NULL;
}

/* --- ctype<char> ---------------------------------------------------------------------------------------------------
 */

struct ctype_char {
    struct facet base;
    struct ctypevec vec;
};

#define INIT(facet, info) ((facet)->vec = msvcp_Getctype())
#define TIDY(facet) tidy_vec(&(facet)->vec)
FACET_CLASS(ctype, char, ctype_char, LC_CTYPE_, INIT, TIDY);

void WINAPI ctype_tidy_char(struct ctype_char *ctype)
{
    tidy_vec(&ctype->vec);
}

/* A program's own table; with `owned` it is freed with the facet. */
struct ctype_char *WINAPI ctype_ctor_table_char(struct ctype_char *ctype, const short *table, bool owned, size_t count)
{
    ctype_ctor_u64_char(ctype, count);
    if (table) {
        if (ctype->vec.free_table)
            crt_free((void *)ctype->vec.table);
        ctype->vec.table = table;
        ctype->vec.free_table = owned ? -1 : 0;
    }
    return ctype;
}

const short *WINAPI ctype_table_char(const struct ctype_char *ctype)
{
    return ctype->vec.table;
}

const short *WINAPI ctype_classic_table_char(void)
{
    return (const short *)__pctype_func();
}

bool WINAPI ctype_is_char(const struct ctype_char *ctype, short mask, char c)
{
    return ctype->vec.table[(unsigned char)c] & mask;
}

const char *WINAPI ctype_is_range_char(const struct ctype_char *ctype, const char *first, const char *last, short *to)
{
    for (; first != last; first++)
        *to++ = ctype->vec.table[(unsigned char)*first];
    return first;
}

const char *WINAPI ctype_scan_is_char(const struct ctype_char *ctype, short mask, const char *first, const char *last)
{
    while (first != last && !ctype_is_char(ctype, mask, *first))
        first++;
    return first;
}

const char *WINAPI ctype_scan_not_char(const struct ctype_char *ctype, short mask, const char *first, const char *last)
{
    while (first != last && ctype_is_char(ctype, mask, *first))
        first++;
    return first;
}

char WINAPI ctype_do_tolower_char(const struct ctype_char *ctype, char c)
{
    return (char)msvcp_Tolower((unsigned char)c, &ctype->vec);
}

char WINAPI ctype_do_toupper_char(const struct ctype_char *ctype, char c)
{
    return (char)msvcp_Toupper((unsigned char)c, &ctype->vec);
}

const char *WINAPI ctype_do_tolower_range_char(const struct ctype_char *ctype, char *first, const char *last)
{
    for (; first != last; first++)
        *first = ctype_do_tolower_char(ctype, *first);
    return first;
}

const char *WINAPI ctype_do_toupper_range_char(const struct ctype_char *ctype, char *first, const char *last)
{
    for (; first != last; first++)
        *first = ctype_do_toupper_char(ctype, *first);
    return first;
}

char WINAPI ctype_do_widen_char(const struct ctype_char *ctype, char c)
{
    (void)ctype;
    return c;
}

const char *WINAPI ctype_do_widen_range_char(const struct ctype_char *ctype, const char *first, const char *last,
                                             char *to)
{
    (void)ctype;
    memmove(to, first, (size_t)(last - first));
    return last;
}

char WINAPI ctype_do_narrow_char(const struct ctype_char *ctype, char c, char instead)
{
    (void)ctype, (void)instead;
    return c;
}

const char *WINAPI ctype_do_narrow_range_char(const struct ctype_char *ctype, const char *first, const char *last,
                                              char instead, char *to)
{
    (void)instead;
    return ctype_do_widen_range_char(ctype, first, last, to);
}

/* The public functions ask the virtual ones. */
enum {
    DO_TOLOWER_RANGE = FACET_OWN,
    DO_TOLOWER,
    DO_TOUPPER_RANGE,
    DO_TOUPPER,
    DO_WIDEN_RANGE,
    DO_WIDEN,
    DO_NARROW_RANGE,
    DO_NARROW
};

char WINAPI ctype_tolower_char(const struct ctype_char *ctype, char c)
{
    return (char)VIRTUAL(ctype, DO_TOLOWER, (ULONG_PTR)c, 0, 0);
}

const char *WINAPI ctype_tolower_range_char(const struct ctype_char *ctype, char *first, const char *last)
{
    return (const char *)VIRTUAL(ctype, DO_TOLOWER_RANGE, first, last, 0);
}

char WINAPI ctype_toupper_char(const struct ctype_char *ctype, char c)
{
    return (char)VIRTUAL(ctype, DO_TOUPPER, (ULONG_PTR)c, 0, 0);
}

const char *WINAPI ctype_toupper_range_char(const struct ctype_char *ctype, char *first, const char *last)
{
    return (const char *)VIRTUAL(ctype, DO_TOUPPER_RANGE, first, last, 0);
}

char WINAPI ctype_widen_char(const struct ctype_char *ctype, char c)
{
    return (char)VIRTUAL(ctype, DO_WIDEN, (ULONG_PTR)c, 0, 0);
}

const char *WINAPI ctype_widen_range_char(const struct ctype_char *ctype, const char *first, const char *last, char *to)
{
    return (const char *)VIRTUAL(ctype, DO_WIDEN_RANGE, first, last, to);
}

char WINAPI ctype_narrow_char(const struct ctype_char *ctype, char c, char instead)
{
    return (char)VIRTUAL(ctype, DO_NARROW, (ULONG_PTR)c, (ULONG_PTR)instead, 0);
}

const char *WINAPI ctype_narrow_range_char(const struct ctype_char *ctype, const char *first, const char *last,
                                           char instead, char *to)
{
    return (const char *)VIRTUAL_N(ctype, DO_NARROW_RANGE, GUEST(first), GUEST(last), (ULONG_PTR)instead, GUEST(to));
}

/* --- ctype<wchar_t> and ctype<unsigned short>: two classes with the same functions -----------------------------------
 */

struct ctype_wide {
    struct facet base;
    struct ctypevec vec;
    struct cvtvec cvt;
};

static void wide_init(struct ctype_wide *ctype)
{
    ctype->vec = msvcp_Getctype();
    ctype->cvt = msvcp_Getcvt();
}

#undef INIT
#define INIT(facet, info) wide_init(facet)
FACET_CLASS(ctype, wchar, ctype_wide, LC_CTYPE_, INIT, TIDY);
FACET_CLASS(ctype, ushort, ctype_wide, LC_CTYPE_, INIT, TIDY);

bool WINAPI ctype_do_is_wide(const struct ctype_wide *ctype, short mask, WCHAR c)
{
    return msvcp_Getwctype(c, &ctype->vec) & mask;
}

const WCHAR *WINAPI ctype_do_is_range_wide(const struct ctype_wide *ctype, const WCHAR *first, const WCHAR *last,
                                           short *to)
{
    return msvcp_Getwctypes(first, last, to, &ctype->vec);
}

enum {
    WIDE_IS_RANGE = FACET_OWN,
    WIDE_IS,
    WIDE_SCAN_IS,
    WIDE_SCAN_NOT,
    WIDE_TOLOWER_RANGE,
    WIDE_TOLOWER,
    WIDE_TOUPPER_RANGE,
    WIDE_TOUPPER,
    WIDE_WIDEN_RANGE,
    WIDE_WIDEN,
    WIDE_NARROW_RANGE,
    WIDE_NARROW
};

bool WINAPI ctype_is_wide(const struct ctype_wide *ctype, short mask, WCHAR c)
{
    return VIRTUAL(ctype, WIDE_IS, (ULONG_PTR)mask, c, 0) & 0xff;
}

const WCHAR *WINAPI ctype_do_scan_is_wide(const struct ctype_wide *ctype, short mask, const WCHAR *first,
                                          const WCHAR *last)
{
    while (first != last && !ctype_is_wide(ctype, mask, *first))
        first++;
    return first;
}

const WCHAR *WINAPI ctype_do_scan_not_wide(const struct ctype_wide *ctype, short mask, const WCHAR *first,
                                           const WCHAR *last)
{
    while (first != last && ctype_is_wide(ctype, mask, *first))
        first++;
    return first;
}

WCHAR WINAPI ctype_do_tolower_wide(const struct ctype_wide *ctype, WCHAR c)
{
    return msvcp_Towlower(c, &ctype->vec);
}

WCHAR WINAPI ctype_do_toupper_wide(const struct ctype_wide *ctype, WCHAR c)
{
    return msvcp_Towupper(c, &ctype->vec);
}

const WCHAR *WINAPI ctype_do_tolower_range_wide(const struct ctype_wide *ctype, WCHAR *first, const WCHAR *last)
{
    for (; first != last; first++)
        *first = msvcp_Towlower(*first, &ctype->vec);
    return first;
}

const WCHAR *WINAPI ctype_do_toupper_range_wide(const struct ctype_wide *ctype, WCHAR *first, const WCHAR *last)
{
    for (; first != last; first++)
        *first = msvcp_Towupper(*first, &ctype->vec);
    return first;
}

WCHAR WINAPI ctype_dowiden_wide(const struct ctype_wide *ctype, char c)
{
    struct mbstate state = {0};
    WCHAR wide;

    return msvcp_Mbrtowc(&wide, &c, 1, &state, &ctype->cvt) < 0 ? WIDE_EOF : wide;
}

char WINAPI ctype_donarrow_wide(const struct ctype_wide *ctype, WCHAR c, char instead)
{
    struct mbstate state = {0};
    char bytes[8];

    return msvcp_Wcrtomb(bytes, c, &state, &ctype->cvt) == 1 ? bytes[0] : instead;
}

WCHAR WINAPI ctype_do_widen_wide(const struct ctype_wide *ctype, char c)
{
    return ctype_dowiden_wide(ctype, c);
}

const char *WINAPI ctype_do_widen_range_wide(const struct ctype_wide *ctype, const char *first, const char *last,
                                             WCHAR *to)
{
    for (; first != last; first++)
        *to++ = ctype_dowiden_wide(ctype, *first);
    return first;
}

char WINAPI ctype_do_narrow_wide(const struct ctype_wide *ctype, WCHAR c, char instead)
{
    return ctype_donarrow_wide(ctype, c, instead);
}

const WCHAR *WINAPI ctype_do_narrow_range_wide(const struct ctype_wide *ctype, const WCHAR *first, const WCHAR *last,
                                               char instead, char *to)
{
    for (; first != last; first++)
        *to++ = ctype_donarrow_wide(ctype, *first, instead);
    return first;
}

const WCHAR *WINAPI ctype_is_range_wide(const struct ctype_wide *ctype, const WCHAR *first, const WCHAR *last,
                                        short *to)
{
    return (const WCHAR *)VIRTUAL(ctype, WIDE_IS_RANGE, first, last, to);
}

const WCHAR *WINAPI ctype_scan_is_wide(const struct ctype_wide *ctype, short mask, const WCHAR *first,
                                       const WCHAR *last)
{
    return (const WCHAR *)VIRTUAL(ctype, WIDE_SCAN_IS, (ULONG_PTR)mask, first, last);
}

const WCHAR *WINAPI ctype_scan_not_wide(const struct ctype_wide *ctype, short mask, const WCHAR *first,
                                        const WCHAR *last)
{
    return (const WCHAR *)VIRTUAL(ctype, WIDE_SCAN_NOT, (ULONG_PTR)mask, first, last);
}

WCHAR WINAPI ctype_tolower_wide(const struct ctype_wide *ctype, WCHAR c)
{
    return (WCHAR)VIRTUAL(ctype, WIDE_TOLOWER, c, 0, 0);
}

const WCHAR *WINAPI ctype_tolower_range_wide(const struct ctype_wide *ctype, WCHAR *first, const WCHAR *last)
{
    return (const WCHAR *)VIRTUAL(ctype, WIDE_TOLOWER_RANGE, first, last, 0);
}

WCHAR WINAPI ctype_toupper_wide(const struct ctype_wide *ctype, WCHAR c)
{
    return (WCHAR)VIRTUAL(ctype, WIDE_TOUPPER, c, 0, 0);
}

const WCHAR *WINAPI ctype_toupper_range_wide(const struct ctype_wide *ctype, WCHAR *first, const WCHAR *last)
{
    return (const WCHAR *)VIRTUAL(ctype, WIDE_TOUPPER_RANGE, first, last, 0);
}

WCHAR WINAPI ctype_widen_wide(const struct ctype_wide *ctype, char c)
{
    return (WCHAR)VIRTUAL(ctype, WIDE_WIDEN, (ULONG_PTR)(unsigned char)c, 0, 0);
}

const char *WINAPI ctype_widen_range_wide(const struct ctype_wide *ctype, const char *first, const char *last,
                                          WCHAR *to)
{
    return (const char *)VIRTUAL(ctype, WIDE_WIDEN_RANGE, first, last, to);
}

char WINAPI ctype_narrow_wide(const struct ctype_wide *ctype, WCHAR c, char instead)
{
    return (char)VIRTUAL(ctype, WIDE_NARROW, c, (ULONG_PTR)instead, 0);
}

const WCHAR *WINAPI ctype_narrow_range_wide(const struct ctype_wide *ctype, const WCHAR *first, const WCHAR *last,
                                            char instead, char *to)
{
    return (const WCHAR *)VIRTUAL_N(ctype, WIDE_NARROW_RANGE, GUEST(first), GUEST(last), (ULONG_PTR)instead, GUEST(to));
}

/* ctype_base has nothing of its own. */
extern const void *ctype_base_vftable[];

struct facet *WINAPI ctype_base_ctor(struct facet *facet, size_t count)
{
    facet_init(facet, ctype_base_vftable, count);
    return facet;
}

struct facet *WINAPI ctype_base_default_ctor(struct facet *facet)
{
    return ctype_base_ctor(facet, 0);
}

/*
 * msvcp.h: what the parts of Microsoft's C++ library (msvcp140.dll) share.
 *
 * The library's classes are C structures with the layout that programs were compiled for: members are read and
 * written by inline functions inside the programs, and programs derive from the classes.  So every structure here is
 * ABI.  Templates (basic_ostream<char>, <wchar_t>, <unsigned short>) are headers that are included once for each
 * character type, with E and T(name) defined (basic.h).
 *
 * Calling convention: `this` first, then the place of a result that is a class, then the arguments; classes by value
 * come as pointers.  Virtual functions may be the program's: they are called through the gate (VIRTUAL).
 *
 * Layer: msvcp over crt and kernel32.
 */
#ifndef MSVCP_MSVCP_H
#define MSVCP_MSVCP_H

#include "crt/crt.h"
#include "crt/eh_class.h"
#include "ntdll/gate.h"

typedef int64_t streamoff;

/* Calls entry `slot` of an object's vftable: with `this` and up to three more arguments; VIRTUAL_N: any number. */
#define VFTABLE(object) (*(const void *const *const *)(object))
#define VIRTUAL(object, slot, a, b, c) guest_call(VFTABLE(object)[slot], GUEST(object), GUEST(a), GUEST(b), GUEST(c))
#define VIRTUAL_N(object, slot, ...)                                                                                   \
    ({                                                                                                                 \
        const ULONG_PTR arguments_[] = {GUEST(object), __VA_ARGS__};                                                   \
        guest_call_n(VFTABLE(object)[slot], sizeof(arguments_) / sizeof(*arguments_), arguments_);                     \
    })

/* --- small classes ----------------------------------------------------------------------------------------------- */

/* std::string and std::wstring: short texts lie inside. */
struct std_string {
    union {
        char inside[16];
        WCHAR inside_wide[8];
        void *outside;
    };
    size_t size, capacity;
};
_Static_assert(sizeof(struct std_string) == 32, "std::string");

static inline const char *string_text(const struct std_string *s)
{
    return s->capacity > 15 ? s->outside : s->inside;
}
static inline const WCHAR *wstring_text(const struct std_string *s)
{
    return s->capacity > 7 ? s->outside : s->inside_wide;
}
void string_init(struct std_string *s, const char *text);
void wstring_init(struct std_string *s, const WCHAR *text);
void string_assign(struct std_string *s, const void *text, size_t length, size_t unit);
void string_free(struct std_string *s);
void wstring_free(struct std_string *s);

/* std::_Yarn: a text on the heap. */
struct yarn {
    void *text; /* NULL: empty */
    WCHAR nul;  /* what c_str() of an empty one points at */
};

/* std::fpos: a place in a file. */
struct mbstate {
    ULONG wide;
    USHORT bytes, state;
};
struct fpos {
    streamoff offset;
    int64_t position;
    struct mbstate state;
};
_Static_assert(sizeof(struct fpos) == 24, "std::fpos");

static inline struct fpos *fpos_set(struct fpos *result, streamoff offset)
{
    *result = (struct fpos){.offset = offset};
    return result;
}
static inline streamoff fpos_offset(const struct fpos *position)
{
    return position->offset + position->position;
}

/* --- locales (locale.c, locinfo.c, lock.c) ---------------------------------------------------------------------------
 */

enum { LC_COLLATE_ = 1, LC_CTYPE_, LC_MONETARY_, LC_NUMERIC_, LC_TIME_, LC_MESSAGES_ };
enum { CATEGORY_ALL = 0x3f };
#define CATEGORY(lc) (1 << ((lc)-1))

struct facet {
    const void *vftable;
    ULONG references;
};
/* Entries of every facet's vftable. */
enum { FACET_DELETE, FACET_INCREF, FACET_DECREF, FACET_OWN };

struct locale_id {
    size_t id; /* 0: not numbered yet */
};

struct locimp {
    struct facet base;
    struct facet **facets;
    size_t count;
    int categories;
    bool transparent; /* facets that are not here come from the global locale */
    struct yarn name;
};
_Static_assert(offsetof(struct locimp, name) == 40, "std::locale::_Locimp");

struct locale {
    void *empty_bases;
    struct locimp *imp;
};
_Static_assert(sizeof(struct locale) == 16, "std::locale");

struct lockit {
    int kind;
};

struct locinfo {
    struct lockit lock;
    struct yarn days, months, wide_days, wide_months, old_name, new_name;
};
_Static_assert(sizeof(struct locinfo) == 104, "std::_Locinfo");

/* _Collvec, _Ctypevec, _Cvtvec: what facets keep of a locale. */
struct collvec {
    ULONG page;
    WCHAR *name;
};
struct ctypevec {
    ULONG page;
    const short *table;
    int free_table; /* > 0: free(), < 0: delete[] */
    WCHAR *name;
};
struct cvtvec {
    ULONG page, mb_cur_max;
    int is_c;
    unsigned char lead_bytes[32]; /* a bit for each */
};
_Static_assert(sizeof(struct ctypevec) == 32 && sizeof(struct cvtvec) == 44, "_Ctypevec, _Cvtvec");

#define LOCK_LOCALE 0
struct lockit *WINAPI lockit_ctor_int(struct lockit *lock, int kind);
void WINAPI lockit_dtor(struct lockit *lock);

void facet_init(struct facet *facet, const void *vftable, size_t references);
void facet_hold(const struct facet *facet);
void facet_release(const struct facet *facet); /* deletes it when nobody holds it */
size_t WINAPI localeid_number(struct locale_id *id);

struct locimp *WINAPI locale_init_bool(bool hold);
void locale_copy(struct locale *to, const struct locale *from);
void locale_free(struct locale *locale);
struct locale *locale_new(void); /* on the heap: the global locale */
struct locale *locale_new_copy(const struct locale *from);
void locale_delete(struct locale *locale);
void WINAPI locimp_locimp_addfac(struct locimp *imp, struct facet *facet, size_t id);

/* A facet class: its id, how one is made for a locale, and the one made for locales without. */
struct facet_class {
    struct locale_id *id;
    size_t(WINAPI *getcat)(struct facet **facet, const struct locale *locale);
    struct facet *saved;
};
struct facet *locale_facet(const struct locale *locale, struct facet_class *class);

struct locinfo *WINAPI locinfo_ctor_ptr(struct locinfo *info, const char *name);
struct locinfo *WINAPI locinfo_ctor_int_ptr(struct locinfo *info, int categories, const char *name);
void WINAPI locinfo_dtor(struct locinfo *info);
const char *WINAPI locale_name(const struct locale *locale);
struct collvec WINAPI msvcp_Getcoll(void);
struct ctypevec WINAPI msvcp_Getctype(void);
struct cvtvec WINAPI msvcp_Getcvt(void);
int WINAPI msvcp_Strcoll(const char *a, const char *a_end, const char *b, const char *b_end, const struct collvec *);
int WINAPI msvcp_Wcscoll(const WCHAR *a, const WCHAR *a_end, const WCHAR *b, const WCHAR *b_end,
                         const struct collvec *);
size_t WINAPI msvcp_Strxfrm(char *to, char *to_end, const char *first, const char *last, const struct collvec *);
size_t WINAPI msvcp_Wcsxfrm(WCHAR *to, WCHAR *to_end, const WCHAR *first, const WCHAR *last, const struct collvec *);
int WINAPI msvcp_Mbrtowc(WCHAR *wide, const char *text, size_t count, struct mbstate *state, const struct cvtvec *cvt);
int WINAPI msvcp_Wcrtomb(char *text, WCHAR wide, struct mbstate *state, const struct cvtvec *cvt);

/* --- exceptions (exception.c)
 * ------------------------------------------------------------------------------------------ */

_Noreturn void throw_bad_alloc(void);
_Noreturn void throw_bad_cast(void);
_Noreturn void throw_failure(const char *what);

/* malloc that throws. */
void *msvcp_new(size_t size);

/* --- what a stream is made of without regard to its characters (ios_base.c)
 * ----------------------------------------------- */

enum { IOS_EOF = 1, IOS_FAIL = 2, IOS_BAD = 4, IOS_STATES = 0x17 };
enum {
    FMT_SKIPWS = 1,
    FMT_UNITBUF = 2,
    FMT_UPPERCASE = 4,
    FMT_SHOWBASE = 8,
    FMT_SHOWPOINT = 0x10,
    FMT_SHOWPOS = 0x20,
    FMT_LEFT = 0x40,
    FMT_RIGHT = 0x80,
    FMT_INTERNAL = 0x100,
    FMT_DEC = 0x200,
    FMT_OCT = 0x400,
    FMT_HEX = 0x800,
    FMT_SCIENTIFIC = 0x1000,
    FMT_FIXED = 0x2000,
    FMT_BOOLALPHA = 0x4000,
    FMT_STDIO = 0x8000,
    FMT_ADJUST = FMT_LEFT | FMT_RIGHT | FMT_INTERNAL,
    FMT_BASE = FMT_DEC | FMT_OCT | FMT_HEX,
    FMT_FLOAT = FMT_SCIENTIFIC | FMT_FIXED,
    FMT_ALL = 0xffff
};
enum { SEEK_BEGIN, SEEK_CURRENT, SEEK_LAST };
enum { OPEN_IN = 1, OPEN_OUT = 2 };
enum { EVENT_ERASE, EVENT_IMBUE, EVENT_COPYFMT };

struct ios_array; /* iword and pword */
struct ios_callback;

struct ios_base {
    const void *vftable;
    size_t standard; /* number among the streams that _Addstd keeps, 0: none */
    int state, except, flags;
    int64_t precision, width;
    struct ios_array *array;
    struct ios_callback *callbacks;
    struct locale *locale;
};
_Static_assert(sizeof(struct ios_base) == 72, "std::ios_base");

void WINAPI ios_base_init(struct ios_base *ios);
void WINAPI ios_base_tidy(struct ios_base *ios);
void WINAPI ios_base_clear_int_bool(struct ios_base *ios, int state, bool again);
struct ios_base *WINAPI ios_base_copyfmt(struct ios_base *to, const struct ios_base *from);
void WINAPI ios_base_dtor(struct ios_base *ios);
void WINAPI ios_base_addstd(struct ios_base *ios);
struct locale *WINAPI ios_base_imbue(struct ios_base *ios, struct locale *result, const struct locale *locale);
void WINAPI ios_base_swap(struct ios_base *a, struct ios_base *b);

/*
 * Runs body(operation), which returns new states, and catches C++ exceptions that the program's functions throw in it:
 * the stream becomes bad, and unless that is to throw, the exception ends here.
 */
int ios_guarded(struct ios_base *ios, const void *body, void *operation);

/* snprintf by the rules of the C runtime. */
int WINAPI msvcp_format(char *buffer, size_t size, const char *format, ...);

#endif

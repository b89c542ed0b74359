/*
 * msvcp_locale.c: are locales, facets and their vftables as Microsoft's library has them?  Numbers with a program's own
 * separators; characters, conversion of bytes, dates.
 */
#include "msvcp.h"
#include <time.h>

#define ID_VALUE CALL(size_t, "??Bid@locale@std@@QEAA_KXZ", void *)
#define NUM_PUT_TYPE "?$num_put@DV?$ostreambuf_iterator@DU?$char_traits@D@std@@@std@@@std@@"
#define TIME_GET_TYPE "?$time_get@DV?$istreambuf_iterator@DU?$char_traits@D@std@@@std@@@std@@"
#define TIME_PUT_TYPE "?$time_put@DV?$ostreambuf_iterator@DU?$char_traits@D@std@@@std@@@std@@"

struct locimp {
    void *vftable;
    unsigned references;
    void **facets;
    size_t count;
    int categories;
    unsigned char transparent;
    char *name, nul;
};

/* The functions in a vftable, by the names that export them. */
static void check_vftable(const char *vftable, int first, const char *const *names)
{
    void **table = msvcp_function(vftable);
    for (int i = 0; names[i]; i++)
        if (*names[i]) {
            check_count++;
            if (table[first + i] != msvcp_function(names[i])) {
                BYTE *stub = msvcp_function(names[i]); /* exports of built-in modules are jumps */
                if (*stub != 0xe9 || stub + 5 + *(int *)(stub + 1) != (BYTE *)table[first + i]) {
                    check_failed++;
                    printf("%s: entry %d is not %s\n", vftable, first + i, names[i]);
                }
            }
        }
}

static void test_vftables(void)
{
    static const char *const facet[] = {"?_Incref@facet@locale@std@@UEAAXXZ",
                                        "?_Decref@facet@locale@std@@UEAAPEAV_Facet_base@3@XZ", NULL};
    static const char *const ctype[] = {"?do_tolower@?$ctype@D@std@@MEBAPEBDPEADPEBD@Z",
                                        "?do_tolower@?$ctype@D@std@@MEBADD@Z",
                                        "?do_toupper@?$ctype@D@std@@MEBAPEBDPEADPEBD@Z",
                                        "?do_toupper@?$ctype@D@std@@MEBADD@Z",
                                        "?do_widen@?$ctype@D@std@@MEBAPEBDPEBD0PEAD@Z",
                                        "?do_widen@?$ctype@D@std@@MEBADD@Z",
                                        "?do_narrow@?$ctype@D@std@@MEBAPEBDPEBD0DPEAD@Z",
                                        "?do_narrow@?$ctype@D@std@@MEBADDD@Z",
                                        NULL};
    static const char *const streambuf[] = {"?_Lock@" STREAMBUF "UEAAXXZ",
                                            "?_Unlock@" STREAMBUF "UEAAXXZ",
                                            "?overflow@" STREAMBUF "MEAAHH@Z",
                                            "?pbackfail@" STREAMBUF "MEAAHH@Z",
                                            "?showmanyc@" STREAMBUF "MEAA_JXZ",
                                            "?underflow@" STREAMBUF "MEAAHXZ",
                                            "?uflow@" STREAMBUF "MEAAHXZ",
                                            "?xsgetn@" STREAMBUF "MEAA_JPEAD_J@Z",
                                            "?xsputn@" STREAMBUF "MEAA_JPEBD_J@Z",
                                            "?seekoff@" STREAMBUF "MEAA?AV?$fpos@U_Mbstatet@@@2@_JHH@Z",
                                            "?seekpos@" STREAMBUF "MEAA?AV?$fpos@U_Mbstatet@@@2@V32@H@Z",
                                            "?setbuf@" STREAMBUF "MEAAPEAV12@PEAD_J@Z",
                                            "?sync@" STREAMBUF "MEAAHXZ",
                                            "?imbue@" STREAMBUF "MEAAXAEBVlocale@2@@Z",
                                            NULL};
    static const char *const codecvt[] = {
        "?do_always_noconv@?$codecvt@_WDU_Mbstatet@@@std@@MEBA_NXZ",
        "?do_max_length@?$codecvt@_WDU_Mbstatet@@@std@@MEBAHXZ",
        "?do_encoding@?$codecvt@_WDU_Mbstatet@@@std@@MEBAHXZ",
        "?do_in@?$codecvt@_WDU_Mbstatet@@@std@@MEBAHAEAU_Mbstatet@@PEBD1AEAPEBDPEA_W3AEAPEA_W@Z",
        "?do_out@?$codecvt@_WDU_Mbstatet@@@std@@MEBAHAEAU_Mbstatet@@PEB_W1AEAPEB_WPEAD3AEAPEAD@Z",
        "?do_unshift@?$codecvt@_WDU_Mbstatet@@@std@@MEBAHAEAU_Mbstatet@@PEAD1AEAPEAD@Z",
        "?do_length@?$codecvt@_WDU_Mbstatet@@@std@@MEBAHAEAU_Mbstatet@@PEBD1_K@Z",
        NULL};
    static const char *const wide[] = {"?do_is@?$ctype@_W@std@@MEBAPEB_WPEB_W0PEAF@Z",
                                       "?do_is@?$ctype@_W@std@@MEBA_NF_W@Z",
                                       "?do_scan_is@?$ctype@_W@std@@MEBAPEB_WFPEB_W0@Z",
                                       "?do_scan_not@?$ctype@_W@std@@MEBAPEB_WFPEB_W0@Z",
                                       "?do_tolower@?$ctype@_W@std@@MEBAPEB_WPEA_WPEB_W@Z",
                                       "?do_tolower@?$ctype@_W@std@@MEBA_W_W@Z",
                                       "?do_toupper@?$ctype@_W@std@@MEBAPEB_WPEA_WPEB_W@Z",
                                       "?do_toupper@?$ctype@_W@std@@MEBA_W_W@Z",
                                       "?do_widen@?$ctype@_W@std@@MEBAPEBDPEBD0PEA_W@Z",
                                       "?do_widen@?$ctype@_W@std@@MEBA_WD@Z",
                                       "?do_narrow@?$ctype@_W@std@@MEBAPEB_WPEB_W0DPEAD@Z",
                                       "?do_narrow@?$ctype@_W@std@@MEBAD_WD@Z",
                                       NULL};
    char put[8][160];
    const char *num_put[9] = {0};
    static const char *const types[] = {"PEBX", "O", "N", "_K", "_J", "K", "J", "_N"};
    for (int i = 0; i < 8; i++) {
        sprintf(put[i],
                "?do_put@" NUM_PUT_TYPE
                "MEBA?AV?$ostreambuf_iterator@DU?$char_traits@D@std@@@2@V32@AEAVios_base@2@D%s@Z",
                types[i]);
        num_put[i] = put[i];
    }
    check_vftable("??_7facet@locale@std@@6B@", 1, facet);
    check_vftable("??_7?$ctype@D@std@@6B@", 1, facet);
    check_vftable("??_7?$ctype@D@std@@6B@", 3, ctype);
    check_vftable("??_7?$ctype@_W@std@@6B@", 3, wide);
    check_vftable("??_7" STREAMBUF "6B@", 1, streambuf);
    check_vftable("??_7?$codecvt@_WDU_Mbstatet@@@std@@6B@", 3, codecvt);
    check_vftable("??_7" NUM_PUT_TYPE "6B@", 3, num_put);
}

static void test_locales(void)
{
    struct locale *classic = CALL(struct locale *, "?classic@locale@std@@SAAEBV12@XZ", void)();
    struct locimp *imp = classic->imp, *global;
    struct locale empty, old;
    CHECK_STR(imp->name, "C");
    CHECK_EQ(imp->categories, 63);
    CHECK_EQ(imp->transparent, 0);
    CHECK(imp->vftable == msvcp_function("??_7_Locimp@locale@std@@6B@"));
    global = CALL(void *, "?_Getgloballocale@locale@std@@CAPEAV_Locimp@12@XZ", void)();
    CHECK(global == imp);
    unsigned before = imp->references;
    CHECK(CALL(void *, "?_Init@locale@std@@CAPEAV_Locimp@12@_N@Z", int)(1) == imp);
    CHECK_EQ(imp->references, before + 1);
    CHECK(CALL(void *, "?_Init@locale@std@@CAPEAV_Locimp@12@_N@Z", int)(0) == imp);
    CHECK_EQ(imp->references, before + 1);
    CHECK(CALL(void *, "?_Decref@facet@locale@std@@UEAAPEAV_Facet_base@3@XZ", void *)(imp) == NULL);
    CHECK_EQ(imp->references, before);
    CHECK(*(void **)msvcp_function("?_Clocptr@_Locimp@locale@std@@0PEAV123@EA") == imp);

    CHECK(CALL(void *, "?empty@locale@std@@SA?AV12@XZ", void *)(&empty) == &empty);
    struct locimp *none = empty.imp;
    CHECK_EQ(none->transparent, 1);
    CHECK_EQ(none->categories, 0);
    CHECK_STR(none->name, "*");
    CHECK_EQ(none->references, 1);

    /* A copy with a facet of its own becomes the global locale and goes again. */
    struct locimp *copy = CALL(void *, "?_New_Locimp@_Locimp@locale@std@@CAPEAV123@AEBV123@@Z", void *)(imp);
    CHECK(copy != imp);
    CHECK_STR(copy->name, "C");
    CHECK_EQ(copy->categories, 63);
    CHECK_EQ(copy->references, 1);
    struct locale mine = {NULL, copy};
    CALL(void *, "?global@locale@std@@SA?AV12@AEBV12@@Z", void *, void *)(&old, &mine);
    CHECK(old.imp == imp);
    CHECK(CALL(void *, "?_Getgloballocale@locale@std@@CAPEAV_Locimp@12@XZ", void)() == copy);
    CHECK_EQ(copy->references, 2);
    struct locale back;
    CALL(void *, "?global@locale@std@@SA?AV12@AEBV12@@Z", void *, void *)(&back, &old);
    CHECK(back.imp == copy);
    CHECK_EQ(copy->references, 2);

    static const char *const ids[] = {"?id@?$ctype@D@std@@2V0locale@2@A",
                                      "?id@?$ctype@_W@std@@2V0locale@2@A",
                                      "?id@?$codecvt@DDU_Mbstatet@@@std@@2V0locale@2@A",
                                      "?id@?$numpunct@D@std@@2V0locale@2@A",
                                      "?id@?$collate@D@std@@2V0locale@2@A",
                                      "?id@" NUM_PUT_TYPE "2V0locale@2@A"};
    size_t values[6];
    for (int i = 0; i < 6; i++) {
        values[i] = ID_VALUE(msvcp_function(ids[i]));
        CHECK(values[i] > 0 && values[i] < 200);
        CHECK_EQ(ID_VALUE(msvcp_function(ids[i])), values[i]);
        for (int j = 0; j < i; j++)
            CHECK(values[i] != values[j]);
    }
    size_t fresh = 0;
    int count = *(int *)msvcp_function("?_Id_cnt@id@locale@std@@0HA");
    CHECK_EQ(ID_VALUE(&fresh), count + 1);
    CHECK_EQ(fresh, count + 1);
}

/* A program's own numpunct: thousands in groups, and a comma. */
static struct {
    void **vftable;
    unsigned references;
} punct;
static char grouping[16] = "\3";

static char punct_point(void *facet)
{
    (void)facet;
    return ',';
}
static char punct_separator(void *facet)
{
    (void)facet;
    return '.';
}
struct string {
    char text[16];
    size_t size, capacity;
};
static void *punct_string(struct string *result, const char *text)
{
    strcpy(result->text, text);
    result->size = strlen(text);
    result->capacity = 15;
    return result;
}
static void *punct_grouping(void *facet, struct string *result)
{
    (void)facet;
    return punct_string(result, grouping);
}
static void *punct_false(void *facet, struct string *result)
{
    (void)facet;
    return punct_string(result, "nein");
}
static void *punct_true(void *facet, struct string *result)
{
    (void)facet;
    return punct_string(result, "ja");
}
static void *punct_delete(void *facet, int flags)
{
    (void)flags;
    return facet;
}

#define INSERT(type, argument) CALL(void *, "??6" OSTREAM "QEAAAEAV01@" type "@Z", void *, argument)
#define EXTRACT(type, value) CALL(void *, "??5" ISTREAM "QEAAAEAV01@AEA" type "@Z", void *, void *)(&in, value)

static void test_punctuation(void)
{
    static struct streambuf sb, in_sb;
    static struct ostream out;
    static struct istream in;
    char text[256] = "";
    void *table[] = {(void *)punct_delete,
                     msvcp_function("?_Incref@facet@locale@std@@UEAAXXZ"),
                     msvcp_function("?_Decref@facet@locale@std@@UEAAPEAV_Facet_base@3@XZ"),
                     (void *)punct_point,
                     (void *)punct_separator,
                     (void *)punct_grouping,
                     (void *)punct_false,
                     (void *)punct_true};
    struct locale *classic = CALL(struct locale *, "?classic@locale@std@@SAAEBV12@XZ", void)(), mine = {0}, old;
    punct.vftable = table;
    mine.imp = CALL(void *, "?_New_Locimp@_Locimp@locale@std@@CAPEAV123@AEBV123@@Z", void *)(classic->imp);
    CALL(void, "?_Locimp_Addfac@_Locimp@locale@std@@CAXPEAV123@PEAVfacet@23@_K@Z", void *, void *, size_t)
    (mine.imp, &punct, ID_VALUE(msvcp_function("?id@?$numpunct@D@std@@2V0locale@2@A")));
    CHECK_EQ(punct.references, 1);
    streambuf_make(&sb, text, sizeof(text) - 1);
    ostream_make(&out, &sb);
    CALL(void *, "?imbue@" IOS "QEAA?AVlocale@2@AEBV32@@Z", void *, void *, void *)(&out.ios, &old, &mine);
    CHECK(old.imp == classic->imp);
    CHECK(out.ios.locale->imp == mine.imp);
    CHECK(sb.locale->imp == mine.imp);

    static const struct {
        const char *grouping;
        int flags, width;
        long long value;
        const char *expected;
    } cases[] = {
        {"\3", F_DEC, 0, 1234567, "1.234.567"},
        {"\3", F_DEC, 0, -123, "-123"},
        {"\3", F_DEC, 0, -1234, "-1.234"},
        {"\3", F_DEC, 12, 1234, "       1.234"},
        {"\3", F_DEC | F_POS, 0, 999, "+999"},
        {"", F_DEC, 0, 1234567, "1234567"},
        {"\2\3", F_DEC, 0, 12345678, "123.456.78"},
        {"\1\2", F_DEC, 0, 123456, "1.23.45.6"},
        {"\2\x7f", F_DEC, 0, 123456, "1234.56"},
        {"\3", F_HEX, 0, 0xabcdef, "abc.def"},
        {"\3", F_HEX | F_BASE, 0, 0x12345, "0x12.345"},
        {"\3", F_OCT, 0, 01234567, "1.234.567"},
        {"\3", F_DEC | F_INTERNAL, 8, -1234, "-  1.234"},
        {"\3", F_DEC, 0, 0, "0"},
    };
    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        strcpy(grouping, cases[i].grouping);
        memset(text, 0, sizeof(text));
        sb.length = 0;
        out.ios.flags = cases[i].flags;
        out.ios.width = cases[i].width;
        INSERT("_J", long long)(&out, cases[i].value);
        CHECK_STR(text, cases[i].expected);
    }
    strcpy(grouping, "\3");
    static const struct {
        int flags, precision;
        double value;
        const char *expected;
    } reals[] = {
        {F_FIXED, 2, 1234567.25, "1.234.567,25"}, {0, 6, 0.5, "0,5"},    {F_SCI, 3, 12345, "1,234e+04"},
        {F_FIXED, 0, 1e6, "1.000.000"},           {0, 6, 1e20, "1e+20"}, {F_FIXED | F_POS, 1, 999, "+999,0"},
    };
    for (unsigned i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
        memset(text, 0, sizeof(text));
        sb.length = 0;
        out.ios.flags = reals[i].flags;
        out.ios.precision = reals[i].precision;
        INSERT("N", double)(&out, reals[i].value);
        if (strcmp(reals[i].expected, "1,234e+04") || strcmp(text, "1,235e+04")) /* a tie: either way of rounding */
            CHECK_STR(text, reals[i].expected);
    }
    memset(text, 0, sizeof(text));
    sb.length = 0;
    out.ios.flags = F_ALPHA;
    INSERT("_N", int)(&out, 1);
    INSERT("_N", int)(&out, 0);
    CHECK_STR(text, "janein");

    static const struct {
        const char *text;
        long value;
        int state;
    } reads[] = {
        {"1.234", 1234, 1}, {"1234", 1234, 1},    {"1.234.567", 1234567, 1},   {"12.34", 1234, 3},
        {".123", 0, 2},     {"1.234,5", 1234, 0}, {"123.456.78", 12345678, 3},
    };
    for (unsigned i = 0; i < sizeof(reads) / sizeof(*reads); i++) {
        long value = 77;
        istream_make(&in, &in_sb, reads[i].text);
        CALL(void *, "?imbue@" IOS "QEAA?AVlocale@2@AEBV32@@Z", void *, void *, void *)(&in.ios, &old, &mine);
        EXTRACT("J", &value);
        CHECK_EQ(in.ios.state, reads[i].state);
        if (!(reads[i].state & S_FAIL))
            CHECK_EQ(value, reads[i].value);
    }
    double real = 0;
    istream_make(&in, &in_sb, "1.234,25");
    CALL(void *, "?imbue@" IOS "QEAA?AVlocale@2@AEBV32@@Z", void *, void *, void *)(&in.ios, &old, &mine);
    EXTRACT("N", &real);
    CHECK(real == 1234.25);
    unsigned char flag = 7;
    istream_make(&in, &in_sb, "ja");
    in.ios.flags |= F_ALPHA;
    CALL(void *, "?imbue@" IOS "QEAA?AVlocale@2@AEBV32@@Z", void *, void *, void *)(&in.ios, &old, &mine);
    EXTRACT("_N", &flag);
    CHECK_EQ(flag, 1);
}

static void test_ctype(void)
{
    struct {
        void *vftable;
        unsigned references, padding;
        unsigned page;
        const short *table;
        int delete;
        WCHAR *name;
    } ctype;
    char text[] = "aBc1";
    CALL(void *, "??0?$ctype@D@std@@QEAA@PEBF_N_K@Z", void *, void *, int, size_t)(&ctype, NULL, 0, 1);
    CHECK_EQ(ctype.references, 1);
    CHECK(CALL(const short *, "?table@?$ctype@D@std@@QEBAPEBFXZ", void *)(&ctype) == ctype.table);
    CHECK_EQ(*(size_t *)msvcp_function("?table_size@?$ctype@D@std@@2_KB"), 256);
    static const struct {
        char c;
        short mask;
        int is;
    } cases[] = {{'a', 2, 1}, {'A', 1, 1},    {'a', 1, 0},    {'5', 4, 1},    {' ', 0x48, 1},   {'\n', 8, 1},
                 {'x', 8, 0}, {'.', 0x10, 1}, {'f', 0x80, 1}, {'g', 0x80, 0}, {'\x7f', 0x20, 1}};
    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        CHECK_EQ(CALL(unsigned char, "?is@?$ctype@D@std@@QEBA_NFD@Z", void *, short, char)(&ctype, cases[i].mask,
                                                                                           cases[i].c),
                 cases[i].is);
    CHECK_EQ(CALL(char, "?tolower@?$ctype@D@std@@QEBADD@Z", void *, char)(&ctype, 'Q'), 'q');
    CHECK_EQ(CALL(char, "?toupper@?$ctype@D@std@@QEBADD@Z", void *, char)(&ctype, 'q'), 'Q');
    CHECK_EQ(CALL(char, "?toupper@?$ctype@D@std@@QEBADD@Z", void *, char)(&ctype, '\xe4'), '\xe4');
    CHECK(CALL(const char *, "?toupper@?$ctype@D@std@@QEBAPEBDPEADPEBD@Z", void *, char *,
               const char *)(&ctype, text, text + 4) == text + 4);
    CHECK_STR(text, "ABC1");
    CHECK(CALL(const char *, "?scan_is@?$ctype@D@std@@QEBAPEBDFPEBD0@Z", void *, short, const char *,
               const char *)(&ctype, 4, text, text + 4) == text + 3);
    CHECK(CALL(const char *, "?scan_not@?$ctype@D@std@@QEBAPEBDFPEBD0@Z", void *, short, const char *,
               const char *)(&ctype, 1, text, text + 4) == text + 3);
    CALL(void, "??1?$ctype@D@std@@MEAA@XZ", void *)(&ctype);
}

static void test_codecvt(void)
{
    struct {
        char room[64];
    } cvt;
    struct {
        unsigned wide;
        unsigned short bytes, state;
    } state = {0};
    WCHAR wide[8];
    const WCHAR *wide_next;
    char bytes[8], *bytes_end;
    const char *bytes_next;
    WCHAR *wide_end;
    CALL(void *, "??0?$codecvt@_WDU_Mbstatet@@@std@@QEAA@_K@Z", void *, size_t)(&cvt, 1);
    CHECK_EQ(CALL(unsigned char, "?always_noconv@codecvt_base@std@@QEBA_NXZ", void *)(&cvt), 0);
    CHECK_EQ(CALL(int, "?max_length@codecvt_base@std@@QEBAHXZ", void *)(&cvt), 1);
#define FROM_BYTES                                                                                                     \
    CALL(int, "?in@?$codecvt@_WDU_Mbstatet@@@std@@QEBAHAEAU_Mbstatet@@PEBD1AEAPEBDPEA_W3AEAPEA_W@Z", void *, void *,   \
         const char *, const char *, const char **, WCHAR *, WCHAR *, WCHAR **)
#define TO_BYTES                                                                                                       \
    CALL(int, "?out@?$codecvt@_WDU_Mbstatet@@@std@@QEBAHAEAU_Mbstatet@@PEB_W1AEAPEB_WPEAD3AEAPEAD@Z", void *, void *,  \
         const WCHAR *, const WCHAR *, const WCHAR **, char *, char *, char **)
    const char *source = "ab\xe4";
    CHECK_EQ(FROM_BYTES(&cvt, &state, source, source + 3, &bytes_next, wide, wide + 8, &wide_end), 0);
    CHECK_EQ(bytes_next - source, 3);
    CHECK_EQ(wide_end - wide, 3);
    CHECK(wide[0] == 'a' && wide[2] == 0xe4);
    CHECK_EQ(FROM_BYTES(&cvt, &state, source, source + 3, &bytes_next, wide, wide + 2, &wide_end), 1);
    CHECK_EQ(bytes_next - source, 2);
    CHECK_EQ(FROM_BYTES(&cvt, &state, source, source + 3, &bytes_next, wide, wide, &wide_end), 1);
    CHECK_EQ(FROM_BYTES(&cvt, &state, source, source, &bytes_next, wide, wide + 8, &wide_end), 0);
    static const WCHAR good[] = L"xy\xff", bad[] = {'z', 0x20ac};
    CHECK_EQ(TO_BYTES(&cvt, &state, good, good + 3, &wide_next, bytes, bytes + 8, &bytes_end), 0);
    CHECK_EQ(bytes_end - bytes, 3);
    CHECK(!memcmp(bytes, "xy\xff", 3));
    CHECK_EQ(TO_BYTES(&cvt, &state, bad, bad + 2, &wide_next, bytes, bytes + 8, &bytes_end), 2);
    CHECK_EQ(wide_next - bad, 1);
    CALL(void, "??1?$codecvt@_WDU_Mbstatet@@@std@@MEAA@XZ", void *)(&cvt);
}

static void test_locinfo(void)
{
    struct {
        void *room[13];
        int behind;
    } info = {{0}, 0x1234};
    CALL(void *, "??0_Locinfo@std@@QEAA@PEBD@Z", void *, const char *)(&info, "C");
    CHECK_EQ(info.behind, 0x1234);
    CHECK_STR(CALL(const char *, "?_Getname@_Locinfo@std@@QEBAPEBDXZ", void *)(&info), "C");
    CHECK_STR(CALL(const char *, "?_Gettrue@_Locinfo@std@@QEBAPEBDXZ", void *)(&info), "true");
    CHECK_STR(CALL(const char *, "?_Getfalse@_Locinfo@std@@QEBAPEBDXZ", void *)(&info), "false");
    CHECK_STR(CALL(const char *, "?_Getdays@_Locinfo@std@@QEBAPEBDXZ", void *)(&info),
              ":Sun:Sunday:Mon:Monday:Tue:Tuesday:Wed:Wednesday:Thu:Thursday:Fri:Friday:Sat:Saturday");
    struct {
        unsigned page;
        WCHAR *name;
    } coll = {77, L"x"};
    CALL(void *, "?_Getcoll@_Locinfo@std@@QEBA?AU_Collvec@@XZ", void *, void *)(&info, &coll);
    CHECK_EQ(coll.page, 0);
    CHECK(coll.name == NULL);
    struct {
        unsigned page, max;
        int is_c;
        unsigned char lead[32];
    } cvt;
    CALL(void *, "?_Getcvt@_Locinfo@std@@QEBA?AU_Cvtvec@@XZ", void *, void *)(&info, &cvt);
    CHECK_EQ(cvt.page, 0);
    CHECK_EQ(cvt.max, 1);
    CHECK_EQ(cvt.is_c, 1);
    CALL(void, "??1_Locinfo@std@@QEAA@XZ", void *)(&info);
    CALL(void *, "??0_Locinfo@std@@QEAA@PEBD@Z", void *, const char *)(&info, "no such locale");
    CHECK_STR(CALL(const char *, "?_Getname@_Locinfo@std@@QEBAPEBDXZ", void *)(&info), "*");
    CALL(void, "??1_Locinfo@std@@QEAA@XZ", void *)(&info);

    const char *a = "abc", *b = "abd";
    CHECK(CALL(int, "_Strcoll", const char *, const char *, const char *, const char *, void *)(a, a + 3, b, b + 3,
                                                                                                &coll) < 0);
    CHECK(CALL(int, "_Strcoll", const char *, const char *, const char *, const char *, void *)(a, a + 3, a, a + 2,
                                                                                                &coll) > 0);
    CHECK_EQ(CALL(int, "_Strcoll", const char *, const char *, const char *, const char *, void *)(a, a + 2, b, b + 2,
                                                                                                   &coll),
             0);
    char key[8];
    CHECK_EQ(
        CALL(size_t, "_Strxfrm", char *, char *, const char *, const char *, void *)(key, key + 8, a, a + 3, &coll), 3);
    CHECK(!memcmp(key, "abc", 3));
}

/* What std::locale("en-US") does: a _Locinfo, a new _Locimp, and facets for it. */
static void test_named(void)
{
    void *info[13];
    static struct streambuf sb;
    static struct ostream out;
    char text[64] = "";
    struct locale named = {0}, old;
    CALL(void *, "??0_Locinfo@std@@QEAA@HPEBD@Z", void *, int, const char *)(info, 63, "en-US");
    CHECK_STR(CALL(const char *, "?_Getname@_Locinfo@std@@QEBAPEBDXZ", void *)(info), "en-US");
    struct locimp *imp = CALL(void *, "?_New_Locimp@_Locimp@locale@std@@CAPEAV123@_N@Z", int)(0);
    CHECK_STR(imp->name, "*");
    CHECK(CALL(void *, "?_Makeloc@_Locimp@locale@std@@CAPEAV123@AEBV_Locinfo@3@HPEAV123@PEBV23@@Z", void *, int, void *,
               void *)(info, 63, imp, NULL) == imp);
    CHECK_STR(imp->name, "en-US");
    CHECK_EQ(imp->categories, 63);
    CALL(void, "??1_Locinfo@std@@QEAA@XZ", void *)(info);
    static const char *const ids[] = {"?id@?$ctype@D@std@@2V0locale@2@A",
                                      "?id@?$ctype@_W@std@@2V0locale@2@A",
                                      "?id@?$codecvt@_WDU_Mbstatet@@@std@@2V0locale@2@A",
                                      "?id@?$numpunct@D@std@@2V0locale@2@A",
                                      "?id@?$numpunct@_W@std@@2V0locale@2@A",
                                      "?id@?$collate@D@std@@2V0locale@2@A",
                                      "?id@" NUM_PUT_TYPE "2V0locale@2@A",
                                      "?id@" TIME_GET_TYPE "2V0locale@2@A"};
    for (int i = 0; i < 8; i++) {
        size_t id = ID_VALUE(msvcp_function(ids[i]));
        CHECK(id < imp->count && imp->facets[id]);
    }
    named.imp = imp;
    streambuf_make(&sb, text, sizeof(text) - 1);
    ostream_make(&out, &sb);
    CALL(void *, "?imbue@" IOS "QEAA?AVlocale@2@AEBV32@@Z", void *, void *, void *)(&out.ios, &old, &named);
    INSERT("H", int)(&out, 1234567);
    CHECK_STR(text, "1,234,567");
}

static void test_times(void)
{
    static struct streambuf sb, in_sb;
    static struct ostream out;
    static struct istream in;
    char text[128] = "", facet[128];
    struct tm tm = {.tm_year = 124,
                    .tm_mon = 1,
                    .tm_mday = 29,
                    .tm_hour = 13,
                    .tm_min = 5,
                    .tm_sec = 7,
                    .tm_wday = 4,
                    .tm_yday = 59};
    struct {
        long long failed;
        void *buffer;
    } to, end;
    struct {
        void *buffer;
        unsigned char got, value;
    } first, last, result;
    streambuf_make(&sb, text, sizeof(text) - 1);
    ostream_make(&out, &sb);
    CALL(void *, "??0" TIME_PUT_TYPE "QEAA@_K@Z", void *, size_t)(facet, 1);
    to.failed = 0;
    to.buffer = &sb;
    const char *format = "%Y-%m-%d|%H:%M:%S|%a %A %b %B|%j|%p|%%|%#d|x";
    CALL(void *,
         "?put@" TIME_PUT_TYPE
         "QEBA?AV?$ostreambuf_iterator@DU?$char_traits@D@std@@@2@V32@AEAVios_base@2@DPEBUtm@@PEBD3@Z",
         void *, void *, void *, void *, int, void *, const char *, const char *)
    (facet, &end, &to, &out.ios, ' ', &tm, format, format + strlen(format));
    CHECK_STR(text, "2024-02-29|13:05:07|Thu Thursday Feb February|060|PM|%|29|x");
    CHECK_EQ(end.failed & 0xff, 0);
    CHECK(end.buffer == &sb);

    CALL(void *, "??0" TIME_GET_TYPE "QEAA@_K@Z", void *, size_t)(facet, 1);
    static const struct {
        const char *name, *text;
        int offset, value, state;
    } reads[] = {
        {"get_weekday", "Wed", offsetof(struct tm, tm_wday), 3, 0},
        {"get_weekday", "thursday!", offsetof(struct tm, tm_wday), 4, 0},
        {"get_monthname", "Feb", offsetof(struct tm, tm_mon), 1, 0},
        {"get_monthname", "December 3", offsetof(struct tm, tm_mon), 11, 0},
        {"get_year", "2024", offsetof(struct tm, tm_year), 124, 1},
        {"get_year", "99", offsetof(struct tm, tm_year), 99, 1},
        {"get_time", "13:45:07", offsetof(struct tm, tm_min), 45, 1},
        {"get_date", "02/29/24", offsetof(struct tm, tm_mday), 29, 1},
        {"get_monthname", "Foo", offsetof(struct tm, tm_mon), 55, 2},
        {"get_time", "25:00:00", offsetof(struct tm, tm_hour), 55, 2},
    };
    for (unsigned i = 0; i < sizeof(reads) / sizeof(*reads); i++) {
        char name[200];
        int state = 0;
        memset(&tm, 0, sizeof(tm));
        *(int *)((char *)&tm + reads[i].offset) = 55;
        istream_make(&in, &in_sb, reads[i].text);
        memset(&first, 0, sizeof(first));
        memset(&last, 0, sizeof(last));
        first.buffer = &in_sb;
        sprintf(name,
                "?%s@" TIME_GET_TYPE
                "QEBA?AV?$istreambuf_iterator@DU?$char_traits@D@std@@@2@V32@0AEAVios_base@2@AEAHPEAUtm@@@Z",
                reads[i].name);
        CALL(void *, name, void *, void *, void *, void *, void *, int *, struct tm *)
        (facet, &result, &first, &last, &in.ios, &state, &tm);
        CHECK_EQ(state, reads[i].state);
        CHECK_EQ(*(int *)((char *)&tm + reads[i].offset), reads[i].value);
    }
}

int main(void)
{
    test_vftables();
    test_locales();
    test_punctuation();
    test_ctype();
    test_codecvt();
    test_locinfo();
    test_named();
    test_times();
    return check_done();
}

/*
 * Are decorated names of Microsoft's C++ compilers turned into declarations, whole and with parts left out?
 */
#include "check.h"
#include <dbghelp.h>
/* link: -ldbghelp */

static const struct {
    const char *decorated, *complete, *name;
} cases[] = {
    {"?f@@YAXXZ", "void __cdecl f(void)", "f"},
    {"?f@@YAHH@Z", "int __cdecl f(int)", "f"},
    {"?f@@YAXPEAH@Z", "void __cdecl f(int * __ptr64)", "f"},
    {"?f@@YAXPEBD@Z", "void __cdecl f(char const * __ptr64)", "f"},
    {"?f@@YAXAEBV?$vector@HV?$allocator@H@std@@@std@@@Z",
     "void __cdecl f(class std::vector<int,class std::allocator<int> > const & __ptr64)", "f"},
    {"?x@@3HA", "int x", "x"},
    {"?x@@3PEADEA", "char * __ptr64 __ptr64 x", "x"},
    {"?x@@3PEBDEB", "char const * __ptr64 const __ptr64 x", "x"},
    {"?x@foo@@2HB", "public: static int const foo::x", "foo::x"},
    {"?\?0foo@@QEAA@XZ", "public: __cdecl foo::foo(void) __ptr64", "foo::foo"},
    {"?\?1foo@@UEAA@XZ", "public: virtual __cdecl foo::~foo(void) __ptr64", "foo::~foo"},
    {"?\?4foo@@QEAAAEAV0@AEBV0@@Z",
     "public: class foo & __ptr64 __cdecl foo::operator=(class foo const & __ptr64) __ptr64", "foo::operator="},
    {"?\?_7foo@@6B@", "const foo::`vftable'", "foo::`vftable'"},
    {"?\?_7foo@@6Bbar@@@", "const foo::`vftable'{for `bar'}", "foo::`vftable'"},
    {"?\?_R0?AVfoo@@@8", "class foo `RTTI Type Descriptor'", "class foo `RTTI Type Descriptor'"},
    {"?\?_R4foo@@6B@", "const foo::`RTTI Complete Object Locator'", "foo::`RTTI Complete Object Locator'"},
    {"?\?_R1A@?0A@EA@foo@@8", "foo::`RTTI Base Class Descriptor at (0,-1,0,64)'",
     "foo::`RTTI Base Class Descriptor at (0,-1,0,64)'"},
    {"?\?_Gfoo@@UEAAPEAXI@Z",
     "public: virtual void * __ptr64 __cdecl foo::`scalar deleting destructor'(unsigned int) __ptr64",
     "foo::`scalar deleting destructor'"},
    {"?\?Bfoo@@QEBAHXZ", "public: __cdecl foo::operator int(void)const __ptr64", "foo::operator int"},
    {"?\?Bfoo@@QEBAPEBDXZ", "public: __cdecl foo::operator char const * __ptr64(void)const __ptr64",
     "foo::operator char const * __ptr64"},
    {"?m@foo@@QEBAHH@Z", "public: int __cdecl foo::m(int)const __ptr64", "foo::m"},
    {"?s@foo@@SAHXZ", "public: static int __cdecl foo::s(void)", "foo::s"},
    {"?v@foo@@UEAAXXZ", "public: virtual void __cdecl foo::v(void) __ptr64", "foo::v"},
    {"?v@foo@@WBA@EAAXXZ", "[thunk]:public: virtual void __cdecl foo::v`adjustor{16}' (void) __ptr64",
     "foo::v`adjustor{16}' "},
    {"?fp@@3P6AHH@ZEA", "int (__cdecl* __ptr64 fp)(int)", "fp"},
    {"?fp@@YAXP6AHHPEAD@Z@Z", "void __cdecl fp(int (__cdecl*)(int,char * __ptr64))", "fp"},
    {"?mp@@3PEQfoo@@HEQ1@", "int foo::* __ptr64 __ptr64 mp", "mp"},
    {"?mf@@3P8foo@@EAAHH@ZEQ1@", "int (__cdecl foo::* __ptr64 mf)(int) __ptr64", "mf"},
    {"?a@@3PAY02HA", "int (* a)[3]", "a"},
    {"?f@@YAXQEAH0@Z", "void __cdecl f(int * __ptr64 const,int * __ptr64 const)", "f"},
    {"?f@ns@@YAXV?$pair@HU?$pair@MN@std@@@std@@@Z",
     "void __cdecl ns::f(class std::pair<int,struct std::pair<float,double> >)", "ns::f"},
    {"?f@?A0x12345678@@YAXXZ", "void __cdecl `anonymous namespace'::f(void)", "`anonymous namespace'::f"},
    {"?x@?1?\?f@@YAXXZ@4HA", "int `void __cdecl f(void)'::`2'::x", "`f'::`2'::x"},
    {"?f@@YAXW4color@@@Z", "void __cdecl f(enum color)", "f"},
    {"?f@@YA_N_W_J_K@Z", "bool __cdecl f(wchar_t,__int64,unsigned __int64)", "f"},
    {"?f@@YAXHZZ", "void __cdecl f(int,...)", "f"},
    {"?f@@YAX$$QEAH@Z", "void __cdecl f(int && __ptr64)", "f"},
    {"?\?$max@H@@YAHHH@Z", "int __cdecl max<int>(int,int)", "max<int>"},
    {"?\?$f@$00@@YAXXZ", "void __cdecl f<1>(void)", "f<1>"},
    {"?\?2@YAPEAX_K@Z", "void * __ptr64 __cdecl operator new(unsigned __int64)", "operator new"},
    {"?\?_U@YAPEAX_K@Z", "void * __ptr64 __cdecl operator new[](unsigned __int64)", "operator new[]"},
    {"?\?_C@_05CJBACGMB@hello?$AA@", "`string'", "`string'"},
    {"?f@@YA?AVfoo@@XZ", "class foo __cdecl f(void)", "f"},
    {"?f@@YA?BVfoo@@XZ", "class foo const __cdecl f(void)", "f"},
    {"?f@@YGXXZ", "void __stdcall f(void)", "f"},
    {"?f@@YAX$$T@Z", "void __cdecl f(std::nullptr_t)", "f"},
    {"?\?$f@$$QEAH@@YAXXZ", "void __cdecl f<int && __ptr64>(void)", "f<int && __ptr64>"},
    {"?f@foo@@QEGAAXXZ", "public: void __cdecl foo::f(void) __ptr64 &", "foo::f"},
    {"?f@@YAXPEAY01H@Z", "void __cdecl f(int (* __ptr64)[2])", "f"},
    {"?g@@YAPEAP6AXXZXZ", "void (__cdecl* * __ptr64 __cdecl g(void))(void)", "g"},
    {"?f@@YAP6AXH@ZXZ", "void (__cdecl* __cdecl f(void))(int)", "f"},
    {"?what@exception@std@@UEBAPEBDXZ",
     "public: virtual char const * __ptr64 __cdecl std::exception::what(void)const __ptr64", "std::exception::what"},
    {"?_Xlength_error@std@@YAXPEBD@Z", "void __cdecl std::_Xlength_error(char const * __ptr64)", "std::_Xlength_error"},
    {"?\?6?$basic_ostream@DU?$char_traits@D@std@@@std@@QEAAAEAV01@P6AAEAV01@AEAV01@@Z@Z",
     "public: class std::basic_ostream<char,struct std::char_traits<char> > & __ptr64 __cdecl "
     "std::basic_ostream<char,struct std::char_traits<char> >::operator<<(class std::basic_ostream<char,struct "
     "std::char_traits<char> > & __ptr64 (__cdecl*)(class std::basic_ostream<char,struct std::char_traits<char> > & "
     "__ptr64)) __ptr64",
     "std::basic_ostream<char,struct std::char_traits<char> >::operator<<"},
    {"?f@@YAXPEIAH@Z", "void __cdecl f(int * __ptr64 __restrict)", "f"},
    {"?f@@YAXPEFAH@Z", "void __cdecl f(__unaligned int * __ptr64)", "f"},
    {"?\?__Ex@@YAXXZ", "void __cdecl `dynamic initializer for 'x''(void)", "`dynamic initializer for 'x''"},
    {"?\?__Fx@@YAXXZ", "void __cdecl `dynamic atexit destructor for 'x''(void)", "`dynamic atexit destructor for 'x''"},
    {"?\?$?0H@foo@@QEAA@H@Z", "public: __cdecl foo::foo<int>(int) __ptr64", "foo::foo<int>"},
    {"?\?Hfoo@@QEBA?AV0@AEBV0@@Z", "public: class foo __cdecl foo::operator+(class foo const & __ptr64)const __ptr64",
     "foo::operator+"},
};

/* Flags one by one, on one function. */
static const struct {
    DWORD flags;
    const char *expected;
} flags[] = {
    {UNDNAME_COMPLETE, "public: virtual class ns::c & __ptr64 __cdecl ns::c::m(int * __ptr64)const __ptr64"},
    {UNDNAME_NO_LEADING_UNDERSCORES, "public: virtual class ns::c & ptr64 cdecl ns::c::m(int * ptr64)const ptr64"},
    {UNDNAME_NO_MS_KEYWORDS, "public: virtual class ns::c & ns::c::m(int *)const"},
    {UNDNAME_NO_ACCESS_SPECIFIERS, "virtual class ns::c & __ptr64 __cdecl ns::c::m(int * __ptr64)const __ptr64"},
    {UNDNAME_NO_MEMBER_TYPE, "public: class ns::c & __ptr64 __cdecl ns::c::m(int * __ptr64)const __ptr64"},
    {UNDNAME_NO_FUNCTION_RETURNS, "public: virtual __cdecl ns::c::m(int * __ptr64)const __ptr64"},
    {UNDNAME_NAME_ONLY, "ns::c::m"},
    {UNDNAME_NO_MS_KEYWORDS | UNDNAME_NO_ACCESS_SPECIFIERS | UNDNAME_NO_MEMBER_TYPE | UNDNAME_NO_FUNCTION_RETURNS,
     "ns::c::m(int *)const"},
};

static const char *const plain[] = {"main",   "_start@4",   "?",         "??",         "?@",        "?f@@Y",
                                    "?f@@YA", "?f@@YAX0@Z", "?9@@YAXXZ", "?$$$",       "?f@@YAXPE", "??_",
                                    "??__",   "??_R",       "?f@@3P6",   "?f@@YAX@@@@"};

static char *trimmed(char *text)
{
    size_t length = strlen(text);
    while (length && text[length - 1] == ' ') /* where words are left out some versions leave a space */
        text[--length] = 0;
    return text;
}

int main(void)
{
    char text[1024];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (check_under_wine()) /* its dbghelp knows less: the table was compared with what its msvcrt knows */
            break;
        DWORD length = UnDecorateSymbolName(cases[i].decorated, text, sizeof text, UNDNAME_COMPLETE);
        CHECK_STR(text, cases[i].complete);
        CHECK_EQ(length, strlen(cases[i].complete));
        CHECK(UnDecorateSymbolName(cases[i].decorated, text, sizeof text, UNDNAME_NAME_ONLY));
        CHECK_STR(text, cases[i].name);
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        CHECK(UnDecorateSymbolName("?m@c@ns@@UEBAAEAV12@PEAH@Z", text, sizeof text, flags[i].flags));
        if (!check_under_wine())
            CHECK_STR(trimmed(text), flags[i].expected);
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) { /* no decorated name: as it is */
        if (check_under_wine())
            continue;
        DWORD length = UnDecorateSymbolName(plain[i], text, sizeof text, UNDNAME_COMPLETE);
        CHECK_STR(text, plain[i]);
        CHECK_EQ(length, strlen(plain[i]));
    }
    /* every beginning of a long name: no crash, and the name itself if it says nothing */
    const char *longest = "??6?$basic_ostream@DU?$char_traits@D@std@@@std@@QEAAAEAV01@P6AAEAV01@AEAV01@@Z@Z";
    for (size_t i = 1; i < strlen(longest) && !check_under_wine(); i++) {
        char part[128] = "";
        memcpy(part, longest, i);
        CHECK(UnDecorateSymbolName(part, text, sizeof text, UNDNAME_COMPLETE) > 0);
    }
    memset(text, 'x', sizeof text);
    DWORD length = UnDecorateSymbolName("?f@@YAXXZ", text, 8, UNDNAME_COMPLETE);
    CHECK_EQ(strlen(text), 7);
    CHECK_EQ(length, 7);
    CHECK_EQ(UnDecorateSymbolName("?f@@YAXXZ", NULL, 8, 0), 0);
    return check_done();
}

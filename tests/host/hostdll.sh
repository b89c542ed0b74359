#!/bin/sh
# Does a binding in prefix.conf reach a library of the host that winrun does not know, with everything that types can say;
# is one that can not be right refused with one line; and is nothing of it opened otherwise?
set -u
build=$1
cc=x86_64-w64-mingw32-gcc
command -v $cc >/dev/null || { echo "skipped: no $cc"; exit 0; }
bad=0

fail() { bad=1; echo "$*"; }

# A library with versions, and debug information.
cat >engine.c <<'C'
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct small { int a, b; };
struct large { long a; double b; char c; };
struct floats { float x, y; };
struct handlers { long count; long (*call)(void *context, long value); void *context; };
int engine_data = 5;
int add(int a, int b) { return a + b; }
long long_add(long a, unsigned long b, long *both) { *both += a + (long)b; return a - (long)b; }
double mix(int a, double b, float c, long d, double e, char f, double g) { return a + b + c + d + e + f + g; }
long many(long a, long b, long c, long d, long e, long f, long g, long h, long i) { return a+2*b+3*c+4*d+5*e+6*f+7*g+8*h+9*i; }
struct small small_swap(struct small s) { return (struct small){s.b, s.a}; }
struct large large_twice(struct large s, int n) { return (struct large){s.a * 2, s.b * n, s.c + 1}; }
struct floats floats_sum(struct floats a, struct floats b) { return (struct floats){a.x + b.x, a.y + b.y}; }
long large_look(const struct large *s) { return s->a; }
int large_read(struct large *s) { s->a += 1; return s->a == -6 && s->b == 2.5 && s->c == 'c'; }
void sort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *)) { qsort(base, n, size, compare); }
long each(long from, long to, long (*call)(long, void *), void *context) { long s = 0; while (from < to) s += call(from++, context); return s; }
double apply(double (*call)(double, float), double a, float b) { return call(a, b); }
struct large back(struct large (*call)(struct large, struct small), struct large s) { return call(s, (struct small){1, 2}); }
long handlers_run(struct handlers *h) { h->count++; return h->call(h->context, -3); }
int format(char *to, const char *text, ...) { va_list l; va_start(l, text); int n = vsprintf(to, text, l); va_end(l); return n; }
static long triple(long a) { return 3 * a; }
long (*chosen(int n))(long) { return n ? triple : NULL; }
long call_it(long (*function)(long), long a) { return function(a); }
int size_of(const char *path) { FILE *f = fopen(path, "r"); if (!f) return -1; int n = 0; while (getc(f) != EOF) n++; fclose(f); return n; }
struct job { long (*call)(void *); void *context; long result; };
static void *job_run(void *data) { struct job *job = data; job->result = job->call(job->context); return NULL; }
long on_thread(long (*call)(void *), void *context)
{
    struct job job = {call, context, 0};
    pthread_t thread;
    pthread_create(&thread, NULL, job_run, &job);
    pthread_join(thread, NULL);
    return job.result;
}
int version_1(void) { return 1; }
int version_2(void) { return 2; }
__asm__(".symver version_1, version@ENGINE_1\n.symver version_2, version@@ENGINE_2");
C
printf 'ENGINE_1 { global: *; };\nENGINE_2 { };\n' >engine.map
gcc -g -shared -fPIC -o libengine.so.3 -Wl,-soname,libengine.so.3 -Wl,--version-script=engine.map engine.c || exit 1
ln -s libengine.so.3 libengine.so
export LD_LIBRARY_PATH="$PWD" WINRUN_PREFIX="$PWD/prefix"
mkdir prefix

cat >good <<'C'
[host-dlls]
engine.dll=libengine.so.3

[engine.dll]
add=i32(i32,i32)
plus@20=i32(i32,i32) =add
long_add=long(long,ulong,*long)
mix=f64(i32,f64,f32,long,f64,i8,f64)
many=long(long,long,long,long,long,long,long,long,long)
small_swap={i32,i32}({i32,i32})
large_twice={long,f64,i8}({long,f64,i8},i32)
floats_sum={f32,f32}({f32,f32},{f32,f32})
large_read=i32(*{long,f64,i8})
large_look=long(*{long,f64,i8})
sort=void(ptr,size,size,*i32(ptr,ptr))
each=long(long,long,*long(long,ptr),ptr)
apply=f64(*f64(f64,f32),f64,f32)
back={long,f64,i8}(*{long,f64,i8}({long,f64,i8},{i32,i32}),{long,f64,i8})
handlers_run=long(*{long,*long(ptr,long),ptr})
format=i32(ptr,str,...)
chosen=*long(long)(i32)
call_it=long(*long(long),long)
size_of=i32(path)
on_thread=long(*long(ptr),ptr)
old_version=i32() =version@ENGINE_1
version=i32()
C
cp good prefix/prefix.conf
cat >engine.def <<'C'
LIBRARY engine.dll
EXPORTS
add
plus @20 NONAME
long_add
mix
many
small_swap
large_twice
floats_sum
large_read
large_look
sort
each
apply
back
handlers_run
format
chosen
call_it
size_of
on_thread
old_version
version
C
x86_64-w64-mingw32-dlltool -d engine.def -l libengine.a
cat >app.cpp <<'C'
#include <windows.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
extern "C" {
struct small_ { int a, b; };
struct large { long a; double b; char c; };
struct floats { float x, y; };
struct handlers { long count; long (*call)(void *, long); void *context; };
int add(int, int), plus(int, int), large_read(large *), format(char *, const char *, ...), size_of(const char *);
int old_version(void), version(void);
long long_add(long, unsigned long, long *), many(long, long, long, long, long, long, long, long, long);
double mix(int, double, float, long, double, char, double), apply(double (*)(double, float), double, float);
small_ small_swap(small_);
large large_twice(large, int), back(large (*)(large, small_), large);
floats floats_sum(floats, floats);
void sort(void *, size_t, size_t, int (*)(const void *, const void *));
long each(long, long, long (*)(long, void *), void *), handlers_run(handlers *), large_look(const large *);
long (*chosen(int))(long);
long call_it(long (*)(long), long), on_thread(long (*)(void *), void *);
}
static int failed, checks;
#define CHECK(x) do { checks++; if (!(x)) { failed++; printf("%d: %s\n", __LINE__, #x); } } while (0)
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static long sum_up(long value, void *context) { *(long *)context += 1; return -value; }
static long throws(long value, void *) { if (value == 7) throw value; return value; }
static double scale(double a, float b) { return a * b; }
static large on_large(large s, small_ t) { return large{s.a - t.a, s.b + t.b, (char)(s.c + 1)}; }
static long on_handler(void *context, long value) { *(long *)context = value; return value * 2; }
static thread_local int own = 5;
static long on_own_thread(void *context)
{
    *(DWORD *)context = GetCurrentThreadId();
    own++;
    char *block = (char *)HeapAlloc(GetProcessHeap(), 0, 100);
    snprintf(block, 100, "%d", own);
    long value = atol(block);
    HeapFree(GetProcessHeap(), 0, block);
    try {
        throw value;
    } catch (long caught) {
        return -caught;
    }
}
static long twice(long value) { return 2 * value; }
int main()
{
    struct { long value, guard; } l = {100, 77};
    CHECK(add(2, -5) == -3 && plus(1, 2) == 3);
    CHECK(long_add(-5, 4000000000u, &l.value) == (long)(-5 - 4000000000ll));
    CHECK(l.value == (long)(95 + 4000000000ll) && l.guard == 77);
    CHECK(mix(1, 2.5, 0.25f, -100, 1000, 7, 0.125) == 910.875);
    CHECK(many(1, -2, 3, -4, 5, -6, 7, -8, 9) == 1 - 4 + 9 - 16 + 25 - 36 + 49 - 64 + 81);
    small_ s = small_swap(small_{1, 2});
    CHECK(s.a == 2 && s.b == 1);
    large b = large_twice(large{-4, 1.5, 'x'}, 3);
    CHECK(b.a == -8 && b.b == 4.5 && b.c == 'y');
    floats f = floats_sum(floats{1, 2}, floats{0.5f, 0.25f});
    CHECK(f.x == 1.5f && f.y == 2.25f);
    large r = {-7, 2.5, 'c'};
    CHECK(large_read(&r) == 1 && r.a == -6);
    int numbers[] = {3, 1, 2};
    sort(numbers, 3, sizeof *numbers, compare);
    CHECK(numbers[0] == 1 && numbers[1] == 2 && numbers[2] == 3);
    long calls = 0;
    CHECK(each(0, 100, sum_up, &calls) == -4950 && calls == 100);
    CHECK(apply(scale, 3, 0.5f) == 1.5);
    b = back(on_large, large{-10, 0.5, 'a'});
    CHECK(b.a == -11 && b.b == 2.5 && b.c == 'b');
    long seen = 0;
    handlers h = {5, on_handler, &seen};
    static const large constant = {-7, 2.5, 'c'};
    CHECK(large_look(&constant) == -7); /* it lies where nothing can be written */
    CHECK(handlers_run(&h) == -6 && h.count == 6 && seen == -3 && h.call == on_handler);
    char text[100];
    CHECK(format(text, "%d %s %g %ld %lu %I64d %c%% %*d", -1, "two", 2.5, -4L, 4000000000ul, 1ll << 40, 'x', 4, 9) == 46);
    CHECK(!strcmp(text, "-1 two 2.5 -4 4000000000 1099511627776 x%    9"));
    CHECK(format(text, "%g %g %g %g %g %g %g %g %g %d", .1, .2, .3, .4, .5, .6, .7, .8, .9, 1) > 0);
    CHECK(!strcmp(text, "0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1"));
    long (*function)(long) = chosen(1);
    CHECK(function && function(-5) == -15 && chosen(0) == NULL && chosen(1) == function);
    CHECK(call_it(function, 4) == 12 && call_it(twice, -4) == -8);
    for (int i = 0; i < 3; i++) {
        try {
            each(0, 10, throws, NULL);
            CHECK(false);
        } catch (long value) {
            CHECK(value == 7);
        }
    }
    DWORD thread = 0; /* a thread that the library has made */
    CHECK(on_thread(on_own_thread, &thread) == -6 && own == 5 && thread && thread != GetCurrentThreadId());
    CHECK(on_thread(on_own_thread, &thread) == -6);
    fclose(fopen("a file", "w"));
    CHECK(size_of("a file") == 0 && size_of("A FILE") == 0 && size_of("Z:\\no\\file") == -1);
    CHECK(old_version() == 1 && version() == 2);
    HMODULE dll = GetModuleHandleA("ENGINE.dll");
    CHECK(dll && GetProcAddress(dll, "plus") == (FARPROC)GetProcAddress(dll, (char *)20) && !GetProcAddress(dll, "nothing"));
    char name[MAX_PATH];
    CHECK(GetModuleFileNameA(dll, name, sizeof name) && strstr(name, "engine.dll"));
    printf("%d checks, %d failed\n", checks, failed);
    return failed != 0;
}
C
x86_64-w64-mingw32-g++ -static -O1 -o app.exe app.cpp -L. -l:libengine.a || exit 1
timeout 20 "$build/winrun" ./app.exe >out 2>err </dev/null || fail "app.exe: status $?"
grep -q ', 0 failed' out || fail "$(cat out)"
[ ! -s err ] || fail "$(cat err)"
timeout 20 "$build/winrun" --check ./app.exe >out 2>err || fail "--check: status $? $(cat out err)"
grep -q 'engine.dll: .*libengine.so.3' out || fail "--check does not name the library: $(cat out)"

# A copy beside the program wins; the prefix may ask for the binding all the same.
printf 'int add(int a, int b) { return 1; }\n' >own.c
mkdir beside
$cc -shared -o beside/engine.dll own.c
printf 'int add(int, int); int main(void) { return add(2, 3); }\n' >small.c
$cc -o small.exe small.c -L. -l:libengine.a && cp small.exe beside
timeout 20 "$build/winrun" beside/small.exe
[ $? = 1 ] || fail "the DLL beside the program is not used"
{ printf '[dlls]\nengine=builtin\n'; cat good; } >prefix/prefix.conf
timeout 20 "$build/winrun" beside/small.exe
[ $? = 5 ] || fail "[dlls] engine=builtin does not choose the binding"

# refused LINE PATTERN [LIBRARY]: with this line of a binding the program does not start, and one line says why.
refused() {
    printf '[host-dlls]\nengine.dll=%s\n[engine.dll]\n%s\n' "${3:-libengine.so.3}" "$1" >prefix/prefix.conf
    timeout 20 "$build/winrun" ./small.exe >out 2>err </dev/null
    status=$?
    if [ $status != 126 ] || [ -s out ] || [ "$(wc -l <err)" != 1 ] || ! grep -q -e "$2" err; then
        fail "'$1' (${3:-}): status $status, expected 126 and \"$2\": $(cat err)"
    fi
}
refused 'add=i32(i32,i32) =sub' 'libengine.so.3: sub is not there'
refused 'add=i32(i32,i32) =version@ENGINE_9' 'version is not there in version ENGINE_9'
refused 'add=i32(i32,i32) =engine_data' 'engine_data is not a function'
refused 'add=i32(i32)' 'add: it has 2 arguments in the library, not 1'
refused 'add=i32(i32,i32,i32)' 'add: it has 2 arguments in the library, not 3'
refused 'add=i64(i32,i32)' 'its result has 4 bytes in the library, not 8'
refused 'add=i32(i32,f32)' 'its argument 2 is not a floating-point number'
refused 'add=i32({i32,i32},i32)' 'its argument 1 is not a structure'
refused 'small_swap={i32,i32}({i32})' 'its argument 1 has 8 bytes in the library, not 4'
refused 'format=i32(ptr,str)' 'format: it is variadic in the library'
refused 'add=i32(i32,i32' "')' is missing"
refused 'add=i32(i32,int)' "unknown type 'int'"
refused 'add=i32(i32,void)' 'an argument can not be void'
refused 'add=i32(?)' "'?' is not a type"
refused 'add=i32(i32,...)' "before '...' there has to be the format"
refused 'add=i32({},i32)' 'a structure without members'
refused 'add=i32(i32,i32) twice' "'twice' is left over"
refused 'add@70000=i32(i32,i32)' 'an ordinal is a number'
refused 'add=' 'a signature is missing'
refused 'add=i32(i32,i32)' 'libengine.so is libengine.so.3 by its own name' libengine.so
refused 'add=i32(i32,i32)' 'libnothing.so.1 can not be opened' libnothing.so.1
refused 'add=i32(i32,i32)' 'can not be opened' "$PWD/app.exe"

# In the file itself.
printf '[host-dlls]\nengine.dll=libengine.so.3\n' >prefix/prefix.conf
timeout 20 "$build/winrun" ./small.exe 2>err
[ $? = 125 ] && grep -q 'have a group of that name' err || fail "a DLL without functions is accepted: $(cat err)"

# A library that everybody has, bound as docs/host-dlls.md says: callbacks, unsigned long, a structure as a result.
cat >prefix/prefix.conf <<'C'
[host-dlls]
libexpat.dll=libexpat.so.1

[libexpat.dll]
XML_ParserCreate=ptr(str)
XML_ParserFree=void(ptr)
XML_SetUserData=void(ptr,ptr)
XML_SetElementHandler=void(ptr,*void(ptr,str,ptr),*void(ptr,str))
XML_SetCharacterDataHandler=void(ptr,*void(ptr,ptr,i32))
XML_Parse=i32(ptr,str,i32,i32)
XML_GetErrorCode=i32(ptr)
XML_ErrorString=str(i32)
XML_GetCurrentLineNumber=ulong(ptr)
XML_ExpatVersionInfo={i32,i32,i32}()
C
cat >expat.c <<'C'
#include <stdio.h>
#include <string.h>
struct version { int major, minor, micro; };
void *XML_ParserCreate(const char *);
void XML_ParserFree(void *), XML_SetUserData(void *, void *);
void XML_SetElementHandler(void *, void (*)(void *, const char *, const char **), void (*)(void *, const char *));
void XML_SetCharacterDataHandler(void *, void (*)(void *, const char *, int));
int XML_Parse(void *, const char *, int, int), XML_GetErrorCode(void *);
const char *XML_ErrorString(int);
unsigned long XML_GetCurrentLineNumber(void *);
struct version XML_ExpatVersionInfo(void);
static char seen[200];
static void start(void *depth, const char *name, const char **attributes)
{
    sprintf(seen + strlen(seen), "%d<%s%s%s>", ++*(int *)depth, name, *attributes ? " " : "", *attributes ? attributes[1] : "");
}
static void end(void *depth, const char *name) { sprintf(seen + strlen(seen), "</%s>", name); --*(int *)depth; }
static void text(void *depth, const char *data, int length) { sprintf(seen + strlen(seen), "%.*s", length, data); }
int main(void)
{
    int depth = 0;
    void *parser = XML_ParserCreate("UTF-8");
    XML_SetUserData(parser, &depth);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, text);
    int good = XML_Parse(parser, "<a><b c='d'>e</b></a>\n", 22, 0), bad = XML_Parse(parser, "\n<f>", 4, 1);
    printf("%s %d %d %s %lu %d\n", seen, good, bad, XML_ErrorString(XML_GetErrorCode(parser)),
           XML_GetCurrentLineNumber(parser), XML_ExpatVersionInfo().major);
    XML_ParserFree(parser);
    return 0;
}
C
{ printf 'LIBRARY libexpat.dll\nEXPORTS\n' && sed -n 's/^\(XML_[A-Za-z]*\)=.*/\1/p' prefix/prefix.conf; } >expat.def
x86_64-w64-mingw32-dlltool -d expat.def -l libexpat.a
$cc -o expat.exe expat.c -L. -l:libexpat.a || exit 1
result=$(timeout 20 "$build/winrun" ./expat.exe | tr -d '\r')
[ "$result" = '1<a>2<b d>e</b></a> 1 0 junk after document element 3 2' ] || fail "expat: $result"
result=$(timeout 20 "$build/winrun" --trace=libexpat ./expat.exe 2>&1 | sed -n 's/^[0-9]* [0-9.]* //; s/0x[0-9a-f]*/P/; /XML_Parse(/p' | tr -d '\r' | head -n 1)
[ "$result" = 'libexpat.XML_Parse(P, "<a><b c='"'d'"'>e</b></a>\n", 22, 0) = 1' ] || fail "--trace of a bound DLL: $result"

# A library of the host that is built in, but can not be opened.
printf 'LIBRARY zlib1.dll\nEXPORTS\nzlibVersion\n' >zlib.def
x86_64-w64-mingw32-dlltool -d zlib.def -l libzlib.a
printf 'const char *zlibVersion(void); int main(void) { return zlibVersion()[0]; }\n' >zlib.c
$cc -o zlib.exe zlib.c -L. -l:libzlib.a || exit 1
timeout 20 "$build/winrun" ./zlib.exe 2>err
[ $? = 49 ] || fail "zlib1.dll: $(cat err)"
: >libz.so.1
timeout 20 "$build/winrun" ./zlib.exe 2>err
[ $? = 126 ] || fail "an empty libz.so.1 is accepted"
grep -q "^winrun: zlib.exe: zlib1.dll, which it needs, is not found (the host's libz.so.1 can not be opened: .*)$" err ||
    fail "an empty libz.so.1: $(cat err)"
rm libz.so.1

# Of libffi, libelf and libdw nothing is opened without such a DLL.
cp good prefix/prefix.conf
printf 'int main(void) { return 0; }\n' >plain.c
$cc -o plain.exe plain.c
if command -v strace >/dev/null; then
    timeout 20 strace -f -e trace=openat -o calls "$build/winrun" ./plain.exe
    ! grep -E 'libffi|libelf|libdw|winrun-hostdll' calls || fail "libraries are opened that nobody needs"
fi
exit $bad

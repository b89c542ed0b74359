/*
 * C++ exceptions of Microsoft's ABI (vcruntime140: _CxxThrowException, __CxxFrameHandler3): what is caught by which
 * handler, when copies and destructors run, rethrowing, nesting, callbacks of the C runtime, other exceptions.
 * Compiled without Microsoft's or mingw's headers: what is needed is declared here.
 */
extern "C" {
int printf(const char *, ...);
int strcmp(const char *, const char *);
void qsort(void *, unsigned long long, unsigned long long, int(__cdecl *)(const void *, const void *));
void exit(int);
__declspec(dllimport) void __stdcall RaiseException(unsigned, unsigned, unsigned, const unsigned long long *);
__declspec(dllimport) void *__stdcall CreateThread(void *, unsigned long long, unsigned(__stdcall *)(void *), void *,
                                                   unsigned, unsigned *);
__declspec(dllimport) unsigned __stdcall WaitForSingleObject(void *, unsigned);
__declspec(dllimport) int __cdecl __uncaught_exceptions();
}

/* Compilers refer to the table of Microsoft's type_info from each type descriptor. */
extern "C" {
const void *type_info_table[2] __asm__("??_7type_info@@6B@") = {nullptr, nullptr};
int _fltused = 1; /* wanted where floating point is used */
}

static int checks, failed;

static void check(bool good, long long actual, long long expected, const char *text, int line)
{
    checks++;
    if (good)
        return;
    failed++;
    printf("cxx_msvc.cpp:%d: failed: %s is %lld, expected %lld\n", line, text, actual, expected);
}

#define CHECK_EQ(a, b)                                                                                                 \
    do {                                                                                                               \
        long long check_a = (long long)(a), check_b = (long long)(b);                                                  \
        check(check_a == check_b, check_a, check_b, #a, __LINE__);                                                     \
    } while (0)
#define NOINLINE __declspec(noinline)

static char trail[128];
static int trail_length;

static NOINLINE void note(char c)
{
    trail[trail_length++] = c;
    trail[trail_length] = 0;
}

#define CHECK_TRAIL(expected)                                                                                          \
    do {                                                                                                               \
        checks++;                                                                                                      \
        if (strcmp(trail, expected)) {                                                                                 \
            failed++;                                                                                                  \
            printf("cxx_msvc.cpp:%d: failed: trail is %s, expected %s\n", __LINE__, trail, expected);                  \
        }                                                                                                              \
        trail_length = 0;                                                                                              \
        trail[0] = 0;                                                                                                  \
    } while (0)

struct guard {
    char name;
    explicit guard(char n) : name(n)
    {
    }
    NOINLINE ~guard()
    {
        note(name);
    }
};

static int alive, copies;

struct base {
    int value;
    NOINLINE explicit base(int v) : value(v)
    {
        alive++;
    }
    NOINLINE base(const base &other) : value(other.value)
    {
        alive++;
        copies++;
    }
    NOINLINE virtual ~base()
    {
        alive--;
    }
};

struct other {
    long long pad[3] = {1, 2, 3};
    virtual int tell()
    {
        return 3;
    }
};

struct derived : other, base {
    derived() : base(20)
    {
    }
};

struct top {
    int id = 77;
    virtual ~top()
    {
    }
};
struct left : virtual top {
    int l = 1;
};
struct right : virtual top {
    int r = 2;
};
struct bottom : left, right {
    int b = 3;
};

struct large {
    char text[500];
};

NOINLINE static void thrower(int kind)
{
    guard g('g');
    switch (kind) {
    case 0:
        throw 42;
    case 1:
        throw base(10);
    case 2:
        throw derived();
    case 3:
        throw "text";
    case 4:
        throw static_cast<derived *>(nullptr);
    case 5:
        throw bottom();
    case 6:
        throw 1.5;
    case 7:
        throw large{"large"};
    case 8:
        throw 'c';
    case 9:
        throw 5u;
    default:
        return;
    }
}

NOINLINE static int catcher(int kind)
{
    try {
        thrower(kind);
    } catch (int i) {
        return i;
    } catch (const base &b) {
        return b.value;
    } catch (const char *text) {
        return text[0];
    } catch (base *b) {
        return b ? 1000 : 2000;
    } catch (top &t) {
        return t.id;
    } catch (double d) {
        return static_cast<int>(d * 10);
    } catch (large l) {
        return l.text[0] + l.text[4];
    } catch (...) {
        return 9999;
    }
    return -1;
}

static void check_types()
{
    static const int expected[] = {42, 10, 20, 't', 2000, 77, 15, 'l' + 'e', 9999, 9999, -1};
    for (int i = 0; i < 11; i++)
        CHECK_EQ(catcher(i), expected[i]);
    CHECK_TRAIL("ggggggggggg");
    CHECK_EQ(alive, 0);
}

NOINLINE static int by_value()
{
    try {
        thrower(2);
    } catch (base b) { /* sliced */
        b.value++;
        return b.value;
    }
    return 0;
}

static void check_copies()
{
    copies = 0;
    CHECK_EQ(by_value(), 21);
    CHECK_EQ(alive, 0);
    CHECK_EQ(copies, 1);
    trail_length = 0;
}

NOINLINE static void rethrow_inner()
{
    guard g('r');
    try {
        guard h('h');
        thrower(2);
    } catch (base &b) {
        note('c');
        b.value = 99;
        throw;
    }
}

NOINLINE static int rethrow()
{
    try {
        rethrow_inner();
    } catch (derived &d) {
        note('C');
        return d.value;
    }
    return 0;
}

NOINLINE static int nested()
{
    int result = 0;
    try {
        thrower(0);
    } catch (int i) {
        try {
            thrower(1);
        } catch (base &b) {
            result = i * 100 + b.value;
            try {
                throw;
            } catch (base &again) {
                result += again.value;
            }
        }
    }
    return result;
}

NOINLINE static int replaced()
{
    try {
        try {
            guard a('a');
            thrower(1);
        } catch (base &) {
            guard b('b');
            throw 7;
        }
    } catch (int i) {
        return i;
    }
    return 0;
}

static void check_rethrow()
{
    trail_length = 0;
    CHECK_EQ(rethrow(), 99);
    CHECK_TRAIL("ghcrC");
    CHECK_EQ(alive, 0);
    CHECK_EQ(nested(), 42 * 100 + 20);
    CHECK_EQ(alive, 0);
    trail_length = 0;
    CHECK_EQ(replaced(), 7);
    CHECK_TRAIL("gab");
    CHECK_EQ(alive, 0);
}

struct member {
    char name;
    NOINLINE member(char n, bool fail) : name(n)
    {
        if (fail)
            throw n;
        note(n);
    }
    NOINLINE ~member()
    {
        note(static_cast<char>(name - 'a' + 'A'));
    }
};

struct whole {
    member a, b, c;
    whole() : a('a', false), b('b', false), c('c', true)
    {
    }
};

static int constructed;
struct element {
    int number;
    NOINLINE element() : number(constructed)
    {
        if (constructed == 3)
            throw number;
        constructed++;
    }
    NOINLINE ~element()
    {
        constructed--;
        note(static_cast<char>('0' + number));
    }
};

NOINLINE static void constructors()
{
    try {
        whole w;
    } catch (char c) {
        note(c);
    }
    CHECK_TRAIL("abBAc");
    try {
        element array[5];
        note(static_cast<char>(array[0].number));
    } catch (int) {
        note('e');
    }
    CHECK_TRAIL("210e");
    CHECK_EQ(constructed, 0);
}

static int __cdecl compare(const void *, const void *)
{
    guard g('q');
    throw derived();
}

static int __cdecl compare_inside(const void *a, const void *b)
{
    try {
        thrower(0);
    } catch (int) {
    }
    return *static_cast<const int *>(a) - *static_cast<const int *>(b);
}

NOINLINE static void callbacks()
{
    int numbers[] = {3, 1, 2};
    trail_length = 0;
    try {
        guard o('o');
        qsort(numbers, 3, sizeof(int), compare);
    } catch (base &b) {
        CHECK_EQ(b.value, 20);
    }
    CHECK_TRAIL("qo");
    CHECK_EQ(alive, 0);
    qsort(numbers, 3, sizeof(int), compare_inside);
    CHECK_EQ(numbers[0] * 100 + numbers[1] * 10 + numbers[2], 123);
    trail_length = 0;
}

NOINLINE static int deep(int depth)
{
    guard g('d');
    if (depth == 0)
        throw depth;
    return deep(depth - 1) + 1;
}

static unsigned __stdcall thread(void *argument)
{
    for (int i = 0; i < 500; i++)
        try {
            throw i;
        } catch (int caught) {
            *static_cast<int *>(argument) += caught == i;
        }
    return 0;
}

static void check_threads()
{
    int results[4] = {0, 0, 0, 0};
    void *threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(nullptr, 0, thread, &results[i], 0, nullptr);
    for (int i = 0; i < 4; i++) {
        WaitForSingleObject(threads[i], ~0u);
        CHECK_EQ(results[i], 500);
    }
}

struct watcher {
    int *seen;
    NOINLINE ~watcher()
    {
        *seen = __uncaught_exceptions();
    }
};

static void check_uncaught()
{
    int seen = -1;
    try {
        watcher w{&seen};
        throw 1;
    } catch (int) {
        CHECK_EQ(__uncaught_exceptions(), 0);
    }
    CHECK_EQ(seen, 1);
    {
        watcher w{&seen};
    }
    CHECK_EQ(seen, 0);
}

/* A loop whose handler continues and breaks. */
static void check_loop()
{
    int sum = 0;
    for (int i = 0; i < 10; i++) {
        try {
            if (i % 2)
                throw i;
            sum += 100;
        } catch (int value) {
            if (value == 7)
                break;
            sum += value;
            continue;
        }
        sum += 1000;
    }
    CHECK_EQ(sum, 4 * 1100 + 1 + 3 + 5);
}

extern "C" void start()
{
    check_types();
    check_copies();
    check_rethrow();
    constructors();
    callbacks();
    try {
        deep(20);
    } catch (int) {
    }
    CHECK_EQ(trail_length, 21);
    trail_length = 0;
    check_threads();
    check_uncaught();
    check_loop();
    printf("%d checks, %d failed\n", checks, failed);
    exit(failed ? 1 : 0);
}

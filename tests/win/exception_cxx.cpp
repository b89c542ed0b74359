/* C++ exceptions of GCC: caught by type, rethrown, nested, through callbacks of the C runtime, in threads. */
#include <new>
#include <stdexcept>
#include <string>
#include "check.h"

static int destroyed;

struct guard {
    ~guard()
    {
        destroyed++;
    }
};

struct base {
    virtual ~base() = default;
    int value = 1;
};

struct other {
    int pad = 5;
};

struct derived : other, base {
    derived()
    {
        value = 2;
    }
};

static int thrower(int kind)
{
    guard g;
    switch (kind) {
    case 0:
        throw 42;
    case 1:
        throw derived();
    case 2:
        throw std::runtime_error("runtime");
    case 3:
        throw std::string("text");
    case 4:
        throw new derived();
    default:
        return 0;
    }
}

static int catcher(int kind)
{
    try {
        thrower(kind);
    } catch (int i) {
        return i;
    } catch (const base &b) {
        return b.value;
    } catch (const std::exception &e) {
        return strcmp(e.what(), "runtime") ? 0 : 3;
    } catch (base *b) {
        int value = b->value;
        delete b;
        return value + 10;
    } catch (...) {
        return 100;
    }
    return -1;
}

static int __cdecl compare_throws(const void *, const void *)
{
    guard g;
    throw std::runtime_error("compare");
}

static void check_callback()
{
    int numbers[5] = {5, 4, 3, 2, 1}, caught = 0;

    destroyed = 0;
    try {
        guard g;
        qsort(numbers, 5, sizeof(int), compare_throws);
    } catch (const std::runtime_error &e) {
        caught = !strcmp(e.what(), "compare");
    }
    CHECK_EQ(caught, 1);
    CHECK_EQ(destroyed, 2);
}

static void check_rethrow()
{
    int trail = 0;

    destroyed = 0;
    try {
        try {
            guard g;
            thrower(1);
        } catch (base &b) {
            b.value = 9;
            try {
                throw 5;
            } catch (int i) {
                trail = i;
            }
            throw;
        }
    } catch (const derived &d) {
        trail = trail * 10 + d.value;
    }
    CHECK_EQ(trail, 59);
    CHECK_EQ(destroyed, 2);
}

static DWORD WINAPI thread(void *argument)
{
    for (int i = 0; i < 200; i++)
        if (catcher(0) != 42)
            return 1;
    *static_cast<int *>(argument) = catcher(2);
    return 0;
}

static void check_threads()
{
    HANDLE handles[4];
    int results[4] = {};

    for (int i = 0; i < 4; i++)
        handles[i] = CreateThread(nullptr, 0, thread, &results[i], 0, nullptr);
    CHECK_EQ(WaitForMultipleObjects(4, handles, TRUE, 20000), WAIT_OBJECT_0);
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(results[i], 3);
        CloseHandle(handles[i]);
    }
}

int main()
{
    CHECK_EQ(catcher(0), 42);
    CHECK_EQ(catcher(1), 2);
    CHECK_EQ(catcher(2), 3);
    CHECK_EQ(catcher(3), 100);
    CHECK_EQ(catcher(4), 12);
    CHECK_EQ(catcher(5), -1);
    CHECK_EQ(destroyed, 6);
    check_rethrow();
    check_callback();
    check_threads();
    CHECK(!std::uncaught_exceptions());
    return check_done();
}

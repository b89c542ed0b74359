/*
 * Do C++ exceptions and longjmp leave a host library through a callback, with the destructors on their way called?
 * link: tests/win/libsqlite3.a
 */
#include <csetjmp>
#include <stdexcept>
#include <string>
#include "check.h"

extern "C" {
struct sqlite3;
int sqlite3_open(const char *, sqlite3 **);
int sqlite3_exec(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
}

static int destroyed, called;

struct local {
    ~local()
    {
        destroyed++;
    }
};

static int throw_text(void *context, int, char **values, char **)
{
    local inside;
    called++;
    if (std::string(values[0]) == "3")
        throw std::runtime_error(static_cast<const char *>(context));
    return 0;
}

static int inner_catch(void *context, int, char **values, char **)
{
    try {
        throw 5;
    } catch (int value) {
        *static_cast<int *>(context) += value;
    }
    return 0;
}

static jmp_buf place;

static int jump(void *, int, char **, char **)
{
    longjmp(place, 9);
}

static int nested(void *context, int, char **, char **)
{
    sqlite3 *other;
    sqlite3_open(":memory:", &other);
    sqlite3_exec(other, "select 1 union select 2 union select 3", throw_text, context, nullptr);
    return 0;
}

static const char three[] = "select 1 union all select 2 union all select 3 union all select 4";

static void throws(int (*callback)(void *, int, char **, char **), int calls)
{
    sqlite3 *db;
    std::string caught;
    called = destroyed = 0;
    CHECK_EQ(sqlite3_open(":memory:", &db), 0);
    try {
        local outside;
        sqlite3_exec(db, three, callback, const_cast<char *>("thrown"), nullptr);
        CHECK(!"it came back");
    } catch (const std::exception &e) {
        caught = e.what();
    }
    CHECK_STR(caught.c_str(), "thrown");
    CHECK_EQ(called, calls);
    CHECK_EQ(destroyed, calls + 1);
}

int main()
{
    sqlite3 *db;
    volatile int sum = 0;
    for (int i = 0; i < 20; i++)
        throws(throw_text, 3);
    throws(nested, 3);
    CHECK_EQ(sqlite3_open(":memory:", &db), 0);
    CHECK_EQ(sqlite3_exec(db, three, inner_catch, const_cast<int *>(&sum), nullptr), 0);
    CHECK_EQ(sum, 20);
    int value = setjmp(place);
    if (!value)
        sqlite3_exec(db, three, jump, nullptr, nullptr);
    CHECK_EQ(value, 9);
    return check_done();
}

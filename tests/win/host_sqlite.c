/*
 * Does a program that imports sqlite3.dll and ships none run on the host's sqlite: callbacks of all shapes, user
 * functions, formats, settings, Windows paths? link: tests/win/libsqlite3.a
 */
#include <stdarg.h>
#include <stdint.h>
#include "check.h"

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_value sqlite3_value;
typedef long long sqlite3_int64;
typedef void (*destructor)(void *);
#define SQLITE_OK 0
#define SQLITE_ABORT 4
#define SQLITE_INTERRUPT 9
#define SQLITE_CANTOPEN 14
#define SQLITE_AUTH 23
#define SQLITE_ROW 100
#define SQLITE_DONE 101
#define SQLITE_UTF8 1
#define SQLITE_STATIC ((destructor)0)
#define SQLITE_TRANSIENT ((destructor)-1)
int sqlite3_open(const char *, sqlite3 **), sqlite3_open16(const wchar_t *, sqlite3 **), sqlite3_close(sqlite3 *);
int sqlite3_open_v2(const char *, sqlite3 **, int, const char *);
int sqlite3_exec(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
int sqlite3_prepare_v2(sqlite3 *, const char *, int, sqlite3_stmt **, const char **);
int sqlite3_step(sqlite3_stmt *), sqlite3_finalize(sqlite3_stmt *), sqlite3_reset(sqlite3_stmt *);
int sqlite3_bind_double(sqlite3_stmt *, int, double), sqlite3_bind_int64(sqlite3_stmt *, int, sqlite3_int64);
int sqlite3_bind_text(sqlite3_stmt *, int, const char *, int, destructor);
int sqlite3_column_count(sqlite3_stmt *), sqlite3_column_int(sqlite3_stmt *, int);
double sqlite3_column_double(sqlite3_stmt *, int);
sqlite3_int64 sqlite3_column_int64(sqlite3_stmt *, int), sqlite3_last_insert_rowid(sqlite3 *);
const char *sqlite3_column_name(sqlite3_stmt *, int), *sqlite3_column_text(sqlite3_stmt *, int);
int sqlite3_create_function(sqlite3 *, const char *, int, int, void *,
                            void (*)(sqlite3_context *, int, sqlite3_value **),
                            void (*)(sqlite3_context *, int, sqlite3_value **), void (*)(sqlite3_context *));
int sqlite3_create_function_v2(sqlite3 *, const char *, int, int, void *,
                               void (*)(sqlite3_context *, int, sqlite3_value **),
                               void (*)(sqlite3_context *, int, sqlite3_value **), void (*)(sqlite3_context *),
                               destructor);
int sqlite3_create_collation(sqlite3 *, const char *, int, void *,
                             int (*)(void *, int, const void *, int, const void *));
int sqlite3_create_window_function(sqlite3 *, const char *, int, int, void *,
                                   void (*)(sqlite3_context *, int, sqlite3_value **), void (*)(sqlite3_context *),
                                   void (*)(sqlite3_context *), void (*)(sqlite3_context *, int, sqlite3_value **),
                                   destructor);
void sqlite3_result_int64(sqlite3_context *, sqlite3_int64), sqlite3_result_double(sqlite3_context *, double);
void sqlite3_result_text(sqlite3_context *, const char *, int, destructor);
void sqlite3_result_error(sqlite3_context *, const char *, int);
sqlite3_int64 sqlite3_value_int64(sqlite3_value *);
double sqlite3_value_double(sqlite3_value *);
const char *sqlite3_value_text(sqlite3_value *), *sqlite3_errmsg(sqlite3 *);
void *sqlite3_user_data(sqlite3_context *), *sqlite3_aggregate_context(sqlite3_context *, int);
void *sqlite3_update_hook(sqlite3 *, void (*)(void *, int, const char *, const char *, sqlite3_int64), void *);
int sqlite3_set_authorizer(sqlite3 *, int (*)(void *, int, const char *, const char *, const char *, const char *),
                           void *);
void sqlite3_progress_handler(sqlite3 *, int, int (*)(void *), void *), sqlite3_free(void *);
char *sqlite3_mprintf(const char *, ...), *sqlite3_vmprintf(const char *, va_list),
    *sqlite3_snprintf(int, char *, const char *, ...);
int sqlite3_config(int, ...), sqlite3_db_config(sqlite3 *, int, ...), sqlite3_get_autocommit(sqlite3 *);
int sqlite3_libversion_number(void), sqlite3_changes(sqlite3 *);
void sqlite3_log(int, const char *, ...);

static sqlite3 *db;

static int log_code;
static char log_text[200];

static void on_log(void *context, int code, const char *text)
{
    if (context != &log_code)
        return;
    log_code = code;
    snprintf(log_text, sizeof log_text, "%s", text);
}

static void settings(void)
{
    CHECK_EQ(sqlite3_config(16 /* LOG */, on_log, &log_code), SQLITE_OK);
    CHECK_EQ(sqlite3_config(9 /* MEMSTATUS */, 1), SQLITE_OK);
    sqlite3_log(77, "%s %d %ld %lld %g", "text", -5, -6L, 1LL << 40, 0.25);
    CHECK_EQ(log_code, 77);
    CHECK_STR(log_text, "text -5 -6 1099511627776 0.25");
}

static int rows;
static char joined[200];

static int on_row(void *context, int count, char **values, char **names)
{
    rows++;
    for (int i = 0; i < count; i++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s=%s;", names[i],
                 values[i] ? values[i] : "NULL");
    return context != NULL && rows == 2;
}

static void exec_callback(void)
{
    char *error = NULL;
    CHECK_EQ(
        sqlite3_exec(db, "create table t(a,b); insert into t values(1,'one'),(2,null),(3,'three')", NULL, NULL, &error),
        SQLITE_OK);
    CHECK(error == NULL);
    CHECK_EQ(sqlite3_changes(db), 3);
    CHECK_EQ(sqlite3_last_insert_rowid(db), 3);
    CHECK_EQ(sqlite3_exec(db, "select * from t order by a", on_row, NULL, &error), SQLITE_OK);
    CHECK_EQ(rows, 3);
    CHECK_STR(joined, "a=1;b=one;a=2;b=NULL;a=3;b=three;");
    rows = 0;
    CHECK_EQ(sqlite3_exec(db, "select * from t order by a", on_row, &rows, &error), SQLITE_ABORT);
    CHECK_EQ(rows, 2);
    CHECK(error != NULL && strstr(error, "abort"));
    sqlite3_free(error);
    CHECK_EQ(sqlite3_exec(db, "select nonsense", NULL, NULL, &error), 1);
    CHECK(error != NULL && strstr(error, "nonsense"));
    CHECK(strstr(sqlite3_errmsg(db), "nonsense"));
    sqlite3_free(error);
}

static int destroyed;

static void destroy(void *pointer)
{
    destroyed += *(int *)pointer;
}

static void twice(sqlite3_context *context, int count, sqlite3_value **values)
{
    if (count != 1 || *(int *)sqlite3_user_data(context) != 40)
        sqlite3_result_error(context, "bad call", -1);
    else
        sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
}

static void half(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_result_double(context, sqlite3_value_double(values[0]) / 2);
}

static void reverse(sqlite3_context *context, int count, sqlite3_value **values)
{
    char text[50] = "";
    const char *from = sqlite3_value_text(values[0]);
    size_t length = strlen(from);
    for (size_t i = 0; i < length; i++)
        text[i] = from[length - 1 - i];
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void product_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_int64 *sum = sqlite3_aggregate_context(context, sizeof *sum);
    *sum = (*sum ? *sum : 1) * sqlite3_value_int64(values[0]);
}

static void product_inverse(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_int64 *sum = sqlite3_aggregate_context(context, sizeof *sum);
    *sum /= sqlite3_value_int64(values[0]);
}

static void product_end(sqlite3_context *context)
{
    sqlite3_int64 *sum = sqlite3_aggregate_context(context, sizeof *sum);
    sqlite3_result_int64(context, *sum);
}

/* The first column of the first row. */
static const char *query(const char *sql)
{
    static char text[300];
    sqlite3_stmt *statement = NULL;
    text[0] = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        snprintf(text, sizeof text, "%s", sqlite3_column_text(statement, 0));
    else
        snprintf(text, sizeof text, "error: %s", sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return text;
}

static int backwards(void *context, int a_size, const void *a, int b_size, const void *b)
{
    int result = memcmp(b, a, a_size < b_size ? a_size : b_size);
    return result ? result : b_size - a_size;
}

static void user_functions(void)
{
    static int forty = 40;
    CHECK_EQ(sqlite3_create_function_v2(db, "twice", -1, SQLITE_UTF8, &forty, twice, NULL, NULL, destroy), SQLITE_OK);
    CHECK_EQ(sqlite3_create_function(db, "half", 1, SQLITE_UTF8, NULL, half, NULL, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_create_function(db, "reverse", 1, SQLITE_UTF8, NULL, reverse, NULL, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_create_function(db, "product", 1, SQLITE_UTF8, NULL, NULL, product_step, product_end), SQLITE_OK);
    CHECK_EQ(sqlite3_create_window_function(db, "wproduct", 1, SQLITE_UTF8, NULL, product_step, product_end,
                                            product_end, product_inverse, NULL),
             SQLITE_OK);
    CHECK_EQ(sqlite3_create_collation(db, "backwards", SQLITE_UTF8, NULL, backwards), SQLITE_OK);
    CHECK_STR(query("select twice(21)"), "42");
    CHECK_STR(query("select twice(-4611686018427387904)"), "-9223372036854775808");
    CHECK_STR(query("select twice(1,2)"), "error: bad call");
    CHECK_STR(query("select half(0.5)"), "0.25");
    CHECK_STR(query("select reverse('abc')"), "cba");
    CHECK_STR(query("select product(a+1) from t"), "24");
    CHECK_STR(query("select group_concat(p) from (select wproduct(a) over (order by a rows between 1 preceding and "
                    "current row) as p from t)"),
              "1,2,6");
    CHECK_STR(query("select group_concat(b) from (select b from t where b is not null order by b collate backwards)"),
              "three,one");
    CHECK_EQ(destroyed, 0);
    CHECK_EQ(sqlite3_create_function_v2(db, "twice", -1, SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL), SQLITE_OK);
    CHECK_EQ(destroyed, 40);
}

static int hook_sum, progress_calls, text_destroyed;

static void on_update(void *context, int operation, const char *database, const char *table, sqlite3_int64 row)
{
    if (!strcmp(database, "main") && !strcmp(table, "t") && operation == 18)
        *(int *)context += (int)row;
}

static int deny_b(void *context, int action, const char *a, const char *b, const char *database, const char *trigger)
{
    return action == 20 && b && !strcmp(b, "b") && database && !strcmp(database, "main") && context == &hook_sum;
}

static int stop(void *context)
{
    return ++*(int *)context > 3;
}

static void text_destroy(void *text)
{
    text_destroyed++;
    free(text);
}

static void hooks(void)
{
    CHECK(sqlite3_update_hook(db, on_update, &hook_sum) == NULL);
    CHECK_EQ(sqlite3_exec(db, "insert into t values(4,'x'),(5,'y')", NULL, NULL, NULL), SQLITE_OK);
    CHECK_EQ(hook_sum, 9);
    CHECK(sqlite3_update_hook(db, NULL, NULL) == &hook_sum);
    CHECK_EQ(sqlite3_set_authorizer(db, deny_b, &hook_sum), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(db, "select b from t", NULL, NULL, NULL), SQLITE_AUTH);
    CHECK_EQ(sqlite3_exec(db, "select a from t", NULL, NULL, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_set_authorizer(db, NULL, NULL), SQLITE_OK);
    sqlite3_progress_handler(db, 100, stop, &progress_calls);
    CHECK_EQ(sqlite3_exec(db, "with recursive c(x) as (select 1 union all select x+1 from c) select count(*) from c",
                          NULL, NULL, NULL),
             SQLITE_INTERRUPT);
    CHECK_EQ(progress_calls, 4);
    sqlite3_progress_handler(db, 0, NULL, NULL);
}

static void statements(void)
{
    sqlite3_stmt *s;
    const char *sql = "select ? as d, ? as i, ? as s; select 1", *tail = NULL;
    CHECK_EQ(sqlite3_prepare_v2(db, sql, -1, &s, &tail), SQLITE_OK);
    CHECK(tail == strchr(sql, ';') + 1);
    CHECK_EQ(sqlite3_column_count(s), 3);
    CHECK_STR(sqlite3_column_name(s, 1), "i");
    CHECK_EQ(sqlite3_bind_double(s, 1, -1.5), SQLITE_OK);
    CHECK_EQ(sqlite3_bind_int64(s, 2, INT64_MIN), SQLITE_OK);
    CHECK_EQ(sqlite3_bind_text(s, 3, strdup("own"), -1, text_destroy), SQLITE_OK);
    CHECK_EQ(sqlite3_step(s), SQLITE_ROW);
    CHECK(sqlite3_column_double(s, 0) == -1.5);
    CHECK_EQ(sqlite3_column_int64(s, 1), INT64_MIN);
    CHECK_EQ(sqlite3_column_int(s, 0), -1);
    CHECK_STR(sqlite3_column_text(s, 2), "own");
    CHECK_EQ(sqlite3_step(s), SQLITE_DONE);
    CHECK_EQ(text_destroyed, 0);
    CHECK_EQ(sqlite3_bind_text(s, 3, "static", -1, SQLITE_STATIC), 21); /* it has not been reset */
    CHECK_EQ(sqlite3_reset(s), SQLITE_OK);
    CHECK_EQ(sqlite3_bind_text(s, 3, "static", -1, SQLITE_STATIC), SQLITE_OK);
    CHECK_EQ(text_destroyed, 1);
    CHECK_EQ(sqlite3_finalize(s), SQLITE_OK);
}

static char *format(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    char *result = sqlite3_vmprintf(text, arguments);
    va_end(arguments);
    return result;
}

static void formats(void)
{
    char text[60];
    char *made =
        sqlite3_mprintf("%q|%Q|%d|%lld|%.2f|%s|%d|%d|%d|%g", "it's", NULL, -1, 1LL << 33, 2.5, "end", 7, 8, 9, 0.5);
    CHECK_STR(made, "it''s|NULL|-1|8589934592|2.50|end|7|8|9|0.5");
    sqlite3_free(made);
    made = format("%ld %lu %I64d %%l %5.1f%c", -3L, 4000000000UL, 1LL << 35, 1.25, 'x');
    CHECK_STR(made, "-3 4000000000 34359738368 %l   1.3x");
    sqlite3_free(made);
    CHECK(sqlite3_snprintf(sizeof text, text, "%s-%d", "abc", 5) == text);
    CHECK_STR(text, "abc-5");
    CHECK_STR(sqlite3_snprintf(4, text, "%s", "abcdef"), "abc");
}

static void files(void)
{
    sqlite3 *other = NULL;
    char full[MAX_PATH], sql[MAX_PATH + 50];
    int on = -1;
    CHECK_EQ(sqlite3_open("sub\\file.db", &other), SQLITE_CANTOPEN); /* no such directory */
    sqlite3_close(other);
    CreateDirectoryA("sub", NULL);
    CHECK_EQ(sqlite3_open("sub\\file.db", &other), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(other, "create table u(x); insert into u values(7)", NULL, NULL, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_db_config(other, 1002 /* ENABLE_FKEY */, 1, &on), SQLITE_OK);
    CHECK_EQ(on, 1);
    CHECK_EQ(sqlite3_close(other), SQLITE_OK);
    CHECK(GetFileAttributesA("sub\\file.db") != INVALID_FILE_ATTRIBUTES);
    CHECK(GetFullPathNameA("SUB\\FILE.DB", sizeof full, full, NULL) > 0);
    CHECK(full[1] == ':');
    snprintf(sql, sizeof sql, "attach '%s' as o", full);
    CHECK_EQ(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    CHECK_STR(query("select x from o.u"), "7");
    CHECK_EQ(sqlite3_exec(db, "detach o", NULL, NULL, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_open_v2(full, &other, 1 /* READONLY */, "win32-longpath"), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(other, "insert into u values(1)", NULL, NULL, NULL), 8);
    CHECK_EQ(sqlite3_close(other), SQLITE_OK);
    snprintf(sql, sizeof sql, "file:///%s?mode=ro", full);
    for (char *p = sql; *p; p++)
        *p = *p == '\\' ? '/' : *p;
    CHECK_EQ(sqlite3_open_v2(sql, &other, 2 | 0x40 /* URI */, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(other, "select * from u", NULL, NULL, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_close(other), SQLITE_OK);
    CHECK_EQ(sqlite3_open16(L"sub\\file.db", &other), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(other, "select * from u", NULL, NULL, NULL), SQLITE_OK);
    CHECK_EQ(sqlite3_close(other), SQLITE_OK);
    CHECK(DeleteFileA("sub\\file.db"));
    CHECK(RemoveDirectoryA("sub"));
}

static void modules(void)
{
    HMODULE dll = GetModuleHandleA("SQLITE3.dll");
    CHECK(dll != NULL && dll == LoadLibraryA("libsqlite3-0"));
    CHECK(GetProcAddress(dll, "sqlite3_open") != NULL);
    CHECK(GetProcAddress(dll, "sqlite3_create_module") == NULL); /* listed as missing */
    CHECK_EQ(GetLastError(), ERROR_PROC_NOT_FOUND);
    CHECK(GetProcAddress(dll, "sqlite3_no_such") == NULL);
    CHECK(sqlite3_libversion_number() >= 3020000);
}

static int busy(void *count, int columns, char **values, char **names)
{
    ++*(int *)count;
    return 0;
}

static void many(void)
{
    int count = 0;
    CHECK_EQ(sqlite3_exec(db,
                          "with recursive c(x) as (select 1 union all select x+1 from c limit 100000) select x from c",
                          busy, &count, NULL),
             SQLITE_OK);
    CHECK_EQ(count, 100000);
}

int main(void)
{
    settings();
    CHECK_EQ(sqlite3_open(":memory:", &db), SQLITE_OK);
    exec_callback();
    user_functions();
    hooks();
    statements();
    formats();
    files();
    modules();
    many();
    CHECK_EQ(sqlite3_get_autocommit(db), 1);
    CHECK_EQ(sqlite3_close(db), SQLITE_OK);
    return check_done();
}

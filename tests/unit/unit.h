/*
 * unit.h: tests of host code.
 *
 * Each test runs in a process of its own with a time limit, so that a crash or a hang is one failed test.  A suite
 * is a table of tests in its own file; unit_suites in main.c lists them all.
 *
 *     static void empty_file(void) { EXPECT_EQ(pe_parse("", 0, PE_PROGRAM, &pe), STATUS_INVALID_IMAGE_NOT_MZ); }
 *     UNIT_SUITE(pe, {"empty file", empty_file}, ...);
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <stdbool.h>
#include <stdint.h>

struct unit_test {
    const char *name;
    void (*run)(void);
};

struct unit_suite {
    const char *name;
    const struct unit_test *tests; /* ends with an empty entry */
};

#define UNIT_SUITE(suite, ...)                                                                                         \
    const struct unit_suite suite##_suite = {#suite, (const struct unit_test[]){__VA_ARGS__, {0}}}

/* Failures are counted and the test goes on; the values are printed. */
#define EXPECT(condition) unit_expect((condition), #condition, __FILE__, __LINE__)
#define EXPECT_EQ(actual, expected)                                                                                    \
    unit_expect_equal((uint64_t)(actual), (uint64_t)(expected), #actual, #expected, __FILE__, __LINE__)
#define EXPECT_STR(actual, expected) unit_expect_string((actual), (expected), #actual, __FILE__, __LINE__)

/* Ends the test; it is counted as skipped and the reason is shown. */
#define SKIP(reason) unit_skip(reason)

bool unit_expect(bool condition, const char *text, const char *file, int line);
bool unit_expect_equal(uint64_t actual, uint64_t expected, const char *actual_text, const char *expected_text,
                       const char *file, int line);
bool unit_expect_string(const char *actual, const char *expected, const char *text, const char *file, int line);
_Noreturn void unit_skip(const char *reason);

#endif

/*
 * main.c: runs the unit tests with CUnit.
 *
 *   unit-tests [-l] [-r PATTERN]     -l: list the tests; -r: only those whose "suite/name" has PATTERN
 *
 * CUnit keeps the registry and the counts.  What it lacks is here: a process and a time limit for each
 * test, values in messages, a filter.
 */
#include "ntdll/thread.h"
#include "unit.h"

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_PER_TEST 60
#define STATUS_SKIPPED 77

extern const struct unit_suite cfi_suite, map_suite, ntlm_suite, pe_suite, signature_suite;

static const struct unit_suite *const unit_suites[] = {
    &cfi_suite,
    &map_suite,
    &ntlm_suite,
    &pe_suite,
    &signature_suite,
};

#define SUITES (sizeof unit_suites / sizeof *unit_suites)

static unsigned failures, skipped;

bool unit_expect(bool condition, const char *text, const char *file, int line)
{
    if (!condition) {
        printf("%s:%d: not true: %s\n", file, line, text);
        failures++;
    }
    return condition;
}

bool unit_expect_equal(uint64_t actual, uint64_t expected, const char *actual_text, const char *expected_text,
                       const char *file, int line)
{
    if (actual == expected)
        return true;
    printf("%s:%d: %s is 0x%llx, not %s (0x%llx)\n", file, line, actual_text, (unsigned long long)actual, expected_text,
           (unsigned long long)expected);
    failures++;
    return false;
}

bool unit_expect_string(const char *actual, const char *expected, const char *text, const char *file, int line)
{
    if (actual && expected ? !strcmp(actual, expected) : actual == expected)
        return true;
    printf("%s:%d: %s is \"%s\", not \"%s\"\n", file, line, text, actual ? actual : "(null)",
           expected ? expected : "(null)");
    failures++;
    return false;
}

void unit_skip(const char *reason)
{
    printf("skipped: %s\n", reason);
    exit(failures ? EXIT_FAILURE : STATUS_SKIPPED);
}

static const struct unit_test *test_find(const char *suite, const char *name)
{
    for (size_t i = 0; i < SUITES; i++)
        if (!strcmp(unit_suites[i]->name, suite))
            for (const struct unit_test *test = unit_suites[i]->tests; test->run; test++)
                if (!strcmp(test->name, name))
                    return test;
    return NULL;
}

/* What CUnit calls for every test: the real one runs in a child. */
static void run_in_child(void)
{
    const char *suite = CU_get_current_suite()->pName, *name = CU_get_current_test()->pName;
    char outcome[160] = "";
    int status;

    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_PER_TEST);
        thread_init_first(); /* the NT layer's locks want a thread block */
        test_find(suite, name)->run();
        exit(failures ? EXIT_FAILURE : EXIT_SUCCESS);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        snprintf(outcome, sizeof outcome, "could not be run");
    else if (WIFSIGNALED(status))
        snprintf(outcome, sizeof outcome, WTERMSIG(status) == SIGALRM ? "took too long" : "crashed: %s",
                 strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) == STATUS_SKIPPED)
        skipped++;
    else if (WEXITSTATUS(status))
        snprintf(outcome, sizeof outcome, "status %d", WEXITSTATUS(status));
    if (*outcome)
        printf("FAIL %s/%s: %s\n", suite, name, outcome);
    CU_assertImplementation(!*outcome, __LINE__, outcome, __FILE__, name, CU_FALSE);
}

static void add_tests(const char *pattern, bool list)
{
    char full[256];

    for (size_t i = 0; i < SUITES; i++) {
        CU_pSuite suite = CU_add_suite(unit_suites[i]->name, NULL, NULL);
        for (const struct unit_test *test = unit_suites[i]->tests; test->run; test++) {
            snprintf(full, sizeof full, "%s/%s", unit_suites[i]->name, test->name);
            if (pattern && !strstr(full, pattern))
                continue;
            if (list)
                puts(full);
            else
                CU_add_test(suite, test->name, run_in_child);
        }
    }
}

int main(int argc, char **argv)
{
    const char *pattern = NULL;
    bool list = false;

    for (int option; (option = getopt(argc, argv, "lr:")) != -1;) {
        if (option == '?')
            return 2;
        if (option == 'l')
            list = true;
        else
            pattern = optarg;
    }
    if (CU_initialize_registry() != CUE_SUCCESS)
        return EXIT_FAILURE;
    add_tests(pattern, list);
    if (list)
        return EXIT_SUCCESS;
    CU_run_all_tests();
    unsigned failed = CU_get_number_of_tests_failed();
    printf("%u tests, %u failed, %u skipped\n", CU_get_number_of_tests_run(), failed, skipped);
    CU_cleanup_registry();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/*
 * options.h: winrun's command line.
 */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include <stdbool.h>

/* Exit statuses of winrun's own, as env and nice have them. */
enum { EXIT_WINRUN_FAILED = 125, EXIT_NOT_RUNNABLE = 126, EXIT_NOT_FOUND = 127 };

struct options {
    bool check;     /* --check: list what the program needs instead of running it */
    bool check_all; /* --check=all: also what is met */
    bool json;      /* --json: in that form */
    bool trace;
    bool trace_summary;         /* --trace-summary */
    const char *trace_patterns; /* --trace=PATTERNS, or NULL for all */
    const char *trace_file;     /* --trace-file, or NULL */
    const char *command_line;   /* --cmdline, or NULL */
    const char *exit_code_file;
    const char *minidump; /* --minidump, or NULL */
    const char *prefix;
    const char *program; /* as given */
    char **arguments;    /* after the program, NULL-terminated */
};

/* Ends the process with one line on a wrong option, and after --help and --version. */
void options_parse(int argc, char **argv, struct options *options);

/* The host path of the program: absolute, malloc'ed; ends the process if there is none. */
char *options_find_program(const char *name);

/* Whether it is a batch file, which is cmd.exe's to run, and where that is. */
bool options_is_batch(const char *path);
char *options_find_interpreter(void);

#endif

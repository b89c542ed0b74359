/*
 * process.h: this process: start parameters, exit, fatal errors.
 */
#ifndef NTDLL_PROCESS_H
#define NTDLL_PROCESS_H

#include "win.h"

struct start_block;

/* What the command line decides; filled by loader/main.c before process_init. Strings are host bytes, borrowed. */
struct process_start {
    const char *program;             /* host path of the executable, absolute */
    char **arguments;                /* after the program, NULL-terminated */
    const char *command_line;        /* --cmdline: verbatim, or NULL */
    const char *batch;               /* host path of the batch file that the program, cmd.exe, is to run, or NULL */
    const char *exit_code_file;      /* --exit-code-file, or NULL */
    const char *minidump;            /* --minidump, or NULL */
    char **environment;              /* host environment */
    const struct start_block *block; /* of a child (handover.h); then only `program` beside it */
    const char *trace_patterns;      /* --trace: for children; NULL: off, "": everything */
};

const char *process_trace_patterns(void);
/* SetErrorMode's value. */
ULONG process_error_mode(void);
void process_set_error_mode(ULONG mode);

/* PEB, process parameters, environment block, command line, standard handles. */
void process_init(const struct process_start *start);

/* The shell's status for a Windows exit code: low 8 bits, but 1 where a non-zero code ends in 8 zero bits. */
int process_status_from_code(ULONG code);

/*
 * Ends the process after an unhandled exception: writes the exit-code file with `code` and exits with the
 * ordinary status a shell shows for it (139 access violation, 136 arithmetic, 132 illegal instruction,
 * 134 abort and all others).
 */
_Noreturn void process_exit_exception(NTSTATUS code);

/* Ends the process at once: no DLL is told (TerminateProcess on itself). */
_Noreturn void process_terminate(ULONG code);

/* True once the end has begun: other threads are stopped, what they held will never be given back. */
bool process_ending(void);

/* The object of this process, not referenced: what NtCurrentProcess() means. */
struct object;
struct object *process_object(void);

/* One clear line on stderr, "winrun: " first, without stdio buffering; then exit with `status` (125, 126, 127). */
_Noreturn void fatal(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* NtCreateUserProcess's attribute beside those of ntthread.h: PROCESS_CREATION_CHILD_PROCESS_... */
#define PS_CHILD_POLICY 0x20014

#endif

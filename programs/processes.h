/*
 * processes.h: the running processes, and the filters of /FI by which TASKLIST and TASKKILL choose among them.
 */
#ifndef PROGRAMS_PROCESSES_H
#define PROGRAMS_PROCESSES_H

#include "console.h"

struct process {
    DWORD id, parent, session;
    WCHAR name[MAX_PATH];
    unsigned long long memory;         /* the working set */
    unsigned long long kernel, user;   /* in 100 nanoseconds */
    unsigned long long created;        /* as a FILETIME */
    unsigned long long paged, peak;    /* bytes */
    DWORD handles, threads;
};

/* All of them; the caller's to free.  NULL: the last error says why. */
struct process *processes_list(size_t *count);
/* DOMAIN\name of who runs this; so do all processes that are seen here. */
const WCHAR *processes_user(void);
/* The names of its modules, '\n' between them; NULL: it does not tell. */
WCHAR *process_modules(DWORD id);
/* h:mm:ss */
void format_cpu_time(const struct process *process, WCHAR text[32]);

struct filter {
    int field, operator;
    const WCHAR *value;
};
/* "IMAGENAME eq x.exe" and the like; false: it is none. */
bool filter_parse(struct filter *filter, const WCHAR *text);
bool filter_holds(const struct filter *filter, const struct process *process);

#endif

/*
 * loader_log.h: collects what test DLLs report (event.h), as one line: "leaf+ middle+ middle- leaf-".
 *
 * The sign is the reason: + - for the process, > < for a thread.
 */
#ifndef LOADER_LOG_H
#define LOADER_LOG_H

#include "check.h"

static char log_text[1024];

__declspec(dllexport) void log_event(const char *name, DWORD reason)
{
    static const char signs[] = {
        [DLL_PROCESS_DETACH] = '-', [DLL_PROCESS_ATTACH] = '+', [DLL_THREAD_ATTACH] = '>', [DLL_THREAD_DETACH] = '<'};
    size_t length = strlen(log_text);
    snprintf(log_text + length, sizeof log_text - length, "%s%s%c", length ? " " : "", name, signs[reason]);
}

/* What was reported since the last call is this. */
#define CHECK_LOG(expected)                                                                                            \
    do {                                                                                                               \
        CHECK_STR(log_text, expected);                                                                                 \
        log_text[0] = 0;                                                                                               \
    } while (0)

#endif

/*
 * event.h: what test DLLs report to the program that loads them.
 *
 * The program exports log_event (loader_log.h); a DLL that some other program loads reports to nobody.
 */
#ifndef EVENT_H
#define EVENT_H

#include <windows.h>

static inline void event(const char *name, DWORD reason)
{
    void (*log)(const char *, DWORD) =
        (void (*)(const char *, DWORD))GetProcAddress(GetModuleHandleA(NULL), "log_event");
    if (log)
        log(name, reason);
}

#endif

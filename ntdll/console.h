/*
 * console.h: the terminal as Windows' console, for kernel32's console functions.
 *
 * A console handle is a file handle of a terminal; anything else gives STATUS_INVALID_HANDLE here.
 * There is one console per process; its modes, code pages and colours are the process's own.
 */
#ifndef NTDLL_CONSOLE_H
#define NTDLL_CONSOLE_H

#include "win.h"

NTSTATUS console_get_mode(HANDLE handle, ULONG *mode);
NTSTATUS console_set_mode(HANDLE handle, ULONG mode);

/* UTF-16 to the terminal; a surrogate pair may be split between calls. */
NTSTATUS console_write_wide(HANDLE handle, const WCHAR *text, ULONG count, ULONG *written);

/* A line (or what there is, without line input), as far as `count` goes; the rest waits for the next call. */
NTSTATUS console_read_wide(HANDLE handle, WCHAR *text, ULONG count, ULONG *read);

/* The terminal's size; the window is the whole buffer. */
NTSTATUS console_size(HANDLE handle, COORD *size);
/* Where the cursor is; asked from the terminal, {0, 0} if it does not answer. */
NTSTATUS console_cursor(HANDLE handle, COORD *position);
/* Escape sequences and the like, as they are. */
NTSTATUS console_put(HANDLE handle, const char *text, size_t length);
/* Input as events; `wait`: for the first, else there may be none.  `peek`: they stay. */
NTSTATUS console_read_events(HANDLE handle, INPUT_RECORD *records, ULONG count, bool wait, bool peek, ULONG *read);
NTSTATUS console_count_events(HANDLE handle, ULONG *count);
/* As if they had been typed. */
NTSTATUS console_write_events(HANDLE handle, const INPUT_RECORD *records, ULONG count);
/* Throws waiting input away. */
NTSTATUS console_input_flush(HANDLE handle);

/* ctrlevent.c: control handlers, newest first; they run on a thread of their own. */
NTSTATUS console_ctrl_add(const void *handler);
NTSTATUS console_ctrl_remove(const void *handler);
void console_ctrl_ignore(bool ignore);
bool console_ctrl_ignored(void);
/* A child whose parent wants so; without a thread. */
void console_ctrl_ignore_at_start(void);
NTSTATUS console_ctrl_generate(ULONG event, ULONG group);
/* From now on signals come as control events (a changed terminal must be put back before the process dies). */
void console_ctrl_install(void);

/* Code pages: input and output. */
UINT console_code_page(bool output);
void console_set_code_page(bool output, UINT code_page);

/* Puts the terminal back as it was found; part of every exit, async-signal-safe. */
void console_restore(void);

#endif

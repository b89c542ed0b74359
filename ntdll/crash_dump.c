/*
 * crash_dump.c: --minidump: a crash as Windows' debuggers read it.
 *
 * Layer: ntdll.  Does what a program would do: dbghelp.dll is loaded and its MiniDumpWriteDump called, through the
 * gate.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "exception.h"
#include "file.h"
#include "gate.h"
#include "ntldr.h"
#include "ntthread.h"
#include "peb.h"
#include "process.h"
#include "thread.h"
#include <dbghelp.h>

#define DUMP_TYPE (MiniDumpWithDataSegs | MiniDumpWithFullMemoryInfo)

static const char *wanted;

void crash_set_minidump(const char *path)
{
    wanted = path;
}

static void *write_dump_function(void)
{
    UNICODE_STRING dll;
    ANSI_STRING name;
    HMODULE module;
    void *function;

    RtlInitUnicodeString(&dll, u"dbghelp.dll");
    RtlInitAnsiString(&name, "MiniDumpWriteDump");

    if (LdrLoadDll(NULL, NULL, &dll, &module) || LdrGetProcedureAddress(module, &name, 0, &function))
        return NULL;
    return function;
}

static bool write_dump(HANDLE file, const EXCEPTION_RECORD *record, const CONTEXT *context)
{
    EXCEPTION_POINTERS pointers = {(EXCEPTION_RECORD *)record, (CONTEXT *)context};
    MINIDUMP_EXCEPTION_INFORMATION exception = {(DWORD)thread_current()->tid, &pointers, FALSE};
    void *function = write_dump_function();
    const ULONG_PTR arguments[] = {
        GUEST(NtCurrentProcess()), (ULONG_PTR)process_id(), GUEST(file), DUMP_TYPE, GUEST(&exception), 0, 0};

    return function && (BOOL)guest_call_n(function, 7, arguments);
}

void crash_dump(const EXCEPTION_RECORD *record, const CONTEXT *context)
{
    const char *path = wanted;
    HANDLE handle;

    if (!path)
        return;
    wanted = NULL; /* not for a crash of its own */
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct file *file = fd < 0 ? NULL : file_create(FILE_KIND_DISK, fd, FILE_ALL_ACCESS, FILE_SYNCHRONOUS_IO_NONALERT);
    if (!file || handle_create(file, FILE_ALL_ACCESS, 0, &handle)) {
        warn("--minidump: %s: %s", path, strerror(errno));
        return;
    }
    if (write_dump(handle, record, context))
        warn("minidump written: %s", path);
    else
        warn("--minidump: %s: could not be written", path);
}

/*
 * remote_modules.c: the modules of another process, read from its loader's list (snapshot.h).
 *
 * Layer: NT layer.  The other process may change the list meanwhile: what makes no sense ends the walk.
 */
#include <stdlib.h>
#include <string.h>
#include "ntthread.h"
#include "snapshot.h"

#define MODULES_MOST 4096

static bool read_there(HANDLE process, const void *there, void *here, size_t size)
{
    SIZE_T done;
    return !NtReadVirtualMemory(process, there, here, size, &done);
}

static void read_text(HANDLE process, const UNICODE_STRING *text, WCHAR *out, size_t room)
{
    size_t bytes = text->Length < room * sizeof *out ? text->Length : (room - 1) * sizeof *out;
    if (!read_there(process, text->Buffer, out, bytes))
        bytes = 0;
    out[bytes / sizeof *out] = 0;
}

static void module_read(HANDLE process, const LDR_DATA_TABLE_ENTRY *entry, struct snapshot_module *module)
{
    module->base = entry->DllBase;
    module->entry = entry->EntryPoint;
    module->size = entry->SizeOfImage;
    read_text(process, &entry->BaseDllName, module->name, sizeof module->name / sizeof(WCHAR));
    read_text(process, &entry->FullDllName, module->path, sizeof module->path / sizeof(WCHAR));
}

ULONG module_list_of(HANDLE process, struct snapshot_module **modules)
{
    struct process_basic_info info;
    PEB peb;
    PEB_LDR_DATA ldr;
    LDR_DATA_TABLE_ENTRY entry;
    ULONG count = 0;
    *modules = NULL;
    if (NtQueryInformationProcess(process, (PROCESSINFOCLASS)PROCESS_BASIC_INFO, &info, sizeof info, NULL) ||
        !info.peb || !read_there(process, info.peb, &peb, sizeof peb) || !peb.Ldr ||
        !read_there(process, peb.Ldr, &ldr, sizeof ldr))
        return 0;
    const LIST_ENTRY *end = &peb.Ldr->InLoadOrderModuleList;
    for (const LIST_ENTRY *at = ldr.InLoadOrderModuleList.Flink; at != end && count < MODULES_MOST;
         at = entry.InLoadOrderLinks.Flink) {
        if (!read_there(process, CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks), &entry, sizeof entry))
            break;
        struct snapshot_module *more = count % 32 ? *modules : realloc(*modules, (count + 32) * sizeof **modules);
        if (!more)
            break;
        *modules = more;
        module_read(process, &entry, &(*modules)[count++]);
    }
    return count;
}

void module_list_free(struct snapshot_module *modules)
{
    free(modules);
}

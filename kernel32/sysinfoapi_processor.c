/*
 * sysinfoapi_processor.c: processors, cores, caches, NUMA nodes: one node, one group, one package.
 *
 * Layer: kernel32.
 */
#include <string.h>
#include "win.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static DWORD processor_count(void)
{
    DWORD count = peb_current()->NumberOfProcessors;

    return count > 64 ? 64 : count;
}

static ULONG_PTR all_processors(void)
{
    return peb_current()->ActiveProcessAffinityMask;
}

/* A core for each processor, then the node, the package and three caches. */
BOOL WINAPI GetLogicalProcessorInformation(PSYSTEM_LOGICAL_PROCESSOR_INFORMATION buffer, PDWORD size)
{
    static const CACHE_DESCRIPTOR caches[] = {
        {1, 8, 64, 32768, CacheData}, {2, 16, 64, 1048576, CacheUnified}, {3, 16, 64, 16777216, CacheUnified}};
    DWORD cores = processor_count(), count = cores + 2 + 3, needed = count * (DWORD)sizeof *buffer;
    bool fits = *size >= needed && buffer;

    *size = needed;
    if (!fits)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    memset(buffer, 0, needed);
    for (DWORD i = 0; i < cores; i++) {
        buffer[i].ProcessorMask = (ULONG_PTR)1 << i;
        buffer[i].Relationship = RelationProcessorCore;
    }
    buffer += cores;
    buffer[0].ProcessorMask = all_processors();
    buffer[0].Relationship = RelationNumaNode;
    buffer[1].ProcessorMask = all_processors();
    buffer[1].Relationship = RelationProcessorPackage;
    for (int i = 0; i < 3; i++) {
        buffer[2 + i].ProcessorMask = all_processors();
        buffer[2 + i].Relationship = RelationCache;
        buffer[2 + i].Cache = caches[i];
    }
    return TRUE;
}

struct writer {
    char *at;
    DWORD left, needed;
};

/* The next record, zeroed; NULL when there is no room any more. */
static SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record_next(struct writer *out, LOGICAL_PROCESSOR_RELATIONSHIP kind,
                                                            DWORD size)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = (void *)out->at;

    out->needed += size;
    if (out->left < size) {
        out->left = 0;
        return NULL;
    }
    memset(record, 0, size);
    record->Relationship = kind;
    record->Size = size;
    out->at += size;
    out->left -= size;
    return record;
}

static void write_processors(struct writer *out, LOGICAL_PROCESSOR_RELATIONSHIP kind, ULONG_PTR mask)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = record_next(out, kind, 48);

    if (!record)
        return;
    record->Processor.GroupCount = 1;
    record->Processor.GroupMask[0].Mask = mask;
}

static void write_group(struct writer *out)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = record_next(out, RelationGroup, 8 + 24 + 48);

    if (!record)
        return;
    record->Group.MaximumGroupCount = record->Group.ActiveGroupCount = 1;
    record->Group.GroupInfo[0].MaximumProcessorCount = (BYTE)processor_count();
    record->Group.GroupInfo[0].ActiveProcessorCount = (BYTE)processor_count();
    record->Group.GroupInfo[0].ActiveProcessorMask = all_processors();
}

static void write_node(struct writer *out)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = record_next(out, RelationNumaNode, 48);

    if (record)
        record->NumaNode.GroupMask.Mask = all_processors();
}

BOOL WINAPI GetLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP kind,
                                             PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX buffer, PDWORD size)
{
    struct writer out = {(char *)buffer, buffer ? *size : 0, 0};
    DWORD room = *size;

    if (kind == RelationProcessorCore || kind == RelationAll)
        for (DWORD i = 0; i < processor_count(); i++)
            write_processors(&out, RelationProcessorCore, (ULONG_PTR)1 << i);
    if (kind == RelationProcessorPackage || kind == RelationAll)
        write_processors(&out, RelationProcessorPackage, all_processors());
    if (kind == RelationNumaNode || kind == RelationAll)
        write_node(&out);
    if (kind == RelationGroup || kind == RelationAll)
        write_group(&out);
    *size = out.needed;
    return out.needed <= room && buffer ? TRUE : fail(ERROR_INSUFFICIENT_BUFFER);
}

BOOL WINAPI GetNumaAvailableMemoryNode(UCHAR node, PULONGLONG bytes)
{
    MEMORYSTATUSEX status = {.dwLength = sizeof status};

    if (node)
        return fail(ERROR_INVALID_PARAMETER);
    GlobalMemoryStatusEx(&status);
    *bytes = status.ullAvailPhys;
    return TRUE;
}

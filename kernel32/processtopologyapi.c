/*
 * processtopologyapi.c: processor groups, processor numbers, NUMA: one group, one node.
 *
 * Layer: kernel32.
 */
#include "ntthread.h"
#include "ntdll/error.h"

DWORD WINAPI GetCurrentProcessorNumber(void)
{
    return NtGetCurrentProcessorNumber();
}

VOID WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number)
{
    number->Group = 0;
    number->Number = NtGetCurrentProcessorNumber();
    number->Reserved = 0;
}

static bool group_exists(WORD group)
{
    if (group == 0 || group == ALL_PROCESSOR_GROUPS)
        return true;
    SetLastError(ERROR_INVALID_PARAMETER);
    return false;
}

WORD WINAPI GetActiveProcessorGroupCount(void)
{
    return 1;
}

WORD WINAPI GetMaximumProcessorGroupCount(void)
{
    return 1;
}

DWORD WINAPI GetActiveProcessorCount(WORD group)
{
    return group_exists(group) ? peb_current()->NumberOfProcessors : 0;
}

DWORD WINAPI GetMaximumProcessorCount(WORD group)
{
    return GetActiveProcessorCount(group);
}

BOOL WINAPI GetNumaHighestNodeNumber(PULONG node)
{
    *node = 0;
    return TRUE;
}

static BOOL node_exists(USHORT node)
{
    if (node == 0)
        return TRUE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

BOOL WINAPI GetNumaNodeProcessorMask(UCHAR node, PULONGLONG mask)
{
    *mask = node ? 0 : peb_current()->ActiveProcessAffinityMask;
    return node_exists(node);
}

BOOL WINAPI GetNumaNodeProcessorMaskEx(USHORT node, PGROUP_AFFINITY affinity)
{
    memset(affinity, 0, sizeof *affinity);
    if (!node)
        affinity->Mask = peb_current()->ActiveProcessAffinityMask;
    return node_exists(node);
}

BOOL WINAPI GetNumaProcessorNode(UCHAR processor, PUCHAR node)
{
    bool exists = processor < peb_current()->NumberOfProcessors;

    *node = exists ? 0 : 0xff;
    if (!exists)
        SetLastError(ERROR_INVALID_PARAMETER);
    return exists;
}

BOOL WINAPI GetNumaProcessorNodeEx(PPROCESSOR_NUMBER processor, PUSHORT node)
{
    bool exists = !processor->Group && processor->Number < peb_current()->NumberOfProcessors;

    *node = exists ? 0 : 0xffff;
    if (!exists)
        SetLastError(ERROR_INVALID_PARAMETER);
    return exists;
}

BOOL WINAPI GetNumaNodeNumberFromHandle(HANDLE file, PUSHORT node)
{
    (void)file;
    *node = 0;
    return TRUE;
}

BOOL WINAPI GetNumaProximityNode(ULONG proximity, PUCHAR node)
{
    *node = 0;
    return node_exists(proximity);
}

BOOL WINAPI GetNumaProximityNodeEx(ULONG proximity, PUSHORT node)
{
    *node = 0;
    return node_exists(proximity);
}

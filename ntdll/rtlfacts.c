/*
 * rtlfacts.c: small facts about this process, thread and processor; frames that a thread marks; unique numbers.
 *
 * Layer: ntdll.
 */
#include <stdatomic.h>
#include <string.h>
#include "ntthread.h"
#include "peb.h"
#include "process.h"
#include "thread.h"

BOOLEAN WINAPI RtlIsCurrentProcess(HANDLE process)
{
    struct process_basic_info info;

    return process == NtCurrentProcess() ||
           (!NtQueryInformationProcess(process, ProcessBasicInformation, &info, sizeof info, NULL) &&
            info.id == (ULONG_PTR)process_id());
}

BOOLEAN WINAPI RtlIsCurrentThread(HANDLE thread)
{
    struct thread_basic_info info;

    return thread == NtCurrentThread() ||
           (!NtQueryInformationThread(thread, (THREADINFOCLASS)THREAD_BASIC_INFO, &info, sizeof info, NULL) &&
            info.id.UniqueThread == teb_current()->ClientId.UniqueThread);
}

ULONG WINAPI RtlGetNtGlobalFlags(void)
{
    return process_peb.NtGlobalFlag;
}

PWSTR WINAPI RtlGetNtSystemRoot(void)
{
    return (PWSTR)L"C:\\Windows";
}

ULONG WINAPI RtlGetSuiteMask(void)
{
    return VER_SUITE_SINGLEUSERTS | VER_SUITE_TERMINAL;
}

/* One group of processors. */
void WINAPI RtlGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number)
{
    *number = (PROCESSOR_NUMBER){0, (BYTE)NtGetCurrentProcessorNumber(), 0};
}

ULONG WINAPI NtGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number)
{
    ULONG current = NtGetCurrentProcessorNumber();

    if (number)
        *number = (PROCESSOR_NUMBER){0, (BYTE)current, 0};
    return current;
}

/* x86 keeps instructions and data coherent. */
NTSTATUS WINAPI NtFlushInstructionCache(HANDLE process, PVOID address, SIZE_T size)
{
    (void)process, (void)address, (void)size;
    return STATUS_SUCCESS;
}

/* Unlike any other since the machine started: the process's id above a count. */
NTSTATUS WINAPI NtAllocateLocallyUniqueId(PLUID id)
{
    static _Atomic ULONG last = 0x10000;

    id->LowPart = atomic_fetch_add(&last, 1) + 1;
    id->HighPart = process_id();
    return STATUS_SUCCESS;
}

BOOLEAN WINAPI RtlIsZeroMemory(PVOID memory, SIZE_T size)
{
    const BYTE *at = memory;

    return !size || (!*at && !memcmp(at, at + 1, size - 1));
}

/* ---- frames: a stack of marks that a thread leaves for whoever looks (TEB_ACTIVE_FRAME) ---- */

struct frame {
    ULONG flags;
    struct frame *previous;
    const void *context;
};

void WINAPI RtlPushFrame(struct frame *frame)
{
    frame->previous = teb_current()->ActiveFrame;
    teb_current()->ActiveFrame = frame;
}

void WINAPI RtlPopFrame(struct frame *frame)
{
    teb_current()->ActiveFrame = frame->previous;
}

PVOID WINAPI RtlGetFrame(void)
{
    return teb_current()->ActiveFrame;
}

/* ---- bits and time ---- */

struct bit_map {
    ULONG size;
    ULONG *bits;
};

/* All of a map into another one at a place; what does not fit is left out. */
void WINAPI RtlCopyBitMap(const struct bit_map *from, struct bit_map *to, ULONG place)
{
    for (ULONG i = 0; i < from->size && place + i < to->size; i++) {
        ULONG at = place + i, bit = from->bits[i / 32] >> i % 32 & 1;

        to->bits[at / 32] = (to->bits[at / 32] & ~(1u << at % 32)) | bit << at % 32;
    }
}

struct elapsed {
    SHORT year, month, day, hour, minute, second, milliseconds, weekday;
};

/* A length of time: days and what is left over; years and months are not counted. */
void WINAPI RtlTimeToElapsedTimeFields(const LARGE_INTEGER *time, struct elapsed *fields)
{
    ULONGLONG milliseconds = (ULONGLONG)time->QuadPart / 10000, day = milliseconds % 86400000;

    *fields = (struct elapsed){0,
                               0,
                               (SHORT)(milliseconds / 86400000),
                               (SHORT)(day / 3600000),
                               (SHORT)(day / 60000 % 60),
                               (SHORT)(day / 1000 % 60),
                               (SHORT)(day % 1000),
                               0};
}

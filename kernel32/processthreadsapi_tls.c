/*
 * processthreadsapi_tls.c: TlsAlloc and FlsAlloc.
 *
 * Layer: kernel32.  64 slots are in the TEB, 1024 more in a block that a thread gets when it first sets one.
 * Which are in use is in the PEB's bitmaps, guarded by the PEB lock.  Index 0 is never given out: programs take it
 * for "none".
 */
#include "ntthread.h"
#include "ntdll/error.h"

#define EXPANSION_SLOTS 1024

static ULONG *bitmap_word(DWORD index, ULONG *bit)
{
    PPEB peb = peb_current();

    *bit = 1u << index % 32;
    return index < TLS_MINIMUM_AVAILABLE ? &peb->TlsBitmapBits[index / 32]
                                         : &peb->TlsExpansionBitmapBits[(index - TLS_MINIMUM_AVAILABLE) / 32];
}

DWORD WINAPI TlsAlloc(void)
{
    ULONG bit, *word;
    DWORD index, found = TLS_OUT_OF_INDEXES;

    RtlAcquirePebLock();
    for (index = 1; index < TLS_MINIMUM_AVAILABLE + EXPANSION_SLOTS && found == TLS_OUT_OF_INDEXES; index++) {
        word = bitmap_word(index, &bit);
        if (!(*word & bit)) {
            *word |= bit;
            found = index;
        }
    }
    RtlReleasePebLock();
    if (found == TLS_OUT_OF_INDEXES)
        SetLastError(ERROR_NO_MORE_ITEMS);
    else
        TlsSetValue(found, NULL);
    return found;
}

BOOL WINAPI TlsFree(DWORD index)
{
    ULONG bit, *word;
    bool used = false;

    if (index < TLS_MINIMUM_AVAILABLE + EXPANSION_SLOTS) {
        RtlAcquirePebLock();
        word = bitmap_word(index, &bit);
        used = *word & bit;
        *word &= ~bit;
        if (used)
            NtSetInformationThread(NtCurrentThread(), (THREADINFOCLASS)THREAD_ZERO_TLS_INFO, &index, sizeof index);
        RtlReleasePebLock();
    }
    if (!used)
        SetLastError(ERROR_INVALID_PARAMETER);
    return used;
}

LPVOID WINAPI TlsGetValue(DWORD index)
{
    PTEB teb = teb_current();

    teb->LastErrorValue = ERROR_SUCCESS;
    if (index < TLS_MINIMUM_AVAILABLE)
        return teb->TlsSlots[index];
    if (index >= TLS_MINIMUM_AVAILABLE + EXPANSION_SLOTS) {
        teb->LastErrorValue = ERROR_INVALID_PARAMETER;
        return NULL;
    }
    return teb->TlsExpansionSlots ? teb->TlsExpansionSlots[index - TLS_MINIMUM_AVAILABLE] : NULL;
}

LPVOID WINAPI TlsGetValue2(DWORD index)
{
    PTEB teb = teb_current();

    if (index < TLS_MINIMUM_AVAILABLE)
        return teb->TlsSlots[index];
    if (index >= TLS_MINIMUM_AVAILABLE + EXPANSION_SLOTS || !teb->TlsExpansionSlots)
        return NULL;
    return teb->TlsExpansionSlots[index - TLS_MINIMUM_AVAILABLE];
}

static bool expansion_make(PTEB teb)
{
    teb->TlsExpansionSlots =
        RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, EXPANSION_SLOTS * sizeof(void *));
    if (!teb->TlsExpansionSlots)
        teb->LastErrorValue = ERROR_NOT_ENOUGH_MEMORY;
    return teb->TlsExpansionSlots != NULL;
}

BOOL WINAPI TlsSetValue(DWORD index, LPVOID value)
{
    PTEB teb = teb_current();

    if (index < TLS_MINIMUM_AVAILABLE) {
        teb->TlsSlots[index] = value;
        return TRUE;
    }
    if (index >= TLS_MINIMUM_AVAILABLE + EXPANSION_SLOTS) {
        teb->LastErrorValue = ERROR_INVALID_PARAMETER;
        return FALSE;
    }
    if (!teb->TlsExpansionSlots) {
        if (!value)
            return TRUE;
        if (!expansion_make(teb))
            return FALSE;
    }
    teb->TlsExpansionSlots[index - TLS_MINIMUM_AVAILABLE] = value;
    return TRUE;
}

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION callback)
{
    ULONG index;

    return status_to_bool(RtlFlsAlloc(callback, &index)) ? index : FLS_OUT_OF_INDEXES;
}

BOOL WINAPI FlsFree(DWORD index)
{
    return status_to_bool(RtlFlsFree(index));
}

PVOID WINAPI FlsGetValue(DWORD index)
{
    PVOID value;

    teb_current()->LastErrorValue = ERROR_SUCCESS;
    return status_to_bool(RtlFlsGetValue(index, &value)) ? value : NULL;
}

PVOID WINAPI FlsGetValue2(DWORD index)
{
    PVOID value;

    return NT_SUCCESS(RtlFlsGetValue(index, &value)) ? value : NULL;
}

BOOL WINAPI FlsSetValue(DWORD index, PVOID value)
{
    return status_to_bool(RtlFlsSetValue(index, value));
}

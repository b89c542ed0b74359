/*
 * contextapi.c: contexts with extended processor state (InitializeContext, CopyContext, XState functions).
 *
 * Layer: kernel32.  Contexts here hold the legacy state alone: x87 and SSE.  AVX registers are not saved, and the
 * functions say so: GetEnabledXStateFeatures names two features, and a context with more can not be made.
 */
#include <string.h>
#include "win.h"

#define LEGACY (XSTATE_MASK_LEGACY_FLOATING_POINT | XSTATE_MASK_LEGACY_SSE)
#define EXTENDED (CONTEXT_AMD64 | 0x40u) /* CONTEXT_XSTATE */

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

DWORD64 WINAPI GetEnabledXStateFeatures(void)
{
    return LEGACY;
}

/* A place aligned to 16 in the buffer; the size that suffices for any alignment is told when it is too small: whoever
 * asks for the size alone need not say where the place is to be written. */
BOOL WINAPI InitializeContext2(PVOID buffer, DWORD flags, PCONTEXT *context, PDWORD size, ULONG64 mask)
{
    DWORD needed = sizeof(CONTEXT) + 15;
    CONTEXT *place;

    if (!size || (buffer && !context))
        return fail(ERROR_INVALID_PARAMETER);
    if (!(flags & CONTEXT_AMD64) || ((flags & EXTENDED) == EXTENDED && mask & ~(ULONG64)LEGACY))
        return fail(flags & CONTEXT_AMD64 ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER);
    if (!buffer || *size < needed) {
        *size = needed;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    place = (CONTEXT *)(((ULONG_PTR)buffer + 15) & ~(ULONG_PTR)15);
    memset(place, 0, sizeof *place);
    place->ContextFlags = flags;
    *context = place;
    return TRUE;
}

BOOL WINAPI InitializeContext(PVOID buffer, DWORD flags, PCONTEXT *context, PDWORD size)
{
    return InitializeContext2(buffer, flags, context, size, LEGACY);
}

static bool asks(DWORD flags, DWORD part)
{
    return (flags & part) == part;
}

BOOL WINAPI CopyContext(PCONTEXT to, DWORD flags, PCONTEXT from)
{
    if (!to || !from)
        return fail(ERROR_INVALID_PARAMETER);
    if (!(flags & CONTEXT_AMD64) || !asks(to->ContextFlags, CONTEXT_AMD64) || !asks(from->ContextFlags, CONTEXT_AMD64))
        return fail(ERROR_INVALID_PARAMETER);
    flags &= from->ContextFlags;
    if (asks(flags, CONTEXT_CONTROL)) {
        to->SegSs = from->SegSs, to->Rsp = from->Rsp, to->SegCs = from->SegCs;
        to->Rip = from->Rip, to->EFlags = from->EFlags;
    }
    if (asks(flags, CONTEXT_INTEGER)) {
        to->Rax = from->Rax, to->Rcx = from->Rcx, to->Rdx = from->Rdx, to->Rbx = from->Rbx;
        to->Rbp = from->Rbp, to->Rsi = from->Rsi, to->Rdi = from->Rdi;
        memcpy(&to->R8, &from->R8, 8 * sizeof to->R8);
    }
    if (asks(flags, CONTEXT_SEGMENTS)) {
        to->SegDs = from->SegDs, to->SegEs = from->SegEs;
        to->SegFs = from->SegFs, to->SegGs = from->SegGs;
    }
    if (asks(flags, CONTEXT_FLOATING_POINT)) {
        to->MxCsr = from->MxCsr;
        to->FltSave = from->FltSave;
    }
    if (asks(flags, CONTEXT_DEBUG_REGISTERS))
        memcpy(&to->Dr0, &from->Dr0, 6 * sizeof to->Dr0);
    to->ContextFlags |= flags;
    return TRUE;
}

/* Legacy features lie in the context itself. */
PVOID WINAPI LocateXStateFeature(PCONTEXT context, DWORD feature, PDWORD length)
{
    if (!asks(context->ContextFlags, CONTEXT_AMD64) || feature > XSTATE_LEGACY_SSE)
        return NULL;
    if (length)
        *length = feature == XSTATE_LEGACY_SSE ? sizeof(M128A) * 16 : offsetof(XSAVE_FORMAT, XmmRegisters);
    return feature == XSTATE_LEGACY_SSE ? (PVOID)&context->Xmm0 : (PVOID)&context->FltSave;
}

BOOL WINAPI GetXStateFeaturesMask(PCONTEXT context, PDWORD64 mask)
{
    if (!asks(context->ContextFlags, CONTEXT_AMD64))
        return FALSE;
    *mask = asks(context->ContextFlags, CONTEXT_FLOATING_POINT) ? LEGACY : 0;
    return TRUE;
}

BOOL WINAPI SetXStateFeaturesMask(PCONTEXT context, DWORD64 mask)
{
    if (!asks(context->ContextFlags, CONTEXT_AMD64) || mask & ~(DWORD64)LEGACY)
        return FALSE;
    if (mask)
        context->ContextFlags |= CONTEXT_FLOATING_POINT;
    return TRUE;
}

/*
 * winbase_actctx.c: activation contexts: objects with a count, and each thread's stack of active ones.
 *
 * Layer: Win32 base.  A context remembers that its manifest is there; what a manifest says does not change
 * how DLLs are searched yet, so no section of a context has entries.  The stack hangs in the TEB, which a
 * switch of fibers exchanges; it exists only while a context is active.  A new thread starts without one
 * (on Windows, with its creator's).
 */
#include <stdatomic.h>
#include "ntdll/error.h"
#include "win.h"

#define CONTEXT_MAGIC 0x78746341 /* "Actx" */
#define FLAGS_KNOWN 0xffu

struct context {
    ULONG magic;
    atomic_long references;
};

/* The layout is ABI as far as it goes: debuggers and run-times walk these. */
struct frame {
    struct frame *previous;
    struct context *context;
    ULONG flags;
    ULONG_PTR cookie;
};

struct stack {
    struct frame *active;
    LIST_ENTRY cache;
    ULONG flags, next_cookie, id;
};

static struct context *from_handle(HANDLE handle)
{
    struct context *context = handle;
    return handle && handle != INVALID_HANDLE_VALUE && context->magic == CONTEXT_MAGIC ? context : NULL;
}

/* Is there a manifest where the request says?  False sets the last error. */
static BOOL has_manifest(const ACTCTXW *request)
{
    HMODULE module = request->hModule;
    if (!(request->dwFlags & ACTCTX_FLAG_RESOURCE_NAME_VALID))
        return request->lpSource && GetFileAttributesW(request->lpSource) != INVALID_FILE_ATTRIBUTES;
    if (request->dwFlags & ACTCTX_FLAG_HMODULE_VALID)
        return FindResourceW(module, request->lpResourceName, (LPCWSTR)RT_MANIFEST) != NULL;
    module = LoadLibraryExW(request->lpSource, NULL, LOAD_LIBRARY_AS_DATAFILE);
    if (!module)
        return FALSE;
    BOOL found = FindResourceW(module, request->lpResourceName, (LPCWSTR)RT_MANIFEST) != NULL;
    FreeLibrary(module);
    return found;
}

HANDLE WINAPI CreateActCtxW(const ACTCTXW *request)
{
    if (!request || request->cbSize < sizeof *request || (request->dwFlags & ~FLAGS_KNOWN)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (!has_manifest(request))
        return INVALID_HANDLE_VALUE;
    struct context *context = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *context);
    if (!context) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return INVALID_HANDLE_VALUE;
    }
    context->magic = CONTEXT_MAGIC;
    context->references = 1;
    return context;
}

void WINAPI AddRefActCtx(HANDLE handle)
{
    struct context *context = from_handle(handle);
    if (context)
        atomic_fetch_add(&context->references, 1);
}

void WINAPI ReleaseActCtx(HANDLE handle)
{
    struct context *context = from_handle(handle);
    if (!context || atomic_fetch_sub(&context->references, 1) != 1)
        return;
    context->magic = 0;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, context);
}

static struct stack *stack_get(void)
{
    struct stack *stack = teb_current()->ActivationContextStackPointer;
    if (stack)
        return stack;
    stack = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *stack);
    if (!stack)
        return NULL;
    stack->cache.Flink = stack->cache.Blink = &stack->cache;
    stack->next_cookie = 1;
    teb_current()->ActivationContextStackPointer = stack;
    return stack;
}

/* No handle stands for the process's own context, which may be active above others. */
BOOL WINAPI ActivateActCtx(HANDLE handle, ULONG_PTR *cookie)
{
    if (!cookie || (handle && !from_handle(handle))) {
        SetLastError(cookie ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    struct stack *stack = stack_get();
    struct frame *frame = stack ? RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *frame) : NULL;
    if (!frame) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    AddRefActCtx(handle);
    frame->context = handle;
    frame->previous = stack->active;
    frame->cookie = (ULONG_PTR)1 << 60 | stack->next_cookie++; /* the kind stands in the upper bits */
    stack->active = frame;
    *cookie = frame->cookie;
    return TRUE;
}

static void stack_pop(struct stack *stack)
{
    struct frame *frame = stack->active;
    stack->active = frame->previous;
    ReleaseActCtx(frame->context);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, frame);
}

BOOL WINAPI DeactivateActCtx(DWORD flags, ULONG_PTR cookie)
{
    struct stack *stack = teb_current()->ActivationContextStackPointer;
    struct frame *frame = stack ? stack->active : NULL;
    while (frame && frame->cookie != cookie)
        frame = frame->previous;
    if (!frame)
        RtlRaiseStatus(STATUS_SXS_INVALID_DEACTIVATION);
    if (frame != stack->active && !(flags & DEACTIVATE_ACTCTX_FLAG_FORCE_EARLY_DEACTIVATION))
        RtlRaiseStatus(STATUS_SXS_EARLY_DEACTIVATION);
    struct frame *below = frame->previous;
    while (stack->active != below)
        stack_pop(stack);
    if (!below) {
        teb_current()->ActivationContextStackPointer = NULL;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, stack);
    }
    return TRUE;
}

BOOL WINAPI GetCurrentActCtx(HANDLE *handle)
{
    const struct stack *stack = teb_current()->ActivationContextStackPointer;
    if (!handle) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *handle = stack && stack->active ? stack->active->context : NULL;
    AddRefActCtx(*handle);
    return TRUE;
}

BOOL WINAPI FindActCtxSectionStringW(DWORD flags, const GUID *extension, ULONG section, LPCWSTR text,
                                     PACTCTX_SECTION_KEYED_DATA data)
{
    (void)flags, (void)section;
    SetLastError(extension || !text || !data ? ERROR_INVALID_PARAMETER : ERROR_SXS_KEY_NOT_FOUND);
    return FALSE;
}

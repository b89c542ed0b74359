/*
 * winbase_actctx.c: activation contexts: making them, and each thread's stack of active ones.
 *
 * Layer: Win32 base, on the loader's contexts (loader/actctx.h).  The stack hangs in the TEB, which a switch of fibers
 * exchanges; it exists only while a context is active.  A new thread starts with its creator's active one
 * (loader/actctx_thread.c).
 */
#include <string.h>
#include "filename.h"
#include "loader/actctx.h"
#include "loader/module.h"
#include "ntdll/error.h"
#include "win.h"

#define FLAGS_KNOWN 0xffu

/* The number of the manifest in an image. */
static BOOL resource_of(const ACTCTXW *request, unsigned *resource)
{
    *resource = 0;
    if (!(request->dwFlags & ACTCTX_FLAG_RESOURCE_NAME_VALID))
        return TRUE;
    *resource = (unsigned)(ULONG_PTR)request->lpResourceName;
    if (IS_INTRESOURCE(request->lpResourceName) && *resource)
        return TRUE;
    SetLastError(ERROR_RESOURCE_NAME_NOT_FOUND); /* manifests are numbered */
    return FALSE;
}

/* The full path of the source, in `path`. */
static BOOL source_path(const ACTCTXW *request, WCHAR path[0x8000])
{
    DWORD length;
    if (request->dwFlags & ACTCTX_FLAG_HMODULE_VALID && !request->lpSource)
        length = GetModuleFileNameW(request->hModule, path, 0x8000);
    else if (request->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID && request->lpAssemblyDirectory &&
             request->lpSource && request->lpSource[0] != '\\' && request->lpSource[1] != ':') {
        size_t directory = text_length(request->lpAssemblyDirectory), name = text_length(request->lpSource);
        if (directory + name + 2 > 0x8000)
            return FALSE;
        memcpy(path, request->lpAssemblyDirectory, directory * sizeof *path);
        path[directory] = '\\';
        memcpy(path + directory + 1, request->lpSource, (name + 1) * sizeof *path);
        length = (DWORD)(directory + name + 1);
    } else {
        length = request->lpSource ? GetFullPathNameW(request->lpSource, 0x8000, path, NULL) : 0;
        if (!request->lpSource)
            SetLastError(ERROR_INVALID_PARAMETER);
    }
    return length && length < 0x8000;
}

static struct actctx *create(const ACTCTXW *request)
{
    unsigned resource;
    struct actctx *context = NULL;
    WCHAR directory[MAX_PATH + 2], *path = RtlAllocateHeap(process_heap(), 0, 0x8000 * sizeof *path);
    BOOL beside = request->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID && request->lpAssemblyDirectory;
    if (!path) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (resource_of(request, &resource) && source_path(request, path)) {
        DWORD length = beside ? GetFullPathNameW(request->lpAssemblyDirectory, MAX_PATH, directory, NULL) : 0;
        if (length && length < MAX_PATH && directory[length - 1] != '\\')
            memcpy(directory + length, L"\\", sizeof L"\\");
        status_to_bool(
            actctx_create_from_file(path, resource, length && length < MAX_PATH ? directory : NULL, &context));
    }
    RtlFreeHeap(process_heap(), 0, path);
    return context;
}

HANDLE WINAPI CreateActCtxW(const ACTCTXW *request)
{
    if (!request || request->cbSize < sizeof *request || (request->dwFlags & ~FLAGS_KNOWN)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    loader_lock();
    struct actctx *context = create(request);
    loader_unlock();
    return context ? context : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateActCtxA(const ACTCTXA *request)
{
    ACTCTXW wide = {.cbSize = sizeof wide};
    if (!request || request->cbSize < sizeof *request) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    WCHAR *source = request->lpSource ? filename_from_ansi(request->lpSource) : NULL;
    WCHAR *directory = request->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID && request->lpAssemblyDirectory
                           ? filename_from_ansi(request->lpAssemblyDirectory)
                           : NULL;
    wide.dwFlags = request->dwFlags;
    wide.lpSource = source;
    wide.lpAssemblyDirectory = directory;
    wide.lpResourceName = (LPCWSTR)request->lpResourceName; /* a number, or not found */
    wide.hModule = request->hModule;
    HANDLE handle = CreateActCtxW(&wide);
    filename_free(source);
    filename_free(directory);
    return handle;
}

void WINAPI AddRefActCtx(HANDLE handle)
{
    actctx_reference(actctx_from_handle(handle));
}

void WINAPI ReleaseActCtx(HANDLE handle)
{
    actctx_release(actctx_from_handle(handle));
}

static struct actctx_stack *stack_get(void)
{
    struct actctx_stack *stack = teb_current()->ActivationContextStackPointer;
    if (stack)
        return stack;
    stack = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof *stack);
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
    if (!cookie || (handle && !actctx_from_handle(handle))) {
        SetLastError(cookie ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    struct actctx_stack *stack = stack_get();
    struct actctx_frame *frame = stack ? RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof *frame) : NULL;
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

static void stack_pop(struct actctx_stack *stack)
{
    struct actctx_frame *frame = stack->active;
    stack->active = frame->previous;
    actctx_release(frame->context);
    RtlFreeHeap(process_heap(), 0, frame);
}

BOOL WINAPI DeactivateActCtx(DWORD flags, ULONG_PTR cookie)
{
    struct actctx_stack *stack = teb_current()->ActivationContextStackPointer;
    struct actctx_frame *frame = stack ? stack->active : NULL;
    while (frame && frame->cookie != cookie)
        frame = frame->previous;
    if (!frame)
        RtlRaiseStatus(STATUS_SXS_INVALID_DEACTIVATION);
    if (frame != stack->active && !(flags & DEACTIVATE_ACTCTX_FLAG_FORCE_EARLY_DEACTIVATION))
        RtlRaiseStatus(STATUS_SXS_EARLY_DEACTIVATION);
    struct actctx_frame *below = frame->previous;
    while (stack->active != below)
        stack_pop(stack);
    if (!below) {
        teb_current()->ActivationContextStackPointer = NULL;
        RtlFreeHeap(process_heap(), 0, stack);
    }
    return TRUE;
}

BOOL WINAPI GetCurrentActCtx(HANDLE *handle)
{
    const struct actctx_stack *stack = teb_current()->ActivationContextStackPointer;
    if (!handle) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *handle = stack && stack->active ? stack->active->context : NULL;
    AddRefActCtx(*handle);
    return TRUE;
}

/* ---- sections ---- */

/* DLL names are the section that contexts have; what a section holds beyond that is private to Windows. */
BOOL WINAPI FindActCtxSectionStringW(DWORD flags, const GUID *extension, ULONG section, LPCWSTR text,
                                     PACTCTX_SECTION_KEYED_DATA data)
{
    unsigned assembly, file;
    if (extension || !text || !data || data->cbSize < offsetof(ACTCTX_SECTION_KEYED_DATA, ulAssemblyRosterIndex) ||
        (flags & ~(DWORD)(FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX | FIND_ACTCTX_SECTION_KEY_RETURN_FLAGS |
                          FIND_ACTCTX_SECTION_KEY_RETURN_ASSEMBLY_METADATA))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    struct actctx *context = actctx_active();
    if (section != ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION || !actctx_find_file(context, text, &assembly, &file)) {
        context = actctx_process();
        if (section != ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION ||
            !actctx_find_file(context, text, &assembly, &file)) {
            SetLastError(ERROR_SXS_KEY_NOT_FOUND);
            return FALSE;
        }
    }
    ULONG size = data->cbSize;
    memset(data, 0, size < sizeof *data ? size : sizeof *data);
    data->cbSize = size;
    data->ulDataFormatVersion = 1;
    if (size >= offsetof(ACTCTX_SECTION_KEYED_DATA, ulFlags))
        data->ulAssemblyRosterIndex = assembly + 1;
    if (flags & FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX) {
        AddRefActCtx(context);
        data->hActCtx = context;
    }
    return TRUE;
}

BOOL WINAPI FindActCtxSectionStringA(DWORD flags, const GUID *extension, ULONG section, LPCSTR text,
                                     PACTCTX_SECTION_KEYED_DATA data)
{
    WCHAR *wide = text ? filename_from_ansi(text) : NULL;
    BOOL found = FindActCtxSectionStringW(flags, extension, section, wide, data);
    filename_free(wide);
    return found;
}

/* COM classes in manifests are not kept. */
BOOL WINAPI FindActCtxSectionGuid(DWORD flags, const GUID *extension, ULONG section, const GUID *guid,
                                  PACTCTX_SECTION_KEYED_DATA data)
{
    (void)flags, (void)section;
    SetLastError(extension || !guid || !data ? ERROR_INVALID_PARAMETER : ERROR_SXS_KEY_NOT_FOUND);
    return FALSE;
}

/*
 * winbase_actctx_query.c: QueryActCtx and QueryActCtxSettings: what a context holds.
 *
 * Layer: Win32 base.  Each class of information is a structure and, behind it in the same buffer, the texts that it
 * points to.
 */
#include <string.h>
#include <stdlib.h>
#include "filename.h"
#include "loader/actctx.h"
#include "loader/module.h"
#include "ntdll/error.h"
#include "win.h"

/* The answer: the caller's buffer, and what it would take. */
struct answer {
    char *buffer;
    SIZE_T room, used;
};

static void *answer_begin(struct answer *answer, SIZE_T size)
{
    answer->used = size;
    if (answer->room < size)
        return NULL;
    return memset(answer->buffer, 0, size);
}

/* Puts a text behind the structure; *bytes is its size without the zero. */
static PCWSTR answer_text(struct answer *answer, const WCHAR *text, DWORD *bytes)
{
    SIZE_T at = answer->used, size = text ? (text_length(text) + 1) * sizeof *text : 0;
    *bytes = size ? (DWORD)(size - sizeof *text) : 0;
    answer->used += size;
    if (!size || answer->used > answer->room)
        return NULL;
    return memcpy(answer->buffer + at, text, size);
}

/* UTF-8 of a manifest as UTF-16; to be freed with filename_free. */
static WCHAR *text_wide(const char *text)
{
    return text ? filename_from_ansi(text) : NULL;
}

static BOOL answer_end(const struct answer *answer, SIZE_T *needed)
{
    if (needed)
        *needed = answer->used;
    if (answer->used <= answer->room)
        return TRUE;
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
}

static void query_detailed(const struct actctx *context, struct answer *answer)
{
    ACTIVATION_CONTEXT_DETAILED_INFORMATION none, *info = answer_begin(answer, sizeof *info);
    DWORD bytes;
    if (!info)
        info = &none; /* the size is counted all the same */
    info->ulFormatVersion = 1;
    if (!context)
        return;
    info->ulAssemblyCount = context->count;
    info->ulRootManifestPathType = info->ulAppDirPathType = ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE;
    info->ulRootConfigurationPathType = ACTIVATION_CONTEXT_PATH_TYPE_NONE;
    info->lpRootManifestPath = answer_text(answer, context->assemblies[0].path, &bytes);
    info->ulRootManifestPathChars = bytes / sizeof(WCHAR);
    info->lpAppDirPath = answer_text(answer, context->directory, &bytes);
    info->ulAppDirPathChars = bytes / sizeof(WCHAR);
}

/* name,attribute="value",... in the order of Windows. */
static WCHAR *encoded_identity(const struct manifest_identity *identity)
{
    const struct {
        const char *name, *value;
    } parts[] = {{"processorArchitecture", identity->architecture},
                 {"publicKeyToken", identity->token},
                 {"type", identity->type},
                 {"version", identity->version},
                 {"language", identity->language}};
    size_t size = identity->name ? strlen(identity->name) + 1 : 1, length;
    for (size_t i = 0; i < ARRAYSIZE(parts); i++)
        size += parts[i].value ? strlen(parts[i].name) + strlen(parts[i].value) + 4 : 0;
    char *text = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size);
    if (!text)
        return NULL;
    length = identity->name ? strlen(identity->name) : 0;
    memcpy(text, identity->name ? identity->name : "", length);
    for (size_t i = 0; i < ARRAYSIZE(parts); i++) {
        const char *pieces[] = {length ? "," : "", parts[i].name, "=\"", parts[i].value, "\""};
        for (size_t j = 0; parts[i].value && j < ARRAYSIZE(pieces); j++) {
            memcpy(text + length, pieces[j], strlen(pieces[j]));
            length += strlen(pieces[j]);
        }
    }
    WCHAR *wide = text_wide(text);
    RtlFreeHeap(process_heap(), 0, text);
    return wide;
}

/* Index 0 is the root too: Windows counts assemblies from one. */
static const struct actctx_assembly *assembly_at(const struct actctx *context, DWORD index)
{
    if (!context || index > context->count)
        return NULL;
    return &context->assemblies[index ? index - 1 : 0];
}

static BOOL query_assembly(const struct actctx *context, const DWORD *index, struct answer *answer)
{
    const struct actctx_assembly *assembly = index ? assembly_at(context, *index) : NULL;
    if (!assembly)
        return FALSE;
    ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION none, *info = answer_begin(answer, sizeof *info);
    if (!info)
        info = &none;
    WCHAR *identity = encoded_identity(&assembly->manifest->identity);
    info->ulManifestPathType = ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE;
    info->ulPolicyPathType = ACTIVATION_CONTEXT_PATH_TYPE_NONE;
    info->ulManifestVersionMajor = 1;
    info->ulFileCount = assembly->manifest->file_count;
    info->lpAssemblyEncodedAssemblyIdentity = answer_text(answer, identity, &info->ulEncodedAssemblyIdentityLength);
    info->lpAssemblyManifestPath = answer_text(answer, assembly->path, &info->ulManifestPathLength);
    info->lpAssemblyDirectoryName = answer_text(answer, assembly == context->assemblies ? NULL : assembly->directory,
                                                &info->ulAssemblyDirectoryNameLength);
    filename_free(identity);
    return TRUE;
}

static BOOL query_file(const struct actctx *context, const ACTIVATION_CONTEXT_QUERY_INDEX *index, struct answer *answer)
{
    const struct actctx_assembly *assembly = index && context && index->ulAssemblyIndex < context->count
                                                 ? &context->assemblies[index->ulAssemblyIndex]
                                                 : NULL;
    if (!assembly || index->ulFileIndexInAssembly >= assembly->manifest->file_count)
        return FALSE;
    const struct manifest_file *file = &assembly->manifest->files[index->ulFileIndexInAssembly];
    ASSEMBLY_FILE_DETAILED_INFORMATION none, *info = answer_begin(answer, sizeof *info);
    if (!info)
        info = &none;
    WCHAR *name = text_wide(file->name), *from = text_wide(file->load_from);
    info->ulFlags = 2; /* as Windows has it for files with a name */
    info->lpFileName = answer_text(answer, name, &info->ulFilenameLength);
    info->lpFilePath = answer_text(answer, from, &info->ulPathLength);
    filename_free(name);
    filename_free(from);
    return TRUE;
}

static void query_run_level(const struct actctx *context, struct answer *answer)
{
    ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION *info = answer_begin(answer, sizeof *info);
    if (!info || !context)
        return;
    info->RunLevel = (ACTCTX_REQUESTED_RUN_LEVEL)context->assemblies[0].manifest->run_level;
    info->UiAccess = context->assemblies[0].manifest->ui_access;
}

static void query_compatibility(const struct actctx *context, struct answer *answer)
{
    const struct manifest *manifest = context ? context->assemblies[0].manifest : NULL;
    DWORD count = manifest ? manifest->supported_count : 0;
    SIZE_T size = offsetof(ACTIVATION_CONTEXT_COMPATIBILITY_INFORMATION, Elements) +
                  count * sizeof(COMPATIBILITY_CONTEXT_ELEMENT);
    ACTIVATION_CONTEXT_COMPATIBILITY_INFORMATION *info = answer_begin(answer, size);
    if (!info)
        return;
    info->ElementCount = count;
    for (DWORD i = 0; i < count; i++) {
        info->Elements[i].Type = ACTCTX_COMPATIBILITY_ELEMENT_TYPE_OS;
        actctx_system(manifest->supported[i], &info->Elements[i].Id);
    }
}

/* The context that the flags mean; NULL may be one: a process without a manifest.  False: a bad handle. */
static BOOL context_of(DWORD flags, HANDLE handle, struct actctx **context)
{
    if (flags & QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX) {
        *context = actctx_active();
        return TRUE;
    }
    if (flags & (QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE | QUERY_ACTCTX_FLAG_ACTCTX_IS_ADDRESS)) {
        const struct module *module =
            flags & QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE ? module_from_base(handle) : module_from_address(handle);
        *context = module && module->context ? module->context : actctx_process();
        return module != NULL;
    }
    *context = handle ? actctx_from_handle(handle) : actctx_process();
    return !handle || *context;
}

BOOL WINAPI QueryActCtxW(DWORD flags, HANDLE handle, PVOID index, ULONG kind, PVOID buffer, SIZE_T size, SIZE_T *needed)
{
    struct answer answer = {buffer, buffer ? size : 0, 0};
    struct actctx *context;
    BOOL good = TRUE;
    if ((!buffer && size) || (!size && !needed) || !context_of(flags, handle, &context)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    switch (kind) {
    case ActivationContextBasicInformation: {
        ACTIVATION_CONTEXT_BASIC_INFORMATION *info = answer_begin(&answer, sizeof *info);
        if (info) {
            info->hActCtx = context == actctx_process() ? NULL : context;
            if (!(flags & QUERY_ACTCTX_FLAG_NO_ADDREF))
                AddRefActCtx(info->hActCtx);
        }
        break;
    }
    case ActivationContextDetailedInformation:
        query_detailed(context, &answer);
        break;
    case AssemblyDetailedInformationInActivationContext:
        good = query_assembly(context, index, &answer);
        break;
    case FileInformationInAssemblyOfAssemblyInActivationContext:
        good = query_file(context, index, &answer);
        break;
    case RunlevelInformationInActivationContext:
        query_run_level(context, &answer);
        break;
    case CompatibilityInformationInActivationContext:
        query_compatibility(context, &answer);
        break;
    default:
        good = FALSE;
    }
    if (good)
        return answer_end(&answer, needed);
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

BOOL WINAPI QueryActCtxSettingsW(DWORD flags, HANDLE handle, PCWSTR name_space, PCWSTR name, PWSTR buffer, SIZE_T size,
                                 SIZE_T *needed)
{
    struct actctx *context = handle ? actctx_from_handle(handle) : actctx_process();
    (void)name_space; /* settings of the same name mean the same in all of them */
    if (flags || !name || (handle && !context)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    const struct manifest *manifest = context ? context->assemblies[0].manifest : NULL;
    for (unsigned i = 0; manifest && i < manifest->setting_count; i++) {
        size_t at = 0;
        while (manifest->settings[i].name[at] && (WCHAR)manifest->settings[i].name[at] == name[at])
            at++;
        if (manifest->settings[i].name[at] || name[at])
            continue;
        WCHAR *value = text_wide(manifest->settings[i].value);
        SIZE_T length = value ? text_length(value) + 1 : 0;
        if (needed)
            *needed = length;
        BOOL fits = length && length <= size;
        if (fits)
            memcpy(buffer, value, length * sizeof *value);
        else
            SetLastError(ERROR_INSUFFICIENT_BUFFER);
        filename_free(value);
        return fits;
    }
    SetLastError(ERROR_SXS_KEY_NOT_FOUND);
    return FALSE;
}

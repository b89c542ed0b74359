/*
 * processthreadsapi_create.c: CreateProcess: from a command line and STARTUPINFO to NtCreateUserProcess.
 *
 * Layer: kernel32.
 */
#include "createprocess.h"
#include "ntdll/process.h"
#include "ntdll/debug.h"

#define CREATE_NEW_PLACE (DETACHED_PROCESS | CREATE_NEW_CONSOLE | CREATE_NO_WINDOW)

/* Everything of one call, so that it can be given back in one place. */
struct creation {
    struct process_image image;
    UNICODE_STRING nt_image;
    WCHAR *directory, *own_environment;
    RTL_USER_PROCESS_PARAMETERS parameters;
    struct {
        SIZE_T total_length;
        struct thread_attribute items[10];
    } attributes;
    struct std_handle_info standard;
    CLIENT_ID id;
};

/* The environment as UTF-16; NULL: no memory. */
static WCHAR *environment_wide(const void *environment, DWORD flags, WCHAR **own)
{
    if (!environment)
        return RtlCreateEnvironment(TRUE, own) ? NULL : *own;
    if (flags & CREATE_UNICODE_ENVIRONMENT)
        return (WCHAR *)environment;
    const char *end = environment;
    while (*end)
        end += strlen(end) + 1;
    int bytes = (int)(end + 1 - (const char *)environment);
    int count = MultiByteToWideChar(CP_ACP, 0, environment, bytes, NULL, 0);
    if (RtlCreateEnvironment(FALSE, own))
        return NULL;
    WCHAR *wide = RtlAllocateHeap(process_heap(), 0, (SIZE_T)(count + 1) * sizeof(WCHAR));
    RtlDestroyEnvironment(*own);
    *own = wide;
    if (wide)
        MultiByteToWideChar(CP_ACP, 0, environment, bytes, wide, count);
    return wide;
}

/* The child's current directory with a backslash at its end. */
static BOOL directory_set(struct creation *c, const WCHAR *wanted)
{
    const UNICODE_STRING *own = &peb_current()->ProcessParameters->CurrentDirectory.DosPath;
    DWORD room = wanted ? 0x8000 : own->Length / sizeof(WCHAR) + 2;
    c->directory = RtlAllocateHeap(process_heap(), 0, room * sizeof(WCHAR));
    if (!c->directory)
        return status_to_bool(STATUS_NO_MEMORY);
    DWORD length =
        wanted ? GetFullPathNameW(wanted, room - 1, c->directory, NULL) : GetCurrentDirectoryW(room, c->directory);
    DWORD attributes = length && wanted ? GetFileAttributesW(c->directory) : FILE_ATTRIBUTE_DIRECTORY;
    if (!length || length >= room || attributes == INVALID_FILE_ATTRIBUTES ||
        !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        SetLastError(ERROR_DIRECTORY);
        return FALSE;
    }
    if (c->directory[length - 1] != '\\') {
        c->directory[length] = '\\';
        c->directory[length + 1] = 0;
    }
    RtlInitUnicodeString(&c->parameters.CurrentDirectory.DosPath, c->directory);
    return TRUE;
}

static void window_set(RTL_USER_PROCESS_PARAMETERS *p, const STARTUPINFOW *info)
{
    p->StartingX = info->dwX;
    p->StartingY = info->dwY;
    p->CountX = info->dwXSize;
    p->CountY = info->dwYSize;
    p->CountCharsX = info->dwXCountChars;
    p->CountCharsY = info->dwYCountChars;
    p->FillAttribute = info->dwFillAttribute;
    p->WindowFlags = info->dwFlags;
    p->ShowWindowFlags = info->wShowWindow;
    RtlInitUnicodeString(&p->WindowTitle, info->lpTitle);
    if (info->lpDesktop)
        RtlInitUnicodeString(&p->DesktopInfo, info->lpDesktop);
    else
        p->DesktopInfo = peb_current()->ProcessParameters->DesktopInfo;
    p->RuntimeData.Buffer = (WCHAR *)info->lpReserved2;
    p->RuntimeData.Length = p->RuntimeData.MaximumLength = info->lpReserved2 ? info->cbReserved2 : 0;
}

static void console_set(RTL_USER_PROCESS_PARAMETERS *p, DWORD flags)
{
    if (flags & DETACHED_PROCESS)
        p->ConsoleHandle = CONSOLE_DETACHED;
    else if (flags & CREATE_NEW_CONSOLE)
        p->ConsoleHandle = CONSOLE_NEW;
    else if (flags & CREATE_NO_WINDOW)
        p->ConsoleHandle = CONSOLE_NO_WINDOW;
    else
        p->ConsoleHandle = peb_current()->ProcessParameters->ConsoleHandle;
    p->ConsoleFlags = flags & CREATE_NEW_PROCESS_GROUP ? CONSOLE_IGNORE_CTRL_C : 0;
    p->ProcessGroupId = flags & CREATE_NEW_PROCESS_GROUP ? 0 : peb_current()->ProcessParameters->ProcessGroupId;
}

static void attribute_add(struct creation *c, ULONG_PTR name, SIZE_T size, void *value)
{
    size_t count = (c->attributes.total_length - sizeof c->attributes.total_length) / sizeof c->attributes.items[0];
    c->attributes.items[count] = (struct thread_attribute){name, size, value, NULL};
    c->attributes.total_length += sizeof c->attributes.items[0];
}

static void standard_set(struct creation *c, const STARTUPINFOW *info, DWORD flags)
{
    const RTL_USER_PROCESS_PARAMETERS *own = peb_current()->ProcessParameters;
    RTL_USER_PROCESS_PARAMETERS *p = &c->parameters;
    if (info->dwFlags & STARTF_USESTDHANDLES) {
        p->StandardInput = info->hStdInput;
        p->StandardOutput = info->hStdOutput;
        p->StandardError = info->hStdError;
    } else if (!(flags & CREATE_NEW_PLACE)) {
        p->StandardInput = own->StandardInput;
        p->StandardOutput = own->StandardOutput;
        p->StandardError = own->StandardError;
        c->standard.state = 1;
        c->standard.subsystem = IMAGE_SUBSYSTEM_WINDOWS_CUI;
        attribute_add(c, PS_STD_HANDLE_INFO, sizeof c->standard, &c->standard);
    }
}

/* The attributes of STARTUPINFOEX that mean something here. */
static void extended_set(struct creation *c, const void *list)
{
    static const struct {
        DWORD_PTR win32;
        ULONG_PTR nt;
    } names[] = {
        {PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PS_HANDLE_LIST},
        {0x2000d, PS_JOB_LIST},
        {0x2000e, PS_CHILD_POLICY},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct process_attribute *item = process_attribute_find(list, names[i].win32);
        if (item)
            attribute_add(c, names[i].nt, item->size, item->value);
    }
    const struct process_attribute *parent = process_attribute_find(list, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS);
    if (parent)
        attribute_add(c, PS_PARENT_PROCESS, sizeof(HANDLE), *(HANDLE *)parent->value);
    const struct process_attribute *console = process_attribute_find(list, 0x20016);
    if (console)
        attribute_add(c, PS_PSEUDO_CONSOLE, sizeof(HANDLE), console->value);
}

static BOOL creation_fill(struct creation *c, const void *environment, const WCHAR *directory, const STARTUPINFOW *info,
                          DWORD flags)
{
    RTL_USER_PROCESS_PARAMETERS *p = &c->parameters;
    p->Environment = environment_wide(environment, flags, &c->own_environment);
    if (!p->Environment)
        return status_to_bool(STATUS_NO_MEMORY);
    if (!directory_set(c, directory))
        return FALSE;
    if (!RtlDosPathNameToNtPathName_U(c->image.path, &c->nt_image, NULL, NULL))
        return status_to_bool(STATUS_OBJECT_PATH_NOT_FOUND);
    size_t length = text_length(c->image.command_line);
    if (length >= 32768 - 1) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return FALSE;
    }
    p->Length = p->MaximumLength = sizeof *p;
    p->Flags = 1;
    RtlInitUnicodeString(&p->ImagePathName, c->image.path);
    RtlInitUnicodeString(&p->CommandLine, c->image.command_line);
    window_set(p, info);
    if (!p->WindowTitle.Buffer)
        p->WindowTitle = p->ImagePathName;
    console_set(p, flags);
    c->attributes.total_length = sizeof c->attributes.total_length;
    attribute_add(c, PS_IMAGE_NAME, c->nt_image.Length, c->nt_image.Buffer);
    attribute_add(c, PS_CLIENT_ID, sizeof c->id, &c->id);
    standard_set(c, info, flags);
    if (flags & EXTENDED_STARTUPINFO_PRESENT)
        extended_set(c, ((const STARTUPINFOEXW *)info)->lpAttributeList);
    return TRUE;
}

static void creation_free(struct creation *c)
{
    process_image_free(&c->image);
    RtlFreeUnicodeString(&c->nt_image);
    filename_free(c->directory);
    RtlFreeHeap(process_heap(), 0, c->own_environment);
    RtlFreeHeap(process_heap(), 0, c);
}

static ULONG inherit_flag(const SECURITY_ATTRIBUTES *security)
{
    return security && security->bInheritHandle ? OBJ_INHERIT : 0;
}

static BOOL creation_run(struct creation *c, const SECURITY_ATTRIBUTES *process_security,
                         const SECURITY_ATTRIBUTES *thread_security, BOOL inherit, DWORD flags,
                         PROCESS_INFORMATION *out)
{
    OBJECT_ATTRIBUTES process = {.Length = sizeof process, .Attributes = inherit_flag(process_security)};
    OBJECT_ATTRIBUTES thread = {.Length = sizeof thread, .Attributes = inherit_flag(thread_security)};
    struct create_info info = {.size = sizeof info};
    ULONG process_flags = (inherit ? PROCESS_CREATE_INHERIT_HANDLES : 0) |
                          (flags & CREATE_BREAKAWAY_FROM_JOB ? PROCESS_CREATE_BREAKAWAY : 0) |
                          (flags & DEBUG_ONLY_THIS_PROCESS ? PROCESS_CREATE_NO_DEBUG_INHERIT : 0);
    if (flags & (DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS))
        attribute_add(c, PS_DEBUG_PORT, sizeof(HANDLE), DbgUiGetThreadDebugObject());
    NTSTATUS status =
        NtCreateUserProcess(&out->hProcess, &out->hThread, PROCESS_ALL_ACCESS, THREAD_ALL_ACCESS, &process, &thread,
                            process_flags, flags & CREATE_SUSPENDED ? THREAD_CREATE_SUSPENDED : 0, &c->parameters,
                            &info, (const struct thread_attribute_list *)&c->attributes);
    switch (status) {
    case STATUS_INVALID_IMAGE_NOT_MZ:
    case STATUS_INVALID_IMAGE_FORMAT:
    case STATUS_INVALID_IMAGE_WIN_32:
    case STATUS_INVALID_IMAGE_PROTECT:
        SetLastError(ERROR_BAD_EXE_FORMAT);
        return FALSE;
    }
    if (!status_to_bool(status))
        return FALSE;
    out->dwProcessId = (DWORD)(ULONG_PTR)c->id.UniqueProcess;
    out->dwThreadId = (DWORD)(ULONG_PTR)c->id.UniqueThread;
    if (flags & (IDLE_PRIORITY_CLASS | BELOW_NORMAL_PRIORITY_CLASS | ABOVE_NORMAL_PRIORITY_CLASS | HIGH_PRIORITY_CLASS |
                 REALTIME_PRIORITY_CLASS)) {
        DWORD error = GetLastError();
        SetPriorityClass(out->hProcess,
                         flags & (IDLE_PRIORITY_CLASS | BELOW_NORMAL_PRIORITY_CLASS | ABOVE_NORMAL_PRIORITY_CLASS |
                                  HIGH_PRIORITY_CLASS | REALTIME_PRIORITY_CLASS));
        SetLastError(error);
    }
    return TRUE;
}

BOOL WINAPI CreateProcessW(LPCWSTR application, LPWSTR command_line, LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags, LPVOID environment,
                           LPCWSTR directory, LPSTARTUPINFOW info, LPPROCESS_INFORMATION out)
{
    BOOL good = FALSE;
    if ((flags & (DETACHED_PROCESS | CREATE_NEW_CONSOLE)) == (DETACHED_PROCESS | CREATE_NEW_CONSOLE) || !info || !out ||
        (!application && !command_line)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (flags & (DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS) && !status_to_bool(DbgUiConnectToDbg()))
        return FALSE;
    memset(out, 0, sizeof *out);
    struct creation *c = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof *c);
    if (!c) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    if (process_image_find(application, command_line, environment, &c->image)) {
        good = creation_fill(c, environment, directory, info, flags) &&
               creation_run(c, process_security, thread_security, inherit, flags, out);
    } else {
        c->image = (struct process_image){0};
    }
    creation_free(c);
    return good;
}

BOOL WINAPI CreateProcessA(LPCSTR application, LPSTR command_line, LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags, LPVOID environment,
                           LPCSTR directory, LPSTARTUPINFOA info, LPPROCESS_INFORMATION out)
{
    STARTUPINFOEXW wide = {0};
    BOOL good = FALSE;
    if (!info || !out || (!application && !command_line)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    WCHAR *wide_application = application ? filename_from_ansi(application) : NULL;
    WCHAR *wide_line = command_line ? filename_from_ansi(command_line) : NULL;
    WCHAR *wide_directory = directory ? filename_from_ansi(directory) : NULL;
    memcpy(&wide, info, flags & EXTENDED_STARTUPINFO_PRESENT ? sizeof wide : sizeof wide.StartupInfo);
    wide.StartupInfo.lpTitle = info->lpTitle ? filename_from_ansi(info->lpTitle) : NULL;
    wide.StartupInfo.lpDesktop = info->lpDesktop ? filename_from_ansi(info->lpDesktop) : NULL;
    if ((wide_application || !application) && (wide_line || !command_line) && (wide_directory || !directory))
        good = CreateProcessW(wide_application, wide_line, process_security, thread_security, inherit, flags,
                              environment, wide_directory, &wide.StartupInfo, out);
    filename_free(wide_application);
    filename_free(wide_line);
    filename_free(wide_directory);
    filename_free(wide.StartupInfo.lpTitle);
    filename_free(wide.StartupInfo.lpDesktop);
    return good;
}

UINT WINAPI WinExec(LPCSTR command_line, UINT show)
{
    STARTUPINFOA info = {.cb = sizeof info, .dwFlags = STARTF_USESHOWWINDOW, .wShowWindow = (WORD)show};
    PROCESS_INFORMATION process;
    char *copy = RtlAllocateHeap(process_heap(), 0, strlen(command_line) + 1);
    if (!copy)
        return ERROR_NOT_ENOUGH_MEMORY;
    strcpy(copy, command_line);
    BOOL good = CreateProcessA(NULL, copy, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process);
    RtlFreeHeap(process_heap(), 0, copy);
    if (!good) {
        DWORD error = GetLastError();
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND || error == ERROR_BAD_EXE_FORMAT ? error
                                                                                                               : 0;
    }
    NtClose(process.hThread);
    NtClose(process.hProcess);
    return 33; /* anything above 31 is success */
}

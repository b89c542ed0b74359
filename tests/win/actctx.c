/* Are activation contexts made, stacked, and taken off again in order? */
#include "check.h"

static void write_manifest(void)
{
    static const char text[] = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
                               "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'></assembly>";
    DWORD written;
    HANDLE file = CreateFileA("test.manifest", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(file, text, sizeof text - 1, &written, NULL));
    CloseHandle(file);
}

static HANDLE current(void)
{
    HANDLE handle = (HANDLE)1;
    CHECK(GetCurrentActCtx(&handle));
    ReleaseActCtx(handle);
    return handle;
}

static void test_stack(HANDLE context)
{
    ULONG_PTR first = 0, second = 0, third = 0;
    CHECK(current() == NULL);
    CHECK(ActivateActCtx(context, &first) && first);
    CHECK(current() == context);
    CHECK(ActivateActCtx(NULL, &second) && second && second != first);
    CHECK(current() == NULL);
    CHECK(DeactivateActCtx(0, second));
    CHECK(current() == context);
    CHECK(ActivateActCtx(context, &second) && ActivateActCtx(NULL, &third));
    CHECK(DeactivateActCtx(DEACTIVATE_ACTCTX_FLAG_FORCE_EARLY_DEACTIVATION, second));
    CHECK(current() == context);
    CHECK(DeactivateActCtx(0, first));
    CHECK(current() == NULL);
}

static DWORD WINAPI thread_inherits(void *context)
{
    ULONG_PTR cookie = 0;
    CHECK(current() == context);
    CHECK(ActivateActCtx(NULL, &cookie) && current() == NULL);
    CHECK(DeactivateActCtx(0, cookie));
    CHECK(current() == context);
    return 0;
}

static void run_thread(HANDLE expected)
{
    HANDLE thread = CreateThread(NULL, 0, thread_inherits, expected, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

/* A new thread begins with the context that is active on its creator. */
static void test_threads(HANDLE context)
{
    ULONG_PTR cookie = 0;
    run_thread(NULL);
    CHECK(ActivateActCtx(context, &cookie));
    run_thread(context);
    CHECK(DeactivateActCtx(0, cookie));
    run_thread(NULL);
    CHECK(current() == NULL);
}

static void test_errors(ACTCTXW *request)
{
    CHECK(CreateActCtxW(NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    request->cbSize = 4;
    CHECK(CreateActCtxW(request) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    request->cbSize = sizeof *request;
    request->lpSource = L"no_such.manifest";
    CHECK(CreateActCtxW(request) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    ACTCTX_SECTION_KEYED_DATA data = {.cbSize = sizeof data};
    CHECK(!FindActCtxSectionStringW(0, NULL, 2, L"no_such.dll", &data));
}

static void write_text(const char *name, const char *text)
{
    DWORD written;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(file, text, (DWORD)strlen(text), &written, NULL));
    CloseHandle(file);
}

#define ASSEMBLY(body)                                                                                                 \
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"                                                          \
    "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'>" body "</assembly>"
#define IDENTITY(name)                                                                                                 \
    "<assemblyIdentity type='win32' name='" name "' version='1.2.3.4' processorArchitecture='amd64'/>"

static char info[4096];

static void query(HANDLE context)
{
    SIZE_T size = 0;
    ACTIVATION_CONTEXT_DETAILED_INFORMATION *detail = (void *)info;
    CHECK_ERROR(QueryActCtxW(0, context, NULL, ActivationContextDetailedInformation, info, 4, &size),
                ERROR_INSUFFICIENT_BUFFER);
    CHECK(size > sizeof *detail && size < sizeof info);
    CHECK(QueryActCtxW(0, context, NULL, ActivationContextDetailedInformation, info, sizeof info, &size));
    CHECK_EQ(detail->ulAssemblyCount, 2);
    CHECK_EQ(detail->ulRootManifestPathType, ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE);
    CHECK(wcsstr(detail->lpRootManifestPath, L"root.manifest") != NULL);
    CHECK_EQ(wcslen(detail->lpRootManifestPath), detail->ulRootManifestPathChars);

    DWORD index = 2;
    ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION *assembly = (void *)info;
    CHECK(QueryActCtxW(0, context, &index, AssemblyDetailedInformationInActivationContext, info, sizeof info, &size));
    CHECK(!wcsncmp(assembly->lpAssemblyEncodedAssemblyIdentity, L"sidepart,", 9));
    CHECK(wcsstr(assembly->lpAssemblyEncodedAssemblyIdentity, L"version=\"1.2.3.4\"") != NULL);
    if (!check_under_wine()) /* which leaves it as it was */
        CHECK_EQ(assembly->ulFileCount, 1);
    CHECK(wcsstr(assembly->lpAssemblyManifestPath, L"sidepart.manifest") != NULL);
    index = 3;
    CHECK_ERROR(
        QueryActCtxW(0, context, &index, AssemblyDetailedInformationInActivationContext, info, sizeof info, &size),
        ERROR_INVALID_PARAMETER);

    ACTIVATION_CONTEXT_QUERY_INDEX place = {1, 0};
    ASSEMBLY_FILE_DETAILED_INFORMATION *file = (void *)info;
    CHECK(QueryActCtxW(0, context, &place, FileInformationInAssemblyOfAssemblyInActivationContext, info, sizeof info,
                       &size));
    CHECK(!wcscmp(file->lpFileName, L"side_dll.dll"));
    ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION level;
    CHECK(QueryActCtxW(0, context, NULL, RunlevelInformationInActivationContext, &level, sizeof level, &size));
    CHECK_EQ(level.RunLevel, ACTCTX_RUN_LEVEL_HIGHEST_AVAILABLE);
    CHECK_EQ(level.UiAccess, 0);
}

/* A context whose assembly has a DLL: found while it is active, and not else. */
static void test_assembly(void)
{
    static const char part[] = ASSEMBLY(IDENTITY("sidepart") "<file name='side_dll.dll'/>");
    static const char root[] = ASSEMBLY(IDENTITY("rootpart") "<dependency><dependentAssembly>" IDENTITY(
        "sidepart") "</dependentAssembly></dependency><trustInfo xmlns='urn:schemas-microsoft-com:asm.v3'><security>"
                    "<requestedPrivileges><requestedExecutionLevel level='highestAvailable' uiAccess='false'/>"
                    "</requestedPrivileges></security></trustInfo>");
    char path[MAX_PATH];
    ULONG_PTR cookie;
    ACTCTXW request = {.cbSize = sizeof request, .lpSource = L"side\\root.manifest"};
    ACTCTX_SECTION_KEYED_DATA data = {.cbSize = sizeof data};
    CHECK(CreateDirectoryA("side", NULL));
    write_text("side\\root.manifest", root);
    CHECK(CreateActCtxW(&request) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_SXS_CANT_GEN_ACTCTX);
    write_text("side\\sidepart.manifest", part);
    GetModuleFileNameA(NULL, path, sizeof path);
    strcpy(strrchr(path, '\\') + 1, "loader_plain.dll");
    CHECK(CopyFileA(path, "side\\side_dll.dll", FALSE));
    HANDLE context = CreateActCtxW(&request);
    CHECK(context != INVALID_HANDLE_VALUE);
    query(context);
    CHECK_ERROR(LoadLibraryA("side_dll.dll"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(FindActCtxSectionStringW(0, NULL, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, L"side_dll.dll", &data),
                ERROR_SXS_KEY_NOT_FOUND);
    CHECK(ActivateActCtx(context, &cookie));
    CHECK(FindActCtxSectionStringW(FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX, NULL,
                                   ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, L"SIDE_dll.dll", &data));
    CHECK(data.hActCtx == context);
    CHECK_EQ(data.ulAssemblyRosterIndex, 2);
    ReleaseActCtx(data.hActCtx);
    HMODULE module = LoadLibraryA("side_dll");
    CHECK(module != NULL);
    CHECK(GetModuleFileNameA(module, path, sizeof path) && strstr(path, "side\\side_dll.dll"));
    CHECK(FreeLibrary(module));
    CHECK(DeactivateActCtx(0, cookie));
    CHECK_ERROR(LoadLibraryA("side_dll.dll"), ERROR_MOD_NOT_FOUND);
    ReleaseActCtx(context);
    write_text("side\\root.manifest", "<assembly");
    CHECK(CreateActCtxW(&request) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_SXS_CANT_GEN_ACTCTX);
}

int main(void)
{
    ACTCTXW request = {.cbSize = sizeof request, .lpSource = L"test.manifest"};
    write_manifest();
    HANDLE context = CreateActCtxW(&request);
    CHECK(context != INVALID_HANDLE_VALUE);
    test_stack(context);
    test_threads(context);
    AddRefActCtx(context);
    ReleaseActCtx(context);
    ReleaseActCtx(context);
    test_errors(&request);
    test_assembly();
    return check_done();
}

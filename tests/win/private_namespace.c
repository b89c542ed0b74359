/*
 * private_namespace.c: do programs that describe the same boundary, and only those, share the objects of a private
 * namespace, by prefixes of their own?
 *
 * Not passed by Wine 8, which has no CreateBoundaryDescriptorA: Windows' documentation says what is right.  The program
 * starts itself as the other process.
 */
#include "check.h"
#include <sddl.h>

WINBASEAPI BOOL WINAPI AddIntegrityLabelToBoundaryDescriptor(HANDLE *boundary, PSID label);

static PSID sid_of(const char *text)
{
    PSID sid = NULL;
    CHECK(ConvertStringSidToSidA(text, &sid));
    return sid;
}

/* A boundary of a name and up to two SIDs, and a label. */
static HANDLE boundary_of(const char *name, const char *first, const char *second, const char *label)
{
    HANDLE boundary = CreateBoundaryDescriptorA(name, 0);
    const char *const sids[] = {first, second};
    CHECK(boundary != NULL);
    for (int i = 0; i < 2; i++) {
        PSID sid = sids[i] ? sid_of(sids[i]) : NULL;
        if (sid)
            CHECK(AddSIDToBoundaryDescriptor(&boundary, sid));
        LocalFree(sid);
    }
    PSID sid = label ? sid_of(label) : NULL;
    if (sid)
        CHECK(AddIntegrityLabelToBoundaryDescriptor(&boundary, sid));
    LocalFree(sid);
    return boundary;
}

#define EVERYONE "S-1-1-0"
#define AUTHENTICATED "S-1-5-11"
#define LOW "S-1-16-4096"
#define SYSTEM_LEVEL "S-1-16-16384"

static void test_boundary(void)
{
    HANDLE boundary = boundary_of("winrun test boundary", NULL, NULL, NULL), none = NULL;
    PSID everyone = sid_of(EVERYONE), low = sid_of(LOW);
    CHECK_ERROR(CreateBoundaryDescriptorW(NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateBoundaryDescriptorA(NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateBoundaryDescriptorW(L"x", 0x100), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(AddSIDToBoundaryDescriptor(&none, everyone), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(AddSIDToBoundaryDescriptor(&boundary, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(AddIntegrityLabelToBoundaryDescriptor(&boundary, everyone), ERROR_INVALID_PARAMETER);
    CHECK(AddSIDToBoundaryDescriptor(&boundary, everyone));
    CHECK(AddIntegrityLabelToBoundaryDescriptor(&boundary, low));
    LocalFree(everyone);
    LocalFree(low);
    DeleteBoundaryDescriptor(boundary);
}

static void test_errors(void)
{
    HANDLE boundary = boundary_of("winrun test errors", EVERYONE, NULL, NULL);
    HANDLE stranger = boundary_of("winrun test errors", "S-1-5-21-1-2-3-4567", NULL, NULL);
    HANDLE above = boundary_of("winrun test errors", EVERYONE, NULL, SYSTEM_LEVEL);
    CHECK_ERROR(OpenPrivateNamespaceW(boundary, L"errors"), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(CreatePrivateNamespaceW(NULL, stranger, L"errors"), ERROR_ACCESS_DENIED);
    CHECK_ERROR(OpenPrivateNamespaceW(stranger, L"errors"), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreatePrivateNamespaceW(NULL, above, L"errors"), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreatePrivateNamespaceW(NULL, NULL, L"errors"), ERROR_INVALID_PARAMETER);
    HANDLE space = CreatePrivateNamespaceW(NULL, boundary, L"errors");
    CHECK(space != NULL);
    CHECK_ERROR(CreatePrivateNamespaceW(NULL, boundary, L"errors"), ERROR_DUP_NAME);
    CHECK_ERROR(OpenPrivateNamespaceA(boundary, "errors"), ERROR_DUP_NAME);
    CHECK_ERROR(CreatePrivateNamespaceW(NULL, boundary, L"others"), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(CreateEventW(NULL, FALSE, FALSE, L"errors\\a\\b"), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(CreateEventW(NULL, FALSE, FALSE, L"nobody\\a"), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(OpenEventW(SYNCHRONIZE, FALSE, L"errors\\a"), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(ClosePrivateNamespace((HANDLE)0x7ffc, 0), ERROR_INVALID_HANDLE);
    CHECK(ClosePrivateNamespace(space, 0));
    CHECK_ERROR(ClosePrivateNamespace(space, 0), ERROR_INVALID_HANDLE);
    /* The last handle's end was the namespace's. */
    CHECK_ERROR(OpenPrivateNamespaceW(boundary, L"errors"), ERROR_PATH_NOT_FOUND);
    DeleteBoundaryDescriptor(boundary);
    DeleteBoundaryDescriptor(stranger);
    DeleteBoundaryDescriptor(above);
}

enum kind { EVENT, MUTEX, SEMAPHORE, TIMER, SECTION, JOB, KINDS };

static HANDLE create(enum kind kind, const char *name)
{
    SetLastError(0xdeadbeef);
    switch (kind) {
    case EVENT:
        return CreateEventA(NULL, TRUE, FALSE, name);
    case MUTEX:
        return CreateMutexA(NULL, FALSE, name);
    case SEMAPHORE:
        return CreateSemaphoreA(NULL, 1, 2, name);
    case TIMER:
        return CreateWaitableTimerA(NULL, TRUE, name);
    case SECTION:
        return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name);
    default:
        return CreateJobObjectA(NULL, name);
    }
}

static HANDLE open(enum kind kind, const char *name)
{
    SetLastError(0xdeadbeef);
    switch (kind) {
    case EVENT:
        return OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    case MUTEX:
        return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    case SEMAPHORE:
        return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name);
    case TIMER:
        return OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name);
    case SECTION:
        return OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    default:
        return OpenJobObjectA(JOB_OBJECT_ALL_ACCESS, FALSE, name);
    }
}

static void name_of(char *name, const char *prefix, enum kind kind)
{
    sprintf(name, "%s\\object %d", prefix, kind);
}

/* The other process: the same boundary, in another order and by another prefix. */
static int other(void)
{
    char name[64];
    HANDLE boundary = boundary_of("winrun test shared", AUTHENTICATED, EVERYONE, NULL);
    CHECK_ERROR(CreatePrivateNamespaceA(NULL, boundary, "theirs"), ERROR_ALREADY_EXISTS);
    HANDLE space = OpenPrivateNamespaceA(boundary, "theirs");
    CHECK(space != NULL);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        HANDLE handle;
        name_of(name, "theirs", kind);
        CHECK((handle = open(kind, name)) != NULL);
        CHECK(CloseHandle(handle));
        CHECK((handle = create(kind, name)) != NULL);
        CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
        if (kind == EVENT)
            CHECK(SetEvent(handle));
        CHECK(CloseHandle(handle));
        name_of(name, "ours", kind); /* prefixes are a process's own */
        CHECK(open(kind, name) == NULL);
        CHECK_EQ(GetLastError(), ERROR_PATH_NOT_FOUND);
    }
    CHECK(ClosePrivateNamespace(space, 0));
    DeleteBoundaryDescriptor(boundary);
    return check_done();
}

static DWORD run_other(void)
{
    char self[MAX_PATH], line[MAX_PATH + 16];
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    DWORD code = 0xdeadbeef;
    GetModuleFileNameA(NULL, self, sizeof self);
    sprintf(line, "\"%s\" other", self);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CHECK_EQ(WaitForSingleObject(process.hProcess, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &code));
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return code;
}

static void test_sharing(void)
{
    char name[64];
    HANDLE handles[KINDS], again[KINDS], space, boundary, elsewhere, second;
    boundary = boundary_of("winrun test shared", EVERYONE, AUTHENTICATED, NULL);
    elsewhere = boundary_of("winrun test shared", EVERYONE, NULL, NULL);
    CHECK((space = CreatePrivateNamespaceA(NULL, boundary, "ours")) != NULL);
    CHECK((second = CreatePrivateNamespaceA(NULL, elsewhere, "second")) != NULL);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        name_of(name, "ours", kind);
        CHECK((handles[kind] = create(kind, name)) != NULL);
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        name_of(name, "second", kind);
        CHECK(open(kind, name) == NULL);
        CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
        CHECK(open(kind, strchr(name, '\\') + 1) == NULL);
        CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    }
    CHECK_EQ(run_other(), 0);
    CHECK_EQ(WaitForSingleObject(handles[EVENT], 0), WAIT_OBJECT_0);
    /* Destroyed: handles stay good, names are gone, and the boundary is free for another. */
    CHECK(ClosePrivateNamespace(space, PRIVATE_NAMESPACE_FLAG_DESTROY));
    name_of(name, "ours", EVENT);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_PATH_NOT_FOUND);
    CHECK_ERROR(OpenPrivateNamespaceA(boundary, "ours"), ERROR_PATH_NOT_FOUND);
    CHECK_EQ(WaitForSingleObject(handles[EVENT], 0), WAIT_OBJECT_0);
    CHECK((space = CreatePrivateNamespaceA(NULL, boundary, "ours")) != NULL);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        name_of(name, "ours", kind);
        CHECK((again[kind] = create(kind, name)) != NULL);
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        CHECK(CloseHandle(again[kind]));
        CHECK(CloseHandle(handles[kind]));
    }
    CHECK(ClosePrivateNamespace(space, 0));
    CHECK(ClosePrivateNamespace(second, PRIVATE_NAMESPACE_FLAG_DESTROY));
    DeleteBoundaryDescriptor(boundary);
    DeleteBoundaryDescriptor(elsewhere);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return other();
    test_boundary();
    test_errors();
    test_sharing();
    return check_done();
}

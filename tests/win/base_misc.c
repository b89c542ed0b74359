/* Do the odd parts of the base (change notifications, kinds of programs, serial lines, packages, copied contexts, image
 * headers) answer as documented? */
#include "check.h"
#include <winternl.h>

static void check_changes(void)
{
    HANDLE change;

    CreateDirectoryW(L"watched", NULL);
    CHECK_ERROR(FindFirstChangeNotificationW(L"watched", FALSE, 0) != INVALID_HANDLE_VALUE, ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FindFirstChangeNotificationW(L"not there", FALSE, FILE_NOTIFY_CHANGE_FILE_NAME) != INVALID_HANDLE_VALUE,
                ERROR_FILE_NOT_FOUND);
    change =
        FindFirstChangeNotificationW(L"watched", FALSE, FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME);
    CHECK(change != INVALID_HANDLE_VALUE);
    CHECK_EQ(WaitForSingleObject(change, 0), WAIT_TIMEOUT);
    for (int i = 0; i < 3; i++) {
        CHECK(CreateDirectoryW(L"watched\\sub", NULL));
        CHECK_EQ(WaitForSingleObject(change, 5000), WAIT_OBJECT_0);
        CHECK_EQ(WaitForSingleObject(change, 0), WAIT_OBJECT_0); /* stays until asked again */
        CHECK(FindNextChangeNotification(change));
        CHECK(RemoveDirectoryW(L"watched\\sub"));
        CHECK_EQ(WaitForSingleObject(change, 5000), WAIT_OBJECT_0);
        CHECK(FindNextChangeNotification(change));
    }
    CHECK(FindCloseChangeNotification(change));
    CHECK(!FindNextChangeNotification(INVALID_HANDLE_VALUE));
    RemoveDirectoryW(L"watched");
}

static void check_binary(void)
{
    WCHAR self[MAX_PATH];
    DWORD type = 99;
    FILE *file = fopen("not.exe", "wb");

    fputs("MZ, but no program", file);
    fclose(file);
    GetModuleFileNameW(NULL, self, MAX_PATH);
    CHECK(GetBinaryTypeW(self, &type));
    CHECK_EQ(type, SCS_64BIT_BINARY);
    if (!check_under_wine()) /* Wine sets no error */
        CHECK_ERROR(GetBinaryTypeW(L"not.exe", &type), ERROR_BAD_EXE_FORMAT);
    CHECK_ERROR(GetBinaryTypeW(L"not there.exe", &type), ERROR_FILE_NOT_FOUND);
    remove("not.exe");
}

static void check_serial(void)
{
    HANDLE file =
        CreateFileW(L"plain", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    COMMTIMEOUTS timeouts;
    DCB state = {sizeof state};
    DWORD mask;

    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK(!GetCommState(file, &state));
    CHECK(!GetCommTimeouts(file, &timeouts));
    CHECK(!GetCommMask(file, &mask));
    CHECK(!PurgeComm(file, PURGE_RXCLEAR));
    CHECK(!ClearCommError(file, NULL, NULL));
    CloseHandle(file);
    CHECK_ERROR(GetCommState((HANDLE)0x4444, &state), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetCommTimeouts((HANDLE)0x4444, &timeouts), ERROR_INVALID_HANDLE);
}

typedef LONG(WINAPI *policy_function)(HANDLE, ULONG *);
typedef LONG(WINAPI *package_function)(UINT32 *, void *);

static void check_packages(void)
{
    HMODULE base = GetModuleHandleW(L"kernelbase.dll");
    policy_function policy = (policy_function)GetProcAddress(base, "AppPolicyGetProcessTerminationMethod");
    package_function package =
        (package_function)GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "GetCurrentPackageId");
    ULONG value = 99;
    UINT32 length = 0;

    CHECK(policy && package);
    CHECK_EQ(policy((HANDLE)(LONG_PTR)-6, &value), ERROR_SUCCESS); /* the effective token */
    CHECK_EQ(value, 0);
    CHECK_EQ(package(&length, NULL), 15700);
}

typedef BOOL(WINAPI *copy_function)(CONTEXT *, DWORD, CONTEXT *);
typedef BOOL(WINAPI *initialize_function)(void *, DWORD, CONTEXT **, DWORD *);
typedef BOOL(WINAPI *initialize2_function)(void *, DWORD, CONTEXT **, DWORD *, ULONG64);

static void check_contexts(void)
{
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    initialize_function initialize = (initialize_function)GetProcAddress(kernel, "InitializeContext");
    copy_function copy = (copy_function)GetProcAddress(kernel, "CopyContext");
    static char first[sizeof(CONTEXT) + 64], second[sizeof(CONTEXT) + 64];
    CONTEXT *a = NULL, *b = NULL;
    DWORD size = 0;

    CHECK(initialize && copy);
    CHECK_ERROR(initialize(NULL, CONTEXT_ALL, &a, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size >= sizeof(CONTEXT) && size <= sizeof first);
    size = 0;
    CHECK_ERROR(initialize(NULL, CONTEXT_FULL, NULL, &size), ERROR_INSUFFICIENT_BUFFER); /* the size alone */
    CHECK(size >= sizeof(CONTEXT) && size <= sizeof first);
    CHECK(initialize(first, CONTEXT_ALL, &a, &size));
    size = sizeof second;
    CHECK(initialize(second + 1, CONTEXT_ALL, &b, &size));
    CHECK_EQ((ULONG_PTR)a & 15, 0);
    CHECK_EQ((ULONG_PTR)b & 15, 0);
    CHECK_EQ(a->ContextFlags, CONTEXT_ALL);
    a->Rip = 1, a->Rax = 2, a->R15 = 3, a->Dr7 = 4, a->Xmm15.Low = 5, a->Rbp = 6;
    CHECK(copy(b, CONTEXT_CONTROL, a));
    CHECK(b->Rip == 1 && b->Rax == 0);
    CHECK(copy(b, CONTEXT_INTEGER, a));
    CHECK(b->Rax == 2 && b->R15 == 3 && b->Rbp == 6 && b->Dr7 == 0);
    CHECK(copy(b, CONTEXT_ALL, a));
    CHECK(b->Dr7 == 4 && b->Xmm15.Low == 5);
    CHECK_ERROR(copy(b, 0, a), ERROR_INVALID_PARAMETER);

    /* With a mask of what else is to be saved: nothing (as .NET's compiler asks, to change loops while they run). */
    initialize2_function initialize2 = (initialize2_function)GetProcAddress(kernel, "InitializeContext2");
    if (!initialize2)
        return; /* of Windows 10 2004 */
    size = 0;
    CHECK_ERROR(initialize2(NULL, CONTEXT_FULL, NULL, &size, 0), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size >= sizeof(CONTEXT) && size <= sizeof first);
    CHECK(initialize2(first, CONTEXT_FULL, &a, &size, 0));
    CHECK_EQ(a->ContextFlags, CONTEXT_FULL);
}

typedef IMAGE_NT_HEADERS *(WINAPI *headers_function)(void *);
typedef void *(WINAPI *directory_function)(void *, BOOLEAN, USHORT, ULONG *);

static void check_headers(void)
{
    HMODULE nt = GetModuleHandleW(L"ntdll.dll");
    headers_function headers = (headers_function)GetProcAddress(nt, "RtlImageNtHeader");
    directory_function directory = (directory_function)GetProcAddress(nt, "RtlImageDirectoryEntryToData");
    static char zeros[4096];
    ULONG size = 0;
    IMAGE_NT_HEADERS *own;

    CHECK(headers && directory);
    own = headers(GetModuleHandleW(NULL));
    CHECK(own && own->Signature == IMAGE_NT_SIGNATURE);
    CHECK_EQ(own->FileHeader.Machine, IMAGE_FILE_MACHINE_AMD64);
    CHECK(headers(zeros) == NULL);
    CHECK(headers(NULL) == NULL);
    CHECK(directory(GetModuleHandleW(NULL), TRUE, IMAGE_DIRECTORY_ENTRY_IMPORT, &size) != NULL);
    CHECK(size > 0);
    CHECK(directory(GetModuleHandleW(NULL), TRUE, IMAGE_DIRECTORY_ENTRY_SECURITY + 12, &size) == NULL);
    CHECK(directory(nt, TRUE, IMAGE_DIRECTORY_ENTRY_EXPORT, &size) != NULL);
}

static void check_rights(void)
{
    HANDLE thread = OpenThread(THREAD_QUERY_INFORMATION, FALSE, GetCurrentThreadId());
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId());
    DWORD code;

    CHECK(GetExitCodeThread(thread, &code)); /* needs the limited right only, which the other one includes */
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK_EQ(GetProcessIdOfThread(thread), GetCurrentProcessId());
    CHECK(GetExitCodeProcess(process, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CloseHandle(thread);
    thread = OpenThread(SYNCHRONIZE, FALSE, GetCurrentThreadId());
    CHECK_ERROR(GetExitCodeThread(thread, &code), ERROR_ACCESS_DENIED);
    CloseHandle(thread);
    CloseHandle(process);
}

int main(void)
{
    check_changes();
    check_binary();
    check_serial();
    check_packages();
    check_contexts();
    check_headers();
    check_rights();
    return check_done();
}

/* Do handles have the values, rights, flags and errors of Windows? */
#include "check.h"
#include <winternl.h>

static void test_duplicate(void)
{
    HANDLE self = GetCurrentProcess(), e = CreateEventW(NULL, TRUE, FALSE, NULL), copy = NULL, thread = NULL;
    CHECK(DuplicateHandle(self, e, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(copy && copy != e);
    CHECK(SetEvent(copy));
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(e));
    CHECK_EQ(WaitForSingleObject(copy, 0), WAIT_OBJECT_0);
    CHECK(DuplicateHandle(self, copy, self, &e, SYNCHRONIZE, FALSE, 0));
    CHECK_ERROR(SetEvent(e), ERROR_ACCESS_DENIED);
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    CloseHandle(e);
    CHECK(DuplicateHandle(self, copy, self, &e, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    if (e != copy)
        CHECK_ERROR(CloseHandle(copy), ERROR_INVALID_HANDLE);
    if (!check_under_wine()) { /* Wine wants a target */
        CHECK(DuplicateHandle(self, e, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
        CHECK_ERROR(CloseHandle(e), ERROR_INVALID_HANDLE);
    }
    CHECK_ERROR(DuplicateHandle(self, (HANDLE)0x7ff0, self, &copy, 0, FALSE, 0), ERROR_INVALID_HANDLE);
    CHECK(DuplicateHandle(self, GetCurrentThread(), self, &thread, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(thread != GetCurrentThread());
    CHECK_EQ(WaitForSingleObject(thread, 0), WAIT_TIMEOUT);
    CHECK_EQ(GetThreadId(thread), GetCurrentThreadId());
    CloseHandle(thread);
}

static void test_flags(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE e = CreateEventW(&inherit, TRUE, FALSE, NULL);
    DWORD flags = 99;
    CHECK(GetHandleInformation(e, &flags));
    CHECK_EQ(flags, HANDLE_FLAG_INHERIT);
    CHECK(SetHandleInformation(e, HANDLE_FLAG_INHERIT, 0));
    CHECK(GetHandleInformation(e, &flags));
    CHECK_EQ(flags, 0);
    CHECK(SetHandleInformation(e, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK(!CloseHandle(e));
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    CHECK(SetHandleInformation(e, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK(CloseHandle(e));
    CHECK_ERROR(GetHandleInformation(e, &flags), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetHandleInformation(e, 1, 1), ERROR_INVALID_HANDLE);
}

static void test_values(void)
{
    HANDLE a = CreateEventW(NULL, TRUE, FALSE, NULL), b;
    CHECK(SetEvent((HANDLE)((ULONG_PTR)a | 1))); /* the low two bits are the program's */
    CHECK_EQ(WaitForSingleObject(a, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle((HANDLE)((ULONG_PTR)a | 3)));
    CHECK_ERROR(SetEvent(a), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CloseHandle(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CloseHandle((HANDLE)0x12345678), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(GetCurrentProcess()));
    CHECK(CloseHandle(GetCurrentThread()));
    HANDLE many[1000];
    for (int i = 0; i < 1000; i++) {
        many[i] = CreateEventW(NULL, TRUE, i & 1, NULL);
        CHECK(many[i] != NULL);
    }
    for (int i = 0; i < 1000; i++)
        CHECK_EQ(WaitForSingleObject(many[i], 0), i & 1 ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
    for (int i = 0; i < 1000; i++)
        CloseHandle(many[i]);
    b = CreateEventW(NULL, TRUE, FALSE, NULL);
    CHECK((ULONG_PTR)b <= (ULONG_PTR)many[999] + 4); /* values are used again */
    CloseHandle(b);
}

typedef NTSTATUS(NTAPI *query_object)(HANDLE, int, void *, ULONG, ULONG *);

static void test_query(void)
{
    query_object query = (query_object)(void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtQueryObject");
    HANDLE e = CreateEventW(NULL, TRUE, FALSE, L"winrun query");
    union {
        UNICODE_STRING string;
        char bytes[1024];
    } buffer;
    ULONG length = 0;
    CHECK_EQ(query(e, 2, &buffer, sizeof buffer, &length), 0);
    CHECK(wcscmp(buffer.string.Buffer, L"Event") == 0);
    CHECK_EQ(query(e, 1, &buffer, sizeof buffer, &length), 0);
    CHECK(wcsstr(buffer.string.Buffer, L"\\winrun query") != NULL);
    CHECK(query(e, 1, &buffer, 4, &length) < 0);
    CHECK_EQ(query((HANDLE)0x7ff0, 1, &buffer, sizeof buffer, &length), (NTSTATUS)0xC0000008);
    CloseHandle(e);
}

int main(void)
{
    test_duplicate();
    test_flags();
    test_values();
    test_query();
    return check_done();
}

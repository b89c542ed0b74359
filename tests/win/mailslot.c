/*
 * Are mailslots queues of whole messages, with one reader, many writers, and times to wait, as documented?
 */
#include "check.h"

#define NAME "\\\\.\\mailslot\\winrun-test\\slot"

static HANDLE open_with(DWORD access, DWORD sharing)
{
    return CreateFileA(NAME, access, sharing, NULL, OPEN_EXISTING, 0, NULL);
}

static HANDLE writer(void)
{
    return open_with(GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE);
}

static void check_state(HANDLE slot, DWORD next, DWORD count)
{
    DWORD maximum, size, messages, timeout;
    CHECK(GetMailslotInfo(slot, &maximum, &size, &messages, &timeout));
    CHECK_EQ(size, next);
    CHECK_EQ(messages, count);
}

static void check_message(HANDLE slot, const char *expected)
{
    char buffer[64] = "";
    DWORD n = 99;
    CHECK(ReadFile(slot, buffer, sizeof buffer - 1, &n, NULL));
    CHECK_EQ(n, strlen(expected));
    CHECK_STR(buffer, expected);
}

static void put(HANDLE client, const char *text)
{
    DWORD n = 99;
    CHECK(WriteFile(client, text, (DWORD)strlen(text), &n, NULL));
    CHECK_EQ(n, strlen(text));
}

/* Names that can be made, and what those that can not say. */
static void names(void)
{
    static const struct {
        const char *name;
        DWORD error;
    } bad[] = {{"foo", ERROR_INVALID_NAME},
               {"\\\\.\\pipe\\winrun-test", ERROR_INVALID_NAME},
               {"C:\\slot", ERROR_INVALID_NAME},
               {"\\\\.\\mailslot\\", ERROR_ALREADY_EXISTS}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_ERROR(CreateMailslotA(bad[i].name, 0, 0, NULL) != INVALID_HANDLE_VALUE, bad[i].error);
    CHECK_ERROR(writer() != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    HANDLE slot = CreateMailslotA(NAME, 0, 0, NULL);
    CHECK(slot != INVALID_HANDLE_VALUE);
    CHECK_ERROR(CreateMailslotA(NAME, 0, 0, NULL) != INVALID_HANDLE_VALUE, ERROR_ALREADY_EXISTS);
    CHECK_ERROR(CreateMailslotA("\\\\.\\Mailslot\\WINRUN-test\\Slot", 0, 0, NULL) != INVALID_HANDLE_VALUE,
                ERROR_ALREADY_EXISTS);
    CloseHandle(slot);
    CHECK_ERROR(writer() != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
}

/* The name goes with the server's last handle, whoever has it open.  Under Wine it stays as long as a client does. */
static void orphans(void)
{
    DWORD n;
    if (check_under_wine())
        return;
    HANDLE slot = CreateMailslotA(NAME, 0, 0, NULL), client = writer();
    CHECK(client != INVALID_HANDLE_VALUE);
    CloseHandle(slot);
    CHECK_ERROR(writer() != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    CHECK(!WriteFile(client, "x", 1, &n, NULL)); /* nobody will read it */
    slot = CreateMailslotW(L"\\\\.\\mailslot\\winrun-test\\slot", 0, 0, NULL);
    CHECK(slot != INVALID_HANDLE_VALUE);
    CHECK(!WriteFile(client, "x", 1, &n, NULL)); /* the new one is another one */
    check_state(slot, MAILSLOT_NO_MESSAGE, 0);
    CloseHandle(client);
    CloseHandle(slot);
}

/* The slot is open for reading, shared for both; so are its clients with each other. */
static void sharing(void)
{
    const DWORD r = FILE_SHARE_READ, w = FILE_SHARE_WRITE;
    static const struct {
        DWORD first, second; /* sharing of the one that is open (0: none is), and of the one that is opened */
        BOOL opens;
    } cases[] = {{0, 0, FALSE}, {0, 1, TRUE},  {0, 2, FALSE}, {0, 3, TRUE},
                 {1, 1, FALSE}, {1, 3, FALSE}, {3, 3, TRUE},  {3, 1, FALSE}};
    HANDLE slot = CreateMailslotA(NAME, 0, 0, NULL);
    CHECK_EQ(r | w, 3);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        HANDLE first = cases[i].first ? open_with(GENERIC_WRITE, cases[i].first) : NULL;
        SetLastError(0);
        HANDLE second = open_with(GENERIC_WRITE, cases[i].second);
        CHECK_EQ(second != INVALID_HANDLE_VALUE, cases[i].opens);
        CHECK_EQ(GetLastError(), cases[i].opens ? 0 : ERROR_SHARING_VIOLATION);
        if (second != INVALID_HANDLE_VALUE)
            CloseHandle(second);
        if (first)
            CloseHandle(first);
    }
    CloseHandle(slot);
}

/* Under Wine empty messages are lost, the slot's maximum is not minded, and messages are not counted. */
static void messages(void)
{
    char buffer[64];
    DWORD n;
    if (check_under_wine())
        return;
    HANDLE slot = CreateMailslotA(NAME, 16, 0, NULL), a = writer(), b = writer();
    check_state(slot, MAILSLOT_NO_MESSAGE, 0);
    put(a, "first");
    put(b, "");
    put(a, "0123456789abcdef");
    CHECK(!WriteFile(b, "0123456789abcdefg", 17, &n, NULL)); /* longer than the slot's messages are */
    check_state(slot, 5, 3);
    CHECK_ERROR(ReadFile(slot, buffer, 4, &n, NULL), ERROR_INSUFFICIENT_BUFFER);
    check_state(slot, 5, 3); /* it is still there */
    check_message(slot, "first");
    check_state(slot, 0, 2);
    check_message(slot, "");
    check_message(slot, "0123456789abcdef");
    check_state(slot, MAILSLOT_NO_MESSAGE, 0);
    CHECK_ERROR(ReadFile(slot, buffer, sizeof buffer, &n, NULL), ERROR_SEM_TIMEOUT);
    CHECK(!ReadFile(a, buffer, sizeof buffer, &n, NULL));
    CHECK(!WriteFile(slot, "x", 1, &n, NULL));
    CHECK(!GetMailslotInfo(a, NULL, NULL, NULL, NULL));
    CHECK(!SetMailslotInfo(a, 0));
    CHECK(GetMailslotInfo(slot, NULL, NULL, NULL, NULL));
    CHECK_ERROR(GetMailslotInfo((HANDLE)0x7ffc, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    CloseHandle(a);
    put(b, "after");
    CloseHandle(b);
    check_message(slot, "after"); /* a writer's messages outlive its handle */
    CloseHandle(slot);
}

/* Writers never wait, however much lies there (under Wine they do); sizes are exact and the order is that of writing.
 */
static void many(void)
{
    enum { COUNT = 500, BIG = 3 << 20 };
    static char data[BIG], back[BIG];
    DWORD n;
    if (check_under_wine())
        return;
    HANDLE slot = CreateMailslotA(NAME, 0, 0, NULL), client = writer();
    int bad = 0;
    for (int i = 0; i < BIG; i++)
        data[i] = (char)(i * 7 + (i >> 9));
    for (DWORD i = 0; i < COUNT; i++)
        bad += !WriteFile(client, data + i, i * 5, &n, NULL) || n != i * 5;
    check_state(slot, 0, COUNT);
    for (DWORD i = 0; i < COUNT; i++)
        bad += !ReadFile(slot, back, sizeof back, &n, NULL) || n != i * 5 || memcmp(back, data + i, n);
    CHECK_EQ(bad, 0);
    for (int round = 0; round < 2; round++) {
        CHECK(WriteFile(client, data, BIG, &n, NULL));
        CHECK_EQ(n, BIG);
        put(client, "small");
        CHECK(ReadFile(slot, back, BIG, &n, NULL));
        CHECK_EQ(n, BIG);
        CHECK(!memcmp(back, data, BIG));
        check_message(slot, "small");
    }
    CloseHandle(client);
    CloseHandle(slot);
}

static DWORD WINAPI writes_later(void *client)
{
    Sleep(30);
    put(client, "late");
    return 0;
}

static void times(void)
{
    static const DWORD values[] = {0, 1, 5, 1000, 86400000, MAILSLOT_WAIT_FOREVER};
    char buffer[8];
    DWORD n, timeout;
    HANDLE slot = CreateMailslotA(NAME, 0, 40, NULL), client = writer();
    CHECK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
    CHECK_EQ(timeout, 40);
    ULONGLONG start = GetTickCount64();
    CHECK_ERROR(ReadFile(slot, buffer, sizeof buffer, &n, NULL), ERROR_SEM_TIMEOUT);
    CHECK(GetTickCount64() - start >= 20);
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        CHECK(SetMailslotInfo(slot, values[i]));
        CHECK(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
        CHECK_EQ(timeout, values[i]);
    }
    HANDLE thread = CreateThread(NULL, 0, writes_later, client, 0, NULL); /* now it waits for ever */
    check_message(slot, "late");
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(client);
    CloseHandle(slot);
}

/* A slot's handle takes overlapped reads; each ends by itself. */
static void overlapped(void)
{
    char one[8] = "", two[8] = "";
    DWORD n;
    HANDLE slot = CreateMailslotA(NAME, 0, MAILSLOT_WAIT_FOREVER, NULL), client = writer();
    OVERLAPPED first = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)},
               second = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    CHECK_ERROR(ReadFile(slot, one, sizeof one, NULL, &first), ERROR_IO_PENDING);
    CHECK_ERROR(ReadFile(slot, two, sizeof two, NULL, &second), ERROR_IO_PENDING);
    put(client, "one");
    CHECK(GetOverlappedResult(slot, &first, &n, TRUE));
    CHECK_EQ(n, 3);
    CHECK_STR(one, "one");
    CHECK_EQ(WaitForSingleObject(second.hEvent, 0), WAIT_TIMEOUT);
    put(client, "two");
    CHECK(GetOverlappedResult(slot, &second, &n, TRUE));
    CHECK_STR(two, "two");
    CHECK_ERROR(ReadFile(slot, one, 2, NULL, &first), ERROR_IO_PENDING);
    put(client, "long");
    CHECK_ERROR(GetOverlappedResult(slot, &first, &n, TRUE), ERROR_INSUFFICIENT_BUFFER);
    check_message(slot, "long");
    CHECK_ERROR(ReadFile(slot, one, sizeof one, NULL, &first), ERROR_IO_PENDING);
    CHECK(CancelIoEx(slot, &first));
    CHECK_ERROR(GetOverlappedResult(slot, &first, &n, TRUE), ERROR_OPERATION_ABORTED);
    CHECK(SetMailslotInfo(slot, 20));
    CHECK_ERROR(ReadFile(slot, one, sizeof one, NULL, &first), ERROR_IO_PENDING);
    CHECK_ERROR(GetOverlappedResult(slot, &first, &n, TRUE), ERROR_SEM_TIMEOUT);
    CHECK(SetMailslotInfo(slot, 60000));
    CHECK_ERROR(ReadFile(slot, one, sizeof one, NULL, &first), ERROR_IO_PENDING);
    put(client, "in time");
    CHECK(GetOverlappedResult(slot, &first, &n, TRUE));
    CHECK_EQ(n, 7);
    CloseHandle(first.hEvent);
    CloseHandle(second.hEvent);
    CloseHandle(client);
    CloseHandle(slot);
}

static HANDLE start(const char *what, BOOL inherit)
{
    char path[MAX_PATH], line[MAX_PATH + 64];
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process = {0};
    GetModuleFileNameA(NULL, path, sizeof path);
    snprintf(line, sizeof line, "\"%s\" %s", path, what);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, inherit, 0, NULL, NULL, &info, &process));
    CloseHandle(process.hThread);
    return process.hProcess;
}

static void finish(HANDLE process)
{
    DWORD code = 99;
    CHECK_EQ(WaitForSingleObject(process, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process, &code));
    CHECK_EQ(code, 7);
    CloseHandle(process);
}

/* Both ends work in other processes: a client that opens the name, and a child that inherits the slot. */
static void processes(void)
{
    char what[64];
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE slot = CreateMailslotA(NAME, 0, 20000, NULL);
    HANDLE process = start("client", FALSE);
    check_message(slot, "from another process");
    finish(process);
    CloseHandle(slot);
    slot = CreateMailslotA(NAME, 0, 20000, &inherit);
    HANDLE client = writer();
    snprintf(what, sizeof what, "server %lu", (unsigned long)(ULONG_PTR)slot);
    process = start(what, TRUE);
    CloseHandle(slot); /* the child's handle keeps it */
    put(client, "to the child");
    finish(process);
    CHECK_ERROR(writer() != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    CloseHandle(client);
}

/* A server that was killed leaves nothing: the name is free, and writers are told. */
static void killed(void)
{
    DWORD n;
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "winrun-test-slot-ready");
    HANDLE process = start("victim", FALSE);
    CHECK_EQ(WaitForSingleObject(ready, 20000), WAIT_OBJECT_0);
    HANDLE client = writer();
    put(client, "x");
    CHECK(TerminateProcess(process, 7));
    finish(process);
    CHECK(!WriteFile(client, "x", 1, &n, NULL));
    CHECK_ERROR(writer() != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    HANDLE slot = CreateMailslotA(NAME, 0, 0, NULL);
    CHECK(slot != INVALID_HANDLE_VALUE);
    check_state(slot, MAILSLOT_NO_MESSAGE, 0);
    CloseHandle(slot);
    CloseHandle(client);
    CloseHandle(ready);
}

static int child(char **argv)
{
    if (!strcmp(argv[1], "client")) {
        HANDLE client = writer();
        put(client, "from another process");
        return check_failed ? 1 : 7;
    }
    if (!strcmp(argv[1], "server")) {
        check_message((HANDLE)(ULONG_PTR)strtoul(argv[2], NULL, 10), "to the child");
        return check_failed ? 1 : 7;
    }
    CreateMailslotA(NAME, 0, 0, NULL);
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, "winrun-test-slot-ready");
    SetEvent(ready);
    Sleep(INFINITE);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return child(argv);
    names();
    orphans();
    sharing();
    messages();
    many();
    times();
    overlapped();
    processes();
    killed();
    return check_done();
}

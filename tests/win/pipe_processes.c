/*
 * pipe_processes.c: do named pipes work between processes: instances, messages, waiting for one, disconnecting,
 * overlapped connecting, and the end of a process?
 */
#include "check.h"

static char self[MAX_PATH], pipe_name[80];
static unsigned long pid;

static HANDLE start(const char *what)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %s %lu", self, what, pid);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CloseHandle(process.hThread);
    return process.hProcess;
}

static DWORD finish(HANDLE process)
{
    DWORD code = 0xdeadbeef;
    CHECK_EQ(WaitForSingleObject(process, 20000), WAIT_OBJECT_0);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return code;
}

static HANDLE server(DWORD open, DWORD mode, DWORD instances)
{
    return CreateNamedPipeA(pipe_name, PIPE_ACCESS_DUPLEX | open, mode, instances, 4096, 4096, 100, NULL);
}

/* A quick client may have come, written and gone before (ERROR_NO_DATA); what it wrote is there. */
static BOOL connect_client(HANDLE pipe)
{
    return ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED || GetLastError() == ERROR_NO_DATA;
}

/* Ten requests of a client process; it comes back as many times as instances are served. */
static void test_messages(void)
{
    HANDLE pipe = server(0, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, 1), child;
    char text[64];
    DWORD done;
    ULONG client = 0;
    CHECK(pipe != INVALID_HANDLE_VALUE);
    CHECK(server(0, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT, 1) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_PIPE_BUSY);
    child = start("messages");
    CHECK(connect_client(pipe));
    CHECK(GetNamedPipeClientProcessId(pipe, &client));
    CHECK_EQ(client, GetProcessId(child));
    for (int i = 0; i < 10; i++) {
        CHECK(ReadFile(pipe, text, sizeof text, &done, NULL));
        CHECK_EQ(done, i + 1);
        CHECK(WriteFile(pipe, text, done, &done, NULL));
    }
    CHECK(ReadFile(pipe, text, 2, &done, NULL) == FALSE);
    CHECK_EQ(GetLastError(), ERROR_MORE_DATA);
    CHECK(ReadFile(pipe, text, sizeof text, &done, NULL));
    CHECK_EQ(done, 3);
    CHECK(!ReadFile(pipe, text, sizeof text, &done, NULL));
    CHECK_EQ(GetLastError(), ERROR_BROKEN_PIPE);
    CHECK_EQ(finish(child), 0);
    CHECK(DisconnectNamedPipe(pipe));
    child = start("call");
    CHECK(connect_client(pipe));
    CHECK(ReadFile(pipe, text, sizeof text, &done, NULL));
    CHECK_EQ(done, 4);
    CHECK(WriteFile(pipe, "answer", 6, &done, NULL));
    CHECK(FlushFileBuffers(pipe));
    CHECK(DisconnectNamedPipe(pipe));
    CHECK_EQ(finish(child), 0);
    CloseHandle(pipe);
}

/* A client waits until an instance is free. */
static void test_busy(void)
{
    HANDLE pipe = server(0, PIPE_TYPE_BYTE | PIPE_WAIT, PIPE_UNLIMITED_INSTANCES), child, more;
    HANDLE own = CreateFileA(pipe_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    char text[16] = "";
    DWORD done;
    CHECK(own != INVALID_HANDLE_VALUE);
    CHECK(!ConnectNamedPipe(pipe, NULL));
    CHECK_EQ(GetLastError(), ERROR_PIPE_CONNECTED);
    CHECK(CreateFileA(pipe_name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_PIPE_BUSY);
    CHECK_ERROR(WaitNamedPipeA(pipe_name, 10), ERROR_SEM_TIMEOUT);
    child = start("busy");
    Sleep(20);
    more = server(0, PIPE_TYPE_BYTE | PIPE_WAIT, PIPE_UNLIMITED_INSTANCES);
    CHECK(more != INVALID_HANDLE_VALUE);
    CHECK(connect_client(more));
    CHECK(ReadFile(more, text, sizeof text, &done, NULL));
    CHECK_EQ(done, 5);
    CHECK_EQ(finish(child), 0);
    CHECK(WriteFile(own, "abc", 3, &done, NULL));
    CHECK(ReadFile(pipe, text, sizeof text, &done, NULL));
    CHECK_EQ(done, 3);
    CloseHandle(own);
    CloseHandle(pipe);
    CloseHandle(more);
    CHECK_ERROR(WaitNamedPipeA(pipe_name, 10), ERROR_FILE_NOT_FOUND);
}

static void test_overlapped(void)
{
    HANDLE pipe = server(FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE | PIPE_WAIT, 1), child;
    OVERLAPPED connect = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)}, read = connect;
    char text[16];
    DWORD done;
    CHECK(!ConnectNamedPipe(pipe, &connect));
    CHECK_EQ(GetLastError(), ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(connect.hEvent, 20), WAIT_TIMEOUT);
    child = start("busy");
    CHECK_EQ(WaitForSingleObject(connect.hEvent, 10000), WAIT_OBJECT_0);
    CHECK(GetOverlappedResult(pipe, &connect, &done, FALSE));
    read.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (!ReadFile(pipe, text, sizeof text, &done, &read)) {
        CHECK_EQ(GetLastError(), ERROR_IO_PENDING);
        CHECK(GetOverlappedResult(pipe, &read, &done, TRUE));
    }
    CHECK_EQ(done, 5);
    CHECK_EQ(finish(child), 0);
    CloseHandle(connect.hEvent);
    CloseHandle(read.hEvent);
    CloseHandle(pipe);
}

/* A server that is killed: the client sees a broken pipe, and the name is free again. */
static void test_killed(void)
{
    HANDLE ready, child, pipe;
    char name[80], text[16];
    DWORD done;
    snprintf(name, sizeof name, "pipe_processes %lu", pid);
    ready = CreateEventA(NULL, FALSE, FALSE, name);
    child = start("serve");
    CHECK_EQ(WaitForSingleObject(ready, 10000), WAIT_OBJECT_0);
    pipe = CreateFileA(pipe_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(pipe, "x", 1, &done, NULL));
    CHECK(TerminateProcess(child, 1));
    CHECK(!ReadFile(pipe, text, sizeof text, &done, NULL));
    CHECK_EQ(GetLastError(), ERROR_BROKEN_PIPE);
    CHECK_EQ(finish(child), 1);
    CloseHandle(pipe);
    CHECK(CreateFileA(pipe_name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CloseHandle(ready);
}

static int child(const char *what)
{
    char text[64] = "abcdefghijklmnop", back[64];
    DWORD done, mode = PIPE_READMODE_MESSAGE;
    HANDLE pipe;
    if (!strcmp(what, "serve")) {
        HANDLE ready;
        char name[80];
        pipe = server(0, PIPE_TYPE_BYTE | PIPE_WAIT, 1);
        snprintf(name, sizeof name, "pipe_processes %lu", pid);
        ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, name);
        SetEvent(ready);
        Sleep(60000);
        return 1;
    }
    if (!strcmp(what, "call"))
        return !CallNamedPipeA(pipe_name, "call", 4, back, sizeof back, &done, 5000) || done != 6 ||
               memcmp(back, "answer", 6);
    if (!strcmp(what, "busy") && !WaitNamedPipeA(pipe_name, 10000))
        return 1;
    pipe = CreateFileA(pipe_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (pipe == INVALID_HANDLE_VALUE)
        return 2;
    if (!strcmp(what, "busy"))
        return !WriteFile(pipe, "hello", 5, &done, NULL);
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return 3;
    for (DWORD i = 0; i < 10; i++)
        if (!WriteFile(pipe, text, i + 1, &done, NULL) || !ReadFile(pipe, back, sizeof back, &done, NULL) ||
            done != i + 1 || memcmp(text, back, done))
            return 4;
    return !WriteFile(pipe, text, 5, &done, NULL);
}

int main(int argc, char **argv)
{
    pid = argc > 2 ? strtoul(argv[2], NULL, 10) : GetCurrentProcessId();
    snprintf(pipe_name, sizeof pipe_name, "\\\\.\\pipe\\pipe_processes %lu", pid);
    if (argc > 2)
        return child(argv[1]);
    GetModuleFileNameA(NULL, self, sizeof self);
    test_messages();
    test_busy();
    test_overlapped();
    test_killed();
    return check_done();
}

/*
 * process_console.c: control events and process groups: who hears them, who does not, and what a process that does not
 * listen leaves as its exit code.  (Wine needs a console for this.)
 */
#include "check.h"

static char self[MAX_PATH];
static HANDLE ready;

static HANDLE start(const char *what, DWORD flags, DWORD *id)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %s %lu", self, what, GetCurrentProcessId());
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, &process));
    CloseHandle(process.hThread);
    *id = process.dwProcessId;
    CHECK_EQ(WaitForSingleObject(ready, 20000), WAIT_OBJECT_0);
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

static volatile LONG heard;

static BOOL WINAPI handler(DWORD event)
{
    InterlockedExchange(&heard, 100 + (LONG)event);
    return TRUE;
}

static int opens(const char *name)
{
    HANDLE file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0, NULL);
    DWORD mode;
    int good = file != INVALID_HANDLE_VALUE && GetConsoleMode(file, &mode);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return good;
}

/* A console is there for every console program, whether somebody sees it or not. */
static void test_console(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    char title[MAX_PATH];
    DWORD id, count = 77;
    HANDLE screen = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0, NULL),
           input = CreateFileA("CONIN$", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(screen != INVALID_HANDLE_VALUE && input != INVALID_HANDLE_VALUE);
    CHECK(GetConsoleScreenBufferInfo(screen, &info));
    CHECK(info.dwSize.X > 0 && info.dwSize.Y > 0);
    CHECK_ERROR(GetConsoleScreenBufferInfo(input, &info), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetNumberOfConsoleInputEvents(screen, &count), ERROR_INVALID_HANDLE);
    CHECK(GetNumberOfConsoleInputEvents(input, &count));
    CHECK_EQ(count, 0);
    CHECK_EQ(WaitForSingleObject(input, 0), WAIT_TIMEOUT);
    INPUT_RECORD record = {.EventType = FOCUS_EVENT}, back = {0};
    CHECK(WriteConsoleInputW(input, &record, 1, &count));
    CHECK_EQ(count, 1);
    CHECK_EQ(WaitForSingleObject(input, 0), WAIT_OBJECT_0);
    CHECK(PeekConsoleInputW(input, &back, 1, &count));
    CHECK_EQ(count, 1);
    CHECK_EQ(back.EventType, FOCUS_EVENT);
    CHECK(ReadConsoleInputW(input, &back, 1, &count));
    CHECK_EQ(WaitForSingleObject(input, 0), WAIT_TIMEOUT);
    CHECK(GetConsoleTitleA(title, sizeof title) > 0); /* the program's name, until it is set */
    CHECK(SetConsoleTitleA("a title"));
    CHECK_EQ(GetConsoleTitleA(title, sizeof title), 7);
    CHECK_STR(title, "a title");
    CloseHandle(screen);
    CloseHandle(input);
    CHECK_EQ(finish(start("open", 0, &id)), 3);
    CHECK_EQ(finish(start("open", DETACHED_PROCESS, &id)), 0);
}

static int child(const char *what, const char *parent)
{
    char name[64];
    snprintf(name, sizeof name, "process_console %s", parent);
    ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, name);
    if (!strcmp(what, "listen"))
        SetConsoleCtrlHandler(handler, TRUE);
    SetEvent(ready);
    if (!strcmp(what, "open"))
        return opens("CONOUT$") + 2 * opens("CONIN$");
    for (int i = 0; i < 1000 && !heard; i++)
        Sleep(10);
    return (int)heard;
}

int main(int argc, char **argv)
{
    char name[64];
    DWORD id;
    HANDLE process;
    if (argc > 2)
        return child(argv[1], argv[2]);
    GetModuleFileNameA(NULL, self, sizeof self);
    snprintf(name, sizeof name, "process_console %lu", GetCurrentProcessId());
    ready = CreateEventA(NULL, FALSE, FALSE, name);

    process = start("listen", CREATE_NEW_PROCESS_GROUP, &id);
    CHECK(GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, id));
    CHECK_EQ(finish(process), 100 + CTRL_BREAK_EVENT);

    process = start("deaf", CREATE_NEW_PROCESS_GROUP, &id);
    CHECK(GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, id));
    CHECK_EQ(finish(process), STATUS_CONTROL_C_EXIT);

    if (!check_under_wine())
        test_console();

    /* A group that is not there, and events that nobody can send. */
    CHECK(!GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0x7ffffff0));
    CHECK(!GenerateConsoleCtrlEvent(CTRL_CLOSE_EVENT, 0));
    CloseHandle(ready);
    return check_done();
}

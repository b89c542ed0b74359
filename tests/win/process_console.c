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

static int child(const char *what, const char *parent)
{
    char name[64];
    snprintf(name, sizeof name, "process_console %s", parent);
    ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, name);
    if (!strcmp(what, "listen"))
        SetConsoleCtrlHandler(handler, TRUE);
    SetEvent(ready);
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

    /* A group that is not there, and events that nobody can send. */
    CHECK(!GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0x7ffffff0));
    CHECK(!GenerateConsoleCtrlEvent(CTRL_CLOSE_EVENT, 0));
    CloseHandle(ready);
    return check_done();
}

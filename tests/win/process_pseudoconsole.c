/*
 * process_pseudoconsole.c: does a program get a console of its own from another one: size, lines, keys, another size,
 * the end?
 *
 * (Wine 8 has no screen to show there, and sends much more than was written; it is not asked.)
 */
#define NTDDI_VERSION 0x0A000006 /* of Windows 10 1809 */
#include "check.h"

static char self[MAX_PATH], seen[65536];
static size_t seen_length;
static HANDLE in_read, in_write, out_read, out_write;

/* Reads what the console shows until `text` was there. */
static BOOL shown(const char *text)
{
    DWORD count;
    while (!strstr(seen, text)) {
        if (!ReadFile(out_read, seen + seen_length, (DWORD)(sizeof seen - 1 - seen_length), &count, NULL) || !count)
            return FALSE;
        seen_length += count;
        seen[seen_length] = 0;
    }
    return TRUE;
}

static void type(const char *text)
{
    DWORD count;
    CHECK(WriteFile(in_write, text, (DWORD)strlen(text), &count, NULL));
    CHECK_EQ(count, strlen(text));
}

static HANDLE start(HPCON console, const char *what)
{
    STARTUPINFOEXA info = {.StartupInfo.cb = sizeof info};
    PROCESS_INFORMATION process = {0};
    char line[600];
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    info.lpAttributeList = malloc(size);
    CHECK(InitializeProcThreadAttributeList(info.lpAttributeList, 1, 0, &size));
    CHECK(UpdateProcThreadAttribute(info.lpAttributeList, 0, 0x20016 /* PSEUDOCONSOLE */, console, sizeof console, NULL,
                                    NULL));
    snprintf(line, sizeof line, "\"%s\" %s", self, what);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &info.StartupInfo,
                         &process));
    DeleteProcThreadAttributeList(info.lpAttributeList);
    free(info.lpAttributeList);
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

static int child(const char *what)
{
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE), out = GetStdHandle(STD_OUTPUT_HANDLE);
    CONSOLE_SCREEN_BUFFER_INFO info;
    DWORD mode, count;
    char line[100] = "";
    if (!GetConsoleMode(in, &mode) || !GetConsoleMode(out, &mode) || GetFileType(out) != FILE_TYPE_CHAR)
        return 3;
    if (!strcmp(what, "line")) {
        printf("what? ");
        fflush(stdout);
        if (!ReadConsoleA(in, line, sizeof line - 1, &count, NULL))
            return 4;
        line[strcspn(line, "\r")] = 0;
        printf("<%s>\n", line);
        return 7;
    }
    if (!strcmp(what, "size")) {
        if (!GetConsoleScreenBufferInfo(out, &info))
            return 5;
        printf("size %dx%d\n", info.dwSize.X, info.dwSize.Y);
        return 8;
    }
    printf("waits\n");
    fflush(stdout);
    Sleep(30000);
    return 9;
}

int main(int argc, char **argv)
{
    HPCON console = NULL;
    if (argc > 1)
        return child(argv[1]);
    if (check_under_wine())
        return check_done();
    GetModuleFileNameA(NULL, self, sizeof self);
    CHECK(CreatePipe(&in_read, &in_write, NULL, 0));
    CHECK(CreatePipe(&out_read, &out_write, NULL, 0));
    CHECK_EQ((DWORD)CreatePseudoConsole((COORD){0, 30}, in_read, out_write, 0, &console), (DWORD)E_INVALIDARG);
    CHECK_EQ((DWORD)CreatePseudoConsole((COORD){100, 30}, NULL, out_write, 0, &console), (DWORD)0x80070006);
    CHECK_EQ(CreatePseudoConsole((COORD){100, 30}, in_read, out_write, 0, &console), S_OK);
    CloseHandle(in_read); /* the console has its own */
    CloseHandle(out_write);

    HANDLE process = start(console, "size");
    CHECK_EQ(finish(process), 8);
    CHECK(shown("size 100x30"));

    process = start(console, "line"); /* the console goes on without a process */
    CHECK(shown("what? "));
    type("ab\x1b[D!\r"); /* edited: cursor left */
    CHECK_EQ(finish(process), 7);
    CHECK(shown("<a!b>"));

    CHECK_EQ(ResizePseudoConsole(console, (COORD){71, 19}), S_OK);
    CHECK_EQ((DWORD)ResizePseudoConsole(console, (COORD){-1, 19}), (DWORD)E_INVALIDARG);
    CHECK_EQ(finish(start(console, "size")), 8);
    CHECK(shown("size 71x19"));

    process = start(console, "wait");
    CHECK(shown("waits"));
    ClosePseudoConsole(console);
    CHECK_EQ(finish(process), STATUS_CONTROL_C_EXIT);
    CHECK(!shown("never to be shown")); /* the output ends */
    CHECK_EQ(GetLastError(), ERROR_BROKEN_PIPE);
    CloseHandle(in_write);
    CloseHandle(out_read);
    return check_done();
}

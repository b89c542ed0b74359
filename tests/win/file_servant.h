/*
 * file_servant.h: file operations as lines of text, done here or by another process of the same program.
 *
 * A line is a letter and its arguments; the answer is a last error (0: it worked), or what the operation tells.
 */
#ifndef FILE_SERVANT_H
#define FILE_SERVANT_H

#include "check.h"

static HANDLE servant_files[16];

static DWORD servant_lock(HANDLE file, DWORD flags, ULONGLONG offset, ULONGLONG length)
{
    OVERLAPPED o = {.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
    return LockFileEx(file, flags, 0, (DWORD)length, (DWORD)(length >> 32), &o) ? 0 : GetLastError();
}

static DWORD servant_unlock(HANDLE file, ULONGLONG offset, ULONGLONG length)
{
    OVERLAPPED o = {.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
    return UnlockFileEx(file, 0, (DWORD)length, (DWORD)(length >> 32), &o) ? 0 : GetLastError();
}

static DWORD servant_transfer(HANDLE file, int write, DWORD offset, DWORD length)
{
    static char buffer[65536];
    OVERLAPPED o = {.Offset = offset};
    DWORD n;
    BOOL done = write ? WriteFile(file, buffer, length, &n, &o) : ReadFile(file, buffer, length, &n, &o);
    return done ? 0 : GetLastError();
}

/* FileDispositionInfoEx (class 21), or the old class without flags. */
static DWORD servant_disposition(HANDLE file, int ex, DWORD flags)
{
    BOOLEAN delete = flags != 0;
    return SetFileInformationByHandle(file, ex ? (FILE_INFO_BY_HANDLE_CLASS)21 : FileDispositionInfo,
                                      ex ? (void *)&flags : (void *)&delete, ex ? sizeof flags : sizeof delete)
               ? 0
               : GetLastError();
}

static DWORD servant_do(const char *line)
{
    unsigned slot = 0, a = 0, b = 0, c = 0, d = 0;
    unsigned long long x = 0, y = 0;
    char name[300] = "", other[300] = "";
    SetLastError(0);
    switch (line[0]) {
    case 'o': /* slot access sharing disposition flags name */
        sscanf(line + 1, "%u %x %x %u %x %299s", &slot, &a, &b, &c, &d, name);
        servant_files[slot] = CreateFileA(name, a, b, NULL, c, d, NULL);
        return servant_files[slot] == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    case 'c':
        sscanf(line + 1, "%u", &slot);
        return CloseHandle(servant_files[slot]) ? 0 : GetLastError();
    case 'd':
        sscanf(line + 1, "%299s", name);
        return DeleteFileA(name) ? 0 : GetLastError();
    case 'e': /* exists */
        sscanf(line + 1, "%299s", name);
        return GetFileAttributesA(name) != INVALID_FILE_ATTRIBUTES ? 0 : GetLastError();
    case 'm':
        sscanf(line + 1, "%x %299s %299s", &a, name, other);
        return MoveFileExA(name, other, a) ? 0 : GetLastError();
    case 'l': /* slot flags offset length */
        sscanf(line + 1, "%u %x %llx %llx", &slot, &a, &x, &y);
        return servant_lock(servant_files[slot], a, x, y);
    case 'u':
        sscanf(line + 1, "%u %llx %llx", &slot, &x, &y);
        return servant_unlock(servant_files[slot], x, y);
    case 'r':
    case 'w':
        sscanf(line + 1, "%u %x %x", &slot, &a, &b);
        return servant_transfer(servant_files[slot], line[0] == 'w', a, b);
    case 'x': /* slot flags: disposition, POSIX style possible */
    case 'z': /* the old style */
        sscanf(line + 1, "%u %x", &slot, &a);
        return servant_disposition(servant_files[slot], line[0] == 'x', a);
    case 'k':
        TerminateProcess(GetCurrentProcess(), 9);
        return 0;
    default:
        return 0xffffffff;
    }
}

/* The servant's main loop: reads lines, answers each with a number. */
static int servant_main(void)
{
    char line[1024];
    setvbuf(stdout, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, stdin))
        printf("%lu\n", servant_do(line));
    return 0;
}

static HANDLE servant_in, servant_out, servant_process;

static void servant_start(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    STARTUPINFOA info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    char line[MAX_PATH + 20], self[MAX_PATH];
    GetModuleFileNameA(NULL, self, sizeof self);
    snprintf(line, sizeof line, "\"%s\" servant", self);
    CHECK(CreatePipe(&info.hStdInput, &servant_in, &inherit, 0));
    CHECK(CreatePipe(&servant_out, &info.hStdOutput, &inherit, 0));
    SetHandleInformation(servant_in, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(servant_out, HANDLE_FLAG_INHERIT, 0);
    info.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &process));
    CloseHandle(info.hStdInput);
    CloseHandle(info.hStdOutput);
    CloseHandle(process.hThread);
    servant_process = process.hProcess;
}

static void servant_end(void)
{
    CloseHandle(servant_in);
    CHECK_EQ(WaitForSingleObject(servant_process, 20000), WAIT_OBJECT_0);
    CloseHandle(servant_out);
    CloseHandle(servant_process);
}

static void servant_send(const char *line)
{
    DWORD n;
    CHECK(WriteFile(servant_in, line, (DWORD)strlen(line), &n, NULL) && WriteFile(servant_in, "\n", 1, &n, NULL));
}

static DWORD servant_answer(void)
{
    char text[32] = "", c;
    DWORD n, used = 0;
    while (used < sizeof text - 1 && ReadFile(servant_out, &c, 1, &n, NULL) && n && c != '\n')
        text[used++] = c;
    return used ? strtoul(text, NULL, 10) : 0xfffffffe;
}

/* The other process does it. */
static DWORD servant(const char *line)
{
    servant_send(line);
    return servant_answer();
}

#define HERE(line, error) CHECK_EQ(servant_do(line), error)
#define THERE(line, error) CHECK_EQ(servant(line), error)

#endif

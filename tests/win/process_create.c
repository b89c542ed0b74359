/*
 * process_create.c: does CreateProcess start what it is told, with the handles, directory, environment and exit code
 * that were asked for, and refuse what Windows refuses?
 *
 * The program starts itself with a word that says what the child does.
 */
#include "check.h"

static char self[MAX_PATH];

/* Starts this program with arguments; NULL info: plain. */
static BOOL start(const char *arguments, BOOL inherit, DWORD flags, void *environment, const char *directory,
                  STARTUPINFOA *info, PROCESS_INFORMATION *process)
{
    STARTUPINFOA plain = {.cb = sizeof plain};
    char line[1200];
    snprintf(line, sizeof line, "\"%s\" %s", self, arguments);
    return CreateProcessA(NULL, line, NULL, NULL, inherit, flags, environment, directory, info ? info : &plain,
                          process);
}

static DWORD finish(PROCESS_INFORMATION *process)
{
    DWORD code = 0xdeadbeef;
    CHECK_EQ(WaitForSingleObject(process->hProcess, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process->hProcess, &code));
    CHECK(CloseHandle(process->hThread));
    CHECK(CloseHandle(process->hProcess));
    return code;
}

static DWORD run(const char *arguments)
{
    PROCESS_INFORMATION process;
    if (!start(arguments, FALSE, 0, NULL, NULL, NULL, &process))
        return 0xdead0000 + GetLastError();
    return finish(&process);
}

static void test_exit_codes(void)
{
    static const DWORD codes[] = {0,          1,          2,          3,          127,    128,
                                  255,        256,        257,        0x100,      0x8000, 0x10000,
                                  0x12345678, 0x7fffffff, 0x80000000, 0xc0000005, 258,    0xffffffff,
                                  0xfffffffe, 0x00ff0000, 1000000,    42,         77,     0xdeadbeef};
    char arguments[64];
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++) {
        snprintf(arguments, sizeof arguments, "exit %lu", codes[i]);
        CHECK_EQ(run(arguments), codes[i]);
    }
}

/* The child's output, through an inherited pipe. */
static void capture(const char *arguments, DWORD flags, void *environment, const char *directory, char *out, DWORD size)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    STARTUPINFOA info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    HANDLE read, write;
    DWORD got, total = 0;
    CHECK(CreatePipe(&read, &write, &inherit, 0));
    CHECK(SetHandleInformation(read, HANDLE_FLAG_INHERIT, 0));
    info.hStdOutput = write;
    info.hStdError = write;
    out[0] = 0;
    CHECK(start(arguments, TRUE, flags, environment, directory, &info, &process));
    CloseHandle(write);
    while (total + 1 < size && ReadFile(read, out + total, size - 1 - total, &got, NULL) && got)
        total += got;
    CHECK_EQ(GetLastError(), ERROR_BROKEN_PIPE);
    out[total] = 0;
    CloseHandle(read);
    CHECK_EQ(finish(&process), 0);
}

static void test_output(void)
{
    char out[4096];
    capture("say one two \"three four\" \"\" a\\\"b", 0, NULL, NULL, out, sizeof out);
    CHECK_STR(out, "[one][two][three four][][a\"b]");
    capture("say", 0, NULL, NULL, out, sizeof out);
    CHECK_STR(out, "");
    capture("say \\\\ \"x\\\\\" y", 0, NULL, NULL, out, sizeof out);
    CHECK_STR(out, "[\\\\][x\\][y]");
    capture("say \xc3\xa9", CREATE_NO_WINDOW, NULL, NULL, out, sizeof out);
    CHECK(strlen(out) > 2);
}

static void test_environment(void)
{
    char out[4096], ansi[] = "AA=1\0B=two words\0SystemRoot=C:\\windows\0";
    WCHAR wide[] = L"AA=x\0B=\x263a\0SystemRoot=C:\\windows\0";
    capture("env AA B", 0, ansi, NULL, out, sizeof out);
    CHECK_STR(out, "1|two words|");
    capture("env AA NOTHERE", CREATE_UNICODE_ENVIRONMENT, wide, NULL, out, sizeof out);
    CHECK_STR(out, "x|-|");
    SetEnvironmentVariableA("PROCESS_TEST", "from parent");
    capture("env PROCESS_TEST", 0, NULL, NULL, out, sizeof out);
    CHECK_STR(out, "from parent|");
    SetEnvironmentVariableA("PROCESS_TEST", NULL);
    capture("env PROCESS_TEST", 0, NULL, NULL, out, sizeof out);
    CHECK_STR(out, "-|");
}

static void test_directory(void)
{
    char out[1024], directory[MAX_PATH], expected[MAX_PATH + 4];
    PROCESS_INFORMATION process;
    GetCurrentDirectoryA(sizeof directory, directory);
    capture("cwd", 0, NULL, NULL, out, sizeof out);
    CHECK_STR(out, directory);
    CHECK(CreateDirectoryA("sub dir", NULL));
    capture("cwd", 0, NULL, "sub dir", out, sizeof out);
    snprintf(expected, sizeof expected, "%s\\sub dir", directory);
    CHECK_STR(out, expected);
    capture("cwd", 0, NULL, "C:\\", out, sizeof out);
    CHECK_STR(out, "C:\\");
    CHECK_ERROR(start("exit 0", FALSE, 0, NULL, "no such directory", NULL, &process), ERROR_DIRECTORY);
    CHECK_ERROR(start("exit 0", FALSE, 0, NULL, self, NULL, &process), ERROR_DIRECTORY);
    CHECK(RemoveDirectoryA("sub dir"));
}

static void write_file(const char *name, const char *text)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD done;
    CHECK(file != INVALID_HANDLE_VALUE);
    WriteFile(file, text, (DWORD)strlen(text), &done, NULL);
    CloseHandle(file);
}

static void test_errors(void)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    char missing[] = "no-such-program-at-all.exe x", text[] = "text.exe", empty[] = "empty.exe", blank[] = "";
    CHECK_ERROR(CreateProcessA(NULL, missing, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(CreateProcessA("no-such.exe", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process),
                ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(CreateProcessA("no-such-directory\\x.exe", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process),
                ERROR_PATH_NOT_FOUND);
    write_file("text.exe", "this is no program");
    CHECK_ERROR(CreateProcessA(NULL, text, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process), ERROR_BAD_EXE_FORMAT);
    write_file("empty.exe", "");
    CHECK_ERROR(CreateProcessA(NULL, empty, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process), ERROR_BAD_EXE_FORMAT);
    CHECK_ERROR(CreateProcessA(NULL, blank, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process), ERROR_FILE_NOT_FOUND);
    if (!check_under_wine()) /* it starts the program */
        CHECK_ERROR(start("exit 0", FALSE, DETACHED_PROCESS | CREATE_NEW_CONSOLE, NULL, NULL, NULL, &process),
                    ERROR_INVALID_PARAMETER);
    CHECK(DeleteFileA("text.exe"));
    CHECK(DeleteFileA("empty.exe"));
}

static void test_search(void)
{
    char name[MAX_PATH], line[MAX_PATH + 40], full[MAX_PATH];
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    GetCurrentDirectoryA(sizeof full, full);
    CHECK(CopyFileA(self, "with blank.exe", FALSE));
    /* Unquoted, with blanks and without extension: ever longer beginnings. */
    strcpy(line, "with blank exit 5");
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CHECK_EQ(finish(&process), 5); /* and the name has got quotes */
    strcpy(line, "\"with blank\" exit 6");
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CHECK_EQ(finish(&process), 6);
    snprintf(name, sizeof name, "%s\\WITH BLANK.EXE", full);
    strcpy(line, "anything exit 7");
    CHECK(CreateProcessA(name, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CHECK_EQ(finish(&process), 7);
    CHECK(CreateProcessA(".\\with blank.exe", line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CHECK_EQ(finish(&process), 7);
    CHECK_ERROR(CreateProcessA("with blank", line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process),
                ERROR_FILE_NOT_FOUND);
    CHECK(DeleteFileA("with blank.exe"));
}

/* A handle's value is the same in the child if it is inherited, and nothing there otherwise. */
static void test_inheritance(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE yes = CreateEventA(&inherit, TRUE, FALSE, NULL), no = CreateEventA(NULL, TRUE, FALSE, NULL);
    PROCESS_INFORMATION process;
    char arguments[80];
    snprintf(arguments, sizeof arguments, "signal %llu", (unsigned long long)(ULONG_PTR)yes);
    CHECK(start(arguments, TRUE, 0, NULL, NULL, NULL, &process));
    CHECK_EQ(finish(&process), 0);
    CHECK_EQ(WaitForSingleObject(yes, 0), WAIT_OBJECT_0);
    ResetEvent(yes);
    CHECK(start(arguments, FALSE, 0, NULL, NULL, NULL, &process));
    CHECK_EQ(finish(&process), ERROR_INVALID_HANDLE);
    CHECK_EQ(WaitForSingleObject(yes, 0), WAIT_TIMEOUT);
    snprintf(arguments, sizeof arguments, "signal %llu", (unsigned long long)(ULONG_PTR)no);
    CHECK(start(arguments, TRUE, 0, NULL, NULL, NULL, &process));
    CHECK_EQ(finish(&process), ERROR_INVALID_HANDLE);
    CHECK(SetHandleInformation(no, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    CHECK(start(arguments, TRUE, 0, NULL, NULL, NULL, &process));
    CHECK_EQ(finish(&process), 0);
    CHECK_EQ(WaitForSingleObject(no, 0), WAIT_OBJECT_0);
    CloseHandle(yes);
    CloseHandle(no);
}

/* The position of an inherited file is shared. */
static void test_file(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE file = CreateFileA("shared.txt", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit,
                              CREATE_ALWAYS, 0, NULL);
    PROCESS_INFORMATION process;
    char arguments[80], text[32] = "";
    DWORD done;
    CHECK(WriteFile(file, "parent ", 7, &done, NULL));
    snprintf(arguments, sizeof arguments, "write %llu child", (unsigned long long)(ULONG_PTR)file);
    CHECK(start(arguments, TRUE, 0, NULL, NULL, NULL, &process));
    CHECK_EQ(finish(&process), 0);
    CHECK_EQ(SetFilePointer(file, 0, NULL, FILE_CURRENT), 12);
    CHECK(WriteFile(file, " end", 4, &done, NULL));
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    CHECK(ReadFile(file, text, 31, &done, NULL));
    CHECK_STR(text, "parent child end");
    CloseHandle(file);
    CHECK(DeleteFileA("shared.txt"));
}

static void test_handle_list(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE listed = CreateEventA(&inherit, TRUE, FALSE, NULL), other = CreateEventA(&inherit, TRUE, FALSE, NULL);
    HANDLE plain = CreateEventA(NULL, TRUE, FALSE, NULL);
    STARTUPINFOEXA info = {.StartupInfo.cb = sizeof info};
    PROCESS_INFORMATION process;
    SIZE_T size = 0;
    char arguments[80];
    CHECK_ERROR(InitializeProcThreadAttributeList(NULL, 2, 0, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size > 0 && size < 4096);
    info.lpAttributeList = malloc(size);
    if (!check_under_wine()) /* it does not look at the flags */
        CHECK_ERROR(InitializeProcThreadAttributeList(info.lpAttributeList, 2, 1, &size), ERROR_INVALID_PARAMETER);
    CHECK(InitializeProcThreadAttributeList(info.lpAttributeList, 2, 0, &size));
    CHECK_ERROR(
        UpdateProcThreadAttribute(info.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &listed, 3, NULL, NULL),
        ERROR_BAD_LENGTH);
    CHECK_ERROR(UpdateProcThreadAttribute(info.lpAttributeList, 0, 0x12345, &listed, 8, NULL, NULL),
                ERROR_NOT_SUPPORTED);
    CHECK(UpdateProcThreadAttribute(info.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &listed, sizeof listed,
                                    NULL, NULL));
    snprintf(arguments, sizeof arguments, "signal %llu", (unsigned long long)(ULONG_PTR)listed);
    CHECK(start(arguments, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &info.StartupInfo, &process));
    CHECK_EQ(finish(&process), 0);
    CHECK_EQ(WaitForSingleObject(listed, 0), WAIT_OBJECT_0);
    snprintf(arguments, sizeof arguments, "signal %llu", (unsigned long long)(ULONG_PTR)other);
    CHECK(start(arguments, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &info.StartupInfo, &process));
    CHECK_EQ(finish(&process), ERROR_INVALID_HANDLE);
    listed = plain;          /* the list holds a pointer; this one can not be inherited */
    if (!check_under_wine()) /* it starts the program without the handle */
        CHECK_ERROR(start(arguments, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &info.StartupInfo, &process),
                    ERROR_INVALID_PARAMETER);
    DeleteProcThreadAttributeList(info.lpAttributeList);
    free(info.lpAttributeList);
    CloseHandle(other);
    CloseHandle(plain);
}

static void test_suspended(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "process_create suspended");
    PROCESS_INFORMATION process;
    CHECK(start("named \"process_create suspended\"", FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &process));
    CHECK_EQ(WaitForSingleObject(event, 50), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(process.hProcess, 0), WAIT_TIMEOUT);
    CHECK_EQ(SuspendThread(process.hThread), 1);
    CHECK_EQ(ResumeThread(process.hThread), 2);
    CHECK_EQ(ResumeThread(process.hThread), 1);
    CHECK_EQ(finish(&process), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CloseHandle(event);
    CHECK(start("exit 9", FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &process));
    CHECK(TerminateProcess(process.hProcess, 0x1234));
    CHECK_EQ(finish(&process), 0x1234);
}

/* Memory at a fixed address is prepared in a child that has not begun. */
static void test_memory(void)
{
    PROCESS_INFORMATION process;
    MEMORY_BASIC_INFORMATION info;
    char there[16] = "", *wanted = (char *)0x500000000ull;
    SIZE_T done;
    DWORD old;
    CHECK(start("peek 21474836480 remote", FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &process));
    CHECK_EQ((ULONG_PTR)VirtualAllocEx(process.hProcess, wanted, 0x20000, MEM_RESERVE, PAGE_READWRITE),
             (ULONG_PTR)wanted);
    CHECK_EQ((ULONG_PTR)VirtualAllocEx(process.hProcess, wanted, 0x1000, MEM_COMMIT, PAGE_READWRITE),
             (ULONG_PTR)wanted);
    CHECK_EQ(VirtualQueryEx(process.hProcess, wanted, &info, sizeof info), sizeof info);
    CHECK_EQ((ULONG_PTR)info.AllocationBase, (ULONG_PTR)wanted);
    CHECK_EQ(info.State, MEM_COMMIT);
    CHECK_EQ(info.RegionSize, 0x1000);
    CHECK(WriteProcessMemory(process.hProcess, wanted, "remote", 7, &done));
    CHECK_EQ(done, 7);
    CHECK(ReadProcessMemory(process.hProcess, wanted, there, 7, &done));
    CHECK_STR(there, "remote");
    CHECK(VirtualProtectEx(process.hProcess, wanted, 0x1000, PAGE_READONLY, &old));
    CHECK_EQ(old, PAGE_READWRITE);
    if (!check_under_wine()) /* what is only reserved can be read there */
        CHECK_ERROR(ReadProcessMemory(process.hProcess, wanted + 0x10000, there, 7, &done), ERROR_PARTIAL_COPY);
    CHECK(!VirtualAllocEx(process.hProcess, wanted, 0x10000, MEM_RESERVE, PAGE_READWRITE));
    CHECK(VirtualFreeEx(process.hProcess, VirtualAllocEx(process.hProcess, NULL, 0x10000, MEM_RESERVE, PAGE_READWRITE),
                        0, MEM_RELEASE));
    ResumeThread(process.hThread);
    CHECK_EQ(finish(&process), 0);
}

static void test_duplicate_into_child(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), there = NULL;
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, "process_create handle");
    PROCESS_INFORMATION process;
    ULONGLONG *shared = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    CHECK(shared != NULL);
    CHECK(start("mapped \"process_create handle\"", FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &process));
    CHECK(DuplicateHandle(GetCurrentProcess(), event, process.hProcess, &there, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(there != NULL);
    shared[0] = (ULONG_PTR)there;
    ResumeThread(process.hThread);
    CHECK_EQ(finish(&process), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK_EQ(shared[1], 4711);
    UnmapViewOfFile(shared);
    CloseHandle(section);
    CloseHandle(event);
}

static void test_questions(void)
{
    PROCESS_INFORMATION process;
    FILETIME create, exit, kernel, user;
    char name[MAX_PATH];
    DWORD size = sizeof name, code;
    CHECK(start("wait", FALSE, 0, NULL, NULL, NULL, &process));
    HANDLE again = OpenProcess(PROCESS_ALL_ACCESS, FALSE, process.dwProcessId);
    CHECK(again != NULL);
    CHECK_EQ(GetProcessId(process.hProcess), process.dwProcessId);
    CHECK_EQ(GetProcessId(again), process.dwProcessId);
    CHECK(process.dwProcessId != GetCurrentProcessId());
    CHECK(GetExitCodeProcess(again, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK(QueryFullProcessImageNameA(again, 0, name, &size));
    CHECK(!_stricmp(name, self));
    CHECK(GetProcessTimes(again, &create, &exit, &kernel, &user));
    CHECK(create.dwHighDateTime != 0);
    CHECK_EQ(GetPriorityClass(again), NORMAL_PRIORITY_CLASS);
    CHECK(SetPriorityClass(again, IDLE_PRIORITY_CLASS));
    CHECK_EQ(GetPriorityClass(process.hProcess), IDLE_PRIORITY_CLASS);
    CHECK_EQ(WaitForSingleObject(again, 0), WAIT_TIMEOUT);
    CHECK(TerminateProcess(again, 99));
    CHECK_EQ(WaitForSingleObject(again, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(again, &code));
    CHECK_EQ(code, 99);
    CHECK_EQ(finish(&process), 99);
    if (!check_under_wine())
        CHECK_ERROR(TerminateProcess(again, 5), ERROR_ACCESS_DENIED);
    CloseHandle(again);
    CHECK_ERROR(OpenProcess(PROCESS_ALL_ACCESS, FALSE, 0x7ffffff0), ERROR_INVALID_PARAMETER);
}

static void test_many(void)
{
    PROCESS_INFORMATION processes[12];
    HANDLE handles[12];
    char arguments[32];
    for (unsigned i = 0; i < 12; i++) {
        snprintf(arguments, sizeof arguments, "exit %u", 100 + i);
        CHECK(start(arguments, FALSE, 0, NULL, NULL, NULL, &processes[i]));
        handles[i] = processes[i].hProcess;
    }
    CHECK_EQ(WaitForMultipleObjects(12, handles, TRUE, 20000), WAIT_OBJECT_0);
    for (unsigned i = 0; i < 12; i++)
        CHECK_EQ(finish(&processes[i]), 100 + i);
}

static int child(int argc, char **argv)
{
    char buffer[1024];
    if (!strcmp(argv[1], "exit"))
        return (int)strtoul(argv[2], NULL, 10);
    if (!strcmp(argv[1], "say")) {
        for (int i = 2; i < argc; i++)
            printf("[%s]", argv[i]);
        return 0;
    }
    if (!strcmp(argv[1], "env")) {
        for (int i = 2; i < argc; i++)
            printf("%s|", GetEnvironmentVariableA(argv[i], buffer, sizeof buffer) ? buffer : "-");
        return 0;
    }
    if (!strcmp(argv[1], "cwd")) {
        GetCurrentDirectoryA(sizeof buffer, buffer);
        printf("%s", buffer);
        return 0;
    }
    if (!strcmp(argv[1], "signal"))
        return SetEvent((HANDLE)(ULONG_PTR)strtoull(argv[2], NULL, 10)) ? 0 : (int)GetLastError();
    if (!strcmp(argv[1], "named"))
        return SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, argv[2])) ? 0 : (int)GetLastError();
    if (!strcmp(argv[1], "write")) {
        DWORD done;
        return !WriteFile((HANDLE)(ULONG_PTR)strtoull(argv[2], NULL, 10), argv[3], (DWORD)strlen(argv[3]), &done, NULL);
    }
    if (!strcmp(argv[1], "peek"))
        return strcmp((char *)(ULONG_PTR)strtoull(argv[2], NULL, 10), argv[3]);
    if (!strcmp(argv[1], "mapped")) {
        ULONGLONG *shared = MapViewOfFile(OpenFileMappingA(FILE_MAP_WRITE, FALSE, argv[2]), FILE_MAP_WRITE, 0, 0, 0);
        shared[1] = 4711;
        return SetEvent((HANDLE)(ULONG_PTR)shared[0]) ? 0 : (int)GetLastError();
    }
    if (!strcmp(argv[1], "wait"))
        Sleep(60000);
    return 0xbad;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return child(argc, argv);
    GetModuleFileNameA(NULL, self, sizeof self);
    test_exit_codes();
    test_output();
    test_environment();
    test_directory();
    test_errors();
    test_search();
    test_inheritance();
    test_file();
    test_handle_list();
    test_suspended();
    test_memory();
    test_duplicate_into_child();
    test_questions();
    test_many();
    return check_done();
}

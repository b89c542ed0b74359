/*
 * Does dbghelp know the source lines of a program with DWARF, by address and by name, and the frames of a stack: in
 * place, of an exception inside a function of the C runtime, through a callback, and of another thread that stands
 * still?
 *
 * link: -ldbghelp
 */
#include "check.h"
#include <dbghelp.h>

static HANDLE self;
static const char *own_file = __FILE__;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *back = strrchr(path, '\\');
    const char *last = slash > back ? slash : back;
    return last ? last + 1 : path;
}

__attribute__((noinline)) static void *here(void)
{
    return __builtin_return_address(0);
}

/* ---- lines ---- */

static int last_line;
__attribute__((noinline)) static DWORD64 marked(void)
{
    /* clang-format off */
    last_line = __LINE__; return (DWORD64)here();
    /* clang-format on */
}

static void check_line(void)
{
    IMAGEHLP_LINE64 line = {.SizeOfStruct = sizeof line};
    IMAGEHLP_LINEW64 wide = {.SizeOfStruct = sizeof wide};
    DWORD displacement = 99;
    DWORD64 address = marked() - 1;

    CHECK(SymGetLineFromAddr64(self, address, &displacement, &line));
    CHECK_EQ(line.LineNumber, last_line);
    CHECK_STR(base_name(line.FileName), "dbghelp_lines.c");
    CHECK_EQ(line.Address + displacement, address);
    CHECK(displacement < 40);
    CHECK(SymGetLineFromAddrW64(self, address, &displacement, &wide));
    CHECK_EQ(wide.LineNumber, line.LineNumber);
    CHECK(wcsstr(wide.FileName, L"dbghelp_lines.c") != NULL);
    CHECK_EQ(wide.Address, line.Address);
    /* A function begins with its line; nothing lies before that. */
    CHECK(SymGetLineFromAddr64(self, (DWORD64)marked, &displacement, &line));
    CHECK_EQ(displacement, 0);
    CHECK_EQ(line.Address, (DWORD64)marked);
    CHECK_EQ(line.LineNumber, last_line - 2);
    CHECK_ERROR(SymGetLineFromAddr64(self, 16, &displacement, &line), ERROR_MOD_NOT_FOUND);
    CHECK(!SymGetLineFromAddr64(self, (DWORD64)GetProcAddress(GetModuleHandleA("kernel32"), "CreateFileW"),
                                &displacement, &line));
    CHECK(!SymGetLineFromAddr64((HANDLE)0x1234, address, &displacement, &line));
    line.SizeOfStruct = 8;
    CHECK(!SymGetLineFromAddr64(self, address, &displacement, &line));
}

__attribute__((noinline)) static void check_named(void)
{
    IMAGEHLP_LINE64 line = {.SizeOfStruct = sizeof line};
    LONG displacement = 99;

    CHECK(SymGetLineFromName64(self, NULL, own_file, last_line, &displacement, &line));
    CHECK_EQ(displacement, 0);
    CHECK_EQ(line.LineNumber, last_line);
    CHECK(line.Address > (DWORD64)marked && line.Address < (DWORD64)marked + 64);
    CHECK(SymGetLineFromName64(self, NULL, "dbghelp_lines.c", last_line, &displacement, &line));
    /* A line without code: the next one that has some. */
    CHECK(SymGetLineFromName64(self, "dbghelp_lines", "dbghelp_lines.c", last_line - 3, &displacement, &line));
    CHECK_EQ(line.LineNumber, last_line - 2);
    CHECK_EQ(displacement, -1);
    CHECK_EQ(line.Address, (DWORD64)marked);
    CHECK(!SymGetLineFromName64(self, NULL, "lines.c", last_line, &displacement, &line)); /* not a whole name */
    CHECK(!SymGetLineFromName64(self, NULL, "nothing.c", 1, &displacement, &line));
    CHECK(!SymGetLineFromName64(self, "kernel32", "dbghelp_lines.c", last_line, &displacement, &line));
    CHECK(!SymGetLineFromName64(self, NULL, "dbghelp_lines.c", 100000, &displacement, &line));
}

static void check_order(void)
{
    IMAGEHLP_LINE64 line = {.SizeOfStruct = sizeof line};
    DWORD displacement;
    DWORD64 last;

    CHECK(SymGetLineFromAddr64(self, (DWORD64)marked, &displacement, &line));
    for (int i = 0; i < 2; i++) {
        last = line.Address;
        CHECK(SymGetLineNext64(self, &line));
        CHECK(line.Address > last);
    }
    CHECK(SymGetLinePrev64(self, &line));
    CHECK(SymGetLinePrev64(self, &line));
    CHECK_EQ(line.Address, (DWORD64)marked);
}

static void check_module(void)
{
    IMAGEHLP_MODULE64 module = {.SizeOfStruct = sizeof module};
    HMODULE dbghelp = GetModuleHandleA("dbghelp");
    DWORD(WINAPI * include)(HANDLE, DWORD64) = (void *)GetProcAddress(dbghelp, "SymAddrIncludeInlineTrace");

    CHECK(SymGetModuleInfo64(self, (DWORD64)marked, &module));
    CHECK(check_under_wine() || module.LineNumbers);
    CHECK(module.SymType != SymNone);
    CHECK(SymGetModuleInfo64(self, (DWORD64)GetModuleHandleA("kernel32"), &module));
    CHECK(check_under_wine() || (!module.LineNumbers && module.NumSyms > 1000));
    if (include) /* Wine 8 has none; programs that find it ask for inlined functions: there are none here */
        CHECK_EQ(include(self, (DWORD64)marked), 0);
    else
        CHECK(check_under_wine());
}

/* A copy of this program, which can not lie where it was linked for. */
static void check_moved(void)
{
    IMAGEHLP_LINE64 line = {.SizeOfStruct = sizeof line};
    char own[MAX_PATH];
    DWORD displacement;
    HMODULE copy;

    GetModuleFileNameA(NULL, own, sizeof own);
    CHECK(CopyFileA(own, "moved.exe", FALSE));
    copy = LoadLibraryExA("moved.exe", NULL, DONT_RESOLVE_DLL_REFERENCES);
    CHECK(copy && copy != GetModuleHandleA(NULL));
    DWORD64 address = (DWORD64)marked - (DWORD64)GetModuleHandleA(NULL) + (DWORD64)copy;
    CHECK(SymRefreshModuleList(self));
    CHECK(SymGetLineFromAddr64(self, address, &displacement, &line));
    CHECK_EQ(line.LineNumber, last_line - 2);
    CHECK_EQ(line.Address, address);
    CHECK(SymGetLineFromName64(self, "moved", "dbghelp_lines.c", last_line, NULL, &line));
    CHECK(line.Address > address && line.Address < address + 64);
    CHECK(FreeLibrary(copy));
    CHECK(DeleteFileA("moved.exe"));
    /* Another module may lie there now. */
    IMAGEHLP_MODULE64 module = {.SizeOfStruct = sizeof module};
    CHECK(CopyFileA(own, "other.dll", FALSE));
    copy = LoadLibraryExA("other.dll", NULL, DONT_RESOLVE_DLL_REFERENCES);
    CHECK(SymGetModuleInfo64(self, (DWORD64)copy, &module));
    CHECK(!_stricmp(module.ModuleName, "other"));
    CHECK(SymGetLineFromName64(self, "other", "dbghelp_lines.c", last_line, NULL, &line));
    CHECK(!SymGetLineFromName64(self, "moved", "dbghelp_lines.c", last_line, NULL, &line));
    CHECK(FreeLibrary(copy));
    CHECK(DeleteFileA("other.dll"));
}

/* ---- names ---- */

static BOOL CALLBACK on_symbol(PSYMBOL_INFOW info, ULONG size, PVOID context)
{
    (void)size;
    *(int *)context += !wcscmp(info->Name, L"check_named");
    return TRUE;
}

static BOOL CALLBACK on_module(PCSTR name, DWORD64 base, PVOID context)
{
    if (base == (DWORD64)GetModuleHandleA(NULL))
        strcpy(context, name);
    return TRUE;
}

__attribute__((noinline)) static void check_names(void)
{
    struct {
        SYMBOL_INFOW info;
        WCHAR name[64];
    } wide = {.info = {.SizeOfStruct = sizeof(SYMBOL_INFOW), .MaxNameLen = 64}};
    char name[64] = "";
    WCHAR wide_path[MAX_PATH];
    int count = 0;

    CHECK(SymEnumerateModules64(self, on_module, name));
    CHECK(!_stricmp(name, "dbghelp_lines"));
    CHECK(SymSetSearchPath(self, "C:\\symbols"));
    CHECK(SymGetSearchPath(self, name, sizeof name));
    CHECK_STR(name, "C:\\symbols");
    CHECK(SymGetSearchPathW(self, wide_path, MAX_PATH) && !wcscmp(wide_path, L"C:\\symbols"));
    CHECK(SymEnumSymbolsW(self, (DWORD64)GetModuleHandleA(NULL), L"check_n*", on_symbol, &count));
    if (check_under_wine())
        return; /* which knows no names of this program */
    CHECK_EQ(count, 1);
    CHECK(SymFromNameW(self, L"check_names", &wide.info));
    CHECK_EQ(wide.info.Address, (DWORD64)check_names);
    CHECK_EQ(wide.info.NameLen, 11);
}

/* ---- stacks ---- */

static const void *walked[64]; /* starts of functions */
static DWORD64 walked_pc[64], walked_return[64];
static int walked_count;

static void walk(HANDLE thread, const CONTEXT *from)
{
    CONTEXT context = *from;
    STACKFRAME64 frame = {.AddrPC = {.Offset = from->Rip, .Mode = AddrModeFlat},
                          .AddrStack = {.Offset = from->Rsp, .Mode = AddrModeFlat},
                          .AddrFrame = {.Offset = from->Rbp, .Mode = AddrModeFlat}};

    walked_count = 0;
    while (walked_count < 64 && StackWalk64(IMAGE_FILE_MACHINE_AMD64, self, thread, &frame, &context, NULL,
                                            SymFunctionTableAccess64, SymGetModuleBase64, NULL)) {
        int n = walked_count++;
        walked_pc[n] = frame.AddrPC.Offset;
        walked_return[n] = frame.AddrReturn.Offset;
        DWORD64 base;
        const RUNTIME_FUNCTION *function = RtlLookupFunctionEntry(frame.AddrPC.Offset, &base, NULL);
        walked[n] = function ? (const char *)base + function->BeginAddress : NULL;
    }
}

static int position(const void *function)
{
    for (int i = 0; i < walked_count; i++)
        if (walked[i] == function)
            return i;
    return -1;
}

int main(void);

__attribute__((noinline)) static int inner(int depth)
{
    CONTEXT context;
    RtlCaptureContext(&context);
    walk(GetCurrentThread(), &context);
    return depth + 1;
}

__attribute__((noinline)) static int outer(int depth)
{
    return inner(depth + 1) + 1;
}

__attribute__((noinline)) static void check_walk(void)
{
    CHECK_EQ(outer(0), 3);
    CHECK_EQ(position(inner), 0);
    CHECK_EQ(position(outer), 1);
    CHECK_EQ(position(check_walk), 2);
    CHECK_EQ(position(main), 3);
    for (int i = 0; i + 1 < walked_count; i++)
        CHECK_EQ(walked_return[i], walked_pc[i + 1]);
}

static int compare(const void *a, const void *b)
{
    if (!walked_count)
        outer(0);
    return *(const int *)a - *(const int *)b;
}

__attribute__((noinline)) static void check_callback(void)
{
    int numbers[] = {2, 1, 3};

    walked_count = 0;
    qsort(numbers, 3, sizeof *numbers, compare);
    CHECK_EQ(position(inner), 0);
    CHECK_EQ(position(compare), 2);
    CHECK(position(check_callback) > 2);
    CHECK(position(main) > position(check_callback));
}

static LONG WINAPI on_exception(EXCEPTION_POINTERS *pointers)
{
    walk(GetCurrentThread(), pointers->ContextRecord);
    pointers->ContextRecord->Rip = pointers->ContextRecord->R13;
    pointers->ContextRecord->Rsp = pointers->ContextRecord->R14;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* strlen(NULL), from which the handler comes back here. */
__attribute__((naked, noinline)) static void fault_in_runtime(void)
{
    __asm__("push %r13\n .seh_pushreg %r13\n push %r14\n .seh_pushreg %r14\n sub $40, %rsp\n .seh_stackalloc 40\n"
            "lea 1f(%rip), %r13\n mov %rsp, %r14\n"
            "xor %ecx, %ecx\n call strlen\n"
            "1: add $40, %rsp\n pop %r14\n pop %r13\n ret\n");
}

__attribute__((noinline)) static void check_exception(void)
{
    PVOID handler = AddVectoredExceptionHandler(1, on_exception);

    fault_in_runtime();
    RemoveVectoredExceptionHandler(handler);
    CHECK(position(fault_in_runtime) >= 1);
    CHECK_EQ(position(check_exception), position(fault_in_runtime) + 1);
    CHECK_EQ(position(main), position(check_exception) + 1);
}

static HANDLE ready, go;

__attribute__((noinline)) static DWORD waits(void)
{
    SetEvent(ready);
    return WaitForSingleObject(go, INFINITE) + 1;
}

static DWORD WINAPI other_thread(void *unused)
{
    (void)unused;
    return waits() + 1;
}

static void check_other_thread(void)
{
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    HANDLE thread;

    ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    go = CreateEventA(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, other_thread, NULL, 0, NULL);
    WaitForSingleObject(ready, INFINITE);
    Sleep(20);
    SuspendThread(thread);
    CHECK(GetThreadContext(thread, &context));
    walk(thread, &context);
    ResumeThread(thread);
    SetEvent(go);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(position(waits) > 0);
    CHECK_EQ(position(other_thread), position(waits) + 1);
    CloseHandle(thread);
}

int main(void)
{
    self = GetCurrentProcess();
    SymSetOptions(SYMOPT_UNDNAME | SYMOPT_LOAD_LINES);
    CHECK(SymInitialize(self, NULL, TRUE));
    if (!check_under_wine()) { /* which, like Windows, reads no lines from these images */
        check_line();
        check_named();
        check_order();
        check_moved();
    }
    check_module();
    check_names();
    check_walk();
    check_callback();
    check_exception();
    check_other_thread();
    CHECK(SymCleanup(self));
    return check_done();
}

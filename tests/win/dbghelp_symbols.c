/*
 * Does dbghelp know functions by address and by name: exports, and the program's own from its COFF symbols?
 */
#include "check.h"
#include <dbghelp.h>
/* link: -ldbghelp */

__attribute__((noinline)) int my_own_function(int x)
{
    return x * 7 + 3;
}

struct named {
    SYMBOL_INFO info;
    char name[256];
};

static int enumerated;

static BOOL CALLBACK count_symbol(PSYMBOL_INFO info, ULONG size, PVOID context)
{
    (void)size;
    enumerated++;
    CHECK(info->Address >= info->ModBase);
    CHECK(!strncmp(info->Name, context, strlen(context)));
    return TRUE;
}

static BOOL CALLBACK stop_at_once(PSYMBOL_INFO info, ULONG size, PVOID context)
{
    (void)info, (void)size;
    ++*(int *)context;
    return FALSE;
}

int main(void)
{
    HANDLE self = GetCurrentProcess();
    struct named symbol = {.info = {.SizeOfStruct = sizeof(SYMBOL_INFO), .MaxNameLen = 256}};
    DWORD64 displacement = 0;
    HMODULE kernel = GetModuleHandleA("kernel32.dll");
    DWORD64 create = (DWORD64)GetProcAddress(kernel, "CreateFileW");

    CHECK(!SymFromAddr(self, create, &displacement, &symbol.info)); /* before SymInitialize */
    CHECK(SymInitialize(self, NULL, TRUE));
    CHECK(SymFromAddr(self, create, &displacement, &symbol.info));
    CHECK_STR(symbol.info.Name, "CreateFileW");
    CHECK_EQ(displacement, 0);
    CHECK_EQ(symbol.info.NameLen, 11);
    CHECK_EQ(symbol.info.ModBase, (DWORD64)kernel);
    CHECK(SymFromName(self, "kernel32!CreateFileW", &symbol.info));
    CHECK_EQ(symbol.info.Address, create);
    CHECK(SymFromName(self, "CreateFileW", &symbol.info));
    CHECK(!SymFromName(self, "NoSuchNameAnywhere", &symbol.info));
    CHECK(!SymFromName(self, "nosuchmodule!CreateFileW", &symbol.info));
    /* the program's own */
    if (SymFromAddr(self, (DWORD64)my_own_function + 2, &displacement, &symbol.info) && !check_under_wine()) {
        CHECK_STR(symbol.info.Name, "my_own_function");
        CHECK_EQ(displacement, 2);
        CHECK_EQ(symbol.info.Address, (DWORD64)my_own_function);
        CHECK(symbol.info.Size >= 4);
        CHECK_EQ(symbol.info.ModBase, (DWORD64)GetModuleHandleA(NULL));
        CHECK(SymFromName(self, "my_own_function", &symbol.info));
        CHECK_EQ(symbol.info.Address, (DWORD64)my_own_function);
        CHECK(SymEnumSymbols(self, (DWORD64)GetModuleHandleA(NULL), "my_own*", count_symbol, "my_own"));
        CHECK_EQ(enumerated, 1);
    } else {
        CHECK(check_under_wine());
    }
    symbol.info.MaxNameLen = 5; /* cut */
    CHECK(SymFromAddr(self, create, &displacement, &symbol.info));
    CHECK_STR(symbol.info.Name, "Crea");
    CHECK_EQ(symbol.info.NameLen, 11);
    symbol.info.MaxNameLen = 256;
    enumerated = 0;
    CHECK(SymEnumSymbols(self, (DWORD64)kernel, "CreateFile*", count_symbol, "CreateFile"));
    CHECK(enumerated >= 3);
    int calls = 0;
    CHECK(SymEnumSymbols(self, (DWORD64)kernel, "*", stop_at_once, &calls));
    CHECK_EQ(calls, 1);
    IMAGEHLP_MODULE64 module = {.SizeOfStruct = sizeof module};
    CHECK(SymGetModuleInfo64(self, create, &module));
    CHECK(!_stricmp(module.ModuleName, "kernel32"));
    CHECK_EQ(module.BaseOfImage, (DWORD64)kernel);
    CHECK_EQ(SymGetModuleBase64(self, create + 1), (DWORD64)kernel);
    CHECK_EQ(SymGetModuleBase64(self, 16), 0);
    CHECK(SymCleanup(self));
    CHECK(!SymCleanup(self) || check_under_wine());
    return check_done();
}

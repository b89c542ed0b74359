/* Can a program find modules and their exports by hand, from PEB.Ldr and export directories? */
#include "check.h"
#include <winternl.h>

typedef struct {
    LIST_ENTRY load, memory, initialization;
    char *base;
    void *entry;
    ULONG size;
    UNICODE_STRING path, name;
} module_entry;

static LIST_ENTRY *list_head(int which)
{
    char *ldr = *(char **)(__readgsqword(0x60) + 0x18);
    return (LIST_ENTRY *)(ldr + 0x10) + which;
}

static module_entry *find_module(int which, const WCHAR *name)
{
    LIST_ENTRY *head = list_head(which);
    for (LIST_ENTRY *entry = head->Flink; entry != head; entry = entry->Flink) {
        module_entry *module = (module_entry *)(entry - which);
        if (!lstrcmpiW(module->name.Buffer, name))
            return module;
    }
    return NULL;
}

static IMAGE_EXPORT_DIRECTORY *exports_of(char *base, DWORD *end)
{
    IMAGE_NT_HEADERS *nt = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    CHECK_EQ(nt->Signature, IMAGE_NT_SIGNATURE);
    CHECK_EQ(nt->FileHeader.Machine, IMAGE_FILE_MACHINE_AMD64);
    IMAGE_DATA_DIRECTORY directory = nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    CHECK(directory.VirtualAddress && directory.VirtualAddress + directory.Size <= nt->OptionalHeader.SizeOfImage);
    *end = directory.VirtualAddress + directory.Size;
    return (IMAGE_EXPORT_DIRECTORY *)(base + directory.VirtualAddress);
}

/* The address behind a name; text of a forwarder in `forward`. */
static void *find_export(char *base, const char *name, const char **forward)
{
    DWORD end;
    IMAGE_EXPORT_DIRECTORY *exports = exports_of(base, &end);
    const DWORD *names = (const DWORD *)(base + exports->AddressOfNames);
    const WORD *ordinals = (const WORD *)(base + exports->AddressOfNameOrdinals);
    const DWORD *functions = (const DWORD *)(base + exports->AddressOfFunctions);
    *forward = NULL;
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        if (strcmp(base + names[i], name))
            continue;
        DWORD rva = functions[ordinals[i]];
        if (rva > (DWORD)((char *)exports - base) && rva < end)
            *forward = base + rva;
        return base + rva;
    }
    return NULL;
}

static void test_lists(void)
{
    module_entry *program = (module_entry *)list_head(0)->Flink;
    CHECK(program->base == (char *)GetModuleHandleA(NULL));
    CHECK(!lstrcmpiW(program->name.Buffer, L"loader_peb.exe"));
    CHECK(((module_entry *)(list_head(1)->Flink - 1))->base == program->base);
    for (int which = 0; which < 3; which++) {
        module_entry *kernel32 = find_module(which, L"kernel32.dll"), *ntdll = find_module(which, L"ntdll.dll");
        CHECK(kernel32 && kernel32->base == (char *)GetModuleHandleA("kernel32.dll"));
        CHECK(ntdll && ntdll->base == (char *)GetModuleHandleA("ntdll.dll"));
        CHECK(kernel32 && kernel32->size > 0x1000);
    }
    CHECK(*(void **)(__readgsqword(0x60) + 0x10) == program->base);
    /* Many programs take the second in memory order to be ntdll, the third kernel32. */
    LIST_ENTRY *second = list_head(1)->Flink->Flink;
    CHECK(((module_entry *)(second - 1))->base == (char *)GetModuleHandleA("ntdll.dll"));
    CHECK(((module_entry *)(second->Flink - 1))->base == (char *)GetModuleHandleA("kernel32.dll"));
}

static void test_exports(void)
{
    const char *forward;
    module_entry *kernel32 = find_module(0, L"kernel32.dll");
    DWORD(WINAPI * id)(void) = (DWORD(WINAPI *)(void))find_export(kernel32->base, "GetCurrentProcessId", &forward);
    CHECK(id && !forward && id() == GetCurrentProcessId());
    CHECK((FARPROC)id == GetProcAddress((HMODULE)kernel32->base, "GetCurrentProcessId"));
    CHECK(find_export(kernel32->base, "LoadLibraryA", &forward) != NULL);
    CHECK(find_export(kernel32->base, "GetProcAddress", &forward) != NULL);
    CHECK(!find_export(kernel32->base, "NoSuchFunctionAtAll", &forward));
}

/* Names are sorted by their bytes, so that a binary search finds them. */
static void test_sorted(void)
{
    static const char *const modules[] = {"kernel32.dll", "ntdll.dll", "msvcrt.dll"};
    for (int m = 0; m < 3; m++) {
        char *base = (char *)GetModuleHandleA(modules[m]);
        DWORD end, wrong = 0;
        IMAGE_EXPORT_DIRECTORY *exports = exports_of(base, &end);
        const DWORD *names = (const DWORD *)(base + exports->AddressOfNames);
        const WORD *ordinals = (const WORD *)(base + exports->AddressOfNameOrdinals);
        for (DWORD i = 0; i < exports->NumberOfNames; i++) {
            wrong += i && strcmp(base + names[i - 1], base + names[i]) >= 0;
            wrong += ordinals[i] >= exports->NumberOfFunctions;
        }
        CHECK_EQ(wrong, 0);
        CHECK(exports->NumberOfNames > 100);
        CHECK(!lstrcmpiA(base + exports->Name, modules[m]));
    }
}

/* All that the tables say is what GetProcAddress says, but for what is forwarded. */
static void test_agreement(void)
{
    char *base = (char *)GetModuleHandleA("kernel32.dll");
    DWORD end, wrong = 0;
    IMAGE_EXPORT_DIRECTORY *exports = exports_of(base, &end);
    const DWORD *names = (const DWORD *)(base + exports->AddressOfNames);
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        const char *forward;
        void *address = find_export(base, base + names[i], &forward);
        void *official = GetProcAddress((HMODULE)base, base + names[i]);
        if (!forward && address != official && wrong++ < 3)
            printf("%s is at %p or at %p\n", base + names[i], address, official);
    }
    CHECK_EQ(wrong, 0);
}

int main(void)
{
    test_lists();
    test_exports();
    test_sorted();
    test_agreement();
    return check_done();
}

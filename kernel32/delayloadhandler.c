/*
 * delayloadhandler.c: delayed imports that the program leaves to the system to bind.
 *
 * Layer: kernel32; on top of libloaderapi.  The structures are those of Microsoft's delayloadhandler.h, which
 * mingw-w64 does not have.
 */
#include "win.h"
#include "ntdll/gate.h"

/* What a program's failure hook is told. */
typedef struct {
    ULONG Size;
    const IMAGE_DELAYLOAD_DESCRIPTOR *DelayloadDescriptor;
    IMAGE_THUNK_DATA64 *ThunkAddress;
    LPCSTR TargetDllName;
    struct {
        ULONG ImportDescribedByName;
        union {
            LPCSTR Name;
            ULONG Ordinal;
        } Description;
    } TargetApiDescriptor;
    PVOID TargetModuleBase;
    PVOID Unused;
    ULONG LastError;
} DELAYLOAD_INFO;

enum { DELAYLOAD_GPA_FAILURE = 4 };

#define NO_MODULE 0xc06d007eu /* what Visual C++'s own helper raises */
#define NO_FUNCTION 0xc06d007fu

/* The DLL is loaded by the first function that is asked of it; two threads may both do so. */
static HMODULE target_module(char *base, const IMAGE_DELAYLOAD_DESCRIPTOR *descriptor)
{
    HMODULE *slot = (HMODULE *)(base + descriptor->ModuleHandleRVA), module = __atomic_load_n(slot, __ATOMIC_ACQUIRE);

    if (module)
        return module;
    module = LoadLibraryA(base + descriptor->DllNameRVA);
    if (module && __atomic_exchange_n(slot, module, __ATOMIC_ACQ_REL) == module)
        FreeLibrary(module);
    return module;
}

static void store(IMAGE_THUNK_DATA64 *thunk, void *function)
{
    DWORD old;

    if (VirtualProtect(thunk, sizeof *thunk, PAGE_READWRITE, &old)) {
        __atomic_store_n(&thunk->u1.Function, (ULONGLONG)(ULONG_PTR)function, __ATOMIC_RELEASE);
        VirtualProtect(thunk, sizeof *thunk, old, &old);
    }
}

/* dll_hook and system_hook are the program's; flags: none is defined. */
PVOID WINAPI ResolveDelayLoadedAPI(PVOID parent, const IMAGE_DELAYLOAD_DESCRIPTOR *descriptor, PVOID dll_hook,
                                   PVOID system_hook, IMAGE_THUNK_DATA64 *thunk, ULONG flags)
{
    char *base = parent;
    size_t index = (size_t)(thunk - (IMAGE_THUNK_DATA64 *)(base + descriptor->ImportAddressTableRVA));
    ULONGLONG name = ((IMAGE_THUNK_DATA64 *)(base + descriptor->ImportNameTableRVA))[index].u1.AddressOfData;
    bool by_name = !(name & IMAGE_ORDINAL_FLAG64);
    const char *text =
        by_name ? ((IMAGE_IMPORT_BY_NAME *)(base + name))->Name : (const char *)(ULONG_PTR)(name & 0xffff);
    HMODULE module = target_module(base, descriptor);
    void *function = module ? (void *)GetProcAddress(module, text) : NULL;

    (void)flags;
    if (!function && dll_hook) {
        DELAYLOAD_INFO info = {.Size = sizeof info,
                               .DelayloadDescriptor = descriptor,
                               .ThunkAddress = thunk,
                               .TargetDllName = base + descriptor->DllNameRVA,
                               .TargetApiDescriptor = {.ImportDescribedByName = by_name, .Description.Name = text},
                               .TargetModuleBase = module,
                               .LastError = GetLastError()};
        function = (void *)guest_call(dll_hook, DELAYLOAD_GPA_FAILURE, GUEST(&info), 0, 0);
    }
    if (!function && system_hook)
        function = (void *)guest_call(system_hook, GUEST(base + descriptor->DllNameRVA), GUEST(text), 0, 0);
    if (function)
        store(thunk, function);
    return function;
}

/* What programs pass as system_hook: there is no function to go on with. */
PVOID WINAPI DelayLoadFailureHook(LPCSTR dll, LPCSTR function)
{
    ULONG_PTR arguments[] = {(ULONG_PTR)dll, (ULONG_PTR)function};

    RaiseException(GetModuleHandleA(dll) ? NO_FUNCTION : NO_MODULE, 0, 2, arguments);
    return NULL;
}

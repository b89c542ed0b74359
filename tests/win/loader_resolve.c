/*
 * loader_resolve.c: does ResolveDelayLoadedAPI bind what it is shown, by name and by ordinal, and ask the hooks
 * otherwise?
 */
#include "check.h"

typedef void *(WINAPI *resolve_function)(void *, const IMAGE_DELAYLOAD_DESCRIPTOR *, void *, void *,
                                         IMAGE_THUNK_DATA64 *, ULONG);

/* An "image" of our own: everything is told as an offset into it. */
static struct {
    char dll[32], missing_dll[32];
    struct {
        WORD hint;
        char name[32];
    } good, bad;
    HMODULE module, none;
    IMAGE_THUNK_DATA64 addresses[3], names[3];
} image = {"version.dll", "nothere.dll", {0, "GetFileVersionInfoSizeA"}, {0, "NoSuchFunction"}};

#define OFFSET(field) (DWORD)((char *)&image.field - (char *)&image)

static int hook_calls, system_calls;
static DWORD hook_reason;

static void *WINAPI dll_hook(ULONG reason, void *info)
{
    hook_calls++;
    hook_reason = reason;
    return NULL;
}

static void *WINAPI system_hook(const char *dll, const char *function)
{
    system_calls++;
    CHECK(!strcmp(dll, "version.dll") || !strcmp(dll, "nothere.dll"));
    return (void *)system_hook;
}

int main(void)
{
    resolve_function resolve =
        (resolve_function)(void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "ResolveDelayLoadedAPI");
    IMAGE_DELAYLOAD_DESCRIPTOR descriptor = {.DllNameRVA = OFFSET(dll),
                                             .ModuleHandleRVA = OFFSET(module),
                                             .ImportAddressTableRVA = OFFSET(addresses),
                                             .ImportNameTableRVA = OFFSET(names)};

    CHECK(resolve != NULL);
    descriptor.Attributes.AllAttributes = 1;
    image.names[0].u1.AddressOfData = OFFSET(good);
    image.names[1].u1.AddressOfData = OFFSET(bad);
    image.names[2].u1.Ordinal = IMAGE_ORDINAL_FLAG64 | 1;

    void *function = resolve(&image, &descriptor, dll_hook, system_hook, &image.addresses[0], 0);
    HMODULE version = GetModuleHandleA("version.dll");
    CHECK(version != NULL);
    CHECK(image.module == version);
    CHECK(function == (void *)GetProcAddress(version, "GetFileVersionInfoSizeA"));
    CHECK((void *)image.addresses[0].u1.Function == function);
    CHECK_EQ(hook_calls, 0);

    function = resolve(&image, &descriptor, dll_hook, system_hook, &image.addresses[2], 0);
    CHECK(function == (void *)GetProcAddress(version, MAKEINTRESOURCEA(1)));

    function = resolve(&image, &descriptor, dll_hook, system_hook, &image.addresses[1], 0);
    CHECK_EQ(hook_calls, 1);
    CHECK_EQ(hook_reason, 4);
    system_calls = 0; /* whether it is asked after a hook that knows no function either is not documented */

    descriptor.DllNameRVA = OFFSET(missing_dll);
    descriptor.ModuleHandleRVA = OFFSET(none);
    function = resolve(&image, &descriptor, NULL, system_hook, &image.addresses[0], 0);
    CHECK(function == (void *)system_hook);
    CHECK(image.none == NULL);
    CHECK_EQ(system_calls, 1);
    return check_done();
}

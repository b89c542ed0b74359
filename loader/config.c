/*
 * config.c: the load configuration: security cookie and control flow guard.
 *
 * The guard's check and dispatch pointers are replaced by functions that accept every target: winrun keeps no
 * map of valid targets, and a program must run the same without one.
 */
#include <string.h>
#include <sys/random.h>
#include "loader.h"

#define DEFAULT_COOKIE 0x00002b992ddfa232ull

/* The check gets its target in rcx and keeps every register; the dispatch gets it in rax and goes there. */
__asm__(".text\n"
        ".balign 16\n"
        "guard_check: ret\n"
        ".balign 16\n"
        "guard_dispatch: jmp *%rax\n");

extern const char guard_check[] __attribute__((visibility("hidden")));
extern const char guard_dispatch[] __attribute__((visibility("hidden")));

/* Windows' cookies have their upper 16 bits clear and differ from the compiler's default. */
static uint64_t cookie_new(void)
{
    static uint64_t state;
    if (!state && getrandom(&state, sizeof state, GRND_NONBLOCK) != sizeof state)
        state = (uintptr_t)&state * 0x9e3779b97f4a7c15ull;
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    uint64_t cookie = state >> 16;
    return cookie == DEFAULT_COOKIE ? cookie + 1 : cookie;
}

/* Fields that mingw-w64's structure does not have. */
#define GUARD_CHECK_OFFSET 0x70
#define GUARD_DISPATCH_OFFSET 0x78

/* Stores `value` where the configuration's field at `offset` points, if it has the field. */
static NTSTATUS set_pointer(const struct module *module, const void *config, size_t size, size_t offset,
                            const void *value)
{
    uint64_t address;
    if (size < offset + sizeof address)
        return STATUS_SUCCESS;
    memcpy(&address, (const char *)config + offset, sizeof address);
    if (!address)
        return STATUS_SUCCESS;
    uint64_t *slot = pe_at_address(&module->image, address, sizeof *slot);
    if (!slot)
        return STATUS_INVALID_IMAGE_FORMAT;
    *slot = (uint64_t)value;
    return STATUS_SUCCESS;
}

NTSTATUS config_init(const struct module *module)
{
    size_t size = 0;
    const IMAGE_LOAD_CONFIG_DIRECTORY64 *config = pe_load_config(&module->image, &size);
    if (!config)
        return STATUS_SUCCESS;
    if (size >= offsetof(IMAGE_LOAD_CONFIG_DIRECTORY64, SecurityCookie) + 8 && config->SecurityCookie) {
        uint64_t *cookie = pe_at_address(&module->image, config->SecurityCookie, sizeof *cookie);
        if (!cookie)
            return STATUS_INVALID_IMAGE_FORMAT;
        if (!*cookie || *cookie == DEFAULT_COOKIE)
            *cookie = cookie_new();
    }
    NTSTATUS status = set_pointer(module, config, size, GUARD_CHECK_OFFSET, guard_check);
    return NT_SUCCESS(status) ? set_pointer(module, config, size, GUARD_DISPATCH_OFFSET, guard_dispatch) : status;
}

/*
 * module.c: the list of loaded modules, as winrun and as PEB.Ldr see it.
 *
 * Part of the loader; calls ntdll's strings and critical sections.  Entries come from the host's
 * allocator and are never freed, so that a walk without a lock (signal handlers, unwinding)
 * always stands on valid memory; an entry whose base is NULL is empty.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "actctx.h"
#include "announce.h"
#include "builtin.h"
#include "loader.h"
#include "ntdll/virtual.h"

#define LDRP_STATIC_LINK 0x00000002
#define LDRP_IMAGE_DLL 0x00000004
#define LDRP_ENTRY_PROCESSED 0x00004000
#define LDRP_PROCESS_ATTACH_CALLED 0x00080000

static const WCHAR system_directory[] = L"C:\\Windows\\System32\\";

static struct module *_Atomic modules; /* newest last, so that the program is found first */
static struct module *last_module, *program;
static PEB_LDR_DATA ldr_data;
static RTL_CRITICAL_SECTION lock = {.LockCount = -1, .DebugInfo = (PRTL_CRITICAL_SECTION_DEBUG)-1};

void loader_lock(void)
{
    RtlEnterCriticalSection(&lock);
}

void loader_unlock(void)
{
    RtlLeaveCriticalSection(&lock);
}

static void list_init(LIST_ENTRY *head)
{
    head->Flink = head->Blink = head;
}

static void list_append(LIST_ENTRY *head, LIST_ENTRY *entry)
{
    entry->Flink = head;
    entry->Blink = head->Blink;
    head->Blink->Flink = entry;
    head->Blink = entry;
}

static void list_remove(LIST_ENTRY *entry)
{
    if (!entry->Flink)
        return;
    entry->Blink->Flink = entry->Flink;
    entry->Flink->Blink = entry->Blink;
    entry->Flink = entry->Blink = NULL;
}

void module_list_init(void)
{
    PPEB peb = peb_current();
    ldr_data.Length = sizeof ldr_data;
    ldr_data.Initialized = TRUE;
    list_init(&ldr_data.InLoadOrderModuleList);
    list_init(&ldr_data.InMemoryOrderModuleList);
    list_init(&ldr_data.InInitializationOrderModuleList);
    peb->Ldr = &ldr_data;
    peb->LoaderLock = &lock;
}

struct module *module_first(void)
{
    return atomic_load_explicit(&modules, memory_order_acquire);
}

struct module *module_program(void)
{
    return program;
}

/* An unused entry: an emptied one, or a new one at the end of the list. */
static struct module *entry_new(void)
{
    struct module *module = module_first();
    while (module && module->state != MODULE_EMPTY)
        module = module->next;
    if (module) {
        struct module *next = module->next;
        memset(module, 0, sizeof *module);
        module->next = next;
        return module;
    }
    module = calloc(1, sizeof *module);
    if (!module)
        return NULL;
    if (last_module)
        __atomic_store_n(&last_module->next, module, __ATOMIC_RELEASE);
    else
        atomic_store_explicit(&modules, module, memory_order_release);
    last_module = module;
    return module;
}

/* FullDllName and BaseDllName share one buffer: the path, and its last part. */
static bool set_names(struct module *module, const WCHAR *path)
{
    size_t length = 0, base = 0;
    for (; path[length]; length++)
        if (path[length] == '\\')
            base = length + 1;
    WCHAR *text = malloc((length + 1) * sizeof *text);
    if (!text)
        return false;
    memcpy(text, path, (length + 1) * sizeof *text);
    module->ldr.FullDllName.Buffer = text;
    module->ldr.FullDllName.Length = (USHORT)(length * sizeof *text);
    module->ldr.FullDllName.MaximumLength = (USHORT)((length + 1) * sizeof *text);
    module->ldr.BaseDllName.Buffer = text + base;
    module->ldr.BaseDllName.Length = (USHORT)((length - base) * sizeof *text);
    module->ldr.BaseDllName.MaximumLength = (USHORT)((length - base + 1) * sizeof *text);
    return true;
}

static void set_image(struct module *module, const struct pe_image *image)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)image->base;
    module->image = *image;
    module->nt = (const IMAGE_NT_HEADERS64 *)(image->base + dos->e_lfanew);
    module->size = image->size;
    module->pdata = pe_exceptions(image, &module->pdata_count);
    module->ldr.DllBase = image->base;
    module->ldr.SizeOfImage = image->size;
    module->ldr.TimeDateStamp = module->nt->FileHeader.TimeDateStamp;
    module->ldr.OriginalBase = image->preferred;
    if (module->nt->OptionalHeader.AddressOfEntryPoint)
        module->ldr.EntryPoint = image->base + module->nt->OptionalHeader.AddressOfEntryPoint;
    /* Last: walkers take an entry with a base as complete. */
    __atomic_store_n(&module->base, image->base, __ATOMIC_RELEASE);
}

static void link_module(struct module *module)
{
    list_init(&module->ldr.HashLinks);
    list_init(&module->ldr.NodeModuleLink);
    list_append(&ldr_data.InLoadOrderModuleList, &module->ldr.InLoadOrderLinks);
    list_append(&ldr_data.InMemoryOrderModuleList, &module->ldr.InMemoryOrderLinks);
    announce_module(module, true);
}

static struct module *module_new(const struct pe_image *image, const WCHAR *dos_path, enum module_state state)
{
    struct module *module = entry_new();
    if (!module || !set_names(module, dos_path))
        return NULL;
    module->state = state;
    module->ldr.ObsoleteLoadCount = 1;
    set_image(module, image);
    return module;
}

struct module *module_add_builtin(const struct builtin *dll)
{
    WCHAR path[64];
    size_t length = ARRAYSIZE(system_directory) - 1;
    memcpy(path, system_directory, sizeof system_directory);
    search_widen(builtin_name(dll), path + length, ARRAYSIZE(path) - length);
    struct pe_image image;
    if (!pe_image_from_memory(&image, builtin_image(dll), dll->image_size))
        return NULL;
    struct module *module = module_new(&image, path, MODULE_READY);
    if (!module)
        return NULL;
    module->builtin = dll;
    module->ldr.Flags = LDRP_IMAGE_DLL | LDRP_ENTRY_PROCESSED;
    virtual_adopt_image(image.base, image.size);
    link_module(module);
    module_mark_initialized(module);
    return module;
}

struct module *module_add_file(const struct pe *pe, const struct pe_image *image, const char *host_path,
                               const WCHAR *dos_path)
{
    struct module *module = module_new(image, dos_path, MODULE_MAPPED);
    if (!module)
        return NULL;
    module->host_path = strdup(host_path);
    module->device = pe->file.device;
    module->inode = pe->file.inode;
    if (pe->characteristics & IMAGE_FILE_DLL)
        module->ldr.Flags = LDRP_IMAGE_DLL;
    if (!program)
        program = module;
    link_module(module);
    return module;
}

void module_mark_initialized(struct module *module)
{
    module->ldr.Flags |= LDRP_ENTRY_PROCESSED | LDRP_PROCESS_ATTACH_CALLED;
    if (!module->ldr.InInitializationOrderLinks.Flink)
        list_append(&ldr_data.InInitializationOrderModuleList, &module->ldr.InInitializationOrderLinks);
}

struct module *module_last_initialized(bool unreferenced)
{
    LIST_ENTRY *head = &ldr_data.InInitializationOrderModuleList;
    for (LIST_ENTRY *entry = head->Blink; entry != head; entry = entry->Blink) {
        struct module *module = CONTAINING_RECORD(entry, struct module, ldr.InInitializationOrderLinks);
        if (module->state == MODULE_READY && (unreferenced ? !module->references : !module->builtin))
            return module;
    }
    return NULL;
}

void module_remove(struct module *module)
{
    void *base = module->base;
    announce_module(module, false);
    list_remove(&module->ldr.InLoadOrderLinks);
    list_remove(&module->ldr.InMemoryOrderLinks);
    list_remove(&module->ldr.InInitializationOrderLinks);
    __atomic_store_n(&module->base, NULL, __ATOMIC_RELEASE);
    tls_module_remove(module);
    free(module->ldr.FullDllName.Buffer);
    free(module->host_path);
    free(module->imports);
    actctx_release(module->context);
    if (!module->builtin)
        virtual_unmap_image(base);
    module->state = MODULE_EMPTY;
}

void module_clear_visited(void)
{
    for (struct module *module = module_first(); module; module = module->next)
        module->visited = false;
}

static bool is_loaded(const struct module *module)
{
    return module->base && module->state != MODULE_EMPTY && module->state != MODULE_DATA;
}

struct module *module_from_builtin(const struct builtin *dll)
{
    for (struct module *module = module_first(); module; module = module->next)
        if (is_loaded(module) && module->builtin == dll)
            return module;
    return NULL;
}

static struct module *find_by_name(const WCHAR *name, bool full)
{
    UNICODE_STRING wanted;
    RtlInitUnicodeString(&wanted, name);
    for (struct module *module = module_first(); module; module = module->next) {
        UNICODE_STRING *own = full ? &module->ldr.FullDllName : &module->ldr.BaseDllName;
        if (is_loaded(module) && own->Length == wanted.Length && RtlEqualUnicodeString(own, &wanted, TRUE))
            return module;
    }
    return NULL;
}

struct module *module_from_base_name(const WCHAR *name)
{
    return find_by_name(name, false);
}

struct module *module_from_dos_path(const WCHAR *path)
{
    return find_by_name(path, true);
}

struct module *module_from_file(const struct pe_file_id *file)
{
    for (struct module *module = module_first(); module; module = module->next)
        if (is_loaded(module) && !module->builtin && module->device == file->device && module->inode == file->inode)
            return module;
    return NULL;
}

struct module *module_from_base(const void *base)
{
    if (!base)
        return program;
    for (struct module *module = module_first(); module; module = module->next)
        if (module->base == base)
            return module;
    return NULL;
}

struct module *module_from_address(const void *address)
{
    for (struct module *module = module_first(); module; module = __atomic_load_n(&module->next, __ATOMIC_ACQUIRE)) {
        const char *base = __atomic_load_n(&module->base, __ATOMIC_ACQUIRE);
        if (base && (size_t)((const char *)address - base) < module->size)
            return module;
    }
    return NULL;
}

const char *module_name(const struct module *module, char *text, size_t size)
{
    search_narrow(module->ldr.BaseDllName.Buffer, text, size);
    return text;
}

/* The export that starts nearest below `rva`; its name, or NULL. */
static const char *nearest_export(const struct module *module, uint32_t rva, uint32_t *distance)
{
    const char *name = NULL;
    struct pe_export export;
    for (uint32_t i = 0; pe_export_at(&module->image, i, &export); i++)
        if (export.rva && export.rva <= rva && (!name || rva - export.rva < *distance)) {
            name = export.name;
            *distance = rva - export.rva;
        }
    return name;
}

void module_describe_address(const void *address, char *text, size_t size)
{
    const struct module *module = module_from_address(address);
    if (!module) {
        snprintf(text, size, "%p", address);
        return;
    }
    char name[128];
    module_name(module, name, sizeof name);
    uint32_t rva = (uint32_t)((const uint8_t *)address - module->image.base), distance = 0;
    const char *export = nearest_export(module, rva, &distance);
    if (export && distance < 0x10000)
        snprintf(text, size, "%s!%s+%#x", name, export, distance);
    else
        snprintf(text, size, "%s+%#x", name, rva);
}

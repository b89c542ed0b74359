/*
 * datafile.c: modules loaded for their data or resources alone (LOAD_LIBRARY_AS_DATAFILE, _AS_IMAGE_RESOURCE).
 *
 * Handles are marked as on Windows: bit 0, the file as it lies on disk; bit 1, laid out as an image.  A flat
 * file is mapped a second time as an image when its resources are first asked for, so that there is one
 * walker of resources.  Under the loader lock.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "builtin.h"
#include "datafile.h"
#include "map.h"
#include "ntdll/error.h"
#include "ntdll/virtual.h"

enum { FLAT = 1, IMAGE = 2 };

struct data_file {
    struct data_file *next;
    void *flat;            /* NULL if only the image is mapped */
    struct pe_image image; /* base NULL until it is needed */
    char *host_path;
};

static struct data_file *data_files;

bool data_is_handle(HMODULE base)
{
    return ((ULONG_PTR)base & (FLAT | IMAGE)) != 0;
}

static void *handle_address(HMODULE base)
{
    return (void *)((ULONG_PTR)base & ~(ULONG_PTR)(FLAT | IMAGE));
}

static struct data_file **find(HMODULE base)
{
    const void *address = handle_address(base);
    struct data_file **link = &data_files;
    while (*link && ((ULONG_PTR)base & FLAT ? (*link)->flat : (void *)(*link)->image.base) != address)
        link = &(*link)->next;
    return link;
}

static NTSTATUS map_as_image(int fd, struct pe_image *image)
{
    struct pe *pe = malloc(sizeof *pe);
    if (!pe)
        return STATUS_NO_MEMORY;
    NTSTATUS status = pe_open(fd, PE_RESOURCE, pe);
    if (NT_SUCCESS(status))
        status = map_image(fd, pe, image);
    if (NT_SUCCESS(status))
        status = virtual_protect_image(image->base, image->size, PAGE_READONLY);
    free(pe);
    return status;
}

/* Maps the file as it is; it must at least have the headers of an image. */
static NTSTATUS map_flat(int fd, void **flat)
{
    struct pe *pe = malloc(sizeof *pe);
    if (!pe)
        return STATUS_NO_MEMORY;
    NTSTATUS status = pe_open(fd, PE_RESOURCE, pe);
    size_t size = pe->file.size;
    free(pe);
    if (!NT_SUCCESS(status))
        return status;
    *flat = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (*flat == MAP_FAILED)
        return STATUS_NO_MEMORY;
    status = virtual_adopt_image(*flat, size);
    if (!NT_SUCCESS(status))
        munmap(*flat, size);
    return status;
}

static NTSTATUS open_data_file(struct data_file *file, bool image)
{
    int fd = open(file->host_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return STATUS_DLL_NOT_FOUND;
    NTSTATUS status = image ? map_as_image(fd, &file->image) : map_flat(fd, &file->flat);
    close(fd);
    return status;
}

static NTSTATUS data_file_new(const char *host_path, bool image, HMODULE *base)
{
    struct data_file *file = calloc(1, sizeof *file);
    if (!file || !(file->host_path = strdup(host_path))) {
        free(file);
        return STATUS_NO_MEMORY;
    }
    NTSTATUS status = open_data_file(file, image);
    if (!NT_SUCCESS(status)) {
        free(file->host_path);
        free(file);
        return status;
    }
    file->next = data_files;
    data_files = file;
    *base = image ? (HMODULE)(file->image.base + IMAGE) : (HMODULE)((char *)file->flat + FLAT);
    return STATUS_SUCCESS;
}

NTSTATUS data_load(const struct load_request *request, HMODULE *base)
{
    struct search_result *found = malloc(sizeof *found);
    if (!found)
        return STATUS_NO_MEMORY;
    loader_lock();
    NTSTATUS status = search_module(request, found);
    if (NT_SUCCESS(status) && found->builtin)
        *base = (HMODULE)(builtin_image(found->builtin) + IMAGE);
    else if (NT_SUCCESS(status))
        status = data_file_new(found->host_path, request->flags & LOAD_LIBRARY_AS_IMAGE_RESOURCE, base);
    else if (status == STATUS_DLL_NOT_FOUND)
        status = STATUS_OBJECT_NAME_NOT_FOUND; /* a file is asked for, not a module */
    loader_unlock();
    free(found);
    return status;
}

NTSTATUS data_unload(HMODULE base)
{
    NTSTATUS status = STATUS_SUCCESS;
    loader_lock();
    struct data_file **link = find(base), *file = *link;
    if (file) {
        *link = file->next;
        if (file->flat)
            virtual_unmap_image(file->flat);
        if (file->image.base)
            virtual_unmap_image(file->image.base);
        free(file->host_path);
        free(file);
    } else if (!builtin_at_image(handle_address(base))) {
        status = STATUS_INVALID_HANDLE;
    }
    loader_unlock();
    return status;
}

NTSTATUS data_image(HMODULE base, struct pe_image *image)
{
    struct data_file *file = *find(base);
    if (file) {
        NTSTATUS status = file->image.base ? STATUS_SUCCESS : open_data_file(file, true);
        *image = file->image;
        return status;
    }
    const struct builtin *dll = builtin_at_image(handle_address(base));
    if (dll && pe_image_from_memory(image, builtin_image(dll), dll->image_size))
        return STATUS_SUCCESS;
    return STATUS_INVALID_HANDLE;
}

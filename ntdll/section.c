/*
 * section.c: sections: memory that a file or the page file stands behind, and views of it.
 *
 * A section owns a copy of its file's fd (or a memfd), so it lives on when the file's handle is closed.
 * Address space is virtual.c's; images go through the loader's mapper.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "fileio.h"
#include "loader/map.h"
#include "region.h"
#include "remote.h"
#include "shared.h"
#include "virtual.h"

struct section {
    struct object object;
    int fd; /* -1: an empty reservation */
    uint64_t size;
    ULONG protect;             /* PAGE_* of creation: the most a view may have */
    ULONG attributes;          /* SEC_* */
    bool file;                 /* a file stands behind it, not memory */
    struct commit_set commits; /* of SEC_RESERVE memory that this process alone uses */
};

static void section_destroy(struct object *object)
{
    struct section *section = (struct section *)object;
    if (section->fd >= 0)
        close(section->fd);
    commit_set_free(&section->commits);
    object_free(object);
}

/* A named section's part in the arena. */
struct section_shared {
    uint64_t size;
    uint32_t protect, attributes, file;
};

/*
 * By name other processes come to the file through a path beside the arena: the memory itself, or a link to the file.
 * The section is new: nobody has mapped it.
 */
static bool section_share(struct object *object, uint32_t index)
{
    struct section *section = (struct section *)object;
    struct section_shared *shared = (struct section_shared *)arena_entry(index)->data;
    char path[160], descriptor[32], target[PATH_HOST_MAX];
    arena_section_path(index, path, sizeof path);
    *shared = (struct section_shared){section->size, section->protect, section->attributes, section->file};
    unlink(path);
    if (section->file) {
        snprintf(descriptor, sizeof descriptor, "/proc/self/fd/%d", section->fd);
        ssize_t n = readlink(descriptor, target, sizeof target - 1);
        if (n <= 0)
            return false;
        target[n] = 0;
        return !symlink(target, path);
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    if (ftruncate(fd, (off_t)section->size)) {
        close(fd);
        unlink(path);
        return false;
    }
    close(section->fd);
    section->fd = fd;
    return true;
}

static struct object *section_proxy(uint32_t index)
{
    const struct section_shared *shared = (const struct section_shared *)arena_entry(index)->data;
    struct section *section = object_create(&type_section, sizeof *section);
    char path[160];
    if (!section)
        return NULL;
    arena_section_path(index, path, sizeof path);
    section->size = shared->size;
    section->protect = shared->protect;
    section->attributes = shared->attributes;
    section->file = shared->file;
    section->fd = open(path, O_RDWR | O_CLOEXEC);
    if (section->fd < 0)
        section->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (section->fd < 0) {
        object_release(section);
        return NULL;
    }
    return &section->object;
}

/* One that has a name keeps it as long as the receiver has it. */
NTSTATUS section_give(struct object *object, struct handover_object *out, struct blob *blob)
{
    const struct section *section = (const struct section *)object;
    (void)blob;
    out->fd = section->fd;
    out->entry = object->shared;
    out->numbers[0] = section->protect;
    out->numbers[1] = section->attributes;
    out->numbers[2] = section->file;
    out->wide[0] = section->size;
    return STATUS_SUCCESS;
}

NTSTATUS section_take(const struct handover_object *in, const char *text, struct object **object)
{
    if (in->entry) {
        if (in->fd >= 0)
            close(in->fd);
        return shared_take(in, text, object);
    }
    struct section *section = object_create(&type_section, sizeof *section);
    if (!section)
        return STATUS_NO_MEMORY;
    section->fd = in->fd;
    section->protect = in->numbers[0];
    section->attributes = in->numbers[1];
    section->file = in->numbers[2];
    section->size = in->wide[0];
    *object = &section->object;
    return STATUS_SUCCESS;
}

const struct object_type type_section = {
    .name = "Section",
    .mapping = {STANDARD_RIGHTS_READ | SECTION_QUERY | SECTION_MAP_READ, STANDARD_RIGHTS_WRITE | SECTION_MAP_WRITE,
                STANDARD_RIGHTS_EXECUTE | SECTION_MAP_EXECUTE, SECTION_ALL_ACCESS},
    .all_access = SECTION_ALL_ACCESS,
    .arena_kind = ARENA_SECTION,
    .share = section_share,
    .proxy = section_proxy,
    .destroy = section_destroy,
};

static bool protect_writes(ULONG protect)
{
    return protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE);
}

static bool section_protect_valid(ULONG protect)
{
    ULONG base = protect & 0xff;
    return base == PAGE_READONLY || base == PAGE_READWRITE || base == PAGE_WRITECOPY || base == PAGE_EXECUTE ||
           base == PAGE_EXECUTE_READ || base == PAGE_EXECUTE_READWRITE || base == PAGE_EXECUTE_WRITECOPY;
}

/* Takes the size from the file, or makes the file as large as asked for. */
static NTSTATUS section_size_file(struct section *section, const struct file *file, const LARGE_INTEGER *maximum)
{
    struct stat st;
    if (fstat(section->fd, &st))
        return status_from_errno(errno);
    section->size = maximum && maximum->QuadPart ? (uint64_t)maximum->QuadPart : (uint64_t)st.st_size;
    if (!section->size)
        return STATUS_MAPPED_FILE_SIZE_ZERO;
    if (section->size <= (uint64_t)st.st_size)
        return STATUS_SUCCESS;
    if (!protect_writes(section->protect) || !(file->access & FILE_WRITE_DATA))
        return STATUS_SECTION_TOO_BIG;
    return ftruncate(section->fd, section->size) ? status_from_errno(errno) : STATUS_SUCCESS;
}

static NTSTATUS section_from_file(struct section *section, HANDLE handle, const LARGE_INTEGER *maximum)
{
    struct file *file;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    if (file->kind != FILE_KIND_DISK)
        status = STATUS_INVALID_FILE_FOR_SECTION;
    else if (!(file->access & (FILE_READ_DATA | FILE_EXECUTE)) ||
             (protect_writes(section->protect) && !(section->attributes & SEC_IMAGE) &&
              !(file->access & FILE_WRITE_DATA)))
        status = STATUS_ACCESS_DENIED;
    if (!status) {
        section->fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 3);
        status = section->fd < 0 ? status_from_errno(errno) : section_size_file(section, file, maximum);
    }
    object_release(file);
    return status;
}

static NTSTATUS section_from_memory(struct section *section, const LARGE_INTEGER *maximum)
{
    if (!maximum || maximum->QuadPart <= 0)
        return STATUS_INVALID_PARAMETER;
    section->size = ((uint64_t)maximum->QuadPart + 0xfff) & ~0xfffull;
    section->fd = memfd_create("section", MFD_CLOEXEC);
    if (section->fd < 0 || ftruncate(section->fd, section->size))
        return status_from_errno(errno);
    return STATUS_SUCCESS;
}

static NTSTATUS section_check_image(struct section *section)
{
    struct pe pe;
    NTSTATUS status = pe_open(section->fd, PE_LIBRARY, &pe);
    section->size = status ? 0 : pe.size;
    return status;
}

NTSTATUS WINAPI NtCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                PLARGE_INTEGER maximum, ULONG protect, ULONG allocation, HANDLE file)
{
    NTSTATUS status;
    *handle = NULL;
    if (!section_protect_valid(protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (!(allocation & (SEC_COMMIT | SEC_RESERVE | SEC_IMAGE)))
        return STATUS_INVALID_PARAMETER_6;
    struct section *section = object_create(&type_section, sizeof *section);
    if (!section)
        return STATUS_NO_MEMORY;
    section->fd = -1;
    section->protect = protect & 0xff;
    section->attributes = allocation;
    section->file = file != NULL;
    if (file)
        status = section_from_file(section, file, maximum);
    else
        status = allocation & SEC_IMAGE ? STATUS_INVALID_FILE_FOR_SECTION : section_from_memory(section, maximum);
    if (!status && (allocation & SEC_IMAGE))
        status = section_check_image(section);
    if (status) {
        object_release(section);
        return status;
    }
    return object_publish(section, access, attributes, handle);
}

NTSTATUS WINAPI NtOpenSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_section, access, attributes, handle);
}

/* Whether a view of this protection may be made of the section. */
static bool view_allowed(const struct section *section, ULONG protect)
{
    bool writes = protect_writes(protect), executes = protect & 0xf0;
    if (writes && !protect_writes(section->protect))
        return false;
    return !executes || (section->protect & 0xf0) || (section->attributes & SEC_IMAGE);
}

static ACCESS_MASK view_access(ULONG protect)
{
    return protect_writes(protect) ? SECTION_MAP_WRITE : SECTION_MAP_READ;
}

static NTSTATUS view_image(struct section *section, PVOID *base, PSIZE_T size)
{
    struct pe pe;
    struct pe_image image;
    NTSTATUS status = pe_open(section->fd, PE_LIBRARY, &pe);
    if (!status)
        status = map_image(section->fd, &pe, &image);
    if (status)
        return status;
    *base = image.base;
    *size = image.size;
    status = map_protect(&pe, &image);
    return status || image.preferred == pe.base ? status : STATUS_IMAGE_NOT_AT_BASE;
}

static NTSTATUS map_view(struct section *section, PVOID *base, uint64_t offset, PSIZE_T size, ULONG allocation,
                         ULONG protect, struct virtual_place *place)
{
    if (section->attributes & SEC_IMAGE)
        return view_image(section, base, size);
    /* Placeholders may begin at any page, and so may what is put in their place. */
    if ((offset | (ULONG_PTR)*base) & (allocation & MEM_REPLACE_PLACEHOLDER ? 0xfff : 0xffff))
        return STATUS_MAPPED_ALIGNMENT;
    if (offset >= section->size || (*size && offset + *size > ((section->size + 0xfff) & ~0xfffull)))
        return STATUS_INVALID_VIEW_SIZE;
    if (!view_allowed(section, protect))
        return STATUS_SECTION_PROTECTION;
    size_t length = *size ? *size : section->size - offset;
    bool copy = protect & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY);
    struct virtual_view view = {.fd = section->fd,
                                .offset = offset,
                                .size = length,
                                .shared = !copy,
                                .protect = protect,
                                .flags = allocation & ~(section->attributes & SEC_RESERVE ? 0u : MEM_RESERVE),
                                .section = &section->object};
    /* What is committed is known to this process alone: memory that others may have in view is committed as a whole. */
    if (section->attributes & SEC_RESERVE && !section->file && !section->object.shared)
        view.commits = &section->commits;
    place->address = *base;
    NTSTATUS status = virtual_map_view(place, &view, base);
    if (!status)
        *size = (length + 0xfff) & ~(SIZE_T)0xfff;
    return status;
}

static NTSTATUS view_create(HANDLE handle, HANDLE process, PVOID *base, PLARGE_INTEGER offset, PSIZE_T size,
                            ULONG allocation, ULONG protect, struct virtual_place *place)
{
    struct section *section;
    if (!section_protect_valid(protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (!process_handle_is_self(process))
        return remote_map(process, handle, base, offset ? (uint64_t)offset->QuadPart : 0, size, allocation, protect);
    NTSTATUS status = handle_lookup(handle, &type_section, view_access(protect), (void **)&section);
    if (status)
        return status;
    status = map_view(section, base, offset ? (uint64_t)offset->QuadPart : 0, size, allocation, protect & 0xff, place);
    object_release(section);
    return status;
}

NTSTATUS WINAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG_PTR zero_bits, SIZE_T commit,
                                   PLARGE_INTEGER offset, PSIZE_T size, SECTION_INHERIT inherit, ULONG allocation,
                                   ULONG protect)
{
    struct virtual_place place = {0};
    (void)commit;
    (void)inherit;
    if (zero_bits && zero_bits < 32)
        place.highest = (void *)(0xffffffffull >> zero_bits);
    return view_create(section, process, base, offset, size, allocation, protect, &place);
}

NTSTATUS WINAPI NtMapViewOfSectionEx(HANDLE section, HANDLE process, PVOID *base, PLARGE_INTEGER offset, PSIZE_T size,
                                     ULONG allocation, ULONG protect, MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    struct virtual_place place = {0};
    NTSTATUS status = virtual_place_from_parameters(parameters, count, &place);
    return status ? status : view_create(section, process, base, offset, size, allocation, protect, &place);
}

NTSTATUS WINAPI NtUnmapViewOfSectionEx(HANDLE process, PVOID base, ULONG flags)
{
    if (!process_handle_is_self(process))
        return remote_unmap(process, base);
    NTSTATUS status = virtual_unmap_view(base, flags);
    return status == STATUS_NOT_MAPPED_VIEW ? virtual_unmap_image(base) : status;
}

NTSTATUS WINAPI NtUnmapViewOfSection(HANDLE process, PVOID base)
{
    return NtUnmapViewOfSectionEx(process, base, 0);
}

NTSTATUS WINAPI NtExtendSection(HANDLE handle, PLARGE_INTEGER size)
{
    struct section *section;
    NTSTATUS status = handle_lookup(handle, &type_section, SECTION_EXTEND_SIZE, (void **)&section);
    if (status)
        return status;
    if ((uint64_t)size->QuadPart > section->size) {
        if (ftruncate(section->fd, size->QuadPart))
            status = status_from_errno(errno);
        else
            section->size = size->QuadPart;
    }
    object_release(section);
    return status;
}

NTSTATUS WINAPI NtQuerySection(HANDLE handle, ULONG class, PVOID out, SIZE_T size, PSIZE_T returned)
{
    struct section *section;
    SECTION_BASIC_INFORMATION info;
    if (class != 0 /* SectionBasicInformation */)
        return STATUS_INVALID_INFO_CLASS;
    if (size < sizeof info)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_section, SECTION_QUERY, (void **)&section);
    if (status)
        return status;
    info = (SECTION_BASIC_INFORMATION){.AllocationAttributes = section->attributes,
                                       .MaximumSize.QuadPart = (LONGLONG)section->size};
    memcpy(out, &info, sizeof info);
    if (returned)
        *returned = sizeof info;
    object_release(section);
    return STATUS_SUCCESS;
}

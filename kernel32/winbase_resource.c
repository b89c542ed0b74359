/*
 * winbase_resource.c: BeginUpdateResource, UpdateResource, EndUpdateResource: new resources for a PE file.
 *
 * Layer: Win32 base.  An update keeps a list of all resources that the file is to have; the file is read again and
 * written when the update ends.  A write that fails (a full disk) puts the old contents back.
 */
#include <string.h>

#include "filename.h"
#include "resource_update.h"

#define UPDATE_MAGIC 0x55637352
#define TOTAL_MAX 0x40000000u /* all resources together */

struct update {
    ULONG magic;
    ULONG total; /* bytes of data */
    struct resource_list list;
    WCHAR path[];
};

/* ---- the list ---- */

static void resource_free(struct resource *row)
{
    RtlFreeHeap(process_heap(), 0, row->type.text);
    RtlFreeHeap(process_heap(), 0, row->name.text);
    RtlFreeHeap(process_heap(), 0, row->data);
}

/* A type or name as programs give it: a number, "#number", or text. */
static bool id_from_text(const WCHAR *text, ULONG length, struct resource_id *id)
{
    UNICODE_STRING digits = {(USHORT)((length - 1) * sizeof *text), 0, (WCHAR *)text + 1};
    ULONG number;
    *id = (struct resource_id){0};
    if (length > 1 && text[0] == '#' && NT_SUCCESS(RtlUnicodeStringToInteger(&digits, 10, &number))) {
        id->number = (USHORT)number;
        return number <= 0xffff;
    }
    if (!length || length > 0xffff || !(id->text = RtlAllocateHeap(process_heap(), 0, length * sizeof *text)))
        return false;
    for (ULONG i = 0; i < length; i++)
        id->text[i] = RtlUpcaseUnicodeChar(text[i]);
    id->length = (USHORT)length;
    return true;
}

static bool id_from_program(LPCWSTR value, struct resource_id *id)
{
    if (!IS_INTRESOURCE(value))
        return id_from_text(value, (ULONG)text_length(value), id);
    *id = (struct resource_id){.number = (USHORT)(ULONG_PTR)value};
    return true;
}

static int row_compare(const struct resource *a, const struct resource *b)
{
    int order = resource_id_compare(&a->type, &b->type);
    if (!order)
        order = resource_id_compare(&a->name, &b->name);
    return order ? order : (int)a->language - b->language;
}

/* Where `row` stands in the list, or would. */
static ULONG list_find(const struct resource_list *list, const struct resource *row, bool *found)
{
    ULONG low = 0, high = list->count;
    while (low < high) {
        ULONG middle = (low + high) / 2;
        if (row_compare(&list->rows[middle], row) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *found = low < list->count && !row_compare(&list->rows[low], row);
    return low;
}

static void list_remove(struct resource_list *list, ULONG index)
{
    resource_free(&list->rows[index]);
    list->count--;
    memmove(&list->rows[index], &list->rows[index + 1], (list->count - index) * sizeof *list->rows);
}

static bool list_grow(struct resource_list *list)
{
    ULONG room = list->room ? 2 * list->room : 32;
    if (list->count < list->room)
        return true;
    struct resource *rows = RtlAllocateHeap(process_heap(), 0, room * sizeof *rows);
    if (!rows)
        return false;
    if (list->count)
        memcpy(rows, list->rows, list->count * sizeof *rows);
    RtlFreeHeap(process_heap(), 0, list->rows);
    list->rows = rows;
    list->room = room;
    return true;
}

/* Adds or replaces; takes over what `row` owns, whether it succeeds or not. */
static NTSTATUS list_put(struct update *update, struct resource *row)
{
    struct resource_list *list = &update->list;
    bool found;
    ULONG index = list_find(list, row, &found);
    if (row->size > TOTAL_MAX - update->total || (!found && !list_grow(list))) {
        resource_free(row);
        return STATUS_NO_MEMORY;
    }
    update->total += row->size;
    if (found) {
        update->total -= list->rows[index].size;
        resource_free(&list->rows[index]);
    } else {
        memmove(&list->rows[index + 1], &list->rows[index], (list->count - index) * sizeof *list->rows);
        list->count++;
    }
    list->rows[index] = *row;
    return STATUS_SUCCESS;
}

static NTSTATUS list_delete(struct update *update, struct resource *row)
{
    bool found;
    ULONG index = list_find(&update->list, row, &found);
    resource_free(row);
    if (!found)
        return STATUS_INVALID_PARAMETER;
    update->total -= update->list.rows[index].size;
    list_remove(&update->list, index);
    return STATUS_SUCCESS;
}

static bool row_copy_data(struct resource *row, const void *data, ULONG size)
{
    row->data = RtlAllocateHeap(process_heap(), 0, size ? size : 1);
    row->size = size;
    if (row->data && size)
        memcpy(row->data, data, size);
    return row->data != NULL;
}

/* ---- the file's own resources ---- */

static bool id_from_tree(ULONG_PTR value, struct resource_id *id)
{
    const IMAGE_RESOURCE_DIR_STRING_U *name = (const IMAGE_RESOURCE_DIR_STRING_U *)value;
    *id = (struct resource_id){.number = (USHORT)value};
    return value <= 0xffff || id_from_text((const WCHAR *)name->NameString, name->Length, id);
}

static NTSTATUS add_own(struct update *update, const LDR_ENUM_RESOURCE_INFO *own)
{
    struct resource row = {.language = (USHORT)own->Path[2]};
    if (own->Size && !own->Data)
        return STATUS_INVALID_IMAGE_FORMAT;
    if (id_from_tree(own->Path[0], &row.type) && id_from_tree(own->Path[1], &row.name) &&
        row_copy_data(&row, own->Data, (ULONG)own->Size))
        return list_put(update, &row);
    resource_free(&row);
    return STATUS_NO_MEMORY;
}

static NTSTATUS add_all_own(struct update *update, HMODULE module)
{
    const LDR_RESOURCE_INFO all = {{0}};
    ULONG count = 0;
    NTSTATUS status = LdrEnumResources(module, &all, 0, &count, NULL);
    if (status == STATUS_RESOURCE_DATA_NOT_FOUND || NT_SUCCESS(status))
        return STATUS_SUCCESS; /* it has none */
    if (status != STATUS_INFO_LENGTH_MISMATCH)
        return status;
    LDR_ENUM_RESOURCE_INFO *rows = RtlAllocateHeap(process_heap(), 0, count * sizeof *rows);
    if (!rows)
        return STATUS_NO_MEMORY;
    status = LdrEnumResources(module, &all, 0, &count, rows);
    for (ULONG i = 0; i < count && NT_SUCCESS(status); i++)
        status = add_own(update, &rows[i]);
    RtlFreeHeap(process_heap(), 0, rows);
    return status;
}

/* Also tells whether it is a PE file at all. */
static BOOL read_own(struct update *update, BOOL keep)
{
    HMODULE module = LoadLibraryExW(update->path, NULL, LOAD_LIBRARY_AS_IMAGE_RESOURCE);
    if (!module)
        return FALSE;
    NTSTATUS status = keep ? add_all_own(update, module) : STATUS_SUCCESS;
    FreeLibrary(module);
    return status_to_bool(status);
}

/* ---- the file ---- */

static void *read_file(HANDLE file, DWORD *size)
{
    LARGE_INTEGER length;
    DWORD got = 0;
    if (!GetFileSizeEx(file, &length))
        return NULL;
    char *data = length.QuadPart > 0x7fffffff ? NULL : RtlAllocateHeap(process_heap(), 0, (SIZE_T)length.QuadPart + 1);
    if (!data) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    *size = (DWORD)length.QuadPart;
    if (ReadFile(file, data, *size, &got, NULL) && got == *size)
        return data;
    RtlFreeHeap(process_heap(), 0, data);
    return NULL;
}

/* Makes `data` all that the file holds. */
static BOOL write_file(HANDLE file, const void *data, DWORD size)
{
    DWORD written;
    LARGE_INTEGER start = {0};
    return SetFilePointerEx(file, start, NULL, FILE_BEGIN) && WriteFile(file, data, size, &written, NULL) &&
           written == size && SetEndOfFile(file);
}

static BOOL write_update(const struct update *update, HANDLE file)
{
    DWORD size;
    SIZE_T new_size;
    void *data = read_file(file, &size), *new_data;
    if (!data)
        return FALSE;
    BOOL done = status_to_bool(image_replace_resources(data, size, &update->list, &new_data, &new_size));
    if (done) {
        done = write_file(file, new_data, (DWORD)new_size);
        if (!done) {
            DWORD error = GetLastError();
            write_file(file, data, size);
            SetLastError(error);
        }
        RtlFreeHeap(process_heap(), 0, new_data);
    }
    RtlFreeHeap(process_heap(), 0, data);
    return done;
}

static HANDLE open_for_update(const WCHAR *path)
{
    return CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
}

/* ---- the functions ---- */

static void update_free(struct update *update)
{
    for (ULONG i = 0; i < update->list.count; i++)
        resource_free(&update->list.rows[i]);
    RtlFreeHeap(process_heap(), 0, update->list.rows);
    update->magic = 0;
    RtlFreeHeap(process_heap(), 0, update);
}

static struct update *update_from_handle(HANDLE handle)
{
    struct update *update = handle;
    if (update && update != INVALID_HANDLE_VALUE && update->magic == UPDATE_MAGIC)
        return update;
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

/* The full path is kept: the current directory may be another one when the update ends. */
static struct update *update_new(LPCWSTR name)
{
    DWORD length = name ? GetFullPathNameW(name, 0, NULL, NULL) : 0;
    if (!length) {
        if (!name)
            SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct update *update =
        RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof *update + (length + 1) * sizeof *update->path);
    if (!update) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    update->magic = UPDATE_MAGIC;
    GetFullPathNameW(name, length, update->path, NULL);
    return update;
}

HANDLE WINAPI BeginUpdateResourceW(LPCWSTR name, BOOL delete_existing)
{
    struct update *update = update_new(name);
    if (!update)
        return NULL;
    HANDLE file = open_for_update(update->path);
    bool writable = file != INVALID_HANDLE_VALUE;
    if (writable)
        CloseHandle(file);
    if (writable && read_own(update, !delete_existing))
        return update;
    update_free(update);
    return NULL;
}

HANDLE WINAPI BeginUpdateResourceA(LPCSTR name, BOOL delete_existing)
{
    WCHAR *wide = filename_from_ansi(name);
    HANDLE update = wide ? BeginUpdateResourceW(wide, delete_existing) : NULL;
    filename_free(wide);
    return update;
}

BOOL WINAPI UpdateResourceW(HANDLE handle, LPCWSTR type, LPCWSTR name, WORD language, LPVOID data, DWORD size)
{
    struct update *update = update_from_handle(handle);
    struct resource row = {.language = language};
    if (!update)
        return FALSE;
    if (!data && size)
        return status_to_bool(STATUS_INVALID_PARAMETER);
    if (id_from_program(type, &row.type) && id_from_program(name, &row.name) &&
        (!data || row_copy_data(&row, data, size)))
        return status_to_bool(data ? list_put(update, &row) : list_delete(update, &row));
    resource_free(&row);
    return status_to_bool(STATUS_INVALID_PARAMETER);
}

BOOL WINAPI UpdateResourceA(HANDLE handle, LPCSTR type, LPCSTR name, WORD language, LPVOID data, DWORD size)
{
    WCHAR *wide_type = IS_INTRESOURCE(type) ? NULL : filename_from_ansi(type);
    WCHAR *wide_name = IS_INTRESOURCE(name) ? NULL : filename_from_ansi(name);
    BOOL done = FALSE;
    if ((wide_type || IS_INTRESOURCE(type)) && (wide_name || IS_INTRESOURCE(name)))
        done = UpdateResourceW(handle, wide_type ? wide_type : (LPCWSTR)type, wide_name ? wide_name : (LPCWSTR)name,
                               language, data, size);
    filename_free(wide_type);
    filename_free(wide_name);
    return done;
}

BOOL WINAPI EndUpdateResourceW(HANDLE handle, BOOL discard)
{
    struct update *update = update_from_handle(handle);
    BOOL done = discard;
    if (!update)
        return FALSE;
    HANDLE file = discard ? INVALID_HANDLE_VALUE : open_for_update(update->path);
    if (file != INVALID_HANDLE_VALUE) {
        done = write_update(update, file);
        CloseHandle(file);
    }
    update_free(update);
    return done;
}

BOOL WINAPI EndUpdateResourceA(HANDLE handle, BOOL discard)
{
    return EndUpdateResourceW(handle, discard);
}

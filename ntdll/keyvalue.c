/*
 * keyvalue.c: a key's values: NtQueryValueKey and its like.  On top of key.c and registry_value.c.
 */
#include <stdlib.h>
#include <string.h>
#include "key.h"

static NTSTATUS check_name(const UNICODE_STRING *name)
{
    if (name->Length % sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    return name->Length / sizeof(WCHAR) > VALUE_NAME_MAX ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

/* As much of a value as fits behind the fixed part; `head` is where the fixed part ends. */
struct layout {
    size_t head, name_at, data_at, total;
};

static bool layout_of(KEY_VALUE_INFORMATION_CLASS class, const struct value *value, struct layout *layout)
{
    size_t name = value->name.length * sizeof(WCHAR), align = class == KeyValueFullInformationAlign64 ? 8 : 4;
    switch (class) {
    case KeyValueBasicInformation:
        layout->head = layout->name_at = offsetof(KEY_VALUE_BASIC_INFORMATION, Name);
        layout->data_at = 0;
        layout->total = layout->head + name;
        return true;
    case KeyValueFullInformation:
    case KeyValueFullInformationAlign64:
        layout->head = layout->name_at = offsetof(KEY_VALUE_FULL_INFORMATION, Name);
        layout->data_at = value->size ? (layout->head + name + align - 1) & ~(align - 1) : layout->head + name;
        layout->total = layout->data_at + value->size;
        return true;
    case KeyValuePartialInformation:
    case KeyValuePartialInformationAlign64:
        layout->head = class == KeyValuePartialInformation ? offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data)
                                                           : offsetof(KEY_VALUE_PARTIAL_INFORMATION_ALIGN64, Data);
        layout->name_at = 0;
        layout->data_at = layout->head;
        layout->total = layout->head + value->size;
        return true;
    default:
        return false;
    }
}

static void put_head(KEY_VALUE_INFORMATION_CLASS class, const struct value *value, const struct layout *layout,
                     void *buffer)
{
    ULONG name = (ULONG)(value->name.length * sizeof(WCHAR)), size = (ULONG)value->size;
    const KEY_VALUE_BASIC_INFORMATION basic = {.Type = value->type, .NameLength = name};
    const KEY_VALUE_FULL_INFORMATION full = {
        .Type = value->type, .DataOffset = size ? (ULONG)layout->data_at : ~0u, .DataLength = size, .NameLength = name};
    const KEY_VALUE_PARTIAL_INFORMATION partial = {.Type = value->type, .DataLength = size};
    const KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 aligned = {.Type = value->type, .DataLength = size};
    const void *from = class == KeyValueBasicInformation            ? (const void *)&basic
                       : class == KeyValuePartialInformation        ? (const void *)&partial
                       : class == KeyValuePartialInformationAlign64 ? (const void *)&aligned
                                                                    : (const void *)&full;
    memcpy(buffer, from, layout->head);
}

static void put_part(void *buffer, size_t room, size_t at, const void *from, size_t size)
{
    if (!at || at >= room)
        return;
    memcpy((char *)buffer + at, from, size < room - at ? size : room - at);
}

static NTSTATUS answer(const struct value *value, KEY_VALUE_INFORMATION_CLASS class, void *buffer, ULONG room,
                       ULONG *needed)
{
    struct layout layout;
    if (!layout_of(class, value, &layout))
        return STATUS_INVALID_PARAMETER;
    if (needed)
        *needed = (ULONG)layout.total;
    if (room < layout.head)
        return STATUS_BUFFER_TOO_SMALL;
    put_head(class, value, &layout, buffer);
    put_part(buffer, room, layout.name_at, value->name.at, value->name.length * sizeof(WCHAR));
    put_part(buffer, room, layout.data_at, value->data, value->size);
    return room < layout.total ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryValueKey(HANDLE handle, const UNICODE_STRING *name, KEY_VALUE_INFORMATION_CLASS class,
                               PVOID buffer, ULONG length, PULONG needed)
{
    struct key *key;
    struct value value;
    NTSTATUS status = check_name(name);
    if (!status)
        status = key_begin(handle, KEY_QUERY_VALUE, false, &key);
    if (status)
        return status;
    if (value_find(key->node, text_of(name), &value))
        status = answer(&value, class, buffer, length, needed);
    else
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    return key_end(key, status);
}

/* The index-th value: see find_subkey in keyinfo.c. */
static bool find_value(struct key *key, ULONG index, struct value *value)
{
    struct key_cursor *cursor = key->values;
    if (!cursor)
        cursor = key->values = calloc(1, sizeof *cursor);
    if (!cursor)
        return false;
    if (cursor->version != registry_version() + 1 || index < cursor->index) {
        cursor->version = registry_version() + 1;
        cursor->index = 0;
        value_walk_start(&cursor->values, key->node);
    }
    for (;;) {
        struct value_walk before = cursor->values;
        if (!value_walk_next(&cursor->values, value))
            break;
        if (cursor->index == index) {
            cursor->values = before;
            return true;
        }
        cursor->index++;
    }
    cursor->version = 0;
    return false;
}

NTSTATUS NTAPI NtEnumerateValueKey(HANDLE handle, ULONG index, KEY_VALUE_INFORMATION_CLASS class, PVOID buffer,
                                   ULONG length, PULONG needed)
{
    struct key *key;
    struct value value;
    NTSTATUS status = key_begin(handle, KEY_QUERY_VALUE, false, &key);
    if (status)
        return status;
    status = find_value(key, index, &value) ? answer(&value, class, buffer, length, needed) : STATUS_NO_MORE_ENTRIES;
    return key_end(key, status);
}

struct setting {
    struct text name;
    ULONG type;
    const void *data;
    size_t size;
};

static NTSTATUS set(struct key *key, void *context)
{
    static const struct text link = {L"SymbolicLinkValue", 17};
    const struct setting *s = context;
    struct node_info info;
    if (!node_load(key->node, &info))
        return STATUS_KEY_DELETED;
    if (info.flags & NODE_LINK && (name_order(s->name, link) || s->type != REG_LINK))
        return STATUS_ACCESS_DENIED; /* a link has its target and nothing else */
    NTSTATUS status = value_set(&key->node, s->name, s->type, s->data, s->size);
    if (!status)
        registry_note(key->node, 0, REG_NOTIFY_CHANGE_LAST_SET);
    return status;
}

NTSTATUS NTAPI NtSetValueKey(HANDLE handle, const UNICODE_STRING *name, ULONG title, ULONG type, const void *data,
                             ULONG size)
{
    static const UNICODE_STRING nameless;
    (void)title;
    if (!name)
        name = &nameless;
    NTSTATUS status = check_name(name);
    if (status)
        return status;
    struct setting setting = {text_of(name), type, data, size};
    return key_update(handle, KEY_SET_VALUE, set, &setting);
}

static NTSTATUS delete (struct key *key, void *context)
{
    NTSTATUS status = value_delete(&key->node, text_of(context));
    if (!status)
        registry_note(key->node, 0, REG_NOTIFY_CHANGE_LAST_SET);
    return status;
}

NTSTATUS NTAPI NtDeleteValueKey(HANDLE handle, const UNICODE_STRING *name)
{
    NTSTATUS status = check_name(name);
    return status ? status : key_update(handle, KEY_SET_VALUE, delete, (void *)name);
}

/* All values as they are at one moment; each at a multiple of four. */
NTSTATUS NTAPI NtQueryMultipleValueKey(HANDLE handle, PKEY_VALUE_ENTRY entries, ULONG count, PVOID buffer,
                                       PULONG length, PULONG needed)
{
    struct key *key;
    ULONG used = 0, room = *length;
    NTSTATUS status = key_begin(handle, KEY_QUERY_VALUE, false, &key);
    if (status)
        return status;
    for (ULONG i = 0; i < count; i++) {
        struct value value;
        if (!value_find(key->node, text_of(entries[i].ValueName), &value)) {
            status = STATUS_OBJECT_NAME_NOT_FOUND;
            break;
        }
        used = (used + 3) & ~3u;
        if (used + value.size <= room) {
            memcpy((char *)buffer + used, value.data, value.size);
            entries[i].Type = value.type;
            entries[i].DataLength = (ULONG)value.size;
            entries[i].DataOffset = used;
        } else {
            status = STATUS_BUFFER_OVERFLOW;
        }
        used += (ULONG)value.size;
    }
    if (status != STATUS_OBJECT_NAME_NOT_FOUND) {
        *length = used < room ? used : room;
        if (needed)
            *needed = used;
    }
    return key_end(key, status);
}

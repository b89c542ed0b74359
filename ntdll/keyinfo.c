/*
 * keyinfo.c: what a key is and which subkeys it has: NtQueryKey, NtEnumerateKey, NtSetInformationKey.
 *
 * On top of key.c.  An answer that does not fit is STATUS_BUFFER_OVERFLOW once its fixed part fits (which is then
 * written, with as much of the names as there is room for), else STATUS_BUFFER_TOO_SMALL.
 */
#include <stdlib.h>
#include <string.h>
#include "key.h"

struct answer {
    void *buffer;
    ULONG room;
    ULONG *needed;
};

/* fixed: the structure; then up to two texts, the second at an offset that the structure names. */
static NTSTATUS answer_put(const struct answer *a, const void *fixed, size_t fixed_size, size_t text_offset,
                           struct text first, struct text second)
{
    size_t first_size = first.length * sizeof(WCHAR), second_size = second.length * sizeof(WCHAR);
    size_t total = text_offset + first_size + second_size;
    if (a->needed)
        *a->needed = (ULONG)total;
    if (a->room < fixed_size)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(a->buffer, fixed, text_offset < fixed_size ? text_offset : fixed_size);
    for (int i = 0; i < 2; i++) {
        size_t at = text_offset + (i ? first_size : 0), size = i ? second_size : first_size;
        size_t fits = at >= a->room ? 0 : a->room - at < size ? a->room - at : size;
        memcpy((char *)a->buffer + at, i ? second.at : first.at, fits);
    }
    return total > a->room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static const struct text no_text = {NULL, 0};

static NTSTATUS answer_basic(const struct node_info *info, const struct answer *a)
{
    KEY_BASIC_INFORMATION basic = {.LastWriteTime.QuadPart = info->written,
                                   .NameLength = (ULONG)(info->name.length * sizeof(WCHAR))};
    size_t at = offsetof(KEY_BASIC_INFORMATION, Name);
    return answer_put(a, &basic, at, at, info->name, no_text);
}

static NTSTATUS answer_node(const struct node_info *info, const struct answer *a)
{
    size_t at = offsetof(KEY_NODE_INFORMATION, Name), name = info->name.length * sizeof(WCHAR);
    KEY_NODE_INFORMATION node = {.LastWriteTime.QuadPart = info->written,
                                 .ClassOffset = info->class.length ? (ULONG)(at + name) : ~0u,
                                 .ClassLength = (ULONG)(info->class.length * sizeof(WCHAR)),
                                 .NameLength = (ULONG)name};
    return answer_put(a, &node, at, at, info->name, info->class);
}

static void raise(ULONG *largest, size_t value)
{
    if (value > *largest)
        *largest = (ULONG)value;
}

static void full_of(struct node node, const struct node_info *info, KEY_FULL_INFORMATION *full)
{
    struct child_walk children;
    struct value_walk values;
    struct node child;
    struct node_info child_info;
    struct text name;
    struct value value;
    *full = (KEY_FULL_INFORMATION){.LastWriteTime.QuadPart = info->written, .ClassOffset = ~0u};
    child_walk_start(&children, node);
    while (child_walk_next(&children, &child, &name)) {
        full->SubKeys++;
        raise(&full->MaxNameLen, name.length * sizeof(WCHAR));
        if (child.id && node_load(child, &child_info))
            raise(&full->MaxClassLen, child_info.class.length * sizeof(WCHAR));
    }
    value_walk_start(&values, node);
    while (value_walk_next(&values, &value)) {
        full->Values++;
        raise(&full->MaxValueNameLen, value.name.length * sizeof(WCHAR));
        raise(&full->MaxValueDataLen, value.size);
    }
}

static NTSTATUS answer_full(struct node node, const struct node_info *info, const struct answer *a)
{
    KEY_FULL_INFORMATION full;
    size_t at = offsetof(KEY_FULL_INFORMATION, Class);
    full_of(node, info, &full);
    full.ClassLength = (ULONG)(info->class.length * sizeof(WCHAR));
    if (full.ClassLength)
        full.ClassOffset = (ULONG)at;
    return answer_put(a, &full, at, at, info->class, no_text);
}

static NTSTATUS answer_cached(struct node node, const struct node_info *info, const struct answer *a)
{
    KEY_FULL_INFORMATION full;
    full_of(node, info, &full);
    KEY_CACHED_INFORMATION cached = {.LastWriteTime = full.LastWriteTime,
                                     .SubKeys = full.SubKeys,
                                     .MaxNameLen = full.MaxNameLen,
                                     .Values = full.Values,
                                     .MaxValueNameLen = full.MaxValueNameLen,
                                     .MaxValueDataLen = full.MaxValueDataLen,
                                     .NameLength = (ULONG)(info->name.length * sizeof(WCHAR))};
    return answer_put(a, &cached, sizeof cached, sizeof cached, no_text, no_text);
}

static NTSTATUS answer_name(struct node node, const struct answer *a)
{
    WCHAR *path = malloc(KEY_PATH_MAX * sizeof *path);
    size_t length = path ? node_path(node, path, KEY_PATH_MAX) : 0;
    KEY_NAME_INFORMATION name = {.NameLength = (ULONG)(length * sizeof(WCHAR))};
    size_t at = offsetof(KEY_NAME_INFORMATION, Name);
    NTSTATUS status = answer_put(a, &name, at, at, (struct text){path, length}, no_text);
    free(path);
    return status;
}

static NTSTATUS answer_flags(const struct node_info *info, const struct answer *a)
{
    KEY_FLAGS_INFORMATION flags = {.KeyFlags =
                                       (info->flags & NODE_VOLATILE ? 1 : 0) | (info->flags & NODE_LINK ? 2 : 0),
                                   .ControlFlags = info->flags / NODE_CONTROL};
    return answer_put(a, &flags, sizeof flags, sizeof flags, no_text, no_text);
}

static NTSTATUS answer(struct node node, KEY_INFORMATION_CLASS class, const struct answer *a)
{
    struct node_info info;
    if (!node_load(node, &info))
        return STATUS_KEY_DELETED;
    switch (class) {
    case KeyBasicInformation:
        return answer_basic(&info, a);
    case KeyNodeInformation:
        return answer_node(&info, a);
    case KeyFullInformation:
        return answer_full(node, &info, a);
    case KeyCachedInformation:
        return answer_cached(node, &info, a);
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS NTAPI NtQueryKey(HANDLE handle, KEY_INFORMATION_CLASS class, PVOID buffer, ULONG length, PULONG needed)
{
    struct key *key;
    struct answer a = {buffer, length, needed};
    struct node_info info;
    ULONG number = 0;
    NTSTATUS status = key_begin(
        handle, class == KeyNameInformation || class == KeyHandleTagsInformation ? 0 : KEY_QUERY_VALUE, false, &key);
    if (status)
        return status;
    if (class == KeyNameInformation)
        status = answer_name(key->node, &a);
    else if (class == KeyFlagsInformation)
        status = node_load(key->node, &info) ? answer_flags(&info, &a) : STATUS_KEY_DELETED;
    else if (class == KeyVirtualizationInformation || class == KeyHandleTagsInformation || class == KeyTrustInformation)
        status = answer_put(&a, &number, sizeof number, sizeof number, no_text, no_text);
    else
        status = answer(key->node, class, &a);
    return key_end(key, status);
}

/* The index-th subkey: the next one after the last question, or from the start. */
static bool find_subkey(struct key *key, ULONG index, struct node *child)
{
    struct key_cursor *cursor = key->subkeys;
    struct text name;
    if (!cursor)
        cursor = key->subkeys = calloc(1, sizeof *cursor);
    if (!cursor)
        return false;
    if (cursor->version != registry_version() + 1 || index < cursor->index || !cursor->version) {
        cursor->version = registry_version() + 1;
        cursor->index = 0;
        child_walk_start(&cursor->children, key->node);
    }
    for (;;) {
        struct child_walk before = cursor->children;
        if (!child_walk_next(&cursor->children, child, &name))
            break;
        if (cursor->index == index) {
            cursor->children = before; /* it is often asked for twice: once for its size */
            return true;
        }
        cursor->index++;
    }
    cursor->version = 0;
    return false;
}

NTSTATUS NTAPI NtEnumerateKey(HANDLE handle, ULONG index, KEY_INFORMATION_CLASS class, PVOID buffer, ULONG length,
                              PULONG needed)
{
    struct key *key;
    struct node child;
    struct answer a = {buffer, length, needed};
    NTSTATUS status = key_begin(handle, KEY_ENUMERATE_SUB_KEYS, false, &key);
    if (status)
        return status;
    status = find_subkey(key, index, &child) ? answer(child, class, &a) : STATUS_NO_MORE_ENTRIES;
    return key_end(key, status);
}

struct change {
    const LONGLONG *time;
    const ULONG *control;
};

static NTSTATUS set_info(struct key *key, void *context)
{
    const struct change *change = context;
    struct node_info info;
    struct node node = key->node;
    NTSTATUS status = node_materialize(&node);
    if (status)
        return status;
    if (!node_load(node, &info))
        return STATUS_KEY_DELETED;
    if (change->time)
        info.written = *change->time;
    if (change->control)
        info.flags = info.flags % NODE_CONTROL | *change->control * NODE_CONTROL;
    return node_store(node.id, &info);
}

NTSTATUS NTAPI NtSetInformationKey(HANDLE handle, KEY_SET_INFORMATION_CLASS class, PVOID information, ULONG length)
{
    struct change change = {NULL, NULL};
    struct key *key;
    switch (class) {
    case KeyWriteTimeInformation:
        if (length != sizeof(LONGLONG))
            return STATUS_INFO_LENGTH_MISMATCH;
        change.time = information;
        return key_update(handle, KEY_SET_VALUE, set_info, &change);
    case KeyControlFlagsInformation:
        if (length != sizeof(ULONG))
            return STATUS_INFO_LENGTH_MISMATCH;
        if (*(ULONG *)information >= 0x10000)
            return STATUS_INVALID_PARAMETER;
        change.control = information;
        return key_update(handle, KEY_SET_VALUE, set_info, &change);
    case KeyWow64FlagsInformation: /* which view a key is of is not kept with it */
        if (length != sizeof(ULONG))
            return STATUS_INFO_LENGTH_MISMATCH;
        break;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
    NTSTATUS status = handle_lookup(handle, &type_key, KEY_SET_VALUE, (void **)&key);
    if (!status)
        object_release(key);
    return status;
}

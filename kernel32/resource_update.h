/*
 * resource_update.h: what UpdateResource's files share: the list of resources, its form in a file, the file itself.
 */
#ifndef KERNEL32_RESOURCE_UPDATE_H
#define KERNEL32_RESOURCE_UPDATE_H

#include "win.h"

/* A type or name: a number if `text` is NULL, else upper-case text; owned. */
struct resource_id {
    WCHAR *text;
    USHORT length; /* characters */
    USHORT number;
};

struct resource {
    struct resource_id type, name;
    USHORT language;
    void *data; /* owned */
    ULONG size;
};

struct resource_list {
    struct resource *rows; /* in the order of a resource directory */
    ULONG count, room;
};

/* In the order of a resource directory: texts before numbers. */
int resource_id_compare(const struct resource_id *a, const struct resource_id *b);

/* resource_tree.c: the contents of a resource section that begins at `rva`. */
ULONG resource_tree_size(const struct resource_list *list);
void resource_tree_write(const struct resource_list *list, ULONG rva, void *section);

/*
 * image_resources.c: a copy of the PE file in data[0..size) with these resources instead of its own.  The result comes
 * from the process heap.  STATUS_INVALID_IMAGE_FORMAT: no PE file, or one that has no room for them.
 */
NTSTATUS image_replace_resources(const void *data, SIZE_T size, const struct resource_list *list, void **result,
                                 SIZE_T *result_size);

#endif

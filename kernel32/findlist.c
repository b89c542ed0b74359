/*
 * findlist.c: searches that are answered by one list.
 */
#include "kernel32/filename.h"
#include "kernel32/findlist.h"

struct find_list *find_list_create(enum find_list_kind kind, void *list, void *first)
{
    struct find_list *search = RtlAllocateHeap(process_heap(), 0, sizeof *search);
    if (search) {
        *search = (struct find_list){kind, first, list};
    } else {
        RtlFreeHeap(process_heap(), 0, list);
        RtlSetLastWin32Error(ERROR_NOT_ENOUGH_MEMORY);
    }
    return search;
}

struct find_list *find_list_next(HANDLE handle, enum find_list_kind kind)
{
    struct find_list *list = handle;
    bool is_list = list && handle != INVALID_HANDLE_VALUE && list->magic == (ULONG)kind;
    if (is_list && list->next)
        return list;
    RtlSetLastWin32Error(is_list ? ERROR_HANDLE_EOF : ERROR_INVALID_HANDLE);
    return NULL;
}

bool find_list_close(HANDLE handle)
{
    struct find_list *list = handle;
    if (!list || handle == INVALID_HANDLE_VALUE || (list->magic != FIND_STREAMS && list->magic != FIND_NAMES))
        return false;
    list->magic = 0;
    RtlFreeHeap(process_heap(), 0, list->list);
    RtlFreeHeap(process_heap(), 0, list);
    return true;
}

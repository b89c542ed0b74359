/*
 * createprocess_attributes.c: lists of attributes for CreateProcess and CreateRemoteThreadEx.
 *
 * Layer: kernel32.  Programs allocate the list by the size that they are told and never look inside.
 */
#include "createprocess.h"

#define LIST_MAGIC 0x4c415250u /* "PRAL" */

/* The low 16 bits are the number; which thread, input and additive bits it must have is fixed. */
static const struct {
    DWORD_PTR name;
    SIZE_T size; /* 0: any multiple of a handle */
} known[] = {
    {PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, sizeof(HANDLE)},
    {PROC_THREAD_ATTRIBUTE_HANDLE_LIST, 0},
    {PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY, sizeof(GROUP_AFFINITY)},
    {PROC_THREAD_ATTRIBUTE_PREFERRED_NODE, sizeof(USHORT)},
    {PROC_THREAD_ATTRIBUTE_IDEAL_PROCESSOR, sizeof(PROCESSOR_NUMBER)},
    {PROC_THREAD_ATTRIBUTE_UMS_THREAD, ~(SIZE_T)0},
    {PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, ~(SIZE_T)0},
    {PROC_THREAD_ATTRIBUTE_SECURITY_CAPABILITIES, ~(SIZE_T)0},
    {PROC_THREAD_ATTRIBUTE_PROTECTION_LEVEL, sizeof(DWORD)},
    {0x2000d /* JOB_LIST */, 0},
    {0x2000e /* CHILD_PROCESS_POLICY */, sizeof(DWORD)},
    {0x2000f /* ALL_APPLICATION_PACKAGES_POLICY */, sizeof(DWORD)},
    {0x20012 /* DESKTOP_APP_POLICY */, sizeof(DWORD)},
    {0x20016 /* PSEUDOCONSOLE */, sizeof(HANDLE)},
    {0x20018 /* MITIGATION_AUDIT_POLICY */, ~(SIZE_T)0},
};

BOOL WINAPI InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD count, DWORD flags, PSIZE_T size)
{
    SIZE_T needed = sizeof(struct process_attribute_list) + count * sizeof(struct process_attribute);
    if (flags || count > 64) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    SIZE_T room = *size;
    *size = needed;
    if (!list || room < needed) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    struct process_attribute_list *made = (void *)list;
    *made = (struct process_attribute_list){LIST_MAGIC, count, 0};
    return TRUE;
}

static bool size_is_right(SIZE_T wanted, SIZE_T size)
{
    if (wanted == ~(SIZE_T)0)
        return true;
    return wanted ? size == wanted : size && size % sizeof(HANDLE) == 0;
}

/* The error that the attribute would cause, 0: none. */
static DWORD attribute_error(const struct process_attribute_list *list, DWORD_PTR name, SIZE_T size)
{
    size_t i = 0;
    while (i < sizeof known / sizeof *known && known[i].name != name)
        i++;
    if (i == sizeof known / sizeof *known)
        return ERROR_NOT_SUPPORTED;
    if (!size_is_right(known[i].size, size))
        return ERROR_BAD_LENGTH;
    if (process_attribute_find(list, name))
        return 698; /* ERROR_OBJECT_NAME_EXISTS */
    return list->count == list->maximum ? ERROR_GEN_FAILURE : 0;
}

BOOL WINAPI UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST opaque, DWORD flags, DWORD_PTR name, PVOID value,
                                      SIZE_T size, PVOID previous, PSIZE_T returned)
{
    struct process_attribute_list *list = (void *)opaque;
    DWORD error = flags ? ERROR_INVALID_PARAMETER : attribute_error(list, name, size);
    (void)previous;
    (void)returned;
    if (error) {
        SetLastError(error);
        return FALSE;
    }
    list->items[list->count++] = (struct process_attribute){name, size, value};
    return TRUE;
}

VOID WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list)
{
    ((struct process_attribute_list *)(void *)list)->count = 0;
}

const struct process_attribute *process_attribute_find(const void *opaque, DWORD_PTR name)
{
    const struct process_attribute_list *list = opaque;
    for (DWORD i = 0; list && list->magic == LIST_MAGIC && i < list->count; i++)
        if (list->items[i].name == name)
            return &list->items[i];
    return NULL;
}

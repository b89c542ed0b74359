/*
 * undname_api.c: vcruntime's __unDName, and the memory that the parser needs.
 */
#include "crt/undname.h"
#include <string.h>
#include "ntdll/gate.h"
#include "win.h"

#define WORK_SIZE 65536

size_t undname_with_heap(const char *name, unsigned flags, char *out, size_t size)
{
    char *work = RtlAllocateHeap(peb_current()->ProcessHeap, 0, WORK_SIZE);
    size_t length = work ? undname(name, flags, out, size, work, WORK_SIZE) : 0;

    RtlFreeHeap(peb_current()->ProcessHeap, 0, work);
    return length;
}

/* `allocate` gives the text's memory if the caller has none.  What is no decorated name comes back as it is. */
char *WINAPI __unDName(char *out, const char *name, int size, void *allocate, void *release, unsigned short flags)
{
    (void)release;
    size_t length = undname_with_heap(name, flags, NULL, 0);
    size_t needed = length ? length : strlen(name);
    if (!out) {
        out = (char *)guest_call(allocate, needed + 1, 0, 0, 0);
        size = out ? (int)needed + 1 : 0;
    }
    if (!out || size <= 0)
        return NULL;
    if (length) {
        undname_with_heap(name, flags, out, (size_t)size);
    } else {
        size_t copied = needed < (size_t)size ? needed : (size_t)size - 1;
        memcpy(out, name, copied);
        out[copied] = 0;
    }
    return out;
}

char *WINAPI __unDNameEx(char *out, const char *name, int size, void *allocate, void *release, void *parameter,
                         unsigned flags)
{
    (void)parameter;
    return __unDName(out, name, size, allocate, release, (unsigned short)flags);
}

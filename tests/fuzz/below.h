/*
 * below.h: what targets of layers above ntdll need of it.
 */
#include <asm/prctl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the layers below only memory and some text is needed.  The heap is asked for through the thread's block. */
static PEB peb;
static TEB teb = {.Tib.Self = &teb.Tib, .ProcessEnvironmentBlock = &peb};

__attribute__((constructor)) static void begin(void)
{
    syscall(SYS_arch_prctl, ARCH_SET_GS, &teb);
}

PVOID NTAPI RtlAllocateHeap(PVOID heap, ULONG flags, SIZE_T size)
{
    return calloc(1, size ? size : 1);
}

BOOLEAN NTAPI RtlFreeHeap(PVOID heap, ULONG flags, PVOID block)
{
    free(block);
    return TRUE;
}

void WINAPI SetLastError(DWORD error)
{
}

/* Latin-1 in the place of UTF-8 will do. */
int WINAPI MultiByteToWideChar(UINT page, DWORD flags, LPCSTR text, int length, LPWSTR wide, int room)
{
    for (int i = 0; i < length && i < room; i++)
        wide[i] = (BYTE)text[i];
    return length < room ? length : room;
}

int WINAPI WideCharToMultiByte(UINT page, DWORD flags, LPCWCH wide, int length, LPSTR text, int room, LPCCH other,
                               LPBOOL used)
{
    for (int i = 0; text && i < length && i < room; i++)
        text[i] = (char)wide[i];
    return length;
}

size_t wide_length(const WCHAR *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}

BOOLEAN WINAPI RtlTimeFieldsToTime(const TIME_FIELDS *fields, LARGE_INTEGER *time)
{
    time->QuadPart = fields->Year * 366ll + fields->Month * 31 + fields->Day;
    return fields->Month >= 1 && fields->Month <= 12;
}

void WINAPI RtlTimeToTimeFields(const LARGE_INTEGER *time, TIME_FIELDS *fields)
{
    *fields = (TIME_FIELDS){.Year = 2000, .Month = 1, .Day = 1};
}

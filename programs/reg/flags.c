/*
 * flags.c: reg flags: what Windows is to do for old programs that write to a key below HKLM\Software.
 */
#include "reg.h"
#include <winternl.h>

/* The class of KEY_FLAGS_INFORMATION, which no header has. */
enum { KEY_FLAGS = 5 };

NTSTATUS NTAPI NtQueryKey(HANDLE key, int class, void *buffer, ULONG length, ULONG *needed);

static const struct {
    const WCHAR *name;
    ULONG flag;
} flags[] = {{L"DONT_VIRTUALIZE", 2}, {L"DONT_SILENT_FAIL", 4}, {L"RECURSE_FLAG", 8}};
#define FLAG_COUNT (sizeof flags / sizeof *flags)

static bool parse_flags(const struct options *o, ULONG *set)
{
    *set = 0;
    for (int i = 2; i < o->word_count; i++) {
        ULONG flag = 0;
        for (unsigned k = 0; k < FLAG_COUNT; k++)
            if (same_name(o->words[i], flags[k].name))
                flag = flags[k].flag;
        if (!flag)
            return false;
        *set |= flag;
    }
    return true;
}

static LSTATUS show(HKEY key, const struct key_name *name)
{
    ULONG info[3], needed;
    NTSTATUS status = NtQueryKey(key, KEY_FLAGS, info, sizeof info, &needed);
    if (status)
        return (LSTATUS)RtlNtStatusToDosError(status);
    WCHAR *whole = key_text(name);
    print(L"\r\n%s\r\n\r\n", whole);
    free(whole);
    for (unsigned i = 0; i < FLAG_COUNT; i++)
        print(L"\tREG_KEY_%s: %s\r\n", flags[i].name, info[2] & flags[i].flag ? L"SET" : L"CLEAR");
    print(L"\r\n");
    return ERROR_SUCCESS;
}

enum status reg_flags(const struct options *o)
{
    static const WCHAR place[] = L"Software\\";
    struct key_name name;
    HKEY key;
    ULONG set = 0;
    bool change = o->word_count > 1 && same_name(o->words[1], L"SET");

    if ((o->word_count > 1 && !change && !same_name(o->words[1], L"QUERY")) || (o->word_count > 2 && !change) ||
        !parse_flags(o, &set))
        return bad_syntax(o);
    if (!need_key(o, 0, &name))
        return FAILED;
    if (name.root != HKEY_LOCAL_MACHINE || _wcsnicmp(name.path, place, wcslen(place)))
        return fail(L"Invalid key name: it has to be below HKEY_LOCAL_MACHINE\\Software.");
    LSTATUS error =
        RegOpenKeyExW(name.root, name.path, 0, KEY_QUERY_VALUE | (change ? KEY_SET_VALUE : 0) | o->view, &key);
    if (error)
        return fail_with(error);
    if (change)
        error = (LSTATUS)RtlNtStatusToDosError(NtSetInformationKey(key, KeyControlFlagsInformation, &set, sizeof set));
    else
        error = show(key, &name);
    RegCloseKey(key);
    return error ? fail_with(error) : succeed();
}

/*
 * rights.c: see rights.h.
 */
#include "programs/rights.h"
#include <sddl.h>

struct right {
    const WCHAR *name;
    DWORD mask;
};

/* What stands for several at once comes first, the larger before the smaller. */
static const struct right simple[] = {{L"F", FILE_ALL_ACCESS}, {L"M", 0x1301bf}, {L"RX", 0x1200a9},
                                      {L"R", 0x120089},        {L"W", 0x100116}, {L"D", 0x110000}};
static const struct right specific[] = {{L"DE", DELETE},
                                        {L"RC", READ_CONTROL},
                                        {L"WDAC", WRITE_DAC},
                                        {L"WO", WRITE_OWNER},
                                        {L"S", SYNCHRONIZE},
                                        {L"AS", ACCESS_SYSTEM_SECURITY},
                                        {L"MA", MAXIMUM_ALLOWED},
                                        {L"GR", GENERIC_READ},
                                        {L"GW", GENERIC_WRITE},
                                        {L"GE", GENERIC_EXECUTE},
                                        {L"GA", GENERIC_ALL},
                                        {L"RD", FILE_READ_DATA},
                                        {L"WD", FILE_WRITE_DATA},
                                        {L"AD", FILE_APPEND_DATA},
                                        {L"REA", FILE_READ_EA},
                                        {L"WEA", FILE_WRITE_EA},
                                        {L"X", FILE_EXECUTE},
                                        {L"DC", FILE_DELETE_CHILD},
                                        {L"RA", FILE_READ_ATTRIBUTES},
                                        {L"WA", FILE_WRITE_ATTRIBUTES}};
static const struct right inheritance[] = {{L"I", INHERITED_ACE},
                                           {L"OI", OBJECT_INHERIT_ACE},
                                           {L"CI", CONTAINER_INHERIT_ACE},
                                           {L"IO", INHERIT_ONLY_ACE},
                                           {L"NP", NO_PROPAGATE_INHERIT_ACE}};
#define COUNT(list) (sizeof list / sizeof *list)

void rights_format(DWORD flags, DWORD mask, struct text *out)
{
    const WCHAR *separator = L"(";
    DWORD all = mask;
    bool whole = false;

    for (unsigned i = 0; i < COUNT(inheritance); i++)
        if (flags & inheritance[i].mask) {
            text_char(out, '(');
            text_add(out, inheritance[i].name);
            text_char(out, ')');
        }
    if (!mask) {
        text_add(out, L"(N)");
        return;
    }
    for (unsigned i = 0; i < COUNT(simple); i++)
        if ((all & simple[i].mask) == simple[i].mask && mask & simple[i].mask & ~(SYNCHRONIZE | READ_CONTROL)) {
            text_add(out, separator);
            text_add(out, simple[i].name);
            separator = L",";
            mask &= ~simple[i].mask;
            whole = true;
        }
    for (unsigned i = 0; i < COUNT(specific); i++)
        if (mask & specific[i].mask && !(whole && specific[i].mask == SYNCHRONIZE)) {
            text_add(out, separator);
            text_add(out, specific[i].name);
            separator = L",";
        }
    text_char(out, ')');
}

static bool find_right(const struct right *list, unsigned count, const WCHAR *name, size_t length, DWORD *mask)
{
    for (unsigned i = 0; i < count; i++)
        if (wcslen(list[i].name) == length && !_wcsnicmp(list[i].name, name, length)) {
            *mask |= list[i].mask;
            return true;
        }
    return false;
}

bool rights_parse(const WCHAR *text, DWORD *flags, DWORD *mask)
{
    bool any = false;

    *flags = *mask = 0;
    while (*text) {
        size_t length;
        text += wcsspn(text, L"(),");
        length = wcscspn(text, L"(),");
        if (!length)
            continue;
        if (!find_right(inheritance + 1, COUNT(inheritance) - 1, text, length, flags)) {
            any = true;
            if (!(length == 1 && towupper(*text) == 'N') && !find_right(simple, COUNT(simple), text, length, mask) &&
                !find_right(specific, COUNT(specific), text, length, mask))
                return false;
        }
        text += length;
    }
    return any;
}

void account_format(PSID sid, struct text *out)
{
    WCHAR name[256], domain[256], *string;
    DWORD name_size = 256, domain_size = 256;
    SID_NAME_USE use;

    if (LookupAccountSidW(NULL, sid, name, &name_size, domain, &domain_size, &use)) {
        text_add(out, domain);
        text_add(out, *domain ? L"\\" : L"");
        text_add(out, name);
    } else if (ConvertSidToStringSidW(sid, &string)) {
        text_add(out, string);
        LocalFree(string);
    }
}

PSID account_parse(const WCHAR *name)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    WCHAR domain[256];
    DWORD size = sizeof sid, domain_size = 256;
    SID_NAME_USE use;
    PSID result = NULL;

    if (*name == '*')
        return ConvertStringSidToSidW(name + 1, &result) ? result : NULL;
    if (!LookupAccountNameW(NULL, name, sid, &size, domain, &domain_size, &use))
        return NULL;
    result = LocalAlloc(0, GetLengthSid(sid));
    if (result)
        CopySid(GetLengthSid(sid), result, sid);
    return result;
}

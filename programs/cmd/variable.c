/*
 * variable.c: values of variables: the environment's, the computed ones, and what %~modifiers make of a path.
 */
#include "cmd.h"

static WCHAR *environment_get(const WCHAR *name)
{
    DWORD room = GetEnvironmentVariableW(name, NULL, 0);
    if (!room)
        return NULL;
    WCHAR *value = need(room * sizeof *value);
    GetEnvironmentVariableW(name, value, room);
    return value;
}

static WCHAR *computed_get(const WCHAR *name)
{
    WCHAR value[MAX_PATH * 4] = L"";
    SYSTEMTIME now;

    GetLocalTime(&now);
    if (same_name(name, L"CD"))
        GetCurrentDirectoryW(sizeof value / sizeof *value, value);
    else if (same_name(name, L"DATE"))
        GetDateFormatW(LOCALE_USER_DEFAULT, 0, &now, L"ddd MM/dd/yyyy", value, 64);
    else if (same_name(name, L"TIME"))
        _snwprintf(value, 64, L"%2u:%02u:%02u.%02u", now.wHour, now.wMinute, now.wSecond, now.wMilliseconds / 10);
    else if (same_name(name, L"RANDOM"))
        _snwprintf(value, 64, L"%d", rand());
    else if (same_name(name, L"ERRORLEVEL"))
        _snwprintf(value, 64, L"%d", cmd.errorlevel);
    else if (same_name(name, L"CMDEXTVERSION"))
        wcscpy(value, L"2");
    else if (same_name(name, L"CMDCMDLINE"))
        return copy_string(GetCommandLineW());
    else
        return NULL;
    return copy_string(value);
}

WCHAR *variable_get(const WCHAR *name)
{
    WCHAR *value = environment_get(name);
    return value ? value : computed_get(name);
}

static void add_attributes(struct text *text, DWORD attributes)
{
    static const struct {
        WCHAR letter;
        DWORD bit;
    } letters[] = {
        {'d', FILE_ATTRIBUTE_DIRECTORY}, {'r', FILE_ATTRIBUTE_READONLY},  {'a', FILE_ATTRIBUTE_ARCHIVE},
        {'h', FILE_ATTRIBUTE_HIDDEN},    {'s', FILE_ATTRIBUTE_SYSTEM},    {'c', FILE_ATTRIBUTE_COMPRESSED},
        {'o', FILE_ATTRIBUTE_OFFLINE},   {'t', FILE_ATTRIBUTE_TEMPORARY}, {'l', FILE_ATTRIBUTE_REPARSE_POINT}};
    for (unsigned i = 0; i < sizeof letters / sizeof *letters; i++)
        text_char(text, attributes & letters[i].bit ? letters[i].letter : '-');
}

static void add_information(struct text *text, const WCHAR *path, WCHAR what)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    FILETIME local;
    SYSTEMTIME time;
    WCHAR part[64];

    if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data))
        return;
    if (text->length)
        text_char(text, ' ');
    if (what == 'a') {
        add_attributes(text, data.dwFileAttributes);
    } else if (what == 'z') {
        _snwprintf(part, 64, L"%I64u", (unsigned long long)data.nFileSizeHigh << 32 | data.nFileSizeLow);
        text_add(text, part);
    } else {
        FileTimeToLocalFileTime(&data.ftLastWriteTime, &local);
        FileTimeToSystemTime(&local, &time);
        _snwprintf(part, 64, L"%02u/%02u/%04u %02u:%02u %s", time.wMonth, time.wDay, time.wYear,
                   time.wHour % 12 ? time.wHour % 12 : 12, time.wMinute, time.wHour < 12 ? L"AM" : L"PM");
        text_add(text, part);
    }
}

/* The name's case as the directory has it. */
static void real_case(WCHAR *path)
{
    WIN32_FIND_DATAW data;
    WCHAR *name = (WCHAR *)file_part(path);
    HANDLE find = *name ? FindFirstFileW(path, &data) : INVALID_HANDLE_VALUE;

    if (find == INVALID_HANDLE_VALUE)
        return;
    if (wcslen(data.cFileName) == wcslen(name))
        wcscpy(name, data.cFileName);
    FindClose(find);
}

WCHAR *modify_path(const WCHAR *value, const WCHAR *modifiers, size_t count)
{
    WCHAR full[4096], found[4096], *plain = unquote(copy_string(value));
    struct text text = {0}, information = {0};
    bool drive = false, path = false, name = false, extension = false, files = false;

    if (!count)
        return plain;
    const WCHAR *dollar = wmemchr(modifiers, '$', count);
    if (dollar) { /* dp$PATH: the variable's directories are searched */
        const WCHAR *colon = wmemchr(dollar, ':', modifiers + count - dollar);
        WCHAR *variable = copy_n(dollar + 1, colon - dollar - 1), *list = variable_get(variable);
        DWORD length = list ? SearchPathW(list, plain, NULL, 4096, found, NULL) : 0;
        free(variable), free(list), free(plain);
        if (!length)
            return copy_string(L"");
        plain = copy_string(found);
        count = dollar - modifiers;
        files = !count;
    }
    for (size_t i = 0; i < count; i++) {
        WCHAR c = towlower(modifiers[i]);
        drive |= c == 'd' || c == 'f', path |= c == 'p' || c == 'f', name |= c == 'n' || c == 'f';
        extension |= c == 'x' || c == 'f';
        files |= c == 's';
    }
    if (files && !drive && !path && !name && !extension)
        drive = path = name = extension = true;
    full[0] = 0;
    if (*plain)
        GetFullPathNameW(plain, 4096, full, NULL);
    real_case(full);
    const WCHAR *base = file_part(full), *dot = wcsrchr(base, '.'), *rest = full[0] && full[1] == ':' ? full + 2 : full;
    const WCHAR *end = dot ? dot : base + wcslen(base);
    if (drive)
        text_add_n(&text, full, rest - full);
    if (path)
        text_add_n(&text, rest, base - rest);
    if (name)
        text_add_n(&text, base, end - base);
    if (extension)
        text_add(&text, end);
    for (const WCHAR *what = L"atz"; *what; what++) /* in this order, whatever the modifiers' is */
        if (wmemchr(modifiers, *what, count) || wmemchr(modifiers, towupper(*what), count))
            add_information(&information, full, *what);
    if (information.length) {
        if (text.length)
            text_char(&information, ' ');
        if (text.length)
            text_add(&information, text.data);
        free(text_take(&text));
        text = information;
    }
    free(plain);
    return text_take(&text);
}

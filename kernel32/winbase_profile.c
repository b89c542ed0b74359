/*
 * winbase_profile.c: .ini files (GetPrivateProfileString and its kin).
 *
 * Layer: kernel32, over its files.  The file is read whole, looked at or changed in memory, and written back; it is
 * UTF-16 if it begins with that mark, else in the ANSI code page.  A name without a directory is one in the Windows
 * directory, and no name is win.ini.
 */
#include <string.h>
#include "filename.h"
#include "ntdll/nls.h"

struct profile {
    WCHAR *text; /* zero-terminated, process heap */
    size_t length;
    bool wide; /* the file is UTF-16 */
};

struct span {
    const WCHAR *at;
    size_t length;
};

static bool is_blank(WCHAR c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct span span_trim(const WCHAR *from, const WCHAR *to)
{
    while (from < to && is_blank(*from))
        from++;
    while (to > from && is_blank(to[-1]))
        to--;
    return (struct span){from, (size_t)(to - from)};
}

static bool span_is(struct span span, const WCHAR *name)
{
    return RtlCompareUnicodeStrings(span.at, span.length, name, wide_length(name), TRUE) == 0;
}

static bool file_path(const WCHAR *name, WCHAR path[MAX_PATH])
{
    DWORD length = 0;

    if (!name)
        name = u"win.ini";
    for (const WCHAR *at = name; *at; at++)
        if (*at == '\\' || *at == '/' || *at == ':')
            return wide_length(name) < MAX_PATH && memcpy(path, name, (wide_length(name) + 1) * sizeof *path);
    length = GetWindowsDirectoryW(path, MAX_PATH);
    if (!length || length + 1 + wide_length(name) >= MAX_PATH)
        return false;
    path[length++] = '\\';
    memcpy(path + length, name, (wide_length(name) + 1) * sizeof *path);
    return true;
}

/* The bytes of the file as text; false and the last error if it can not be read. */
static bool profile_read(const WCHAR *name, struct profile *profile)
{
    WCHAR path[MAX_PATH];
    HANDLE file;
    DWORD size, read = 0;
    char *bytes;

    *profile = (struct profile){NULL, 0, false};
    if (!file_path(name, path)) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return false;
    }
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return false;
    size = GetFileSize(file, NULL);
    bytes = size < 0x4000000 ? RtlAllocateHeap(process_heap(), 0, size + 2) : NULL;
    profile->text = bytes ? RtlAllocateHeap(process_heap(), 0, (size + 1) * sizeof(WCHAR)) : NULL;
    if (profile->text && ReadFile(file, bytes, size, &read, NULL)) {
        profile->wide = read >= 2 && (BYTE)bytes[0] == 0xff && (BYTE)bytes[1] == 0xfe;
        if (profile->wide)
            memcpy(profile->text, bytes + 2, profile->length = (read - 2) / 2 * 2), profile->length /= 2;
        else
            codepage_decode(codepage_ansi(), false, bytes, read, profile->text, size, &profile->length);
        profile->text[profile->length] = 0;
    }
    RtlFreeHeap(process_heap(), 0, bytes);
    CloseHandle(file);
    return profile->text != NULL;
}

static const WCHAR *line_end(const WCHAR *at)
{
    while (*at && *at != '\n')
        at++;
    return at;
}

static const WCHAR *line_next(const WCHAR *at)
{
    at = line_end(at);
    return *at ? at + 1 : at;
}

/* The name of a section, if the line is the head of one. */
static bool line_section(const WCHAR *at, struct span *name)
{
    const WCHAR *end = line_end(at), *close;

    while (at < end && is_blank(*at))
        at++;
    if (*at != '[')
        return false;
    for (close = ++at; close < end && *close != ']'; close++)
        ;
    *name = span_trim(at, close);
    return true;
}

/* Key and value; false for comments and empty lines. */
static bool line_entry(const WCHAR *at, struct span *key, struct span *value)
{
    const WCHAR *end = line_end(at), *equals;
    struct span whole = span_trim(at, end);

    if (!whole.length || *whole.at == ';')
        return false;
    for (equals = whole.at; equals < whole.at + whole.length && *equals != '='; equals++)
        ;
    *key = span_trim(whole.at, equals);
    *value = equals < whole.at + whole.length ? span_trim(equals + 1, whole.at + whole.length)
                                              : (struct span){whole.at + whole.length, 0};
    return true;
}

/* The line after a section's head; NULL: no such section. */
static const WCHAR *section_find(const WCHAR *text, const WCHAR *name)
{
    struct span found;

    for (const WCHAR *line = text; *line; line = line_next(line))
        if (line_section(line, &found) && span_is(found, name))
            return line_next(line);
    return NULL;
}

/* The line of a key in the section that begins there; NULL: none.  *end: where the section ends. */
static const WCHAR *entry_find(const WCHAR *section, const WCHAR *key, struct span *value, const WCHAR **end)
{
    const WCHAR *found = NULL;
    struct span name, text;

    for (; *section; section = line_next(section)) {
        if (line_section(section, &name))
            break;
        if (!found && key && line_entry(section, &name, &text) && span_is(name, key)) {
            found = section;
            *value = text;
        }
    }
    if (end)
        *end = section;
    return found;
}

/* Lists of strings end with an empty one; what does not fit is cut so that two zeros end it. */
struct list {
    WCHAR *out;
    DWORD room, length;
    bool full;
};

static void list_add(struct list *list, struct span text)
{
    if (list->full || list->length + text.length + 2 > list->room) {
        size_t fits = !list->full && list->room >= list->length + 2 ? list->room - list->length - 2 : 0;

        if (fits && fits < text.length) {
            memcpy(list->out + list->length, text.at, fits * sizeof(WCHAR));
            list->length += (DWORD)fits;
            list->out[list->length++] = 0;
        }
        list->full = true;
        return;
    }
    memcpy(list->out + list->length, text.at, text.length * sizeof(WCHAR));
    list->length += (DWORD)text.length;
    list->out[list->length++] = 0;
}

/* The length without the last zero; room - 2 if it was cut. */
static DWORD list_done(struct list *list)
{
    if (!list->room)
        return 0;
    list->out[list->length < list->room ? list->length : list->room - 1] = 0;
    if (!list->length && list->room > 1)
        list->out[1] = 0;
    if (list->full)
        return list->room >= 2 ? list->room - 2 : 0;
    return list->length;
}

static DWORD copy_text(struct span text, WCHAR *out, DWORD room)
{
    DWORD length = (DWORD)text.length;

    if (!room)
        return 0;
    if (length >= room)
        length = room - 1;
    memcpy(out, text.at, length * sizeof *out);
    out[length] = 0;
    return length;
}

DWORD WINAPI GetPrivateProfileSectionNamesW(LPWSTR out, DWORD room, LPCWSTR file)
{
    struct list list = {out, out ? room : 0, 0, false};
    struct profile profile;
    struct span name;

    if (profile_read(file, &profile)) {
        for (const WCHAR *line = profile.text; *line; line = line_next(line))
            if (line_section(line, &name))
                list_add(&list, name);
        RtlFreeHeap(process_heap(), 0, profile.text);
    }
    return list_done(&list);
}

DWORD WINAPI GetPrivateProfileSectionW(LPCWSTR section, LPWSTR out, DWORD room, LPCWSTR file)
{
    struct list list = {out, out ? room : 0, 0, false};
    struct profile profile;
    struct span key, value;

    if (!section) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (profile_read(file, &profile)) {
        const WCHAR *line = section_find(profile.text, section);

        for (; line && *line && !line_section(line, &key); line = line_next(line))
            if (line_entry(line, &key, &value))
                list_add(&list, span_trim(line, line_end(line)));
        RtlFreeHeap(process_heap(), 0, profile.text);
    }
    return list_done(&list);
}

/* All keys of a section. */
static DWORD keys_list(const WCHAR *section, WCHAR *out, DWORD room)
{
    struct list list = {out, room, 0, false};
    struct span key, value;

    for (; section && *section && !line_section(section, &key); section = line_next(section))
        if (line_entry(section, &key, &value))
            list_add(&list, key);
    return list_done(&list);
}

DWORD WINAPI GetPrivateProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR fallback, LPWSTR out, DWORD room,
                                      LPCWSTR file)
{
    struct span value = {fallback ? fallback : u"", 0};
    struct profile profile;
    const WCHAR *found = NULL;
    DWORD length;

    if (!section)
        return GetPrivateProfileSectionNamesW(out, room, file);
    while (value.at[value.length])
        value.length++;
    while (value.length && value.at[value.length - 1] == ' ')
        value.length--;
    if (!profile_read(file, &profile))
        return out ? copy_text(value, out, room) : 0;
    found = section_find(profile.text, section);
    if (found && !key) {
        length = keys_list(found, out, room);
    } else {
        if (found)
            entry_find(found, key, &value, NULL);
        if (value.length >= 2 && (*value.at == '"' || *value.at == '\'') && value.at[value.length - 1] == *value.at &&
            value.at != fallback)
            value.at++, value.length -= 2;
        length = out ? copy_text(value, out, room) : 0;
    }
    RtlFreeHeap(process_heap(), 0, profile.text);
    return length;
}

UINT WINAPI GetPrivateProfileIntW(LPCWSTR section, LPCWSTR key, INT fallback, LPCWSTR file)
{
    WCHAR text[32], *at = text;
    UINT value = 0;
    bool negative;

    if (!GetPrivateProfileStringW(section, key, u"", text, 32, file))
        return (UINT)fallback;
    negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        for (at += 2; (*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'f'); at++)
            value = value * 16 + (UINT)(*at <= '9' ? *at - '0' : (*at | 0x20) - 'a' + 10);
        return value;
    }
    for (; *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (UINT)(*at - '0');
    return negative ? -value : value;
}

static BOOL profile_write(const WCHAR *name, const struct profile *profile)
{
    WCHAR path[MAX_PATH];
    HANDLE file;
    BOOL good = FALSE;
    DWORD written;
    size_t size = profile->length * 3 + 2, used = 0;
    char *bytes = RtlAllocateHeap(process_heap(), 0, size);

    if (!bytes || !file_path(name, path)) {
        RtlFreeHeap(process_heap(), 0, bytes);
        SetLastError(bytes ? ERROR_FILE_NOT_FOUND : ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    if (profile->wide) {
        memcpy(bytes, "\xff\xfe", 2);
        memcpy(bytes + 2, profile->text, profile->length * 2);
        used = profile->length * 2 + 2;
    } else {
        codepage_encode(codepage_ansi(), false, profile->text, profile->length, bytes, size, NULL, &used);
    }
    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        good = WriteFile(file, bytes, (DWORD)used, &written, NULL);
        CloseHandle(file);
    }
    RtlFreeHeap(process_heap(), 0, bytes);
    return good;
}

/* Replaces what lies between `from` and `to` by the texts of a list ended by NULL. */
static bool profile_splice(struct profile *profile, const WCHAR *from, const WCHAR *to, const WCHAR *const *texts)
{
    size_t before = (size_t)(from - profile->text), after = profile->length - (size_t)(to - profile->text), more = 0;
    WCHAR *made, *at;

    for (size_t i = 0; texts[i]; i++)
        more += wide_length(texts[i]);
    made = RtlAllocateHeap(process_heap(), 0, (before + more + after + 1) * sizeof *made);
    if (!made)
        return false;
    memcpy(made, profile->text, before * sizeof *made);
    at = made + before;
    for (; *texts; texts++) {
        memcpy(at, *texts, wide_length(*texts) * sizeof *at);
        at += wide_length(*texts);
    }
    memcpy(at, to, after * sizeof *at);
    RtlFreeHeap(process_heap(), 0, profile->text);
    profile->text = made;
    profile->length = before + more + after;
    made[profile->length] = 0;
    return true;
}

/* A last line without an end needs one before anything is added. */
static const WCHAR *line_break(const struct profile *profile, const WCHAR *at)
{
    return at > profile->text && at[-1] != '\n' ? u"\r\n" : u"";
}

/* Behind the last line of a section that is not empty. */
static const WCHAR *section_tail(const WCHAR *section, const WCHAR *end)
{
    const WCHAR *tail = section;

    for (const WCHAR *line = section; line < end; line = line_next(line))
        if (span_trim(line, line_end(line)).length)
            tail = line_next(line);
    return tail;
}

static bool profile_change(struct profile *profile, const WCHAR *section, const WCHAR *key, const WCHAR *value)
{
    const WCHAR *start = section_find(profile->text, section), *end = NULL, *line, *head;
    struct span old;

    if (!start && key && value) { /* a new section, at the end */
        end = profile->text + profile->length;
        return profile_splice(
            profile, end, end,
            (const WCHAR *const[]){line_break(profile, end), u"[", section, u"]\r\n", key, u"=", value, u"\r\n", NULL});
    }
    if (!start)
        return true;
    line = entry_find(start, key, &old, &end);
    if (!key) { /* the whole section goes */
        for (head = start - 1; head > profile->text && head[-1] != '\n'; head--)
            ;
        return profile_splice(profile, head, end, (const WCHAR *const[]){NULL});
    }
    if (!value)
        return !line || profile_splice(profile, line, line_next(line), (const WCHAR *const[]){NULL});
    if (line)
        return profile_splice(profile, line, line_next(line), (const WCHAR *const[]){key, u"=", value, u"\r\n", NULL});
    end = section_tail(start, end);
    return profile_splice(profile, end, end,
                          (const WCHAR *const[]){line_break(profile, end), key, u"=", value, u"\r\n", NULL});
}

/* Reads, or begins an empty one. */
static bool profile_open(const WCHAR *file, struct profile *profile)
{
    if (profile_read(file, profile))
        return true;
    if (GetLastError() != ERROR_FILE_NOT_FOUND)
        return false;
    profile->text = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(WCHAR));
    return profile->text != NULL;
}

BOOL WINAPI WritePrivateProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR value, LPCWSTR file)
{
    struct profile profile;
    BOOL good;

    if (!section && !key && !value) /* flushes a cache that is not there */
        return FALSE;
    if (!section) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return FALSE;
    }
    if (!profile_open(file, &profile))
        return FALSE;
    good = profile_change(&profile, section, key, value) && profile_write(file, &profile);
    RtlFreeHeap(process_heap(), 0, profile.text);
    return good;
}

BOOL WINAPI WritePrivateProfileSectionW(LPCWSTR section, LPCWSTR lines, LPCWSTR file)
{
    struct profile profile;
    BOOL good;

    if (!section || !profile_open(file, &profile))
        return FALSE;
    good = profile_change(&profile, section, NULL, NULL);
    if (good && lines) {
        const WCHAR *end = profile.text + profile.length;

        good = profile_splice(&profile, end, end,
                              (const WCHAR *const[]){line_break(&profile, end), u"[", section, u"]\r\n", NULL});
        for (; good && *lines; lines += wide_length(lines) + 1) {
            end = profile.text + profile.length;
            good = profile_splice(&profile, end, end, (const WCHAR *const[]){lines, u"\r\n", NULL});
        }
    }
    good = good && profile_write(file, &profile);
    RtlFreeHeap(process_heap(), 0, profile.text);
    return good;
}

DWORD WINAPI GetProfileSectionW(LPCWSTR section, LPWSTR out, DWORD room)
{
    return GetPrivateProfileSectionW(section, out, room, NULL);
}

BOOL WINAPI WriteProfileSectionW(LPCWSTR section, LPCWSTR lines)
{
    return WritePrivateProfileSectionW(section, lines, NULL);
}

DWORD WINAPI GetProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR fallback, LPWSTR out, DWORD room)
{
    return GetPrivateProfileStringW(section, key, fallback, out, room, NULL);
}

UINT WINAPI GetProfileIntW(LPCWSTR section, LPCWSTR key, INT fallback)
{
    return GetPrivateProfileIntW(section, key, fallback, NULL);
}

BOOL WINAPI WriteProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR value)
{
    return WritePrivateProfileStringW(section, key, value, NULL);
}

/* The A functions.  Lists of strings are converted whole. */
static DWORD to_ansi(const WCHAR *wide, DWORD length, bool list, LPSTR out, DWORD room)
{
    size_t written = 0;
    DWORD tail = list ? 2 : 1;

    if (!room)
        return 0;
    codepage_encode(codepage_ansi(), false, wide, length, out, room > tail ? room - tail : 0, NULL, &written);
    if (room <= tail)
        written = 0;
    for (DWORD i = 0; i < tail && written + i < room; i++)
        out[written + i] = 0;
    return (DWORD)written;
}

DWORD WINAPI GetPrivateProfileStringA(LPCSTR section, LPCSTR key, LPCSTR fallback, LPSTR out, DWORD room, LPCSTR file)
{
    WCHAR *a = wide_from_ansi(section), *b = wide_from_ansi(key), *c = wide_from_ansi(fallback);
    WCHAR *name = wide_from_ansi(file), *wide = RtlAllocateHeap(process_heap(), 0, (room + 1) * sizeof *wide);
    DWORD length = 0;

    if (wide && out) {
        length = GetPrivateProfileStringW(a, b, c, wide, room, name);
        length = to_ansi(wide, length, !section || !key, out, room);
    }
    RtlFreeHeap(process_heap(), 0, a);
    RtlFreeHeap(process_heap(), 0, b);
    RtlFreeHeap(process_heap(), 0, c);
    RtlFreeHeap(process_heap(), 0, name);
    RtlFreeHeap(process_heap(), 0, wide);
    return length;
}

DWORD WINAPI GetPrivateProfileSectionNamesA(LPSTR out, DWORD room, LPCSTR file)
{
    return GetPrivateProfileStringA(NULL, NULL, NULL, out, room, file);
}

DWORD WINAPI GetPrivateProfileSectionA(LPCSTR section, LPSTR out, DWORD room, LPCSTR file)
{
    WCHAR *a = wide_from_ansi(section), *name = wide_from_ansi(file);
    WCHAR *wide = RtlAllocateHeap(process_heap(), 0, (room + 1) * sizeof *wide);
    DWORD length = 0;

    if (wide && out) {
        length = GetPrivateProfileSectionW(a, wide, room, name);
        length = to_ansi(wide, length, true, out, room);
    }
    RtlFreeHeap(process_heap(), 0, a);
    RtlFreeHeap(process_heap(), 0, name);
    RtlFreeHeap(process_heap(), 0, wide);
    return length;
}

UINT WINAPI GetPrivateProfileIntA(LPCSTR section, LPCSTR key, INT fallback, LPCSTR file)
{
    WCHAR *a = wide_from_ansi(section), *b = wide_from_ansi(key), *name = wide_from_ansi(file);
    UINT value = GetPrivateProfileIntW(a, b, fallback, name);

    RtlFreeHeap(process_heap(), 0, a);
    RtlFreeHeap(process_heap(), 0, b);
    RtlFreeHeap(process_heap(), 0, name);
    return value;
}

BOOL WINAPI WritePrivateProfileStringA(LPCSTR section, LPCSTR key, LPCSTR value, LPCSTR file)
{
    WCHAR *a = wide_from_ansi(section), *b = wide_from_ansi(key), *c = wide_from_ansi(value);
    WCHAR *name = wide_from_ansi(file);
    BOOL good = WritePrivateProfileStringW(a, b, c, name);

    RtlFreeHeap(process_heap(), 0, a);
    RtlFreeHeap(process_heap(), 0, b);
    RtlFreeHeap(process_heap(), 0, c);
    RtlFreeHeap(process_heap(), 0, name);
    return good;
}

DWORD WINAPI GetProfileStringA(LPCSTR section, LPCSTR key, LPCSTR fallback, LPSTR out, DWORD room)
{
    return GetPrivateProfileStringA(section, key, fallback, out, room, NULL);
}

UINT WINAPI GetProfileIntA(LPCSTR section, LPCSTR key, INT fallback)
{
    return GetPrivateProfileIntA(section, key, fallback, NULL);
}

BOOL WINAPI WriteProfileStringA(LPCSTR section, LPCSTR key, LPCSTR value)
{
    return WritePrivateProfileStringA(section, key, value, NULL);
}

DWORD WINAPI GetProfileSectionA(LPCSTR section, LPSTR out, DWORD room)
{
    return GetPrivateProfileSectionA(section, out, room, NULL);
}

BOOL WINAPI WritePrivateProfileSectionA(LPCSTR section, LPCSTR lines, LPCSTR file)
{
    WCHAR *a = wide_from_ansi(section), *name = wide_from_ansi(file), *list = NULL;
    size_t size = 0, units = 0;
    BOOL good = TRUE;

    if (lines) {
        while (lines[size])
            size += strlen(lines + size) + 1;
        list = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, (size + 2) * sizeof *list);
        good = list && (!size || NT_SUCCESS(codepage_decode(codepage_ansi(), false, lines, size, list, size, &units)));
    }
    good = good && WritePrivateProfileSectionW(a, list, name);
    RtlFreeHeap(process_heap(), 0, a);
    RtlFreeHeap(process_heap(), 0, name);
    RtlFreeHeap(process_heap(), 0, list);
    return good;
}

BOOL WINAPI WriteProfileSectionA(LPCSTR section, LPCSTR lines)
{
    return WritePrivateProfileSectionA(section, lines, NULL);
}

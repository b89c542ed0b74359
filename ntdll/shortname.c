/*
 * shortname.c: 8.3 names: what they may look like, and which directory a made-up one means.
 *
 * No file has one: drives are like those volumes on which Windows makes none, and whoever asks for a short name gets
 * the long one.  But old programs and scripts have C:\PROGRA~1 in them.  So a made-up name that does not exist leads to
 * the directory that would have it if Windows had named the directories there in their alphabetical order.  Files are
 * not found so: which one a number means may change with its neighbours, and a file might be lost by that.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "path.h"
#include "shortname.h"

#define BASE 6

/* The parts of an 8.3 name, in upper case. */
struct parts {
    WCHAR base[9], extension[4];
    size_t base_length, extension_length;
};

static bool char_is_legal(WCHAR c)
{
    static const char others[] = "!#$%&'()-@^_`{}~";
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c > 127 ||
           (c && strchr(others, (char)c));
}

/* An 8.3 name as it is; false: it is none.  *spaces: it has some inside. */
static bool parts_of_legal(const WCHAR *name, size_t length, struct parts *parts, bool *spaces)
{
    size_t dot = length;
    *spaces = false;
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '.' && dot == length)
            dot = i;
        else if (name[i] == ' ' && i && i + 1 < length && name[i + 1] != '.' && name[i - 1] != '.')
            *spaces = true;
        else if (!char_is_legal(name[i]))
            return false;
    }
    parts->base_length = dot;
    parts->extension_length = dot < length ? length - dot - 1 : 0;
    if (!dot || dot > 8 || parts->extension_length > 3 || dot + 1 == length)
        return false;
    for (size_t i = 0; i < dot; i++)
        parts->base[i] = RtlUpcaseUnicodeChar(name[i]);
    for (size_t i = 0; i < parts->extension_length; i++)
        parts->extension[i] = RtlUpcaseUnicodeChar(name[dot + 1 + i]);
    return true;
}

/* What Windows makes of a long name, before the number. */
static void parts_of_long(const WCHAR *name, size_t length, struct parts *parts)
{
    size_t start = 0, dot = length;
    *parts = (struct parts){0};
    while (start < length && (name[start] == '.' || name[start] == ' '))
        start++;
    for (size_t i = length; i > start + 1 && dot == length; i--)
        if (name[i - 1] == '.')
            dot = i - 1;
    for (size_t i = start; i < length; i++) {
        WCHAR c = char_is_legal(name[i]) ? RtlUpcaseUnicodeChar(name[i]) : '_';
        if (name[i] == ' ' || name[i] == '.')
            continue;
        if (i < dot && parts->base_length < BASE)
            parts->base[parts->base_length++] = c;
        else if (i > dot && parts->extension_length < 3)
            parts->extension[parts->extension_length++] = c;
    }
}

static bool parts_equal(const struct parts *a, const struct parts *b)
{
    return a->base_length == b->base_length && a->extension_length == b->extension_length &&
           !memcmp(a->base, b->base, a->base_length * sizeof *a->base) &&
           !memcmp(a->extension, b->extension, a->extension_length * sizeof *a->extension);
}

/* ABCDEF~1.EXT: the number, and the parts without it; 0: it is not of that form. */
static unsigned parts_of_made_up(const char *name, struct parts *parts)
{
    WCHAR wide[16];
    bool spaces;
    size_t length = strlen(name);
    int n = length < 16 && strchr(name, '~') ? path_name_to_wide(name, length, wide, 16) : -1;
    if (n < 0 || !parts_of_legal(wide, (size_t)n, parts, &spaces) || spaces || parts->base_length < 3)
        return 0;
    const WCHAR *end = parts->base + parts->base_length;
    if (end[-2] != '~' || end[-1] < '1' || end[-1] > '9')
        return 0;
    parts->base_length -= 2;
    return (unsigned)(end[-1] - '0');
}

bool shortname_is_made_up(const char *name)
{
    struct parts parts;
    return parts_of_made_up(name, &parts);
}

/* The candidates of a look-up, the least `number` of them in order. */
struct candidates {
    struct parts parts;
    unsigned number, count;
    WCHAR names[9][256]; /* in upper case */
    char actual[9][256];
};

static void candidate_add(struct candidates *all, const char *name)
{
    WCHAR wide[256];
    struct parts parts;
    bool spaces;
    unsigned at;
    int length = path_name_to_wide(name, strlen(name), wide, 256);
    if (length < 0 || (parts_of_legal(wide, (size_t)length, &parts, &spaces) && !spaces))
        return;
    parts_of_long(wide, (size_t)length, &parts);
    if (!parts_equal(&parts, &all->parts))
        return;
    for (int i = 0; i < length; i++)
        wide[i] = RtlUpcaseUnicodeChar(wide[i]);
    for (at = 0; at < all->count; at++) {
        const WCHAR *a = wide, *b = all->names[at];
        while (*a && *a == *b)
            a++, b++;
        if (*a < *b)
            break;
        if (!*a && !*b)
            return; /* there already */
    }
    if (at >= 9)
        return;
    unsigned last = all->count < 9 ? all->count++ : 8;
    memmove(all->names + at + 1, all->names + at, (last - at) * sizeof *all->names);
    memmove(all->actual + at + 1, all->actual + at, (last - at) * sizeof *all->actual);
    memcpy(all->names[at], wide, ((size_t)length + 1) * sizeof *wide);
    strcpy(all->actual[at], name);
}

bool shortname_find(const char *directory, const char *name, char actual[256])
{
    struct candidates *all = calloc(1, sizeof *all);
    struct stat st;
    char child[256];
    bool found = false;
    if (all && (all->number = parts_of_made_up(name, &all->parts))) {
        DIR *dir = opendir(*directory ? directory : "/");
        for (struct dirent *entry; dir && (entry = readdir(dir));)
            if (entry->d_type == DT_DIR || ((entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) &&
                                            !fstatat(dirfd(dir), entry->d_name, &st, 0) && S_ISDIR(st.st_mode)))
                candidate_add(all, entry->d_name);
        if (dir)
            closedir(dir);
        for (unsigned i = 0; path_virtual_child(directory, i, child); i++)
            candidate_add(all, child);
        found = all->number <= all->count;
        if (found)
            strcpy(actual, all->actual[all->number - 1]);
    }
    free(all);
    return found;
}

/* Windows also says yes to "." and "..". */
BOOLEAN WINAPI RtlIsNameLegalDOS8Dot3(UNICODE_STRING *name, OEM_STRING *oem, BOOLEAN *spaces)
{
    struct parts parts;
    bool has_spaces = false;
    size_t length = name->Length / sizeof(WCHAR);
    bool dots = (length == 1 || length == 2) && name->Buffer[0] == '.' && name->Buffer[length - 1] == '.';
    bool legal = dots || (length <= 12 && parts_of_legal(name->Buffer, length, &parts, &has_spaces));
    if (legal && spaces)
        *spaces = has_spaces;
    if (!legal || !oem)
        return legal;
    WCHAR text[12];
    UNICODE_STRING upper = {name->Length, sizeof text, text};
    for (size_t i = 0; i < length; i++)
        text[i] = RtlUpcaseUnicodeChar(name->Buffer[i]);
    return !RtlUnicodeStringToOemString(oem, &upper, FALSE);
}

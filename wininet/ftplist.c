/*
 * ftplist.c: what FTP servers say of a directory: facts (MLSD, RFC 3659), as `ls -l` has it, or as DIR has it.
 */
#include <stdio.h>
#include <stdlib.h>
#include "wininet/ftp.h"

static void name_set(WIN32_FIND_DATAW *data, const char *name, size_t length)
{
    int count = length ? MultiByteToWideChar(CP_UTF8, 0, name, (int)length, data->cFileName, MAX_PATH - 1) : 0;

    data->cFileName[count > 0 ? count : 0] = 0;
}

static void size_set(WIN32_FIND_DATAW *data, uint64_t size)
{
    data->nFileSizeLow = (DWORD)size;
    data->nFileSizeHigh = (DWORD)(size >> 32);
}

static void time_set(WIN32_FIND_DATAW *data, const SYSTEMTIME *time)
{
    SystemTimeToFileTime(time, &data->ftLastWriteTime);
}

/* type=file;size=12;modify=20240131120000; name */
static bool parse_facts(const char *line, const char *end, WIN32_FIND_DATAW *data)
{
    while (line < end && *line != ' ') {
        const char *stop = line;

        while (stop < end && *stop != ';' && *stop != ' ')
            stop++;
        if (!strncmp(line, "type=", 5)) {
            if (!strncmp(line + 5, "cdir", 4) || !strncmp(line + 5, "pdir", 4))
                return false;
            if (!strncmp(line + 5, "dir", 3))
                data->dwFileAttributes = FILE_ATTRIBUTE_DIRECTORY;
        } else if (!strncmp(line, "size=", 5)) {
            size_set(data, strtoull(line + 5, NULL, 10));
        } else if (!strncmp(line, "modify=", 7)) {
            SYSTEMTIME time = {0};

            if (sscanf(line + 7, "%4hu%2hu%2hu%2hu%2hu%2hu", &time.wYear, &time.wMonth, &time.wDay, &time.wHour,
                       &time.wMinute, &time.wSecond) == 6)
                time_set(data, &time);
        }
        line = stop + (*stop == ';');
    }
    if (line >= end || *line != ' ')
        return false;
    name_set(data, line + 1, (size_t)(end - line - 1));
    return true;
}

/* -rw-r--r--  1 user group  12 Jan 31 12:00 name */
static bool parse_unix(const char *line, const char *end, WIN32_FIND_DATAW *data)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    unsigned long long size;
    char month[4], clock[8];
    SYSTEMTIME time = {0}, now;
    unsigned day, hour, minute;
    int used = 0;
    const char *at;

    if (sscanf(line, "%*s %*u %*s %*s %llu %3s %u %7s%n", &size, month, &day, clock, &used) != 4 || !used ||
        !(at = strstr(months, month)) || line + used >= end)
        return false;
    if (*line == 'd')
        data->dwFileAttributes = FILE_ATTRIBUTE_DIRECTORY;
    size_set(data, *line == 'd' ? 0 : size);
    GetSystemTime(&now);
    time.wMonth = (WORD)((at - months) / 3 + 1);
    time.wDay = (WORD)day;
    if (sscanf(clock, "%u:%u", &hour, &minute) == 2) { /* of the last twelve months */
        time.wHour = (WORD)hour;
        time.wMinute = (WORD)minute;
        time.wYear =
            (WORD)(now.wYear - (time.wMonth > now.wMonth || (time.wMonth == now.wMonth && time.wDay > now.wDay + 1)));
    } else {
        time.wYear = (WORD)atoi(clock);
    }
    time_set(data, &time);
    line += used + 1;
    at = NULL;
    for (const char *p = line; p + 4 < end && data->dwFileAttributes != FILE_ATTRIBUTE_DIRECTORY; p++)
        if (!strncmp(p, " -> ", 4) && !at)
            at = p;
    name_set(data, line, (size_t)((at ? at : end) - line));
    return true;
}

/* 01-31-24  12:00PM  <DIR>  name */
static bool parse_dos(const char *line, const char *end, WIN32_FIND_DATAW *data)
{
    SYSTEMTIME time = {0};
    char half[3] = "", what[32];
    int used = 0;

    if (sscanf(line, "%2hu-%2hu-%4hu %2hu:%2hu%2s %31s%n", &time.wMonth, &time.wDay, &time.wYear, &time.wHour,
               &time.wMinute, half, what, &used) != 7 ||
        line + used >= end)
        return false;
    if (time.wYear < 100)
        time.wYear = (WORD)(time.wYear + (time.wYear < 70 ? 2000 : 1900));
    time.wHour = (WORD)(time.wHour % 12 + (*half == 'P' || *half == 'p' ? 12 : 0));
    time_set(data, &time);
    if (*what == '<')
        data->dwFileAttributes = FILE_ATTRIBUTE_DIRECTORY;
    else
        size_set(data, strtoull(what, NULL, 10));
    for (line += used; line < end && *line == ' '; line++)
        ;
    name_set(data, line, (size_t)(end - line));
    return true;
}

bool ftp_list_next(const char **text, bool mlsd, WIN32_FIND_DATAW *data)
{
    while (**text) {
        const char *line = *text, *end = line + strcspn(line, "\r\n");
        bool good;

        *text = end + strspn(end, "\r\n");
        memset(data, 0, sizeof *data);
        data->dwFileAttributes = FILE_ATTRIBUTE_NORMAL;
        good = mlsd                           ? parse_facts(line, end, data)
               : *line >= '0' && *line <= '9' ? parse_dos(line, end, data)
                                              : parse_unix(line, end, data);
        data->ftCreationTime = data->ftLastAccessTime = data->ftLastWriteTime;
        if (good && *data->cFileName && wide_compare(data->cFileName, L".") && wide_compare(data->cFileName, L".."))
            return true;
    }
    return false;
}

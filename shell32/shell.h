/*
 * shell.h: what shell32's files share.
 */
#ifndef SHELL32_SHELL_H
#define SHELL32_SHELL_H

#include "ole32/com.h"
#include "ntdll/nls.h"
#include <shellapi.h>
#include <shlobj.h>

static inline WCHAR *path_name(WCHAR *path)
{
    WCHAR *name = path;

    for (WCHAR *at = path; *at; at++)
        if (*at == '\\' || *at == '/')
            name = at + 1;
    return name;
}

/* The last dot of a name and what follows, or the end. */
static inline const WCHAR *path_type(const WCHAR *path)
{
    const WCHAR *type = NULL;

    for (; *path; path++)
        type = *path == '.' ? path : *path == '\\' || *path == '/' || *path == ' ' ? NULL : type;
    return type ? type : path;
}

/* itemid.c: text of one item of a list, as a path's part; false: not a file's. */
bool item_name(const SHITEMID *item, WCHAR *name, DWORD room);

/* association.c: a command of a file's type for a verb (NULL: the default one), with %1 still in it. */
bool association_command(const WCHAR *type, const WCHAR *verb, WCHAR *command, DWORD room);

#endif

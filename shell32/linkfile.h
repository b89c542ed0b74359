/*
 * linkfile.h: what a shortcut says, and its file.
 */
#ifndef SHELL32_LINKFILE_H
#define SHELL32_LINKFILE_H

#include "shell.h"

enum link_text { LINK_DESCRIPTION, LINK_RELATIVE, LINK_DIRECTORY, LINK_ARGUMENTS, LINK_ICON, LINK_TEXTS };

struct link {
    PIDLIST_ABSOLUTE list;
    WCHAR *path; /* as it is kept beside the list; NULL: none */
    WCHAR *texts[LINK_TEXTS];
    WORD hotkey;
    int show, icon;
    DWORD flags; /* SLDF_..., those that no field stands for */
    WIN32_FILE_ATTRIBUTE_DATA found;
};

void link_clear(struct link *link);
bool link_set_text(WCHAR **place, const WCHAR *text);

/* Reads from and writes to any stream. */
HRESULT link_load(struct link *link, IStream *stream);
HRESULT link_save(const struct link *link, IStream *stream);

#endif

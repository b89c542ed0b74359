/*
 * reparse.h: what kind of link a symbolic link of the host is.
 */
#ifndef NTDLL_REPARSE_H
#define NTDLL_REPARSE_H

#include "path.h"

enum link_kind { LINK_NONE, LINK_PLAIN, LINK_DIRECTORY, LINK_JUNCTION };

/* `text` gets the link's text without what tells the kind.  LINK_NONE: not a link (errno). */
enum link_kind reparse_kind(int directory_fd, const char *host, char text[PATH_HOST_MAX]);

/* Whether the link shows as a directory. */
bool reparse_is_directory(const char *host);

#endif

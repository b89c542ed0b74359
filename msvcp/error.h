/*
 * error.h: std::error_code and the categories that errors of the library belong to.
 */
#ifndef MSVCP_ERROR_H
#define MSVCP_ERROR_H

#include "msvcp/msvcp.h"

struct error_category {
    const void *vftable;
    uintptr_t address; /* small numbers: the standard categories, equal in whichever module they are */
};

struct error_code {
    int value;
    const struct error_category *category;
};

const struct error_category *error_category_generic(void);
const struct error_category *error_category_iostream(void);
const struct error_category *error_category_system(void);

/* The category's message; the result is a string to free. */
void error_message(struct std_string *result, struct error_code code);

/* What POSIX calls an errno value; "unknown error". */
const char *WINAPI msvcp_syserror_map(int error);

#endif

/*
 * control.h: between control.c and the files that answer control codes.
 */
#ifndef NTDLL_CONTROL_H
#define NTDLL_CONTROL_H

#include "file.h"

/* A control in progress. */
struct control {
    struct file *file;
    const void *in;
    void *out;
    ULONG in_length, out_length, used;
};

/* reparse.c */
NTSTATUS get_reparse_point(struct control *control);
NTSTATUS set_reparse_point(struct control *control);
NTSTATUS delete_reparse_point(struct control *control);

#endif

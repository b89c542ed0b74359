/*
 * createprocess.h: between the files that make up CreateProcess.
 */
#ifndef KERNEL32_CREATEPROCESS_H
#define KERNEL32_CREATEPROCESS_H

#include "filename.h"
#include "ntthread.h"

/* createprocess_image.c: the program that an application name and a command line mean. */
struct process_image {
    WCHAR *path;         /* full Win32 path; from the process heap */
    WCHAR *command_line; /* what the program gets; from the process heap */
    BOOL batch;          /* path is the command interpreter: a batch file was asked for */
};
BOOL process_image_find(const WCHAR *application, const WCHAR *command_line, const WCHAR *environment,
                        struct process_image *image);
void process_image_free(struct process_image *image);

/* createprocess_attributes.c: a list of PROC_THREAD_ATTRIBUTE_...; layout of our own. */
struct process_attribute {
    DWORD_PTR name;
    SIZE_T size;
    PVOID value;
};
struct process_attribute_list {
    DWORD magic, maximum, count;
    struct process_attribute items[];
};
/* The value of an attribute, NULL if the list lacks it. */
const struct process_attribute *process_attribute_find(const void *list, DWORD_PTR name);

#endif

/*
 * console.h: what the programs that come with winrun share: output in the console's code page, messages, growing
 * strings, file name patterns.
 *
 * These are ordinary Windows programs: built by mingw-w64, written against Windows' headers alone.
 */
#ifndef PROGRAMS_CONSOLE_H
#define PROGRAMS_CONSOLE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

/* Writes UTF-16: as it is to a console, else converted to the output code page.  False: the write failed. */
bool write_text(HANDLE handle, const WCHAR *text, size_t length);
/* Formatted, to standard output or standard error; at most 32,767 characters. */
void print(const WCHAR *format, ...);
void print_error(const WCHAR *format, ...);
/* Formatted, at most 2,047 characters; free() it. */
WCHAR *format_text(const WCHAR *format, ...);
/* The same with its arguments in a list. */
WCHAR *format_list(const WCHAR *format, va_list arguments);
/* The system's text for an error code, without the line end; static buffer. */
const WCHAR *error_message(DWORD code);

/* A growing string; text_take hands the buffer (free) over and leaves the string empty. */
struct text {
    WCHAR *data;
    size_t length, room;
};
void text_char(struct text *text, WCHAR c);
void text_add(struct text *text, const WCHAR *string);
void text_add_n(struct text *text, const WCHAR *string, size_t length);
WCHAR *text_take(struct text *text);

/* Memory that is there, or the program ends with a message. */
void *need(size_t size);
WCHAR *copy_string(const WCHAR *string);
WCHAR *copy_n(const WCHAR *string, size_t length);

/* A whole file or pipe, decoded: UTF-16 by its byte order mark, else the given code page.  NULL: the last error says
 * why. */
WCHAR *read_all_text(HANDLE handle, UINT codepage, size_t *length);

bool same_name(const WCHAR *a, const WCHAR *b);              /* without regard to case */
bool starts_with(const WCHAR *string, const WCHAR *start);   /* without regard to case */
const WCHAR *file_part(const WCHAR *path);                   /* behind the last \, / or : */
WCHAR *join_path(const WCHAR *directory, const WCHAR *name); /* free() it */
bool is_directory(const WCHAR *path);
/* An option's name behind / or -, without regard to case. */
bool is_option(const WCHAR *word, const WCHAR *name);
/* The value of such an option: behind a colon, or the next argument, which *i then points at.  NULL: it has none. */
WCHAR *option_value(int argc, WCHAR **argv, int *i);
/* If /? is among the arguments, prints the text and ends the program. */
void help_wanted(int argc, WCHAR **argv, const WCHAR *text);
/* * and ? over a whole name, without regard to case. */
bool name_fits(const WCHAR *pattern, const WCHAR *name);
/* 1234567 as 1,234,567. */
void group_digits(unsigned long long number, WCHAR text[32]);
/* The number in all of `string`, decimal; false: it is none. */
bool parse_number(const WCHAR *string, DWORD *number);

#endif

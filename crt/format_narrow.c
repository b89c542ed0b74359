/*
 * format_narrow.c: the engine of printf for char.  Layer: crt.
 */
#define FUNIT char
#define FNAME(x) x
#define FWIDE 0
#include "format.h"

bool crt_count_output;

int WINAPI _get_printf_count_output(void)
{
    return crt_count_output;
}

int WINAPI _set_printf_count_output(int enable)
{
    int old = crt_count_output;
    crt_count_output = enable != 0;
    return old;
}

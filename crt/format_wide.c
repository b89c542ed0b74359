/*
 * format_wide.c: the engine of printf for WCHAR.  Layer: crt.
 */
#define FUNIT WCHAR
#define FNAME(x) x##_wide
#define FWIDE 1
#include "format.h"

/*
 * scan_wide.c: the engine of scanf for WCHAR.  Layer: crt.
 */
#define SUNIT WCHAR
#define SNAME(x) x##_wide
#define SWIDE 1
#include "scan.h"

/*
 * scan_narrow.c: the engine of scanf for char.  Layer: crt.
 */
#define SUNIT char
#define SNAME(x) x
#define SWIDE 0
#include "scan.h"

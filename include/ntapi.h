/*
 * ntapi.h: the part of the NT API that mingw-w64's headers leave out or hide
 * behind "Reserved": structures, information classes and prototypes.
 *
 * Layouts here are ABI: the field order is what programs read.  Sources: the
 * Windows SDK documentation, the WDK documentation, phnt-style public notes.
 */
#ifndef WINRUN_NTAPI_H
#define WINRUN_NTAPI_H

#include "ntldr.h"
#include "ntteb.h"

#endif

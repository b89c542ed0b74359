/*
 * win.h: Windows types for host code.
 *
 * The types come from mingw-w64's headers, which are public domain.  This is the
 * only way they are included, so that their quirks are handled in one place.
 * The compiler flags that belong to it are WIN_CFLAGS in configure.ac:
 * -fshort-wchar -fms-extensions -idirafter .../mingw-w64/include, _WIN32, _WIN64,
 * __CYGWIN__ (makes the headers LP64-safe), ms_abi for __stdcall and __cdecl.
 *
 * Host "long" has 64 bits: write LONG, ULONG, DWORD in Windows code, never long.
 */
#ifndef WINRUN_WIN_H
#define WINRUN_WIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both worlds define these; the host's stay. */
#define _TIMEVAL_DEFINED
#define __INTRINSIC_DEFINED__InterlockedAnd
#define __INTRINSIC_DEFINED__InterlockedOr
#define __INTRINSIC_DEFINED__InterlockedXor

/* We define the functions that these headers would import. */
#define _KERNEL32_
#define _ADVAPI32_
#define _USER32_
#define _SHELL32_
#define _OLEAUT32_
#define _NTSYSTEM_

/* _mingw.h takes __stdcall away where the compiler is not a Windows one: put the calling convention back. */
#include <_mingw.h>
#undef __stdcall
#define __stdcall __attribute__((ms_abi))

#define WIN32_LEAN_AND_MEAN
#define WIN32_NO_STATUS
#define NOMINMAX
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00
#endif
#include <windows.h>
#undef WIN32_NO_STATUS

/* winternl.h has these with most fields hidden; ntteb.h has them whole. */
#define _TEB _TEB_hidden
#define TEB TEB_hidden
#define PTEB PTEB_hidden
#define _PEB _PEB_hidden
#define PEB PEB_hidden
#define PPEB PPEB_hidden
#define _PEB_LDR_DATA _PEB_LDR_DATA_hidden
#define PEB_LDR_DATA PEB_LDR_DATA_hidden
#define PPEB_LDR_DATA PPEB_LDR_DATA_hidden
#define _LDR_DATA_TABLE_ENTRY _LDR_DATA_TABLE_ENTRY_hidden
#define LDR_DATA_TABLE_ENTRY LDR_DATA_TABLE_ENTRY_hidden
#define PLDR_DATA_TABLE_ENTRY PLDR_DATA_TABLE_ENTRY_hidden
#define _RTL_USER_PROCESS_PARAMETERS _RTL_USER_PROCESS_PARAMETERS_hidden
#define RTL_USER_PROCESS_PARAMETERS RTL_USER_PROCESS_PARAMETERS_hidden
#define PRTL_USER_PROCESS_PARAMETERS PRTL_USER_PROCESS_PARAMETERS_hidden
#include <winternl.h>
#undef _TEB
#undef TEB
#undef PTEB
#undef _PEB
#undef PEB
#undef PPEB
#undef _PEB_LDR_DATA
#undef PEB_LDR_DATA
#undef PPEB_LDR_DATA
#undef _LDR_DATA_TABLE_ENTRY
#undef LDR_DATA_TABLE_ENTRY
#undef PLDR_DATA_TABLE_ENTRY
#undef _RTL_USER_PROCESS_PARAMETERS
#undef RTL_USER_PROCESS_PARAMETERS
#undef PRTL_USER_PROCESS_PARAMETERS
#include <ntstatus.h>

#ifndef NT_SUCCESS
#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#endif

#include "ntapi.h"

/* What WINAPI must be: the second argument of the Microsoft convention is in rdx. */
_Static_assert(__builtin_types_compatible_p(int(WINAPI *)(int), int(__attribute__((ms_abi)) *)(int)) &&
                   !__builtin_types_compatible_p(int(WINAPI *)(int), int (*)(int)),
               "WINAPI is the Microsoft calling convention");

#endif

/*
 * security.h: who the program runs as.
 */
#ifndef ADVAPI32_SECURITY_H
#define ADVAPI32_SECURITY_H

#include "win.h"
#include "ntdll/sysinfo.h"
#include "ntdll/token.h"

/* The two letters that stand for a well-known SID in security descriptors as text, or NULL. */
const WCHAR *sid_short_name(PSID sid);

BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR *text);

#endif

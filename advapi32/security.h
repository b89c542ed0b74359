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

struct _TRUSTEE_W;
/* aclapi.c: the SID a trustee stands for; *owned is to be freed by LocalFree. */
DWORD trustee_sid(const struct _TRUSTEE_W *trustee, PSID *sid, void **owned);

BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR *text);

#endif

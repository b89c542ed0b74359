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
struct _EXPLICIT_ACCESS_A;
struct _EXPLICIT_ACCESS_W;
/* aclapi.c: entries of the other form: a copy, which goes back to entries_free; NULL: no memory. */
struct _EXPLICIT_ACCESS_W *entries_widen(ULONG count, const struct _EXPLICIT_ACCESS_A *entries);
void entries_free(ULONG count, struct _EXPLICIT_ACCESS_W *wide);
/* aclapi.c: the SID a trustee stands for; *owned is to be freed by LocalFree. */
DWORD trustee_sid(const struct _TRUSTEE_W *trustee, PSID *sid, void **owned);

BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR *text);

#endif

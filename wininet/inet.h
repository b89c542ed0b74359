/*
 * inet.h: what the files of wininet share.
 */
#ifndef WININET_INET_H
#define WININET_INET_H

#include "crypt32/crypt.h"
#include <wininet.h>
#include "ntdll/gate.h"
#include "winhttp/inet.h"

/* winhttp's, whose header can not be included here. */
HINTERNET WINAPI WinHttpOpen(LPCWSTR agent, DWORD access, LPCWSTR proxy, LPCWSTR bypass, DWORD flags);
BOOL WINAPI WinHttpCloseHandle(HINTERNET handle);
HINTERNET WINAPI WinHttpConnect(HINTERNET session, LPCWSTR host, INTERNET_PORT port, DWORD reserved);
HINTERNET WINAPI WinHttpOpenRequest(HINTERNET connection, LPCWSTR verb, LPCWSTR path, LPCWSTR version, LPCWSTR referrer,
                                    LPCWSTR *types, DWORD flags);
BOOL WINAPI WinHttpAddRequestHeaders(HINTERNET request, LPCWSTR text, DWORD length, DWORD flags);
BOOL WINAPI WinHttpSendRequest(HINTERNET request, LPCWSTR headers, DWORD length, LPVOID optional, DWORD size,
                               DWORD total, DWORD_PTR context);
BOOL WINAPI WinHttpReceiveResponse(HINTERNET request, LPVOID reserved);
BOOL WINAPI WinHttpQueryDataAvailable(HINTERNET request, LPDWORD available);
BOOL WINAPI WinHttpReadData(HINTERNET request, LPVOID buffer, DWORD size, LPDWORD got);
BOOL WINAPI WinHttpWriteData(HINTERNET request, LPCVOID buffer, DWORD size, LPDWORD written);
BOOL WINAPI WinHttpQueryHeaders(HINTERNET request, DWORD level, LPCWSTR name, LPVOID buffer, LPDWORD size,
                                LPDWORD index);
BOOL WINAPI WinHttpSetOption(HINTERNET handle, DWORD option, LPVOID buffer, DWORD size);
BOOL WINAPI WinHttpQueryOption(HINTERNET handle, DWORD option, LPVOID buffer, LPDWORD size);
BOOL WINAPI WinHttpCrackUrl(LPCWSTR url, DWORD length, DWORD flags, LPURL_COMPONENTSW parts);
BOOL WINAPI WinHttpCreateUrl(LPURL_COMPONENTSW parts, DWORD flags, LPWSTR url, LPDWORD length);
BOOL WINAPI WinHttpTimeFromSystemTime(const SYSTEMTIME *time, LPWSTR text);
BOOL WINAPI WinHttpTimeToSystemTime(LPCWSTR text, SYSTEMTIME *time);

static inline BOOL inet_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Text with a length, -1: up to its zero; heap memory. */
WCHAR *inet_widen(const char *text, DWORD length);
/* The rule of lengths in characters: *size is the room with the zero, then the length without. */
BOOL inet_give_wide(const WCHAR *text, LPWSTR buffer, DWORD *size);
BOOL inet_give_ansi(const WCHAR *text, LPSTR buffer, DWORD *size);
void inet_notify(HINTERNET handle, DWORD status, void *information, DWORD size);

#endif

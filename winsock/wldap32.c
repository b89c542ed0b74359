/*
 * wldap32.c: winldap.h, as far as a machine without a directory needs it: no session can be opened, and the error
 * says so.  What takes a session says that it is none.
 */
#include "winsock/ws.h"

#define LDAP_SUCCESS_CODE 0x00
#define LDAP_PARAM_ERROR_CODE 0x59
#define LDAP_NOT_SUPPORTED_CODE 0x5c

static DWORD ldap_error_slot(bool set, DWORD value)
{
    static _Thread_local DWORD error;
    if (set)
        error = value;
    return error;
}

ULONG WINAPI LdapGetLastError(void)
{
    return ldap_error_slot(false, 0);
}

static void *no_session(void)
{
    ldap_error_slot(true, LDAP_NOT_SUPPORTED_CODE);
    return NULL;
}

static ULONG no_parameter(void)
{
    ldap_error_slot(true, LDAP_PARAM_ERROR_CODE);
    return LDAP_PARAM_ERROR_CODE;
}

/* Opening a session: initW, sslinit ... */
void *WINAPI ldap_no_session(void)
{
    return no_session();
}

/* A call with a session that can be none. */
ULONG WINAPI ldap_no_parameter(void)
{
    return no_parameter();
}

/* One that returns a pointer. */
void *WINAPI ldap_no_result(void)
{
    no_parameter();
    return NULL;
}

/* Freeing: only NULL can come here. */
ULONG WINAPI ldap_free_nothing(void)
{
    return LDAP_SUCCESS_CODE;
}

static const struct {
    ULONG code;
    const char *text;
} messages[] = {
    {0x00, "Success"},
    {0x01, "Operations Error"},
    {0x02, "Protocol Error"},
    {0x03, "Timeout"},
    {0x04, "Size Limit Exceeded"},
    {0x07, "Auth Method Not Supported"},
    {0x08, "Strong Auth Required"},
    {0x10, "No Such Attribute"},
    {0x20, "No Such Object"},
    {0x22, "Invalid DN Syntax"},
    {0x31, "Invalid Credentials"},
    {0x32, "Insufficient Rights"},
    {0x33, "Busy"},
    {0x34, "Unavailable"},
    {0x35, "Unwilling To Perform"},
    {0x50, "Other"},
    {0x51, "Server Down"},
    {0x52, "Local Error"},
    {0x53, "Encoding Error"},
    {0x54, "Decoding Error"},
    {0x55, "Timeout"},
    {0x56, "Auth Unknown"},
    {0x57, "Filter Error"},
    {0x58, "User Cancelled"},
    {0x59, "Parameter Error"},
    {0x5a, "No Memory"},
    {0x5b, "Connect Error"},
    {0x5c, "Not Supported"},
};

char *WINAPI ldap_err2stringA(ULONG code)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (messages[i].code == code)
            return (char *)messages[i].text;
    return "Unknown Error";
}

WCHAR *WINAPI ldap_err2stringW(ULONG code)
{
    static _Thread_local WCHAR text[32];
    const char *narrow = ldap_err2stringA(code);
    size_t i = 0;
    do
        text[i] = (WCHAR)narrow[i];
    while (narrow[i++]);
    return text;
}

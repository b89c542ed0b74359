/*
 * commapi.c: serial lines.  None can be opened: a handle that is given is a file's or none at all.
 *
 * Layer: kernel32.  A device that is no serial line answers "invalid function", as Windows' file systems do.
 */
#include <string.h>
#include "ntdll/error.h"

static BOOL comm_fail(HANDLE handle)
{
    DWORD flags;

    if (GetHandleInformation(handle, &flags))
        SetLastError(ERROR_INVALID_FUNCTION);
    else
        SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI GetCommState(HANDLE handle, LPDCB state)
{
    if (state)
        return comm_fail(handle);
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

BOOL WINAPI SetCommState(HANDLE handle, LPDCB state)
{
    return GetCommState(handle, state);
}

BOOL WINAPI GetCommTimeouts(HANDLE handle, LPCOMMTIMEOUTS timeouts)
{
    (void)timeouts;
    return comm_fail(handle);
}

BOOL WINAPI SetCommTimeouts(HANDLE handle, LPCOMMTIMEOUTS timeouts)
{
    (void)timeouts;
    return comm_fail(handle);
}

BOOL WINAPI GetCommMask(HANDLE handle, LPDWORD mask)
{
    (void)mask;
    return comm_fail(handle);
}

BOOL WINAPI SetCommMask(HANDLE handle, DWORD mask)
{
    (void)mask;
    return comm_fail(handle);
}

BOOL WINAPI WaitCommEvent(HANDLE handle, LPDWORD mask, LPOVERLAPPED overlapped)
{
    (void)mask, (void)overlapped;
    return comm_fail(handle);
}

BOOL WINAPI GetCommModemStatus(HANDLE handle, LPDWORD status)
{
    (void)status;
    return comm_fail(handle);
}

BOOL WINAPI GetCommProperties(HANDLE handle, LPCOMMPROP properties)
{
    (void)properties;
    return comm_fail(handle);
}

BOOL WINAPI ClearCommError(HANDLE handle, LPDWORD errors, LPCOMSTAT status)
{
    (void)errors, (void)status;
    return comm_fail(handle);
}

BOOL WINAPI SetupComm(HANDLE handle, DWORD in, DWORD out)
{
    (void)in, (void)out;
    return comm_fail(handle);
}

BOOL WINAPI PurgeComm(HANDLE handle, DWORD flags)
{
    (void)flags;
    return comm_fail(handle);
}

BOOL WINAPI EscapeCommFunction(HANDLE handle, DWORD function)
{
    (void)function;
    return comm_fail(handle);
}

BOOL WINAPI TransmitCommChar(HANDLE handle, char c)
{
    (void)c;
    return comm_fail(handle);
}

BOOL WINAPI SetCommBreak(HANDLE handle)
{
    return comm_fail(handle);
}

BOOL WINAPI ClearCommBreak(HANDLE handle)
{
    return comm_fail(handle);
}

/* ---- BuildCommDCB: a line's settings as text, "COM1: baud=9600 parity=N data=8 stop=1" or "96,n,8,1" ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool word_is(const char *at, size_t length, const char *word)
{
    size_t i = 0;

    while (i < length && word[i] && lower(at[i]) == word[i])
        i++;
    return i == length && !word[i];
}

static bool number_read(const char *at, size_t length, DWORD *number)
{
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (at[i] < '0' || at[i] > '9' || *number > 100000000)
            return false;
        *number = *number * 10 + (DWORD)(at[i] - '0');
    }
    return length != 0;
}

static bool set_baud(LPDCB dcb, const char *value, size_t length)
{
    static const DWORD abbreviations[][2] = {{11, 110},  {15, 150},  {30, 300},  {60, 600},  {12, 1200},
                                             {24, 2400}, {48, 4800}, {96, 9600}, {19, 19200}};
    DWORD number;

    if (!number_read(value, length, &number))
        return false;
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (length == 2 && abbreviations[i][0] == number)
            number = abbreviations[i][1];
    dcb->BaudRate = number;
    return true;
}

static bool set_parity(LPDCB dcb, const char *value, size_t length)
{
    static const char letters[] = "noems";
    const char *found = length == 1 ? strchr(letters, lower(*value)) : NULL;

    if (!found || !*found)
        return false;
    dcb->Parity = (BYTE)(found - letters);
    dcb->fParity = dcb->Parity != NOPARITY;
    return true;
}

static bool set_data(LPDCB dcb, const char *value, size_t length)
{
    if (length != 1 || *value < '5' || *value > '8')
        return false;
    dcb->ByteSize = (BYTE)(*value - '0');
    return true;
}

static bool set_stop(LPDCB dcb, const char *value, size_t length)
{
    if (word_is(value, length, "1"))
        dcb->StopBits = ONESTOPBIT;
    else if (word_is(value, length, "1.5"))
        dcb->StopBits = ONE5STOPBITS;
    else if (word_is(value, length, "2"))
        dcb->StopBits = TWOSTOPBITS;
    else
        return false;
    return true;
}

static bool set_switch(const char *value, size_t length, bool *on)
{
    *on = word_is(value, length, "on");
    return *on || word_is(value, length, "off");
}

/* dtr and rts may be a handshake, too. */
static bool set_line(const char *value, size_t length, DWORD *control, DWORD handshake)
{
    bool on;

    if (word_is(value, length, "hs")) {
        *control = handshake;
        return true;
    }
    if (!set_switch(value, length, &on))
        return false;
    *control = on;
    return true;
}

static bool set_named(LPDCB dcb, const char *name, size_t name_length, const char *value, size_t length)
{
    DWORD control;
    bool on;

    if (word_is(name, name_length, "baud"))
        return set_baud(dcb, value, length);
    if (word_is(name, name_length, "parity"))
        return set_parity(dcb, value, length);
    if (word_is(name, name_length, "data"))
        return set_data(dcb, value, length);
    if (word_is(name, name_length, "stop"))
        return set_stop(dcb, value, length);
    if (word_is(name, name_length, "dtr")) {
        if (!set_line(value, length, &control, DTR_CONTROL_HANDSHAKE))
            return false;
        dcb->fDtrControl = control & 3;
        return true;
    }
    if (word_is(name, name_length, "rts")) {
        if (!set_line(value, length, &control, RTS_CONTROL_HANDSHAKE))
            return false;
        dcb->fRtsControl = control & 3;
        return true;
    }
    if (!set_switch(value, length, &on))
        return false;
    if (word_is(name, name_length, "xon"))
        dcb->fInX = dcb->fOutX = on;
    else if (word_is(name, name_length, "odsr"))
        dcb->fOutxDsrFlow = on;
    else if (word_is(name, name_length, "octs"))
        dcb->fOutxCtsFlow = on;
    else if (word_is(name, name_length, "idsr"))
        dcb->fDsrSensitivity = on;
    else
        return word_is(name, name_length, "to");
    return true;
}

/* The old form: baud,parity,data,stop[,x|p]. */
static bool parse_list(const char *at, LPDCB dcb)
{
    static bool (*const set[])(LPDCB, const char *, size_t) = {set_baud, set_parity, set_data, set_stop};

    for (int i = 0; i < 5; i++) {
        size_t length = strcspn(at, ",");

        if (i == 4 && word_is(at, length, "x"))
            dcb->fInX = dcb->fOutX = TRUE;
        else if (i == 4 && word_is(at, length, "p"))
            dcb->fOutxCtsFlow = TRUE;
        else if (i == 4 || !set[i](dcb, at, length))
            return false;
        at += length;
        if (!*at)
            return true;
        at++;
    }
    return false;
}

static bool parse_named(const char *at, LPDCB dcb)
{
    while (*(at += strspn(at, " "))) {
        size_t name = strcspn(at, "= "), length;

        if (at[name] != '=')
            return false;
        length = strcspn(at + name + 1, " ");
        if (!set_named(dcb, at, name, at + name + 1, length))
            return false;
        at += name + 1 + length;
    }
    return true;
}

BOOL WINAPI BuildCommDCBAndTimeoutsA(LPCSTR text, LPDCB dcb, LPCOMMTIMEOUTS timeouts)
{
    DCB made;

    if (!text || !dcb) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    made = *dcb;
    if (lower(text[0]) == 'c' && lower(text[1]) == 'o' && lower(text[2]) == 'm') {
        text += 3;
        while (*text >= '0' && *text <= '9')
            text++;
        text += *text == ':';
        text += strspn(text, " ");
    }
    if (!(strchr(text, '=') ? parse_named(text, &made) : parse_list(text, &made))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *dcb = made;
    if (timeouts)
        memset(timeouts, 0, sizeof *timeouts);
    return TRUE;
}

BOOL WINAPI BuildCommDCBAndTimeoutsW(LPCWSTR text, LPDCB dcb, LPCOMMTIMEOUTS timeouts)
{
    char narrow[256];

    if (text && !WideCharToMultiByte(CP_ACP, 0, text, -1, narrow, sizeof narrow, NULL, NULL)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return BuildCommDCBAndTimeoutsA(text ? narrow : NULL, dcb, timeouts);
}

BOOL WINAPI BuildCommDCBA(LPCSTR text, LPDCB dcb)
{
    return BuildCommDCBAndTimeoutsA(text, dcb, NULL);
}

BOOL WINAPI BuildCommDCBW(LPCWSTR text, LPDCB dcb)
{
    return BuildCommDCBAndTimeoutsW(text, dcb, NULL);
}

BOOL WINAPI GetCommConfig(HANDLE handle, LPCOMMCONFIG config, LPDWORD size)
{
    (void)config, (void)size;
    return comm_fail(handle);
}

BOOL WINAPI SetCommConfig(HANDLE handle, LPCOMMCONFIG config, DWORD size)
{
    (void)config, (void)size;
    return comm_fail(handle);
}

/* No device has this name. */
static BOOL no_device(const void *name)
{
    SetLastError(name ? ERROR_INVALID_PARAMETER : ERROR_INVALID_NAME);
    return FALSE;
}

BOOL WINAPI GetDefaultCommConfigW(LPCWSTR name, LPCOMMCONFIG config, LPDWORD size)
{
    (void)config, (void)size;
    return no_device(name);
}

BOOL WINAPI GetDefaultCommConfigA(LPCSTR name, LPCOMMCONFIG config, LPDWORD size)
{
    (void)config, (void)size;
    return no_device(name);
}

BOOL WINAPI SetDefaultCommConfigW(LPCWSTR name, LPCOMMCONFIG config, DWORD size)
{
    (void)config, (void)size;
    return no_device(name);
}

BOOL WINAPI SetDefaultCommConfigA(LPCSTR name, LPCOMMCONFIG config, DWORD size)
{
    (void)config, (void)size;
    return no_device(name);
}

BOOL WINAPI CommConfigDialogW(LPCWSTR name, HWND window, LPCOMMCONFIG config)
{
    (void)window, (void)config;
    return no_device(name);
}

BOOL WINAPI CommConfigDialogA(LPCSTR name, HWND window, LPCOMMCONFIG config)
{
    (void)window, (void)config;
    return no_device(name);
}

/*
 * process.c: process.h's functions about this process.
 */
#include "crt/crt.h"

int WINAPI _getpid(void)
{
    return (int)GetCurrentProcessId();
}

void WINAPI _sleep(ULONG milliseconds)
{
    Sleep(milliseconds);
}

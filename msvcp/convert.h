/*
 * convert.h: the C runtime's conversions that the library uses.
 */
#ifndef MSVCP_CONVERT_H
#define MSVCP_CONVERT_H

#include "msvcp/msvcp.h"

double WINAPI crt_strtod(const char *text, char **end);
float WINAPI crt_strtof(const char *text, char **end);
double WINAPI crt_wcstod(const WCHAR *text, WCHAR **end);
float WINAPI crt_wcstof(const WCHAR *text, WCHAR **end);
LONG WINAPI crt_strtol(const char *text, char **end, int base);
ULONG WINAPI crt_strtoul(const char *text, char **end, int base);
int64_t WINAPI _strtoi64(const char *text, char **end, int base);
uint64_t WINAPI _strtoui64(const char *text, char **end, int base);

#endif

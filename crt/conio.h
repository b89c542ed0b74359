/*
 * conio.h: the console's side of printf and scanf.
 */
#ifndef CRT_CONIO_H
#define CRT_CONIO_H

#include "crt.h"

/* Write a text to the console; 0 or -1. */
int WINAPI crt_cputs(const char *text);
int WINAPI crt_cputs_wide(const WCHAR *text);

/* A key with echo, and one put back: EOF or WEOF without a console. */
int WINAPI _getche(void);
int WINAPI _ungetch(int c);
crt_wint WINAPI _getwche(void);
crt_wint WINAPI _ungetwch(crt_wint c);

#endif

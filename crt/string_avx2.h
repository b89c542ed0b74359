/* string_avx2.h: what string.c and memory.c go to where the processor has AVX2; as the functions they are named after. */
#ifndef CRT_STRING_AVX2_H
#define CRT_STRING_AVX2_H

#include "win.h"

size_t WINAPI strlen_avx2(const char *text);
char *WINAPI strchr_avx2(const char *text, int c);
int WINAPI strcmp_avx2(const char *a, const char *b);
void *WINAPI memchr_avx2(const void *start, int value, size_t size);

#endif

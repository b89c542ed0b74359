/*
 * nls.h: what the files of winrun-nls.so share.
 *
 * Layer: a plug-in under ntdll.  Host code over ICU alone; it calls nothing of winrun.
 */
#ifndef NLS_NLS_H
#define NLS_NLS_H

#include "ntdll/nls_plugin.h"

bool codepage_fill(const char *converter, unsigned max_bytes, struct nls_tables *tables);
long stream_decode(const char *converter, bool strict, const char *bytes, size_t length, uint16_t *wide, size_t room);
long stream_encode(const char *converter, bool strict, const uint16_t *wide, size_t length, char *bytes, size_t room);

int collate_compare(const char *locale, unsigned flags, const uint16_t *a, int a_length, const uint16_t *b,
                    int b_length);
int collate_key(const char *locale, unsigned flags, const uint16_t *text, int length, uint8_t *key, int room);
int collate_find(const char *locale, unsigned flags, bool last, const uint16_t *text, int length, const uint16_t *value,
                 int value_length, int *found);

int text_case(const char *locale, bool upper, const uint16_t *text, int length, uint16_t *out, int room);
int text_normalize(int form, const uint16_t *text, int length, uint16_t *out, int room);
int text_is_normalized(int form, const uint16_t *text, int length);
int text_idn(bool to_ascii, unsigned flags, const uint16_t *text, int length, uint16_t *out, int room);

int locale_text(const char *locale, unsigned type, uint16_t *out, int room);
bool locale_known(const char *name);
unsigned locale_id(const char *name);
bool locale_name(unsigned id, char *name, size_t room);
bool locale_at(unsigned index, char *name, size_t room);

/* ICU's name of one of Windows': "zh-CN" is "zh_CN", "de-DE_phoneb" "de_DE@collation=phonebook". */
#define LOCALE_ROOM 64
void locale_to_icu(const char *name, char icu[LOCALE_ROOM]);

#endif

/*
 * tm.h: struct tm, and what time.c, strftime.c and asctime.c share.
 */
#ifndef CRT_TM_H
#define CRT_TM_H

#include "locale.h"

struct crt_tm {
    int sec, min, hour, mday, mon, year, wday, yday, isdst;
};

/* Whether every field is one that a date can have. */
bool tm_valid(const struct crt_tm *);

/* English names, those of the C locale: Sunday and January first. */
extern const char tm_days[7][10], tm_months[12][10];

int WINAPI _localtime64_s(struct crt_tm *, const int64_t *);
int64_t WINAPI _time64(int64_t *);
int64_t WINAPI _mkgmtime64(struct crt_tm *);
int64_t WINAPI _mktime64(struct crt_tm *);
char **WINAPI __tzname(void);
void WINAPI _tzset(void);

#endif

/*
 * gentimezones.c: writes the registry's Time Zones key as a .reg file, from ICU's zone data; or, with an argument, the
 * resource script of tzres.dll, which has the same names for whoever reads them by RegLoadMUIString.
 *
 * Runs at build time.  Windows' names of zones, and which zone each stands for, are CLDR's; the rules are those of
 * the year named below, found by looking for the moments at which the offset changes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#define YEAR 2025
#define ZONES_MAX 300
#define KEY "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones\\"

struct change {
    UDate at;
    int before, after; /* minutes east */
    bool to_daylight;
};

static char zones[ZONES_MAX][64];
static int zone_count;

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void collect(void)
{
    UErrorCode error = U_ZERO_ERROR;
    UEnumeration *all = ucal_openTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL, NULL, NULL, &error);
    const UChar *id;
    while ((id = uenum_unext(all, NULL, &error))) {
        UChar windows[64];
        char name[64];
        UErrorCode e = U_ZERO_ERROR;
        int length = ucal_getWindowsTimeZoneID(id, -1, windows, 64, &e);
        if (U_FAILURE(e) || !length || zone_count == ZONES_MAX)
            continue;
        u_austrncpy(name, windows, sizeof name);
        int i = 0;
        while (i < zone_count && strcmp(zones[i], name))
            i++;
        if (i == zone_count)
            strcpy(zones[zone_count++], name);
    }
    uenum_close(all);
    qsort(zones, zone_count, sizeof *zones, compare);
}

static int minutes(UCalendar *calendar, UDate at, bool *daylight)
{
    UErrorCode error = U_ZERO_ERROR;
    ucal_setMillis(calendar, at, &error);
    int zone = ucal_get(calendar, UCAL_ZONE_OFFSET, &error), dst = ucal_get(calendar, UCAL_DST_OFFSET, &error);
    *daylight = dst != 0;
    return (zone + dst) / 60000;
}

static int find_changes(UCalendar *calendar, struct change changes[2])
{
    UErrorCode error = U_ZERO_ERROR;
    ucal_setDateTime(calendar, YEAR, UCAL_JANUARY, 1, 0, 0, 0, &error);
    UDate at = ucal_getMillis(calendar, &error), end = at + 365.0 * 86400000;
    int count = 0;
    bool daylight, before_daylight;
    for (; at < end && count < 2; at += 3600000.0) {
        int before = minutes(calendar, at, &before_daylight), after = minutes(calendar, at + 3600000.0, &daylight);
        if (before != after)
            changes[count++] = (struct change){at + 3600000.0, before, after, daylight};
    }
    return count;
}

static void put16(unsigned char *out, int value)
{
    out[0] = value & 255;
    out[1] = value >> 8 & 255;
}

static void put32(unsigned char *out, int value)
{
    put16(out, value & 0xffff);
    put16(out + 2, value >> 16 & 0xffff);
}

/* A SYSTEMTIME "the n-th weekday of a month", in the local time before the change; 5: the last. */
static void put_rule(unsigned char *out, UCalendar *calendar, const struct change *change)
{
    UErrorCode error = U_ZERO_ERROR;
    UCalendar *utc = ucal_open(u"Etc/UTC", -1, "en_US", UCAL_GREGORIAN, &error);
    (void)calendar;
    ucal_setMillis(utc, change->at + change->before * 60000.0, &error);
    int day = ucal_get(utc, UCAL_DAY_OF_MONTH, &error);
    int last = ucal_getLimit(utc, UCAL_DAY_OF_MONTH, UCAL_ACTUAL_MAXIMUM, &error);
    put16(out + 2, ucal_get(utc, UCAL_MONTH, &error) + 1);
    put16(out + 4, ucal_get(utc, UCAL_DAY_OF_WEEK, &error) - 1);
    put16(out + 6, day + 7 > last ? 5 : (day - 1) / 7 + 1);
    put16(out + 8, ucal_get(utc, UCAL_HOUR_OF_DAY, &error));
    put16(out + 10, ucal_get(utc, UCAL_MINUTE, &error));
    ucal_close(utc);
}

static bool write_strings; /* the resource script */

/* Windows numbers the three texts of a zone so: what is shown, summer, winter. */
static void texts_write(int index, const char *shown, const char *daylight, const char *standard)
{
    int id = 10 * (index + 1);
    if (write_strings)
        printf("%d \"%s\"\n%d \"%s\"\n%d \"%s\"\n", id, shown, id + 1, daylight, id + 2, standard);
    else
        printf(
            "\"Display\"=\"%s\"\n\"Dlt\"=\"%s\"\n\"MUI_Display\"=\"@tzres.dll,-%d\"\n\"MUI_Dlt\"=\"@tzres.dll,-%d\"\n"
            "\"MUI_Std\"=\"@tzres.dll,-%d\"\n\"Std\"=\"%s\"\n",
            shown, daylight, id, id + 1, id + 2, standard);
}

static void zone_write(int index)
{
    const char *name = zones[index], *standard_name = strcmp(name, "UTC") ? name : "Coordinated Universal Time";
    UErrorCode error = U_ZERO_ERROR;
    UChar windows[64], id[64];
    unsigned char tzi[44] = {0};
    struct change changes[2];
    char city[64], daylight_name[64], display[96];
    u_uastrcpy(windows, name);
    int length = ucal_getTimeZoneIDForWindowsID(windows, -1, "001", id, 64, &error);
    if (U_FAILURE(error) || !length)
        return;
    u_austrncpy(city, id, sizeof city);
    UCalendar *calendar = ucal_open(id, length, "en_US", UCAL_GREGORIAN, &error);
    bool daylight;
    int count = find_changes(calendar, changes),
        standard = minutes(calendar, (double)(YEAR - 1970) * 31556952000.0, &daylight);
    if (count == 2) {
        const struct change *on = changes[0].after > changes[0].before ? &changes[0] : &changes[1];
        const struct change *off = on == changes ? &changes[1] : &changes[0];
        standard = on->before;
        put32(tzi + 8, -(on->after - on->before));
        put_rule(tzi + 12, calendar, off);
        put_rule(tzi + 28, calendar, on);
    } else {
        put32(tzi + 8, -60);
    }
    put32(tzi, -standard);
    ucal_close(calendar);
    char *slash = strrchr(city, '/'), *shown = slash ? slash + 1 : city;
    for (char *p = shown; *p; p++)
        if (*p == '_')
            *p = ' ';
    strcpy(daylight_name, standard_name);
    char *word = strstr(daylight_name, "Standard");
    if (word) {
        char rest[64];
        strcpy(rest, word + 8);
        sprintf(word, "Daylight%s", rest);
    }
    int a = abs(standard), used = sprintf(display, "(UTC");
    if (a)
        used += sprintf(display + used, "%c%02d:%02d", standard < 0 ? '-' : '+', a / 60, a % 60);
    snprintf(display + used, sizeof display - used, ") %s", strcmp(name, "UTC") ? shown : standard_name);
    if (!write_strings)
        printf("[" KEY "%s]\n", name);
    texts_write(index, display, daylight_name, standard_name);
    if (write_strings)
        return;
    printf("\"TZI\"=hex:");
    for (int i = 0; i < 44; i++)
        printf("%s%02x", i ? "," : "", tzi[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    (void)argv;
    collect();
    write_strings = argc > 1;
    printf("%s\n", write_strings ? "STRINGTABLE\nBEGIN" : "Windows Registry Editor Version 5.00\n");
    for (int i = 0; i < zone_count; i++)
        zone_write(i);
    if (write_strings)
        printf("END\n");
    return ferror(stdout) != 0;
}

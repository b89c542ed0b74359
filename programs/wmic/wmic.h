/*
 * wmic.h: classes of the management interface, as far as WMIC is asked for them.
 *
 * A class is a table of properties and a function that adds its instances; an instance is a row of texts, in the order
 * of the properties.  There is no service behind it: each instance is read from the system when it is asked for.
 */
#ifndef WMIC_H
#define WMIC_H

#include "programs/console.h"

struct instances {
    unsigned width; /* values in a row */
    WCHAR **values;
    size_t count, room;
};
/* The next row, with empty values. */
WCHAR **instance_add(struct instances *instances);
/* Values: a number, a time. */
WCHAR *value_number(unsigned long long number);
WCHAR *value_date(unsigned long long filetime); /* yyyymmddhhmmss.mmmmmm+zzz */

struct class
{
    const WCHAR *alias, *name;      /* os, Win32_OperatingSystem */
    const WCHAR *const *properties; /* sorted, NULL at the end */
    const WCHAR *brief;             /* what LIST BRIEF shows, with commas */
    void (*collect)(struct instances *instances);
};
extern const struct class *const classes[]; /* NULL at the end */

extern const struct class class_process, class_system, class_computer, class_processor, class_disk, class_network;

/* WHERE: holds for an instance?  -1: it is no expression of this class. */
int where_holds(const WCHAR *expression, const struct class *class, WCHAR *const *values);
/* Which property has this name, or -1. */
int property_index(const struct class *class, const WCHAR *name, size_t length);

#endif

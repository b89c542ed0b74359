/*
 * registry_builtin.c: the part of the registry that every prefix has from the start.
 *
 * Layer: NT layer.  The table is made at build time from registry/defaults.reg and the zone data (gen/genreg.c).
 * Texts with @NAME@ in them are filled in when they are read.
 */
#include <stdlib.h>
#include <string.h>
#include "large.h"
#include "nls.h"
#include "path.h"
#include "processor.h"
#include "registry.h"
#include "sysinfo.h"
#include "systime.h"
#include "version.h"

struct builtin_key {
    uint32_t name;
    uint16_t name_length;
    int16_t parent;
    uint16_t first_child, children;
    uint16_t first_value, values;
};

struct builtin_value {
    uint32_t name;
    uint16_t name_length;
    uint8_t type, filled_in;
    uint32_t data, size;
};

#include "registry_table.h"

#define KEY_COUNT (sizeof builtin_keys / sizeof *builtin_keys)

int name_order(struct text a, struct text b)
{
    for (size_t i = 0; i < a.length && i < b.length; i++) {
        WCHAR x = wide_upper(a.at[i]), y = wide_upper(b.at[i]);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return a.length == b.length ? 0 : a.length < b.length ? -1 : 1;
}

/* 2020-07-04, when there is nothing else to tell. */
LONGLONG builtin_time(void)
{
    return 132382944000000000;
}

int builtin_key_parent(int key)
{
    return builtin_keys[key].parent;
}

struct text builtin_key_name(int key)
{
    return (struct text){builtin_names + builtin_keys[key].name, builtin_keys[key].name_length};
}

unsigned builtin_key_children(int key, int *first)
{
    *first = builtin_keys[key].first_child;
    return builtin_keys[key].children;
}

bool builtin_key_is_there(int key)
{
    struct text name = builtin_key_name(key);
    unsigned number = 0;
    if (builtin_keys[key].parent != PROCESSORS_KEY)
        return true;
    for (size_t i = 0; i < name.length; i++)
        number = number * 10 + (unsigned)(name.at[i] - '0');
    return number < peb_current()->NumberOfProcessors;
}

int builtin_key_child(int key, struct text name)
{
    int low = builtin_keys[key].first_child, high = low + builtin_keys[key].children;
    while (low < high) {
        int middle = (low + high) / 2, order = name_order(name, builtin_key_name(middle));
        if (!order)
            return builtin_key_is_there(middle) ? middle : -1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

unsigned builtin_key_values(int key, int *first)
{
    *first = builtin_keys[key].first_value;
    return builtin_keys[key].values;
}

struct text builtin_value_name(int value)
{
    return (struct text){builtin_names + builtin_values[value].name, builtin_values[value].name_length};
}

/* A link has its target and nothing else. */
bool builtin_key_is_link(int key)
{
    return builtin_keys[key].values == 1 && builtin_values[builtin_keys[key].first_value].type == REG_LINK;
}

int builtin_value_find(int key, struct text name)
{
    int first;
    unsigned count = builtin_key_values(key, &first);
    for (int i = first; i < first + (int)count; i++)
        if (!name_order(builtin_value_name(i), name))
            return i;
    return -1;
}

static void put_number(char *out, unsigned value)
{
    char digits[12];
    int n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    while (n)
        *out++ = digits[--n];
    *out = 0;
}

static void put_guid(char *out)
{
    struct registry_meta meta;
    static const uint8_t order[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    if (!db_meta(&meta))
        machine_guid(meta.guid);
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = "0123456789abcdef"[meta.guid[order[i]] >> 4];
        *out++ = "0123456789abcdef"[meta.guid[order[i]] & 15];
    }
    *out = 0;
}

static void put_zone(char *out)
{
    DYNAMIC_TIME_ZONE_INFORMATION zone;
    LARGE_INTEGER now = {.QuadPart = time_now()};
    TIME_FIELDS fields;
    RtlTimeToTimeFields(&now, &fields);
    timezone_for_year(fields.Year, &zone);
    for (int i = 0; (*out = (char)zone.TimeZoneKeyName[i]); i++)
        out++;
}

static void put_computer(char *out)
{
    char name[256];
    if (!host_name(name, sizeof name))
        strcpy(name, "localhost");
    size_t i = 0;
    for (; i < 15 && name[i] && name[i] != '.'; i++)
        out[i] = name[i] >= 'a' && name[i] <= 'z' ? name[i] - 32 : name[i];
    out[i] = 0;
}

static void put_user(char *out)
{
    out[0] = 0;
    strncat(out, path_user(), 255);
}

/* What stands for a name: a text, a number, or what a function writes into 256 bytes. */
struct filling {
    const char *name, *text;
    void (*put)(char *out);
    bool is_number;
    unsigned number;
};

/* False: the whole value is not there. */
static bool fill_in(const char *name, char *out)
{
    const struct windows_version *version = windows_version();
    bool server = version->product_type != VER_NT_WORKSTATION;
    const struct filling fillings[] = {
        {"USER", .put = put_user},
        {"COMPUTER", .put = put_computer},
        {"GUID", .put = put_guid},
        {"TIMEZONE", .put = put_zone},
        {"CPU", .put = processor_brand},
        {"CPUVENDOR", .put = processor_vendor},
        {"VERSION", version->number},
        {"PRODUCT", version->product},
        {"PRODUCTTYPE", server ? "ServerNT" : "WinNT"},
        {"INSTALLATION", server ? "Server" : "Client"},
        {"CSD", version->service_pack ? "Service Pack 1" : NULL},
        {"EDITION", version->edition},
        {"RELEASE", version->release},
        {"DISPLAY", version->display},
        {"BRANCH", version->branch},
        {"BUILD", .is_number = true, .number = version->build},
        {"UBR", .is_number = true, .number = version->ubr},
        {"MAJOR", .is_number = true, .number = version->major},
        {"MINOR", .is_number = true, .number = version->minor},
        {"CSDLEVEL", .is_number = true, .number = version->service_pack << 8},
        {"ACP", .is_number = true, .number = codepage_ansi()},
        {"OEMCP", .is_number = true, .number = codepage_oem()},
        {"PROCESSORS", .is_number = true, .number = peb_current()->NumberOfProcessors},
    };
    const struct filling *f = fillings;
    while (f < fillings + sizeof fillings / sizeof *fillings && strcmp(f->name, name))
        f++;
    if (f == fillings + sizeof fillings / sizeof *fillings)
        return false;
    if (f->put)
        f->put(out);
    else if (f->text)
        strcpy(out, f->text);
    else if (f->is_number)
        put_number(out, f->number);
    else
        return false;
    return true;
}

/* Windows 10 was the first to have these two as numbers. */
static bool number_is_there(const char *name)
{
    return windows_version()->major >= 10 || (strcmp(name, "MAJOR") && strcmp(name, "MINOR"));
}

static bool fill_template(const uint16_t *text, size_t length, struct value *value)
{
    static WCHAR filled[1024] LARGE;
    static DWORD number;
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char name[32], out[256];
        size_t n = 0;
        if (text[i] != '@') {
            filled[used++] = text[i];
            continue;
        }
        while (text[++i] != '@' && text[i] != ':')
            name[n++] = (char)text[i];
        name[n] = 0;
        if (!fill_in(name, out))
            return false;
        if (text[i] == ':') {
            number = (DWORD)strtoul(out, NULL, 10);
            *value = (struct value){value->name, REG_DWORD, &number, sizeof number};
            return number_is_there(name);
        }
        int wide = path_name_to_wide(out, strlen(out), filled + used, sizeof filled / sizeof *filled - used);
        used += wide > 0 ? (size_t)wide : 0;
    }
    value->data = filled;
    value->size = used * sizeof *filled;
    return true;
}

bool builtin_value_get(int index, struct value *value)
{
    const struct builtin_value *row = &builtin_values[index];
    *value = (struct value){builtin_value_name(index), row->type, builtin_data + row->data, row->size};
    return !row->filled_in ||
           fill_template((const uint16_t *)(builtin_data + row->data), row->size / sizeof(uint16_t), value);
}

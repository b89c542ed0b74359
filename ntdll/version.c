/*
 * version.c: the versions of Windows that a prefix can report.  Layer: NT layer; pure computing.
 */
#include <string.h>
#include "path.h"
#include "version.h"

static const struct windows_version versions[] = {
    {"10", 10, 0, 19045, 4651, VER_NT_WORKSTATION, 0, "6.3", "Windows 10 Pro", "Professional", "2009", "22H2",
     "vb_release"},
    {"11", 10, 0, 22631, 3880, VER_NT_WORKSTATION, 0, "6.3", "Windows 10 Pro", "Professional", "2009", "23H2",
     "ni_release"},
    {"8.1", 6, 3, 9600, 20000, VER_NT_WORKSTATION, 0, "6.3", "Windows 8.1 Pro", "Professional", NULL, NULL,
     "winblue_ltsb"},
    {"7", 6, 1, 7601, 24384, VER_NT_WORKSTATION, 1, "6.1", "Windows 7 Professional", "Professional", NULL, NULL,
     "win7sp1_ldr"},
    {"server2012r2", 6, 3, 9600, 20000, VER_NT_SERVER, 0, "6.3", "Windows Server 2012 R2 Standard", "ServerStandard",
     NULL, NULL, "winblue_ltsb"},
    {"server2016", 10, 0, 14393, 7159, VER_NT_SERVER, 0, "6.3", "Windows Server 2016 Standard", "ServerStandard",
     "1607", NULL, "rs1_release"},
    {"server2019", 10, 0, 17763, 6054, VER_NT_SERVER, 0, "6.3", "Windows Server 2019 Standard", "ServerStandard",
     "1809", NULL, "rs5_release"},
    {"server2022", 10, 0, 20348, 2582, VER_NT_SERVER, 0, "6.3", "Windows Server 2022 Standard", "ServerStandard",
     "2009", "21H2", "fe_release"},
};

static const struct windows_version *selected = versions;

const struct windows_version *windows_version(void)
{
    return selected;
}

const char *windows_version_name(unsigned index)
{
    return index < sizeof versions / sizeof *versions ? versions[index].name : NULL;
}

bool windows_version_select(const char *name)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (!strcmp(versions[i].name, name)) {
            selected = &versions[i];
            return true;
        }
    return false;
}

/* From the prefix's place, until it is written down: processes agree on it without a file. */
void machine_guid(uint8_t guid[16])
{
    uint64_t parts[2] = {0xcbf29ce484222325ull, 0x84222325cbf29ce4ull};
    for (const char *p = path_prefix(); *p; p++)
        for (int i = 0; i < 2; i++) {
            parts[i] = (parts[i] ^ (unsigned char)*p) * 0x100000001b3ull;
            parts[i] ^= parts[i] >> (29 + i);
        }
    memcpy(guid, parts, 16);
    guid[7] = (guid[7] & 0x0f) | 0x40;
    guid[8] = (guid[8] & 0x3f) | 0x80;
}

/*
 * sddl.c: security descriptors as text: "O:BAG:SYD:PAI(A;OICI;FA;;;WD)".
 *
 * Layer: advapi32; on top of ntdll's acl.c and securitydescriptor.c.  Conditional and object entries are not known.
 */
#include <sddl.h>
#include <string.h>
#include "ntdll/security.h"
#include "security.h"

struct name {
    WCHAR text[4];
    DWORD value;
};

static const struct name entry_types[] = {{u"A", ACCESS_ALLOWED_ACE_TYPE},
                                          {u"D", ACCESS_DENIED_ACE_TYPE},
                                          {u"AU", SYSTEM_AUDIT_ACE_TYPE},
                                          {u"ML", SYSTEM_MANDATORY_LABEL_ACE_TYPE}};
static const struct name entry_flags[] = {
    {u"OI", OBJECT_INHERIT_ACE},    {u"CI", CONTAINER_INHERIT_ACE}, {u"NP", NO_PROPAGATE_INHERIT_ACE},
    {u"IO", INHERIT_ONLY_ACE},      {u"ID", INHERITED_ACE},         {u"SA", SUCCESSFUL_ACCESS_ACE_FLAG},
    {u"FA", FAILED_ACCESS_ACE_FLAG}};
/* Whole sets first: they are what a mask is written as if it is one of them. */
static const struct name whole_rights[] = {
    {u"FA", FILE_ALL_ACCESS}, {u"FR", FILE_GENERIC_READ}, {u"FW", FILE_GENERIC_WRITE}, {u"FX", FILE_GENERIC_EXECUTE},
    {u"KA", KEY_ALL_ACCESS},  {u"KR", KEY_READ},          {u"KX", KEY_EXECUTE},        {u"KW", KEY_WRITE}};
static const struct name single_rights[] = {
    {u"GA", GENERIC_ALL},  {u"GR", GENERIC_READ}, {u"GW", GENERIC_WRITE}, {u"GX", GENERIC_EXECUTE},
    {u"RC", READ_CONTROL}, {u"SD", DELETE},       {u"WD", WRITE_DAC},     {u"WO", WRITE_OWNER},
    {u"CC", 0x1},          {u"DC", 0x2},          {u"LC", 0x4},           {u"SW", 0x8},
    {u"RP", 0x10},         {u"WP", 0x20},         {u"DT", 0x40},          {u"LO", 0x80},
    {u"CR", 0x100}};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* The entry whose text stands at p; the longest wins. */
static const struct name *name_at(const struct name *table, size_t count, const WCHAR *p)
{
    const struct name *best = NULL;
    size_t best_length = 0;

    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        while (table[i].text[length] && (p[length] & ~0x20) == table[i].text[length])
            length++;
        if (!table[i].text[length] && length > best_length)
            best = &table[i], best_length = length;
    }
    return best;
}

static size_t text_length(const WCHAR *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

/* A SID, as two letters or S-1-..., copied to `out`; returns where it ends, NULL: none. */
static const WCHAR *read_sid(const WCHAR *p, BYTE out[SECURITY_MAX_SID_SIZE])
{
    WCHAR text[192];
    size_t length = 0;
    PSID sid;

    if (p[0] && p[1] == '-')
        for (length = 1; length < ARRAYSIZE(text) - 1 && (p[length] == '-' || (p[length] >= '0' && p[length] <= '9'));)
            length++;
    else if (p[0] && p[1])
        length = 2;
    memcpy(text, p, length * sizeof *text);
    text[length] = 0;
    if (!length || !ConvertStringSidToSidW(text, &sid))
        return NULL;
    memcpy(out, sid, GetLengthSid(sid));
    LocalFree(sid);
    return p + length;
}

static const WCHAR *read_rights(const WCHAR *p, ACCESS_MASK *mask)
{
    *mask = 0;
    if (p[0] == '0' && (p[1] | 0x20) == 'x') {
        for (p += 2; *p && *p != ';'; p++) {
            WCHAR c = *p | 0x20;
            if (!((*p >= '0' && *p <= '9') || (c >= 'a' && c <= 'f')))
                return NULL;
            *mask = *mask << 4 | (*p <= '9' ? *p - '0' : c - 'a' + 10);
        }
        return p;
    }
    while (*p && *p != ';') {
        const struct name *name = name_at(whole_rights, COUNT(whole_rights), p);
        if (!name)
            name = name_at(single_rights, COUNT(single_rights), p);
        if (!name)
            return NULL;
        *mask |= name->value;
        p += text_length(name->text);
    }
    return p;
}

/* (type;flags;rights;;;sid): behind the opening parenthesis.  The entry is added to the list. */
static const WCHAR *read_entry(const WCHAR *p, ACL *acl)
{
    BYTE buffer[offsetof(ACCESS_ALLOWED_ACE, SidStart) + SECURITY_MAX_SID_SIZE] = {0};
    ACCESS_ALLOWED_ACE *ace = (ACCESS_ALLOWED_ACE *)buffer;
    const struct name *name = name_at(entry_types, COUNT(entry_types), p);

    if (!name)
        return NULL;
    ace->Header.AceType = (BYTE)name->value;
    p += text_length(name->text);
    if (*p++ != ';')
        return NULL;
    while (*p && *p != ';') {
        name = name_at(entry_flags, COUNT(entry_flags), p);
        if (!name)
            return NULL;
        ace->Header.AceFlags |= (BYTE)name->value;
        p += text_length(name->text);
    }
    if (*p++ != ';' || !(p = read_rights(p, &ace->Mask)) || p[0] != ';' || p[1] != ';' || p[2] != ';')
        return NULL;
    p = read_sid(p + 3, buffer + offsetof(ACCESS_ALLOWED_ACE, SidStart));
    if (!p || *p != ')')
        return NULL;
    ace->Header.AceSize = (WORD)(offsetof(ACCESS_ALLOWED_ACE, SidStart) + sid_length((SID *)&ace->SidStart));
    return RtlAddAce(acl, ACL_REVISION, MAXDWORD, ace, ace->Header.AceSize) ? NULL : p + 1;
}

/* Flags and entries; `owner` bits are those of the DACL, shifted left by one for the SACL. */
static const WCHAR *read_acl(const WCHAR *p, ACL *acl, WORD *control, unsigned shift)
{
    static const struct name flags[] = {
        {u"P", SE_DACL_PROTECTED}, {u"AR", SE_DACL_AUTO_INHERIT_REQ}, {u"AI", SE_DACL_AUTO_INHERITED}};
    const struct name *flag;

    *control |= (WORD)(SE_DACL_PRESENT << (shift ? 2 : 0));
    while ((flag = name_at(flags, COUNT(flags), p))) {
        *control |= (WORD)(flag->value << shift);
        p += text_length(flag->text);
    }
    while (p && *p == '(')
        p = read_entry(p + 1, acl);
    return p;
}

/* The list as large as its entries. */
static void trim(ACL *acl)
{
    ACL_SIZE_INFORMATION used;
    if (!RtlQueryInformationAcl(acl, &used, sizeof used, AclSizeInformation))
        acl->AclSize = (WORD)used.AclBytesInUse;
}

struct reading {
    BYTE owner[SECURITY_MAX_SID_SIZE], group[SECURITY_MAX_SID_SIZE];
    BYTE dacl[0x8000], sacl[0x8000];
    SECURITY_DESCRIPTOR descriptor;
};

static bool read_descriptor(const WCHAR *p, struct reading *reading)
{
    SECURITY_DESCRIPTOR *made = &reading->descriptor;

    RtlCreateSecurityDescriptor(made, SECURITY_DESCRIPTOR_REVISION);
    while (p && *p) {
        WCHAR part = *p & ~0x20;
        if (p[1] != ':')
            return false;
        if (part == 'O' || part == 'G') {
            BYTE *sid = part == 'O' ? reading->owner : reading->group;
            p = read_sid(p + 2, sid);
            *(part == 'O' ? &made->Owner : &made->Group) = sid;
        } else if (part == 'D' || part == 'S') {
            ACL *acl = (ACL *)(part == 'D' ? reading->dacl : reading->sacl);
            WORD control = 0;
            RtlCreateAcl(acl, sizeof reading->dacl, ACL_REVISION);
            p = read_acl(p + 2, acl, &control, part == 'S');
            trim(acl);
            made->Control |= control;
            *(part == 'D' ? &made->Dacl : &made->Sacl) = acl;
        } else {
            return false;
        }
    }
    return p != NULL;
}

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR text, DWORD revision,
                                                                 PSECURITY_DESCRIPTOR *descriptor, PULONG size)
{
    ULONG needed = 0;
    DWORD error = ERROR_INVALID_PARAMETER;

    if (!text || !descriptor || revision != SDDL_REVISION_1) {
        SetLastError(text && descriptor ? ERROR_UNKNOWN_REVISION : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    struct reading *reading = LocalAlloc(LMEM_ZEROINIT, sizeof *reading);
    *descriptor = NULL;
    if (!reading)
        error = ERROR_NOT_ENOUGH_MEMORY;
    else if (read_descriptor(text, reading)) {
        RtlMakeSelfRelativeSD(&reading->descriptor, NULL, &needed);
        *descriptor = LocalAlloc(LMEM_ZEROINIT, needed);
        error = *descriptor ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    if (!error) {
        RtlMakeSelfRelativeSD(&reading->descriptor, *descriptor, &needed);
        if (size)
            *size = needed;
    }
    LocalFree(reading);
    if (error)
        SetLastError(error);
    return !error;
}

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorA(LPCSTR text, DWORD revision,
                                                                 PSECURITY_DESCRIPTOR *descriptor, PULONG size)
{
    int length = text ? MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0) : 0;
    WCHAR *wide = length ? LocalAlloc(0, length * sizeof *wide) : NULL;

    if (wide)
        MultiByteToWideChar(CP_ACP, 0, text, -1, wide, length);
    BOOL result = ConvertStringSecurityDescriptorToSecurityDescriptorW(wide, revision, descriptor, size);
    LocalFree(wide);
    return result;
}

/* ---- to text ---- */

struct writer {
    WCHAR *text;
    size_t length, room;
};

static void write_text(struct writer *writer, const WCHAR *text)
{
    for (; *text; text++, writer->length++)
        if (writer->length < writer->room)
            writer->text[writer->length] = *text;
}

static void write_sid(struct writer *writer, PSID sid)
{
    const WCHAR *name = sid_short_name(sid);
    LPWSTR text;

    if (name) {
        write_text(writer, name);
        return;
    }
    if (ConvertSidToStringSidW(sid, &text)) {
        write_text(writer, text);
        LocalFree(text);
    }
}

static void write_names(struct writer *writer, const struct name *table, size_t count, DWORD bits)
{
    for (size_t i = 0; i < count; i++)
        if (bits & table[i].value)
            write_text(writer, table[i].text);
}

static void write_rights(struct writer *writer, ACCESS_MASK mask)
{
    ACCESS_MASK rest = mask;

    for (size_t i = 0; i < COUNT(whole_rights); i++)
        if (mask == whole_rights[i].value) {
            write_text(writer, whole_rights[i].text);
            return;
        }
    for (size_t i = 0; i < COUNT(single_rights); i++)
        rest &= ~single_rights[i].value;
    if (!rest) {
        write_names(writer, single_rights, COUNT(single_rights), mask);
        return;
    }
    WCHAR digits[] = u"0x00000000";
    unsigned used = 2;
    for (int shift = 28; shift >= 0; shift -= 4)
        if (mask >> shift || !shift)
            digits[used++] = u"0123456789abcdef"[mask >> shift & 15];
    digits[used] = 0;
    write_text(writer, digits);
}

static void write_acl(struct writer *writer, ACL *acl, const WCHAR *title, WORD control)
{
    void *entry;

    write_text(writer, title);
    if (control & SE_DACL_PROTECTED)
        write_text(writer, u"P");
    if (control & SE_DACL_AUTO_INHERIT_REQ)
        write_text(writer, u"AR");
    if (control & SE_DACL_AUTO_INHERITED)
        write_text(writer, u"AI");
    if (!acl)
        write_text(writer, u"NO_ACCESS_CONTROL");
    for (ULONG i = 0; acl && i < acl->AceCount && !RtlGetAce(acl, i, &entry); i++) {
        ACCESS_ALLOWED_ACE *ace = entry;
        write_text(writer, u"(");
        for (size_t k = 0; k < COUNT(entry_types); k++)
            if (ace->Header.AceType == entry_types[k].value)
                write_text(writer, entry_types[k].text);
        write_text(writer, u";");
        write_names(writer, entry_flags, COUNT(entry_flags), ace->Header.AceFlags);
        write_text(writer, u";");
        write_rights(writer, ace->Mask);
        write_text(writer, u";;;");
        write_sid(writer, &ace->SidStart);
        write_text(writer, u")");
    }
}

static void write_descriptor(struct writer *writer, PSECURITY_DESCRIPTOR descriptor, SECURITY_INFORMATION which)
{
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    BOOLEAN present = FALSE, defaulted;
    ULONG revision;
    PSID sid = NULL;
    ACL *acl = NULL;

    RtlGetControlSecurityDescriptor(descriptor, &control, &revision);
    RtlGetOwnerSecurityDescriptor(descriptor, &sid, &defaulted);
    if (which & OWNER_SECURITY_INFORMATION && sid) {
        write_text(writer, u"O:");
        write_sid(writer, sid);
    }
    RtlGetGroupSecurityDescriptor(descriptor, &sid, &defaulted);
    if (which & GROUP_SECURITY_INFORMATION && sid) {
        write_text(writer, u"G:");
        write_sid(writer, sid);
    }
    RtlGetDaclSecurityDescriptor(descriptor, &present, &acl, &defaulted);
    if (which & DACL_SECURITY_INFORMATION && present)
        write_acl(writer, acl, u"D:", control);
    acl = NULL;
    RtlGetSaclSecurityDescriptor(descriptor, &present, &acl, &defaulted);
    if (which & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION) && present && acl)
        write_acl(writer, acl, u"S:", control >> 1);
}

BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorW(PSECURITY_DESCRIPTOR descriptor, DWORD revision,
                                                                 SECURITY_INFORMATION which, LPWSTR *text,
                                                                 PULONG length)
{
    struct writer writer = {0};

    if (revision != SDDL_REVISION_1 || !RtlValidSecurityDescriptor(descriptor)) {
        SetLastError(revision != SDDL_REVISION_1 ? ERROR_UNKNOWN_REVISION : ERROR_INVALID_SECURITY_DESCR);
        return FALSE;
    }
    write_descriptor(&writer, descriptor, which);
    size_t needed = writer.length + 1;
    WCHAR *result = LocalAlloc(LMEM_ZEROINIT, needed * sizeof *result);
    if (!result) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    writer = (struct writer){.text = result, .room = needed - 1};
    write_descriptor(&writer, descriptor, which);
    *text = result;
    if (length)
        *length = (ULONG)needed;
    return TRUE;
}

BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorA(PSECURITY_DESCRIPTOR descriptor, DWORD revision,
                                                                 SECURITY_INFORMATION which, LPSTR *text, PULONG length)
{
    LPWSTR wide;

    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, revision, which, &wide, NULL))
        return FALSE;
    int size = WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL);
    *text = LocalAlloc(0, (SIZE_T)size);
    if (*text)
        WideCharToMultiByte(CP_ACP, 0, wide, -1, *text, size, NULL, NULL);
    else
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    LocalFree(wide);
    if (*text && length)
        *length = (ULONG)size;
    return *text != NULL;
}

/*
 * icacls.c: icacls.exe: shows and changes lists of rights, and saves and restores them.
 *
 * Exit: 0, or the code of the last error.
 */
#include "rights.h"
#include "wide_main.h"
#include <aclapi.h>
#include <sddl.h>

static const WCHAR usage[] =
    L"ICACLS name [/grant[:r] account:rights ...] [/deny account:rights ...] [/remove[:g|:d] account ...]\r\n"
    L"            [/inheritance:e|d|r] [/setowner account] [/T] [/C] [/L] [/Q]\r\n"
    L"ICACLS name /reset | /verify | /findsid account | /save file   [/T] [/C] [/L] [/Q]\r\n"
    L"ICACLS directory /restore file [/C] [/L] [/Q]\r\n\r\n"
    L"    rights: N F M RX R W D, or a list like (DE,RC,WD); (OI)(CI)(IO)(NP) before them say who inherits\r\n";

enum kind { GRANT, GRANT_INSTEAD, DENY, REMOVE, REMOVE_GRANTS, REMOVE_DENIALS, INHERITANCE, OWNER };

struct change {
    enum kind kind;
    PSID sid;
    DWORD flags, mask;
    WCHAR letter; /* of /inheritance */
};

static struct change changes[64];
static unsigned change_count, processed, failed;
static bool tree, go_on, quiet, reset, verify;
static PSID wanted; /* /findsid */
static HANDLE saving;
static DWORD last_failure;

static bool file_fails(const WCHAR *path, DWORD error)
{
    print_error(L"%s: %s\r\n", path, error_message(error));
    failed++;
    last_failure = error;
    return go_on;
}

static void *ace_sid(ACE_HEADER *ace)
{
    return &((ACCESS_ALLOWED_ACE *)ace)->SidStart;
}

static void show(const WCHAR *path, PACL acl)
{
    struct text text = {0};
    size_t indent = wcslen(path);
    ACE_HEADER *ace;

    text_add(&text, path);
    for (DWORD i = 0; acl && GetAce(acl, i, (void **)&ace); i++) {
        for (size_t k = 0; i && k < indent; k++)
            text_char(&text, ' ');
        text_char(&text, ' ');
        account_format(ace_sid(ace), &text);
        text_add(&text, ace->AceType == ACCESS_DENIED_ACE_TYPE ? L":(DENY)" : L":");
        rights_format(ace->AceFlags, ((ACCESS_ALLOWED_ACE *)ace)->Mask, &text);
        text_add(&text, L"\r\n");
    }
    if (!acl || !acl->AceCount)
        text_add(&text, acl ? L"\r\n" : L" Everyone:(F)\r\n");
    text_add(&text, L"\r\n");
    write_text(GetStdHandle(STD_OUTPUT_HANDLE), text.data, text.length);
    free(text_take(&text));
}

/* Entries of this account go: those that grant, those that deny, or both; inherited ones stay. */
static void remove_entries(PACL acl, PSID sid, bool grants, bool denials)
{
    ACE_HEADER *ace;

    for (DWORD i = acl->AceCount; i-- > 0;)
        if (GetAce(acl, i, (void **)&ace) && !(ace->AceFlags & INHERITED_ACE) && EqualSid(ace_sid(ace), sid) &&
            (ace->AceType == ACCESS_DENIED_ACE_TYPE ? denials : grants))
            DeleteAce(acl, i);
}

static DWORD apply_change(const struct change *change, bool directory, PACL *acl, PSECURITY_INFORMATION what)
{
    EXPLICIT_ACCESSW entry = {.grfAccessPermissions = change->mask,
                              .grfInheritance = directory ? change->flags : NO_INHERITANCE};
    PACL merged;

    if (change->kind == INHERITANCE) {
        *what |= change->letter == 'e' ? UNPROTECTED_DACL_SECURITY_INFORMATION : PROTECTED_DACL_SECURITY_INFORMATION;
        ACE_HEADER *ace;
        for (DWORD i = (*acl)->AceCount; change->letter != 'e' && i-- > 0;)
            if (GetAce(*acl, i, (void **)&ace) && ace->AceFlags & INHERITED_ACE) {
                ace->AceFlags &= ~INHERITED_ACE;
                if (change->letter == 'r')
                    DeleteAce(*acl, i);
            }
        return 0;
    }
    if (change->kind >= REMOVE) {
        remove_entries(*acl, change->sid, change->kind != REMOVE_DENIALS, change->kind != REMOVE_GRANTS);
        return 0;
    }
    entry.grfAccessMode = change->kind == DENY            ? DENY_ACCESS
                          : change->kind == GRANT_INSTEAD ? SET_ACCESS
                                                          : GRANT_ACCESS;
    BuildTrusteeWithSidW(&entry.Trustee, change->sid);
    DWORD error = SetEntriesInAclW(1, &entry, *acl, &merged);
    if (!error)
        *acl = merged;
    return error;
}

/* What a file here gets from its directory. */
static DWORD inherited(const WCHAR *path, PACL acl, DWORD room)
{
    WCHAR full[4096];
    PACL above;
    PSECURITY_DESCRIPTOR descriptor;
    ACE_HEADER *ace;
    bool directory = is_directory(path);

    GetFullPathNameW(path, 4096, full, NULL);
    WCHAR *name = (WCHAR *)file_part(full);
    *name = 0;
    DWORD error =
        GetNamedSecurityInfoW(full, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &above, NULL, &descriptor);
    if (error)
        return error;
    InitializeAcl(acl, room, ACL_REVISION);
    for (DWORD i = 0; above && GetAce(above, i, (void **)&ace); i++) {
        if (!(ace->AceFlags & (directory ? CONTAINER_INHERIT_ACE | OBJECT_INHERIT_ACE : OBJECT_INHERIT_ACE)))
            continue;
        if (!directory)
            ace->AceFlags = 0;
        else if (ace->AceFlags & CONTAINER_INHERIT_ACE)
            ace->AceFlags &= ~INHERIT_ONLY_ACE;
        else
            ace->AceFlags |= INHERIT_ONLY_ACE;
        ace->AceFlags |= INHERITED_ACE;
        AddAce(acl, ACL_REVISION, MAXDWORD, ace, ace->AceSize);
    }
    LocalFree(descriptor);
    return 0;
}

static WORD used_bytes(PACL acl)
{
    ACL_SIZE_INFORMATION size;
    return GetAclInformation(acl, &size, sizeof size, AclSizeInformation) ? (WORD)size.AclBytesInUse : acl->AclSize;
}

static DWORD change_file(const WCHAR *path, PACL acl)
{
    SECURITY_INFORMATION what = 0;
    DWORD error = 0, room = 8192;
    PACL copy = need(room), now = copy;
    PSID owner = NULL;

    if (reset) {
        error = inherited(path, copy, room);
        what = DACL_SECURITY_INFORMATION | UNPROTECTED_DACL_SECURITY_INFORMATION;
    } else if (acl && acl->AclSize <= room) {
        memcpy(copy, acl, acl->AclSize);
    } else {
        InitializeAcl(copy, room, ACL_REVISION);
    }
    for (unsigned i = 0; i < change_count && !error; i++) {
        if (changes[i].kind == OWNER) {
            owner = changes[i].sid;
            what |= OWNER_SECURITY_INFORMATION;
        } else {
            error = apply_change(&changes[i], is_directory(path), &now, &what);
            what |= DACL_SECURITY_INFORMATION;
        }
    }
    now->AclSize = used_bytes(now);
    if (!error)
        error = SetNamedSecurityInfoW((WCHAR *)path, SE_FILE_OBJECT, what, owner, NULL,
                                      what & DACL_SECURITY_INFORMATION ? now : NULL, NULL);
    free(copy);
    return error;
}

static bool mentions(PACL acl, PSID sid)
{
    ACE_HEADER *ace;

    for (DWORD i = 0; acl && GetAce(acl, i, (void **)&ace); i++)
        if (EqualSid(ace_sid(ace), sid))
            return true;
    return false;
}

static DWORD save_file(const WCHAR *path, const WCHAR *saved_as, PSECURITY_DESCRIPTOR descriptor)
{
    WCHAR *string;
    struct text text = {0};
    DWORD written;

    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION,
                                                              &string, NULL))
        return GetLastError();
    text_add(&text, saved_as);
    text_add(&text, L"\r\n");
    text_add(&text, string);
    text_add(&text, L"\r\n");
    LocalFree(string);
    BOOL good = WriteFile(saving, text.data, (DWORD)(text.length * sizeof *text.data), &written, NULL);
    free(text_take(&text));
    return good ? 0 : GetLastError();
}

/* False: an error ends the whole. */
static bool process(const WCHAR *path, const WCHAR *saved_as)
{
    PACL acl;
    PSECURITY_DESCRIPTOR descriptor;
    DWORD error = GetNamedSecurityInfoW((WCHAR *)path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &acl,
                                        NULL, &descriptor);

    if (error)
        return file_fails(path, error);
    if (wanted) {
        if (mentions(acl, wanted))
            print(L"SID Found: %s.\r\n", path);
    } else if (saving) {
        error = save_file(path, saved_as, descriptor);
    } else if (verify) {
        if (acl && !IsValidAcl(acl))
            error = ERROR_INVALID_ACL;
    } else if (reset || change_count) {
        error = change_file(path, acl);
    } else {
        show(path, acl);
    }
    LocalFree(descriptor);
    if (error)
        return file_fails(path, error);
    if ((saving || verify || reset || change_count) && !quiet)
        print(L"processed file: %s\r\n", path);
    processed++;
    return true;
}

/* `base`: how much of a path is left out in what is saved. */
static bool walk(const WCHAR *directory, const WCHAR *pattern, size_t base)
{
    WCHAR *path = *directory ? join_path(directory, pattern) : copy_string(pattern);
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(path, &data);
    bool on = true;

    if (find == INVALID_HANDLE_VALUE) {
        DWORD error = GetLastError();
        if (GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES) /* a drive's root */
            on = process(path, path) && (!tree || walk(path, L"*", base));
        else if (!wcscmp(pattern, L"*"))
            on = true;
        else
            on = file_fails(path, error);
        free(path);
        return on;
    }
    free(path);
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        path = *directory ? join_path(directory, data.cFileName) : copy_string(data.cFileName);
        on = process(path, path + base);
        if (on && tree && data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
            !(data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
            on = walk(path, L"*", base);
        free(path);
    } while (on && FindNextFileW(find, &data));
    FindClose(find);
    return on;
}

/* Pairs of lines: a name below `directory`, and its rights. */
static bool restore(const WCHAR *directory, const WCHAR *from)
{
    size_t length;
    HANDLE file = CreateFileW(from, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD size = file == INVALID_HANDLE_VALUE ? 0 : GetFileSize(file, NULL), read = 0;
    WCHAR *text = need(size + sizeof *text), *end = text + size / sizeof *text;

    if (file == INVALID_HANDLE_VALUE || !ReadFile(file, text, size, &read, NULL))
        return file_fails(from, GetLastError());
    CloseHandle(file);
    for (WCHAR *name = text + (*text == 0xfeff), *rights; name < end; name = rights + length + 2) {
        PSECURITY_DESCRIPTOR descriptor;
        length = wcscspn(name, L"\r");
        if (name + length + 2 >= end)
            break;
        name[length] = 0;
        rights = name + length + 2;
        length = wcscspn(rights, L"\r");
        rights[length] = 0;
        WCHAR *path = join_path(directory, name);
        DWORD error = 0;
        if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(rights, SDDL_REVISION_1, &descriptor, NULL)) {
            error = GetLastError();
        } else {
            if (!SetFileSecurityW(path, DACL_SECURITY_INFORMATION, descriptor))
                error = GetLastError();
            LocalFree(descriptor);
        }
        bool on = error ? file_fails(path, error) : true;
        if (!error && !quiet)
            print(L"processed file: %s\r\n", path);
        processed += !error;
        free(path);
        if (!on)
            return false;
    }
    free(text);
    return true;
}

static int bad_parameter(const WCHAR *word)
{
    print_error(L"Invalid parameter \"%s\"\r\n", word);
    return ERROR_INVALID_PARAMETER;
}

/* The accounts behind /grant, /deny, /remove, each with rights for the first two; *i: the last word taken. */
static int take_accounts(int argc, WCHAR **argv, int *i, enum kind kind)
{
    const WCHAR *option = argv[*i];
    unsigned before = change_count;

    while (*i + 1 < argc && *argv[*i + 1] != '/' && change_count < 64) {
        struct change *change = &changes[change_count++];
        WCHAR *account = copy_string(argv[++*i]), *colon = kind < REMOVE ? wcschr(account, ':') : NULL;
        change->kind = kind;
        if (colon)
            *colon++ = 0;
        if (kind < REMOVE && (!colon || !rights_parse(colon, &change->flags, &change->mask)))
            return bad_parameter(argv[*i]);
        change->sid = account_parse(account);
        if (!change->sid) {
            file_fails(account, ERROR_NONE_MAPPED);
            return ERROR_NONE_MAPPED;
        }
        free(account);
        if (kind == OWNER)
            break;
    }
    return change_count == before ? bad_parameter(option) : 0;
}

static int take_option(int argc, WCHAR **argv, int *i, const WCHAR **restore_from)
{
    static const struct {
        const WCHAR *name;
        enum kind kind;
    } kinds[] = {{L"/grant", GRANT},   {L"/grant:r", GRANT_INSTEAD},  {L"/deny", DENY},
                 {L"/remove", REMOVE}, {L"/remove:g", REMOVE_GRANTS}, {L"/remove:d", REMOVE_DENIALS},
                 {L"/setowner", OWNER}};
    const WCHAR *word = argv[*i];

    for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (same_name(word, kinds[k].name))
            return take_accounts(argc, argv, i, kinds[k].kind);
    if (same_name(word, L"/t"))
        tree = true;
    else if (same_name(word, L"/c"))
        go_on = true;
    else if (same_name(word, L"/q"))
        quiet = true;
    else if (same_name(word, L"/l"))
        return 0; /* links are not followed anyway */
    else if (same_name(word, L"/reset"))
        reset = true;
    else if (same_name(word, L"/verify"))
        verify = true;
    else if (starts_with(word, L"/inheritance:") && wcslen(word) == 14 && wcschr(L"edrEDR", word[13]))
        changes[change_count++] = (struct change){.kind = INHERITANCE, .letter = towlower(word[13])};
    else if (same_name(word, L"/findsid") && *i + 1 < argc) {
        wanted = account_parse(argv[++*i]);
        if (!wanted)
            return file_fails(argv[*i], ERROR_NONE_MAPPED), ERROR_NONE_MAPPED;
    } else if (same_name(word, L"/save") && *i + 1 < argc) {
        saving = CreateFileW(argv[++*i], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        if (saving == INVALID_HANDLE_VALUE) {
            int error = (int)GetLastError();
            file_fails(argv[*i], error);
            return error;
        }
    } else if (same_name(word, L"/restore") && *i + 1 < argc)
        *restore_from = argv[++*i];
    else
        return bad_parameter(word);
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR *restore_from = NULL;
    int error = 0;

    help_wanted(argc, argv, usage);
    if (argc < 2) {
        print(L"\r\n%s", usage);
        return 0;
    }
    for (int i = 2; i < argc && !error; i++)
        error = take_option(argc, argv, &i, &restore_from);
    if (error && error != ERROR_NONE_MAPPED)
        return error;
    WCHAR *directory = copy_n(argv[1], file_part(argv[1]) - argv[1]);
    const WCHAR *name = file_part(argv[1]);
    if (!error && restore_from)
        restore(argv[1], restore_from);
    else if (!error)
        walk(*name ? directory : L"", *name ? name : argv[1], wcslen(directory));
    free(directory);
    if (!quiet || failed)
        print(L"Successfully processed %u files; Failed processing %u files\r\n", processed, failed);
    return (int)last_failure;
}

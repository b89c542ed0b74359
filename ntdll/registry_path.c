/*
 * registry_path.c: from names to nodes: components, symbolic links, the 32-bit view.
 *
 * Layer: NT layer, over registry_node.c.
 */
#include <stdlib.h>
#include <string.h>
#include "nls.h"
#include "registry.h"

#define LINKS_MAX 32

static struct text take_component(struct text *rest)
{
    while (rest->length && *rest->at == '\\') {
        rest->at++;
        rest->length--;
    }
    struct text name = {rest->at, 0};
    while (name.length < rest->length && rest->at[name.length] != '\\')
        name.length++;
    rest->at += name.length;
    rest->length -= name.length;
    return name;
}

static bool starts_with(struct text text, const char *ascii)
{
    size_t i = 0;
    for (; ascii[i]; i++)
        if (i == text.length ||
            wide_lower(text.at[i]) != (WCHAR)(ascii[i] >= 'A' && ascii[i] <= 'Z' ? ascii[i] + 32 : ascii[i]))
            return false;
    return i == text.length || text.at[i] == '\\';
}

/* What both views of HKLM\Software share, and what of HKCR they do not, as Microsoft documents it. */
static const char *const shared_software[] = {
    "Classes",
    "Clients",
    "Microsoft\\COM3",
    "Microsoft\\Cryptography\\Calais\\Current",
    "Microsoft\\Cryptography\\Calais\\Readers",
    "Microsoft\\Cryptography\\Services",
    "Microsoft\\CTF\\SystemShared",
    "Microsoft\\CTF\\TIP",
    "Microsoft\\DFS",
    "Microsoft\\Driver Signing",
    "Microsoft\\EnterpriseCertificates",
    "Microsoft\\EventSystem",
    "Microsoft\\MSMQ",
    "Microsoft\\Non-Driver Signing",
    "Microsoft\\Notepad\\DefaultFonts",
    "Microsoft\\OLE",
    "Microsoft\\RAS",
    "Microsoft\\RPC",
    "Microsoft\\SOFTWARE\\Microsoft\\Shared Tools\\MSInfo",
    "Microsoft\\SystemCertificates",
    "Microsoft\\TermServLicensing",
    "Microsoft\\Transaction Server",
    "Microsoft\\Windows\\CurrentVersion\\App Paths",
    "Microsoft\\Windows\\CurrentVersion\\Control Panel\\Cursors\\Schemes",
    "Microsoft\\Windows\\CurrentVersion\\Explorer\\AutoplayHandlers",
    "Microsoft\\Windows\\CurrentVersion\\Explorer\\DriveIcons",
    "Microsoft\\Windows\\CurrentVersion\\Explorer\\KindMap",
    "Microsoft\\Windows\\CurrentVersion\\Group Policy",
    "Microsoft\\Windows\\CurrentVersion\\Policies",
    "Microsoft\\Windows\\CurrentVersion\\PreviewHandlers",
    "Microsoft\\Windows\\CurrentVersion\\Setup",
    "Microsoft\\Windows\\CurrentVersion\\Telephony\\Locations",
    "Microsoft\\Windows NT\\CurrentVersion\\Console",
    "Microsoft\\Windows NT\\CurrentVersion\\FontDpi",
    "Microsoft\\Windows NT\\CurrentVersion\\FontLink",
    "Microsoft\\Windows NT\\CurrentVersion\\FontMapper",
    "Microsoft\\Windows NT\\CurrentVersion\\Fonts",
    "Microsoft\\Windows NT\\CurrentVersion\\FontSubstitutes",
    "Microsoft\\Windows NT\\CurrentVersion\\Gre_Initialize",
    "Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options",
    "Microsoft\\Windows NT\\CurrentVersion\\LanguagePack",
    "Microsoft\\Windows NT\\CurrentVersion\\NetworkCards",
    "Microsoft\\Windows NT\\CurrentVersion\\Perflib",
    "Microsoft\\Windows NT\\CurrentVersion\\Ports",
    "Microsoft\\Windows NT\\CurrentVersion\\Print",
    "Microsoft\\Windows NT\\CurrentVersion\\ProfileList",
    "Microsoft\\Windows NT\\CurrentVersion\\Time Zones",
    "Policies",
    "RegisteredApplications",
};
static const char *const split_classes[] = {"CLSID", "DirectShow", "Interface", "Media Type", "MediaFoundation"};

static bool in_list(struct text rest, const char *const *list, size_t count)
{
    while (rest.length && *rest.at == '\\') {
        rest.at++;
        rest.length--;
    }
    for (size_t i = 0; i < count; i++)
        if (starts_with(rest, list[i]))
            return true;
    return false;
}

/* In the 32-bit view: from a key that has a WOW6432Node below it to that, unless what follows is shared. */
static void redirect(struct node *node, struct text rest)
{
    static const struct text wow = {L"WOW6432Node", 11}, software = {L"SOFTWARE", 8};
    struct node child;
    if (node->builtin < 0 || builtin_key_child(node->builtin, wow) < 0 ||
        in_list(rest, (const char *const[]){"WOW6432Node"}, 1))
        return;
    bool is_software = !name_order(builtin_key_name(node->builtin), software);
    bool shared = is_software ? in_list(rest, shared_software, sizeof shared_software / sizeof *shared_software)
                              : !in_list(rest, split_classes, sizeof split_classes / sizeof *split_classes);
    if (!shared && node_child(*node, wow, &child))
        *node = child;
}

/* The target of a link with `rest` behind it, in a new buffer. */
static NTSTATUS follow(struct node link, struct text *rest, WCHAR **buffer)
{
    struct value value;
    if (!value_find(link, (struct text){L"SymbolicLinkValue", 17}, &value) || value.type != REG_LINK)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    size_t length = value.size / sizeof(WCHAR), total = length + 1 + rest->length;
    if (total > KEY_PATH_MAX)
        return STATUS_NAME_TOO_LONG;
    WCHAR *made = malloc(total * sizeof *made);
    if (!made)
        return STATUS_NO_MEMORY;
    memcpy(made, value.data, length * sizeof *made);
    made[length] = '\\';
    memcpy(made + length + 1, rest->at, rest->length * sizeof *made);
    free(*buffer);
    *buffer = made;
    *rest = (struct text){made, total};
    return STATUS_SUCCESS;
}

/* Absolute names begin with \REGISTRY. */
static bool skip_root(struct text *name)
{
    static const struct text registry = {L"REGISTRY", 8};
    if (!name->length || *name->at != '\\')
        return false;
    return !name_order(take_component(name), registry);
}

static bool is_end(struct text rest)
{
    while (rest.length && *rest.at == '\\') {
        rest.at++;
        rest.length--;
    }
    return !rest.length;
}

NTSTATUS registry_find(const struct node *root, struct text name, struct registry_lookup *lookup)
{
    struct text rest = name;
    int links = 0;
    lookup->owned = NULL;
    if (!root && !skip_root(&rest))
        return rest.length && *name.at == '\\' ? STATUS_OBJECT_PATH_NOT_FOUND : STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (root && rest.length && *rest.at == '\\')
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    lookup->node = root ? *root : node_root();
    for (;;) {
        if (lookup->view32)
            redirect(&lookup->node, rest);
        if (is_end(rest))
            return STATUS_SUCCESS;
        struct text component = take_component(&rest);
        if (component.length > KEY_NAME_MAX)
            return STATUS_INVALID_PARAMETER;
        struct node child;
        if (!node_child(lookup->node, component, &child)) {
            lookup->parent = lookup->node;
            lookup->rest = component;
            return is_end(rest) ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_OBJECT_PATH_NOT_FOUND;
        }
        lookup->node = child;
        if (!child.link || (is_end(rest) && lookup->open_link))
            continue;
        if (++links > LINKS_MAX)
            return STATUS_NAME_TOO_LONG;
        NTSTATUS status = follow(child, &rest, &lookup->owned);
        if (status)
            return status;
        if (!skip_root(&rest))
            return STATUS_OBJECT_NAME_INVALID;
        lookup->node = node_root();
    }
}

/*
 * eh_type_info.c: std::type_info: comparison, hash, and readable names.
 *
 * Layer: crt.
 */
#include "crt/eh.h"

struct type_info_node {
    SLIST_ENTRY entry;
    char name[];
};

/* type_info objects are passed without their vftable. */
struct type_info_data {
    char *readable;
    char decorated[];
};

int WINAPI __std_type_info_compare(const struct type_info_data *a, const struct type_info_data *b)
{
    return a == b ? 0 : strcmp(a->decorated + 1, b->decorated + 1);
}

size_t WINAPI __std_type_info_hash(const struct type_info_data *type)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (const char *p = type->decorated + 1; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 0x100000001b3;
    return hash ^ hash >> 32;
}

/* Writes "class ns::name" for ".?AVname@ns@@"; other types keep their decorated name. */
static void readable_name(const char *decorated, char *text, size_t size)
{
    static const struct {
        char code;
        const char *word;
    } kinds[] = {{'V', "class "}, {'U', "struct "}, {'T', "union "}, {'W', "enum "}};
    const char *word = NULL, *parts[16];
    unsigned count = 0;
    size_t used;

    for (unsigned i = 0; i < 4 && !strncmp(decorated, ".?A", 3); i++)
        if (decorated[3] == kinds[i].code)
            word = kinds[i].word;
    const char *p = decorated + 4 + (word && word[0] == 'e'); /* enum: W4 */
    if (!word || strpbrk(p, "?$") || strlen(decorated) + 32 > size) {
        strncpy(text, decorated, size - 1);
        text[size - 1] = 0;
        return;
    }
    while (*p && *p != '@' && count < 16) {
        parts[count++] = p;
        p += strcspn(p, "@");
        p += *p == '@';
    }
    strcpy(text, word);
    used = strlen(text);
    while (count--) {
        size_t length = strcspn(parts[count], "@");
        memcpy(text + used, parts[count], length);
        used += length;
        if (count) {
            memcpy(text + used, "::", 2);
            used += 2;
        }
    }
    text[used] = 0;
}

const char *WINAPI __std_type_info_name(struct type_info_data *type, SLIST_HEADER *list)
{
    char text[1024];

    if (__atomic_load_n(&type->readable, __ATOMIC_ACQUIRE))
        return type->readable;
    readable_name(type->decorated, text, sizeof(text));
    struct type_info_node *node = crt_malloc(sizeof(*node) + strlen(text) + 1);
    if (!node)
        return NULL;
    strcpy(node->name, text);
    char *expected = NULL;
    if (!__atomic_compare_exchange_n(&type->readable, &expected, node->name, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        crt_free(node);
        return expected;
    }
    if (list)
        RtlInterlockedPushEntrySList(list, &node->entry);
    return node->name;
}

void WINAPI __std_type_info_destroy_list(SLIST_HEADER *list)
{
    SLIST_ENTRY *next, *entry = RtlInterlockedFlushSList(list);

    for (; entry; entry = next) {
        next = entry->Next;
        crt_free(entry);
    }
}

/* ??1type_info@@UEAA@XZ: the name is freed with its list. */
void WINAPI type_info_destructor(void *type)
{
    (void)type;
}

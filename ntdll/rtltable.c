/*
 * rtltable.c: ordered tables of the program's own elements (RtlInitializeGenericTable, RtlInitializeGenericTableAvl).
 *
 * Layer: ntdll.  Both families are one AVL tree here; programs see the structures of the heads, whose layout is
 * Windows', and otherwise go through the functions.  Elements lie behind a node in memory that the program's own
 * routine gives.
 */
#include <string.h>
#include "gate.h"

enum result { LESS, GREATER, EQUAL };
enum search { EMPTY, FOUND, INSERT_LEFT, INSERT_RIGHT };

struct node {
    struct node *parent, *left, *right;
    CHAR height; /* of the subtree */
    LONGLONG data[];
};

/* RTL_AVL_TABLE: fields visible from outside, do not move. */
typedef struct _RTL_AVL_TABLE {
    struct node root; /* the tree is its right child */
    PVOID ordered;    /* the element last found by index */
    ULONG ordered_index, count, depth;
    struct node *restart;
    ULONG delete_count;
    PVOID compare, allocate, release, context;
} RTL_AVL_TABLE;
_Static_assert(offsetof(RTL_AVL_TABLE, count) == 44 && sizeof(RTL_AVL_TABLE) == 104, "as Windows has it");

/* RTL_GENERIC_TABLE, too. */
typedef struct _RTL_GENERIC_TABLE {
    struct node *root;
    LIST_ENTRY list; /* unused: the order of insertion */
    PVOID ordered;
    ULONG ordered_index, count;
    PVOID compare, allocate, release, context;
} RTL_GENERIC_TABLE;
_Static_assert(offsetof(RTL_GENERIC_TABLE, count) == 36 && sizeof(RTL_GENERIC_TABLE) == 72, "as Windows has it");

/* What the algorithms need of either. */
struct table {
    void *head;
    struct node **root;
    ULONG *count;
    PVOID compare, allocate, release;
};

static struct table table_avl(RTL_AVL_TABLE *t)
{
    return (struct table){t, &t->root.right, &t->count, t->compare, t->allocate, t->release};
}

static struct table table_generic(RTL_GENERIC_TABLE *t)
{
    return (struct table){t, &t->root, &t->count, t->compare, t->allocate, t->release};
}

static void *element(struct node *node)
{
    return node ? node->data : NULL;
}

/* ---- the tree ---- */

static int height(const struct node *node)
{
    return node ? node->height : 0;
}

static void measure(struct node *node)
{
    int left = height(node->left), right = height(node->right);

    node->height = (CHAR)(1 + (left > right ? left : right));
}

static void replace(struct table *table, struct node *old, struct node *new)
{
    if (!old->parent)
        *table->root = new;
    else if (old->parent->left == old)
        old->parent->left = new;
    else
        old->parent->right = new;
    if (new)
        new->parent = old->parent;
}

/* The left child goes up (or the right one): returns the new top. */
static struct node *rotate(struct table *table, struct node *node, bool right)
{
    struct node *top = right ? node->left : node->right, *middle = right ? top->right : top->left;

    replace(table, node, top);
    if (right) {
        node->left = middle;
        top->right = node;
    } else {
        node->right = middle;
        top->left = node;
    }
    if (middle)
        middle->parent = node;
    node->parent = top;
    measure(node);
    measure(top);
    return top;
}

static void balance(struct table *table, struct node *node)
{
    for (; node; node = node->parent) {
        int lean = height(node->left) - height(node->right);

        measure(node);
        if (lean > 1) {
            if (height(node->left->left) < height(node->left->right))
                rotate(table, node->left, false);
            node = rotate(table, node, true);
        } else if (lean < -1) {
            if (height(node->right->right) < height(node->right->left))
                rotate(table, node->right, true);
            node = rotate(table, node, false);
        }
    }
}

static struct node *leftmost(struct node *node)
{
    while (node && node->left)
        node = node->left;
    return node;
}

static struct node *next(struct node *node)
{
    if (node->right)
        return leftmost(node->right);
    while (node->parent && node->parent->right == node)
        node = node->parent;
    return node->parent;
}

static struct node *find(struct table *table, const void *key, struct node **parent, enum search *search)
{
    struct node *node = *table->root;

    *parent = NULL;
    *search = EMPTY;
    while (node) {
        *parent = node;
        switch ((int)guest_call(table->compare, GUEST(table->head), GUEST(key), GUEST(node->data), 0)) {
        case LESS:
            *search = INSERT_LEFT;
            node = node->left;
            break;
        case GREATER:
            *search = INSERT_RIGHT;
            node = node->right;
            break;
        default:
            *search = FOUND;
            return node;
        }
    }
    return NULL;
}

/* Puts an element where a search has found no place taken. */
static void *insert(struct table *table, const void *data, ULONG size, BOOLEAN *new, struct node *parent,
                    enum search search)
{
    struct node *node;

    if (new)
        *new = search != FOUND;
    if (search == FOUND)
        return parent->data;
    node = (struct node *)guest_call(table->allocate, GUEST(table->head), sizeof *node + size, 0, 0);
    if (!node) {
        if (new)
            *new = FALSE;
        return NULL;
    }
    *node = (struct node){.parent = parent, .height = 1};
    memcpy(node->data, data, size);
    if (!parent)
        *table->root = node;
    else if (search == INSERT_LEFT)
        parent->left = node;
    else
        parent->right = node;
    ++*table->count;
    balance(table, parent);
    return node->data;
}

static BOOLEAN delete (struct table *table, const void *key)
{
    struct node *parent, *node, *start;
    enum search search;

    node = find(table, key, &parent, &search);
    if (!node)
        return FALSE;
    if (node->left && node->right) { /* the next one takes its place */
        struct node *heir = leftmost(node->right);

        start = heir->parent == node ? heir : heir->parent;
        replace(table, heir, heir->right);
        heir->left = node->left;
        heir->right = node->right;
        heir->left->parent = heir;
        if (heir->right)
            heir->right->parent = heir;
        replace(table, node, heir);
    } else {
        start = node->parent;
        replace(table, node, node->left ? node->left : node->right);
    }
    --*table->count;
    balance(table, start);
    guest_call(table->release, GUEST(table->head), GUEST(node), 0, 0);
    return TRUE;
}

static void *by_index(struct table *table, ULONG index)
{
    struct node *node = leftmost(*table->root);

    while (node && index--)
        node = next(node);
    return element(node);
}

static void *lookup(struct table *table, const void *key)
{
    struct node *parent;
    enum search search;

    return element(find(table, key, &parent, &search));
}

static void *lookup_full(struct table *table, const void *key, PVOID *node, int *search)
{
    struct node *parent, *found;
    enum search result;

    found = find(table, key, &parent, &result);
    *node = parent;
    *search = (int)result;
    return element(found);
}

static void *enumerate(struct table *table, PVOID *restart)
{
    struct node *node = *restart ? next(*restart) : leftmost(*table->root);

    if (node)
        *restart = node;
    return element(node);
}

/* ---- the two families ---- */

void WINAPI RtlInitializeGenericTableAvl(RTL_AVL_TABLE *t, PVOID compare, PVOID allocate, PVOID release, PVOID context)
{
    *t = (RTL_AVL_TABLE){.compare = compare, .allocate = allocate, .release = release, .context = context};
    t->root.parent = &t->root;
}

void WINAPI RtlInitializeGenericTable(RTL_GENERIC_TABLE *t, PVOID compare, PVOID allocate, PVOID release, PVOID context)
{
    *t = (RTL_GENERIC_TABLE){.compare = compare, .allocate = allocate, .release = release, .context = context};
    t->list.Flink = t->list.Blink = &t->list;
}

#define FAMILY(suffix, TYPE, open)                                                                                     \
    PVOID WINAPI RtlInsertElementGenericTable##suffix(TYPE *t, PVOID data, ULONG size, PBOOLEAN new)                   \
    {                                                                                                                  \
        struct table table = open(t);                                                                                  \
        struct node *parent;                                                                                           \
        enum search search;                                                                                            \
        find(&table, data, &parent, &search);                                                                          \
        return insert(&table, data, size, new, parent, search);                                                        \
    }                                                                                                                  \
    PVOID WINAPI RtlInsertElementGenericTableFull##suffix(TYPE *t, PVOID data, ULONG size, PBOOLEAN new, PVOID parent, \
                                                          int search)                                                  \
    {                                                                                                                  \
        struct table table = open(t);                                                                                  \
        return insert(&table, data, size, new, parent, (enum search)search);                                           \
    }                                                                                                                  \
    BOOLEAN WINAPI RtlDeleteElementGenericTable##suffix(TYPE *t, PVOID key)                                            \
    {                                                                                                                  \
        struct table table = open(t);                                                                                  \
        return delete (&table, key);                                                                                   \
    }                                                                                                                  \
    PVOID WINAPI RtlLookupElementGenericTable##suffix(TYPE *t, PVOID key)                                              \
    {                                                                                                                  \
        struct table table = open(t);                                                                                  \
        return lookup(&table, key);                                                                                    \
    }                                                                                                                  \
    PVOID WINAPI RtlLookupElementGenericTableFull##suffix(TYPE *t, PVOID key, PVOID *node, int *search)                \
    {                                                                                                                  \
        struct table table = open(t);                                                                                  \
        return lookup_full(&table, key, node, search);                                                                 \
    }                                                                                                                  \
    PVOID WINAPI RtlEnumerateGenericTableWithoutSplaying##suffix(TYPE *t, PVOID *restart)                              \
    {                                                                                                                  \
        struct table table = open(t);                                                                                  \
        return enumerate(&table, restart);                                                                             \
    }                                                                                                                  \
    PVOID WINAPI RtlGetElementGenericTable##suffix(TYPE *t, ULONG index)                                               \
    {                                                                                                                  \
        struct table table = open(t);                                                                                  \
        return by_index(&table, index);                                                                                \
    }                                                                                                                  \
    ULONG WINAPI RtlNumberGenericTableElements##suffix(TYPE *t)                                                        \
    {                                                                                                                  \
        return t->count;                                                                                               \
    }                                                                                                                  \
    BOOLEAN WINAPI RtlIsGenericTableEmpty##suffix(TYPE *t)                                                             \
    {                                                                                                                  \
        return t->count == 0;                                                                                          \
    }

FAMILY(, RTL_GENERIC_TABLE, table_generic)
FAMILY(Avl, RTL_AVL_TABLE, table_avl)

/* The head remembers where an enumeration stands. */
PVOID WINAPI RtlEnumerateGenericTableAvl(RTL_AVL_TABLE *t, BOOLEAN restart)
{
    struct table table = table_avl(t);
    PVOID at = restart ? NULL : t->restart, found = enumerate(&table, &at);

    t->restart = at;
    return found;
}

PVOID WINAPI RtlEnumerateGenericTable(RTL_GENERIC_TABLE *t, BOOLEAN restart)
{
    struct table table = table_generic(t);
    PVOID at = restart ? NULL : t->ordered, found = enumerate(&table, &at);

    t->ordered = at;
    return found;
}

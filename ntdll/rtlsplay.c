/*
 * rtlsplay.c: binary trees of nodes inside of the program's own structures (RtlSplay, RtlDelete ...), and what stands
 * before and after a node.
 *
 * Layer: ntdll; computes only.  The parent of a root is the root itself.
 */
#include "win.h"

/* RTL_SPLAY_LINKS: fields visible from outside, do not move. */
typedef struct _RTL_SPLAY_LINKS {
    struct _RTL_SPLAY_LINKS *Parent, *LeftChild, *RightChild;
} RTL_SPLAY_LINKS, *PRTL_SPLAY_LINKS;

static bool is_root(const RTL_SPLAY_LINKS *node)
{
    return node->Parent == node;
}

/* `new` takes the place of `old` below the parent of `old`; `old` itself is left alone. */
static void replace(PRTL_SPLAY_LINKS old, PRTL_SPLAY_LINKS new)
{
    PRTL_SPLAY_LINKS parent = old->Parent;

    if (parent == old)
        new->Parent = new;
    else {
        if (parent->LeftChild == old)
            parent->LeftChild = new;
        else
            parent->RightChild = new;
        if (new)
            new->Parent = parent;
    }
}

/* A node changes places with its parent. */
static void rotate_up(PRTL_SPLAY_LINKS node)
{
    PRTL_SPLAY_LINKS parent = node->Parent, middle;

    replace(parent, node);
    if (parent->LeftChild == node) {
        middle = parent->LeftChild = node->RightChild;
        node->RightChild = parent;
    } else {
        middle = parent->RightChild = node->LeftChild;
        node->LeftChild = parent;
    }
    if (middle)
        middle->Parent = parent;
    parent->Parent = node;
}

/* The node becomes the root. */
PRTL_SPLAY_LINKS WINAPI RtlSplay(PRTL_SPLAY_LINKS node)
{
    while (!is_root(node)) {
        PRTL_SPLAY_LINKS parent = node->Parent, above = parent->Parent;

        if (!is_root(parent)) {
            bool straight = (above->LeftChild == parent) == (parent->LeftChild == node);
            rotate_up(straight ? parent : node);
        }
        rotate_up(node);
    }
    return node;
}

PRTL_SPLAY_LINKS WINAPI RtlSubtreePredecessor(PRTL_SPLAY_LINKS node)
{
    PRTL_SPLAY_LINKS at = node->LeftChild;

    while (at && at->RightChild)
        at = at->RightChild;
    return at;
}

PRTL_SPLAY_LINKS WINAPI RtlSubtreeSuccessor(PRTL_SPLAY_LINKS node)
{
    PRTL_SPLAY_LINKS at = node->RightChild;

    while (at && at->LeftChild)
        at = at->LeftChild;
    return at;
}

PRTL_SPLAY_LINKS WINAPI RtlRealPredecessor(PRTL_SPLAY_LINKS node)
{
    if (node->LeftChild)
        return RtlSubtreePredecessor(node);
    while (!is_root(node) && node->Parent->LeftChild == node)
        node = node->Parent;
    return is_root(node) ? NULL : node->Parent;
}

PRTL_SPLAY_LINKS WINAPI RtlRealSuccessor(PRTL_SPLAY_LINKS node)
{
    if (node->RightChild)
        return RtlSubtreeSuccessor(node);
    while (!is_root(node) && node->Parent->RightChild == node)
        node = node->Parent;
    return is_root(node) ? NULL : node->Parent;
}

/* Two nodes of one tree change places. */
static void swap(PRTL_SPLAY_LINKS node, PRTL_SPLAY_LINKS below)
{
    RTL_SPLAY_LINKS was = *below;
    bool child = was.Parent == node, left = was.Parent->LeftChild == below;

    replace(node, below);
    below->LeftChild = node->LeftChild == below ? node : node->LeftChild;
    below->RightChild = node->RightChild == below ? node : node->RightChild;
    node->LeftChild = was.LeftChild;
    node->RightChild = was.RightChild;
    node->Parent = child ? below : was.Parent;
    if (!child && left)
        was.Parent->LeftChild = node;
    else if (!child)
        was.Parent->RightChild = node;
    if (below->LeftChild)
        below->LeftChild->Parent = below;
    if (below->RightChild)
        below->RightChild->Parent = below;
    if (node->LeftChild)
        node->LeftChild->Parent = node;
    if (node->RightChild)
        node->RightChild->Parent = node;
}

/* Takes the node out; returns its parent, or the new root if it was the root. */
static PRTL_SPLAY_LINKS take(PRTL_SPLAY_LINKS node)
{
    PRTL_SPLAY_LINKS child, parent;

    if (node->LeftChild && node->RightChild)
        swap(node, RtlSubtreePredecessor(node));
    child = node->LeftChild ? node->LeftChild : node->RightChild;
    parent = node->Parent;
    if (is_root(node)) {
        if (child)
            child->Parent = child;
        return child;
    }
    replace(node, child);
    return parent;
}

/* The new root, or NULL if the tree is empty now. */
PRTL_SPLAY_LINKS WINAPI RtlDelete(PRTL_SPLAY_LINKS node)
{
    PRTL_SPLAY_LINKS at = take(node);

    return at ? RtlSplay(at) : NULL;
}

void WINAPI RtlDeleteNoSplay(PRTL_SPLAY_LINKS node, PRTL_SPLAY_LINKS *root)
{
    PRTL_SPLAY_LINKS at = take(node);

    while (at && !is_root(at))
        at = at->Parent;
    *root = at;
}

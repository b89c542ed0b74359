/*
 * rect.c: rectangles.
 *
 * Layer: user32.  Pure computing.
 */
#include "win.h"

BOOL WINAPI SetRect(LPRECT rect, int left, int top, int right, int bottom)
{
    if (!rect)
        return FALSE;
    *rect = (RECT){left, top, right, bottom};
    return TRUE;
}

BOOL WINAPI SetRectEmpty(LPRECT rect)
{
    return SetRect(rect, 0, 0, 0, 0);
}

BOOL WINAPI CopyRect(LPRECT to, const RECT *from)
{
    if (!to || !from)
        return FALSE;
    *to = *from;
    return TRUE;
}

BOOL WINAPI IsRectEmpty(const RECT *rect)
{
    return !rect || rect->left >= rect->right || rect->top >= rect->bottom;
}

BOOL WINAPI EqualRect(const RECT *a, const RECT *b)
{
    return a && b && a->left == b->left && a->top == b->top && a->right == b->right && a->bottom == b->bottom;
}

BOOL WINAPI PtInRect(const RECT *rect, POINT point)
{
    return rect && point.x >= rect->left && point.x < rect->right && point.y >= rect->top && point.y < rect->bottom;
}

BOOL WINAPI OffsetRect(LPRECT rect, int x, int y)
{
    return rect && SetRect(rect, rect->left + x, rect->top + y, rect->right + x, rect->bottom + y);
}

BOOL WINAPI InflateRect(LPRECT rect, int x, int y)
{
    return rect && SetRect(rect, rect->left - x, rect->top - y, rect->right + x, rect->bottom + y);
}

BOOL WINAPI IntersectRect(LPRECT out, const RECT *a, const RECT *b)
{
    RECT common;

    if (!out || !a || !b)
        return FALSE;
    common.left = a->left > b->left ? a->left : b->left;
    common.top = a->top > b->top ? a->top : b->top;
    common.right = a->right < b->right ? a->right : b->right;
    common.bottom = a->bottom < b->bottom ? a->bottom : b->bottom;
    if (IsRectEmpty(a) || IsRectEmpty(b) || IsRectEmpty(&common)) {
        SetRectEmpty(out);
        return FALSE;
    }
    *out = common;
    return TRUE;
}

BOOL WINAPI UnionRect(LPRECT out, const RECT *a, const RECT *b)
{
    if (!out || !a || !b)
        return FALSE;
    if (IsRectEmpty(a) || IsRectEmpty(b)) {
        if (IsRectEmpty(a) && IsRectEmpty(b)) {
            SetRectEmpty(out);
            return FALSE;
        }
        *out = IsRectEmpty(a) ? *b : *a;
        return TRUE;
    }
    *out = (RECT){a->left < b->left ? a->left : b->left, a->top < b->top ? a->top : b->top,
                  a->right > b->right ? a->right : b->right, a->bottom > b->bottom ? a->bottom : b->bottom};
    return TRUE;
}

/* What is left of a without b, if that is a rectangle. */
BOOL WINAPI SubtractRect(LPRECT out, const RECT *a, const RECT *b)
{
    RECT left, common;

    if (!out || !a || !b)
        return FALSE;
    left = *a;
    if (IntersectRect(&common, a, b)) {
        if (EqualRect(&common, a)) {
            SetRectEmpty(out);
            return FALSE;
        }
        if (common.top == a->top && common.bottom == a->bottom) {
            if (common.left == a->left)
                left.left = common.right;
            else if (common.right == a->right)
                left.right = common.left;
        } else if (common.left == a->left && common.right == a->right) {
            if (common.top == a->top)
                left.top = common.bottom;
            else if (common.bottom == a->bottom)
                left.bottom = common.top;
        }
    }
    *out = left;
    return !IsRectEmpty(out);
}

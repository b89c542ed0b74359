/*
 * binding.h: urlmon: what is told to an IBindStatusCallback.
 */
#ifndef WININET_BINDING_H
#define WININET_BINDING_H

#include "wininet/inet.h"
#include <urlmon.h>

struct binding {
    void *callback; /* NULL: nobody is told */
    struct binding_object *object;
    DWORD flags; /* BINDF_* */
};

HRESULT binding_start(struct binding *binding, void *callback);
HRESULT binding_progress(const struct binding *binding, ULONG done, ULONG whole, ULONG status, const WCHAR *text);
bool binding_aborted(const struct binding *binding);
void binding_stop(struct binding *binding, HRESULT result);

#endif

/*
 * apartment.c: threads' apartments, and what programs ask about them.
 *
 * Layer: ole32.  A thread's apartment is remembered in its TEB (ReservedForOle: twice the count, and a low bit for a
 * single-threaded one).  Calls between apartments are plain calls: nothing is switched or queued.
 */
#include "com.h"

#define RPC_CHANGED_MODE ((HRESULT)0x80010106)

static volatile LONG multithreaded; /* threads in the apartment of all, and CoIncrementMTAUsage */

static ULONG_PTR *state(void)
{
    return (ULONG_PTR *)&teb_current()->ReservedForOle;
}

/* A thread that never asked is in the apartment of all, if there is one. */
bool com_ready(void)
{
    return *state() >= 2 || multithreaded > 0;
}

/* ---- spies: told before and after ---- */

#define SPY_COUNT 8

static struct {
    IInitializeSpy *spy;
    DWORD thread;
} spies[SPY_COUNT];
static volatile LONG spies_used;

HRESULT WINAPI CoRegisterInitializeSpy(IInitializeSpy *spy, ULARGE_INTEGER *cookie)
{
    static const GUID id = GUID_OLE(0x34);
    IInitializeSpy *held;

    if (!spy || !cookie)
        return E_INVALIDARG;
    if (FAILED(com_query(spy, &id, (void **)&held)))
        return E_NOINTERFACE;
    for (int i = 0; i < SPY_COUNT; i++) {
        if (!__sync_bool_compare_and_swap(&spies[i].spy, NULL, held))
            continue;
        spies[i].thread = GetCurrentThreadId();
        cookie->QuadPart = (ULONGLONG)i + 1;
        __sync_add_and_fetch(&spies_used, 1);
        return S_OK;
    }
    com_release(held);
    return E_OUTOFMEMORY;
}

HRESULT WINAPI CoRevokeInitializeSpy(ULARGE_INTEGER cookie)
{
    ULONGLONG i = cookie.QuadPart - 1;
    IInitializeSpy *spy;

    if (i >= SPY_COUNT || !spies[i].spy || spies[i].thread != GetCurrentThreadId())
        return E_INVALIDARG;
    spy = spies[i].spy;
    spies[i].spy = NULL;
    __sync_sub_and_fetch(&spies_used, 1);
    com_release(spy);
    return S_OK;
}

enum moment { BEFORE_INIT, AFTER_INIT, BEFORE_END, AFTER_END };

static HRESULT tell(enum moment moment, HRESULT result, DWORD flags)
{
    DWORD thread = GetCurrentThreadId(), count = (DWORD)(*state() / 2);

    for (int i = 0; spies_used && i < SPY_COUNT; i++) {
        IInitializeSpy *spy = spies[i].spy;

        if (!spy || spies[i].thread != thread)
            continue;
        if (moment == BEFORE_INIT)
            COM_CALL(IInitializeSpy, spy, PreInitialize, flags, count, 0);
        else if (moment == AFTER_INIT)
            result = COM_CALL(IInitializeSpy, spy, PostInitialize, result, flags, count);
        else if (moment == BEFORE_END)
            COM_CALL(IInitializeSpy, spy, PreUninitialize, count, 0, 0);
        else
            COM_CALL(IInitializeSpy, spy, PostUninitialize, count, 0, 0);
    }
    return result;
}

/* ---- initialization ---- */

static HRESULT enter(DWORD single)
{
    ULONG_PTR old = *state();

    if (old >= 2 && (old & 1) != single)
        return RPC_CHANGED_MODE;
    if (old < 2 && !single)
        __sync_add_and_fetch(&multithreaded, 1);
    *state() = (old + 2) | single;
    return old >= 2 ? S_FALSE : S_OK;
}

HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD flags)
{
    HRESULT result;

    if (reserved)
        return E_INVALIDARG;
    tell(BEFORE_INIT, S_OK, flags);
    result = enter(flags & COINIT_APARTMENTTHREADED ? 1 : 0);
    return tell(AFTER_INIT, result, flags);
}

HRESULT WINAPI CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

void WINAPI CoUninitialize(void)
{
    ULONG_PTR old = *state();

    if (old < 2)
        return;
    tell(BEFORE_END, S_OK, 0);
    if (old < 4 && !(old & 1))
        __sync_sub_and_fetch(&multithreaded, 1);
    *state() = old < 4 ? 0 : old - 2;
    tell(AFTER_END, S_OK, 0);
}

HRESULT WINAPI OleInitialize(LPVOID reserved)
{
    return CoInitialize(reserved);
}

void WINAPI OleUninitialize(void)
{
    CoUninitialize();
}

HRESULT WINAPI RoInitialize(int type)
{
    return CoInitializeEx(NULL, type == 0 ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
}

void WINAPI RoUninitialize(void)
{
    CoUninitialize();
}

HRESULT WINAPI CoIncrementMTAUsage(CO_MTA_USAGE_COOKIE *cookie)
{
    if (!cookie)
        return E_INVALIDARG;
    *cookie = (CO_MTA_USAGE_COOKIE)(LONG_PTR)__sync_add_and_fetch(&multithreaded, 1);
    return S_OK;
}

HRESULT WINAPI CoDecrementMTAUsage(CO_MTA_USAGE_COOKIE cookie)
{
    if (!cookie)
        return E_INVALIDARG;
    __sync_sub_and_fetch(&multithreaded, 1);
    return S_OK;
}

HRESULT WINAPI CoGetApartmentType(APTTYPE *type, APTTYPEQUALIFIER *qualifier)
{
    ULONG_PTR own = *state();

    if (!type || !qualifier)
        return E_INVALIDARG;
    *type = own & 1 ? APTTYPE_MAINSTA : APTTYPE_MTA;
    *qualifier = own < 2 && multithreaded > 0 ? APTTYPEQUALIFIER_IMPLICIT_MTA : APTTYPEQUALIFIER_NONE;
    return com_ready() ? S_OK : CO_E_NOTINITIALIZED;
}

HRESULT WINAPI CoInitializeSecurity(PSECURITY_DESCRIPTOR descriptor, LONG count, SOLE_AUTHENTICATION_SERVICE *services,
                                    void *reserved, DWORD level, DWORD impersonation, void *list, DWORD capabilities,
                                    void *reserved3)
{
    (void)descriptor, (void)count, (void)services, (void)reserved, (void)level, (void)impersonation, (void)list;
    (void)capabilities, (void)reserved3;
    return com_ready() ? S_OK : CO_E_NOTINITIALIZED;
}

DWORD WINAPI CoGetCurrentProcess(void)
{
    return GetCurrentThreadId(); /* unique for each thread, which is what is documented */
}

/* ---- waiting, and calls to other processes, which there are none of ---- */

HRESULT WINAPI CoWaitForMultipleHandles(DWORD flags, DWORD timeout, ULONG count, HANDLE *handles, LPDWORD index)
{
    DWORD result;

    if (!index)
        return E_INVALIDARG;
    *index = 0;
    if (!handles)
        return E_INVALIDARG;
    if (!count)
        return RPC_E_NO_SYNC;
    result = WaitForMultipleObjectsEx(count, handles, (flags & COWAIT_WAITALL) != 0, timeout,
                                      (flags & COWAIT_ALERTABLE) != 0);
    if (result == WAIT_TIMEOUT)
        return RPC_S_CALLPENDING;
    if (result == WAIT_FAILED)
        return HRESULT_FROM_WIN32(GetLastError());
    *index = result;
    return S_OK;
}

/* An object of this process is no proxy. */
HRESULT WINAPI CoSetProxyBlanket(IUnknown *proxy, DWORD authentication, DWORD authorization, OLECHAR *principal,
                                 DWORD level, DWORD impersonation, RPC_AUTH_IDENTITY_HANDLE info, DWORD capabilities)
{
    static const GUID client_security = {0x13d, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
    ULONG_PTR arguments[] = {0,     GUEST(proxy),  authentication,  authorization, GUEST(principal),
                             level, impersonation, (ULONG_PTR)info, capabilities};
    IClientSecurity *security;
    HRESULT result;

    if (!proxy)
        return E_INVALIDARG;
    if (FAILED(com_query(proxy, &client_security, (void **)&security)))
        return E_NOINTERFACE;
    arguments[0] = GUEST(security);
    result = (HRESULT)guest_call_n(COM_METHOD(IClientSecurity, security, SetBlanket), 9, arguments);
    com_release(security);
    return result;
}

HRESULT WINAPI CoQueryProxyBlanket(IUnknown *proxy, DWORD *authentication, DWORD *authorization, OLECHAR **principal,
                                   DWORD *level, DWORD *impersonation, RPC_AUTH_IDENTITY_HANDLE *info,
                                   DWORD *capabilities)
{
    (void)authentication, (void)authorization, (void)principal, (void)level, (void)impersonation, (void)info;
    (void)capabilities;
    return proxy ? E_NOINTERFACE : E_INVALIDARG;
}

HRESULT WINAPI CoImpersonateClient(void)
{
    return RPC_E_CALL_COMPLETE;
}

HRESULT WINAPI CoRevertToSelf(void)
{
    return RPC_E_CALL_COMPLETE;
}

HRESULT WINAPI CoGetCallContext(REFIID id, void **result)
{
    (void)id;
    *result = NULL;
    return RPC_E_CALL_COMPLETE;
}

HRESULT WINAPI CoLockObjectExternal(LPUNKNOWN object, BOOL lock, BOOL last_unlock)
{
    (void)last_unlock;
    if (!object)
        return E_INVALIDARG;
    if (lock)
        com_add_ref(object);
    else
        com_release(object);
    return S_OK;
}

/* No other process holds the object. */
HRESULT WINAPI CoDisconnectObject(LPUNKNOWN object, DWORD reserved)
{
    (void)object, (void)reserved;
    return S_OK;
}

HRESULT WINAPI CoAllowSetForegroundWindow(IUnknown *object, LPVOID reserved)
{
    (void)reserved;
    return object ? E_NOINTERFACE : E_INVALIDARG;
}

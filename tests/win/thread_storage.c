/* Do TLS and FLS slots keep values apart, and are FLS callbacks called when threads end and indices are freed? */
#include "check.h"

static DWORD tls_low, tls_high[1000], fls;
static LONG callbacks;
static void *last_value;

static void WINAPI on_fls(void *value)
{
    InterlockedIncrement(&callbacks);
    last_value = value;
}

static DWORD WINAPI other_thread(void *unused)
{
    (void)unused;
    CHECK_EQ(TlsGetValue(tls_low), 0);
    CHECK_EQ(GetLastError(), 0);
    CHECK_EQ(TlsGetValue(tls_high[999]), 0);
    CHECK(TlsSetValue(tls_high[999], (void *)5));
    CHECK_EQ(TlsGetValue(tls_high[999]), 5);
    CHECK_EQ(FlsGetValue(fls), 0);
    CHECK(FlsSetValue(fls, (void *)77));
    CHECK_EQ(FlsGetValue(fls), 77);
    return 0;
}

static void run(LPTHREAD_START_ROUTINE function)
{
    HANDLE thread = CreateThread(NULL, 0, function, NULL, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void test_tls(void)
{
    tls_low = TlsAlloc();
    CHECK(tls_low != TLS_OUT_OF_INDEXES && tls_low != 0);
    CHECK_EQ(TlsGetValue(tls_low), 0);
    CHECK(TlsSetValue(tls_low, (void *)1));
    for (int i = 0; i < 1000; i++) {
        tls_high[i] = TlsAlloc();
        CHECK(tls_high[i] != TLS_OUT_OF_INDEXES);
        CHECK_EQ(TlsGetValue(tls_high[i]), 0);
        CHECK(TlsSetValue(tls_high[i], (void *)(ULONG_PTR)(i + 100)));
    }
    CHECK_EQ(TlsGetValue(tls_high[999]), 1099);
    run(other_thread);
    CHECK_EQ(TlsGetValue(tls_low), 1);
    CHECK_EQ(TlsGetValue(tls_high[999]), 1099);
    for (int i = 0; i < 1000; i++)
        CHECK(TlsFree(tls_high[i]));
    CHECK_EQ(TlsAlloc(), tls_high[0]);
    CHECK_EQ(TlsGetValue(tls_high[0]), 0);
    CHECK_ERROR(TlsFree(5000), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(TlsSetValue(5000, NULL), ERROR_INVALID_PARAMETER);
}

static void test_fls(void)
{
    CHECK_EQ(callbacks, 1); /* of the thread in test_tls */
    CHECK_EQ(last_value, 77);
    CHECK(FlsSetValue(fls, (void *)88));
    run(other_thread);
    CHECK_EQ(callbacks, 2);
    CHECK(FlsFree(fls));
    CHECK_EQ(callbacks, 3);
    CHECK_EQ(last_value, 88);
    CHECK_ERROR(FlsFree(fls), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FlsSetValue(0xffffff, NULL), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    fls = FlsAlloc(on_fls);
    CHECK(fls != FLS_OUT_OF_INDEXES && fls != 0);
    test_tls();
    test_fls();
    return check_done();
}

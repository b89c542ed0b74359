/*
 * store_open.c: wincrypt.h: opening stores by their providers, and writing them to files.
 */
#include "crypt32/asn.h"
#include "crypt32/store.h"

static const BYTE serialized_head[8] = {0, 0, 0, 0, 'C', 'E', 'R', 'T'};
static const BYTE serialized_end[12];
#define OID_DATA "1.2.840.113549.1.7.1"
#define OID_SIGNED "1.2.840.113549.1.7.2"

BYTE *file_read(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER length;
    BYTE *data = NULL;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    if (!GetFileSizeEx(file, &length) || length.QuadPart > 64 << 20)
        SetLastError(ERROR_FILE_TOO_LARGE);
    else if ((data = crypt_alloc((size_t)length.QuadPart + 1)) &&
             !ReadFile(file, data, (DWORD)length.QuadPart, size, NULL)) {
        crypt_free(data);
        data = NULL;
    }
    CloseHandle(file);
    return data;
}

/* What stands between -----BEGIN label----- and its end, decoded; label NULL: of any kind. */
BYTE *pem_read(const BYTE *data, DWORD size, const char *label, DWORD *needed)
{
    static const char begin[] = "-----BEGIN ";
    size_t front = sizeof begin - 1, name = label ? strlen(label) : 0;

    for (DWORD i = 0; i + front + name < size; i++) {
        const BYTE *at = data + i, *end = data + size;
        unsigned bits = 0, count = 0;
        BYTE *out, *to;

        if (memcmp(at, begin, front) || (label && memcmp(at + front, label, name)))
            continue;
        at += front;
        while (at < end && *at != '\n')
            at++;
        out = to = crypt_alloc((size_t)(end - at) + 1);
        for (; out && at < end && *at != '-' && *at != '='; at++) {
            int value = *at >= 'A' && *at <= 'Z'   ? *at - 'A'
                        : *at >= 'a' && *at <= 'z' ? *at - 'a' + 26
                        : *at >= '0' && *at <= '9' ? *at - '0' + 52
                        : *at == '+'               ? 62
                        : *at == '/'               ? 63
                                                   : -1;
            if (value < 0)
                continue;
            bits = bits << 6 | (unsigned)value;
            if ((count += 6) >= 8)
                *to++ = (BYTE)(bits >> (count -= 8));
        }
        if (out)
            *needed = (DWORD)(to - out);
        return out;
    }
    return NULL;
}

bool store_read_serialized(struct store *store, const BYTE *data, DWORD size)
{
    const BYTE *at = data + sizeof serialized_head, *end = data + size;
    struct body *body;

    if (size < sizeof serialized_head || memcmp(data, serialized_head, sizeof serialized_head))
        return crypt_fail((DWORD)CRYPT_E_FILE_ERROR);
    while ((body = body_deserialize(&at, end)))
        store_put(store, body, false);
    return true;
}

/* The certificates and lists of a signed message; what it says and who signed it is not looked at. */
bool store_read_pkcs7(struct store *store, const BYTE *data, DWORD size)
{
    const BYTE *at = data, *end = data + size;
    static const BYTE signed_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
    struct der_item item, oid;

    if (!size || !der_expect(&at, end, DER_SEQUENCE, &item))
        return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    at = item.data;
    end = at + item.size;
    if (der_expect(&at, end, DER_OID, &oid)) { /* else it is the SignedData alone */
        if (oid.size != sizeof signed_oid || memcmp(oid.data, signed_oid, sizeof signed_oid))
            return crypt_fail((DWORD)CRYPT_E_UNEXPECTED_MSG_TYPE);
        if (!der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &item))
            return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
        at = item.data;
        if (!der_expect(&at, item.data + item.size, DER_SEQUENCE, &item))
            return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
        at = item.data;
        end = at + item.size;
    }
    if (!der_expect(&at, end, DER_INTEGER, &item) || !der_expect(&at, end, DER_SET, &item) ||
        !der_expect(&at, end, DER_SEQUENCE, &item))
        return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    for (int kind = BODY_CERT; kind <= BODY_CRL; kind++) {
        struct der_item one;

        if (!der_expect(&at, end, (BYTE)(DER_CONTEXT | DER_CONSTRUCTED | kind), &item))
            continue;
        for (const BYTE *inside = item.data; der_next(&inside, item.data + item.size, &one);) {
            struct body *body = one.tag == DER_SEQUENCE ? body_make(kind, one.whole, one.whole_size) : NULL;

            if (body)
                store_put(store, body, false);
        }
    }
    return true;
}

/* A file of any of the forms: serialized, PKCS #7, a certificate, a list; in DER or PEM. */
bool store_read_any(struct store *store, const BYTE *data, DWORD size)
{
    DWORD length;
    BYTE *plain;
    struct body *body;
    bool done;

    if (size >= sizeof serialized_head && !memcmp(data, serialized_head, sizeof serialized_head))
        return store_read_serialized(store, data, size);
    if (size && *data != DER_SEQUENCE && (plain = pem_read(data, size, NULL, &length))) {
        done = length && *plain == DER_SEQUENCE && store_read_any(store, plain, length);
        crypt_free(plain);
        return done;
    }
    body = body_make(BODY_CERT, data, size);
    if (!body)
        body = body_make(BODY_CRL, data, size);
    if (body) {
        store_put(store, body, false);
        return true;
    }
    return store_read_pkcs7(store, data, size);
}

static BYTE *store_serialized(struct store *store, DWORD *size)
{
    struct encoder out = {0};
    bool good = encoder_put(&out, serialized_end, sizeof serialized_end);
    DWORD needed;

    /* The writer goes backwards: so does the order. */
    for (int kind = BODY_CERT; kind <= BODY_CRL; kind++) {
        struct context *context = NULL;

        while ((context = store_next(store, kind, context)) && good) {
            BYTE *data = body_serialize(context->body, &needed);

            good = data && encoder_put(&out, data, needed);
            crypt_free(data);
        }
    }
    good = good && encoder_put(&out, serialized_head, sizeof serialized_head);
    if (!good || !out.base) {
        crypt_free(out.base);
        return NULL;
    }
    memmove(out.base, encoder_data(&out), out.used);
    *size = (DWORD)out.used;
    return out.base;
}

/* A SignedData that nobody signed. */
BYTE *store_pkcs7(struct store *store, DWORD *size)
{
    struct encoder out = {0};
    size_t before;
    bool good = encoder_put(&out, "\x31\x00", 2); /* no signers */

    for (int kind = BODY_CRL; kind >= BODY_CERT; kind--) {
        struct context *context = NULL;

        before = out.used;
        while (good && (context = store_next(store, kind, context)))
            good = encoder_put(&out, context->body->encoded, context->body->size);
        if (out.used != before)
            good = good && encoder_wrap(&out, (BYTE)(DER_CONTEXT | DER_CONSTRUCTED | kind), before);
    }
    before = out.used;
    good = good && oid_encode(&out, OID_DATA) && encoder_wrap(&out, DER_SEQUENCE, before) &&
           encoder_put(&out, "\x31\x00", 2) && encoder_put(&out, "\x02\x01\x01", 3) &&
           encoder_wrap(&out, DER_SEQUENCE, 0) && encoder_wrap(&out, DER_CONTEXT | DER_CONSTRUCTED, 0) &&
           oid_encode(&out, OID_SIGNED) && encoder_wrap(&out, DER_SEQUENCE, 0);
    if (!good) {
        crypt_free(out.base);
        return NULL;
    }
    memmove(out.base, encoder_data(&out), out.used);
    *size = (DWORD)out.used;
    return out.base;
}

static BYTE *store_bytes(struct store *store, DWORD as, DWORD *size)
{
    return as == CERT_STORE_SAVE_AS_PKCS7 ? store_pkcs7(store, size) : store_serialized(store, size);
}

static bool write_file(const WCHAR *path, const BYTE *data, DWORD size)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD written;
    bool done;

    if (file == INVALID_HANDLE_VALUE)
        return false;
    done = WriteFile(file, data, size, &written, NULL);
    CloseHandle(file);
    return done;
}

bool store_save_file(struct store *store)
{
    DWORD size;
    BYTE *data;
    bool done;

    store->references++; /* its last may be gone: enumerating takes some and gives them back */
    data = store_bytes(store, store->file_as, &size);
    done = data && write_file(store->file, data, size);
    store->references--;
    crypt_free(data);
    if (done)
        store->changed = false;
    return done;
}

BOOL WINAPI CertSaveStore(HCERTSTORE handle, DWORD encoding, DWORD as, DWORD to, void *para, DWORD flags)
{
    struct store *store = store_from(handle);
    WCHAR *wide = NULL;
    DWORD size = 0, written;
    BYTE *data;
    BOOL done = FALSE;

    (void)encoding, (void)flags;
    if (!store)
        return FALSE;
    if ((as != CERT_STORE_SAVE_AS_STORE && as != CERT_STORE_SAVE_AS_PKCS7) || !to || to > CERT_STORE_SAVE_TO_FILENAME_W)
        return crypt_fail((DWORD)E_INVALIDARG);
    data = store_bytes(store, as, &size);
    if (!data)
        return FALSE;
    switch (to) {
    case CERT_STORE_SAVE_TO_FILE:
        done = WriteFile(para, data, size, &written, NULL);
        break;
    case CERT_STORE_SAVE_TO_MEMORY: {
        CRYPT_DATA_BLOB *blob = para;
        done = crypt_copy(data, size, blob->pbData, &blob->cbData);
        break;
    }
    case CERT_STORE_SAVE_TO_FILENAME_A:
        wide = wide_from_ansi(para);
        done = wide && write_file(wide, data, size);
        break;
    case CERT_STORE_SAVE_TO_FILENAME_W:
        done = write_file(para, data, size);
        break;
    }
    crypt_free(wide);
    crypt_free(data);
    return done;
}

static struct store *open_data(const CRYPT_DATA_BLOB *blob, DWORD flags,
                               bool (*read)(struct store *, const BYTE *, DWORD))
{
    struct store *store = store_make(STORE_MEMORY, flags & ~(DWORD)CERT_STORE_READONLY_FLAG);

    if (store && !read(store, blob->pbData, blob->cbData)) {
        store_release(store);
        return NULL;
    }
    return store;
}

static struct store *open_file(const WCHAR *path, DWORD flags)
{
    CRYPT_DATA_BLOB blob = {0};
    struct store *store;

    if (!path) {
        SetLastError(ERROR_PATH_NOT_FOUND);
        return NULL;
    }
    blob.pbData = file_read(path, &blob.cbData);
    if (!blob.pbData &&
        (flags & (CERT_STORE_OPEN_EXISTING_FLAG | CERT_STORE_READONLY_FLAG) || GetLastError() != ERROR_FILE_NOT_FOUND))
        return NULL;
    if (blob.pbData && flags & CERT_STORE_CREATE_NEW_FLAG) {
        crypt_free(blob.pbData);
        SetLastError(ERROR_FILE_EXISTS);
        return NULL;
    }
    store = blob.cbData ? open_data(&blob, flags, store_read_any) : store_make(STORE_MEMORY, flags);
    if (store && flags & CERT_FILE_STORE_COMMIT_ENABLE_FLAG) {
        store->file = wide_copy(path);
        store->file_as =
            blob.cbData && *blob.pbData == DER_SEQUENCE ? CERT_STORE_SAVE_AS_PKCS7 : CERT_STORE_SAVE_AS_STORE;
        store->changed = !blob.cbData;
    }
    crypt_free(blob.pbData);
    return store;
}

static struct store *open_handle(HANDLE file, DWORD flags)
{
    struct store *store = store_make(STORE_MEMORY, flags);
    LARGE_INTEGER length;
    BYTE *data;
    DWORD size = 0;

    if (!store)
        return NULL;
    if (!GetFileSizeEx(file, &length) || length.QuadPart > 64 << 20) {
        store_release(store);
        return NULL;
    }
    data = crypt_alloc((size_t)length.QuadPart + 1);
    if (data && ReadFile(file, data, (DWORD)length.QuadPart, &size, NULL) && size)
        store_read_serialized(store, data, size);
    crypt_free(data);
    return store;
}

/* A message's certificates and lists. */
static struct store *open_message(HCRYPTMSG message, DWORD flags)
{
    struct store *store = store_make(STORE_MEMORY, flags & ~(DWORD)CERT_STORE_READONLY_FLAG);
    DWORD size;

    for (int kind = BODY_CERT; kind <= BODY_CRL && store; kind++)
        for (DWORD i = 0, param = kind == BODY_CERT ? CMSG_CERT_PARAM : CMSG_CRL_PARAM;
             CryptMsgGetParam(message, param, i, NULL, &size); i++) {
            BYTE *data = crypt_alloc(size);
            struct body *body =
                data && CryptMsgGetParam(message, param, i, data, &size) ? body_make(kind, data, size) : NULL;

            if (body)
                store_put(store, body, false);
            crypt_free(data);
        }
    return store;
}

static struct store *open_pfx(const void *para)
{
    return PFXImportCertStore((CRYPT_DATA_BLOB *)para, NULL, 0);
}

static struct store *open_registry(HKEY key, DWORD flags)
{
    HKEY own = NULL;
    LSTATUS error = RegOpenKeyExW(key, L"", 0, KEY_READ | (flags & CERT_STORE_READONLY_FLAG ? 0 : KEY_WRITE), &own);

    if (error) {
        SetLastError(error);
        return NULL;
    }
    return store_open_key(own, L"", flags);
}

/* Providers have numbers and, for other programs' convenience, names. */
static ULONG_PTR provider_number(LPCSTR provider)
{
    static const struct {
        const char *name;
        ULONG_PTR number;
    } names[] = {{"Memory", 2},     {"File", 8},        {"System", 10},         {"PKCS7", 5},    {"PKCS12", 17},
                 {"Serialized", 6}, {"Collection", 11}, {"SystemRegistry", 13}, {"Physical", 14}};

    if ((ULONG_PTR)provider <= 0xffff)
        return (ULONG_PTR)provider;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!lstrcmpiA(provider, names[i].name))
            return names[i].number;
    return 0;
}

static struct store *open_named(const WCHAR *name, DWORD flags, bool physical)
{
    if (!name) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    return store_open_system(name, flags, physical);
}

HCERTSTORE WINAPI CertOpenStore(LPCSTR provider, DWORD encoding, HCRYPTPROV_LEGACY crypt, DWORD flags, const void *para)
{
    ULONG_PTR number = provider_number(provider);
    WCHAR *wide = NULL;
    struct store *store = NULL;

    (void)encoding, (void)crypt;
    switch (number) {
    case 1:
        store = open_message((HCRYPTMSG)para, flags);
        break;
    case 2:
        if (flags & CERT_STORE_DELETE_FLAG)
            SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
        else
            store = store_make(STORE_MEMORY, flags & ~(DWORD)CERT_STORE_READONLY_FLAG);
        break;
    case 3:
        store = open_handle((HANDLE)para, flags);
        break;
    case 4:
        store = open_registry((HKEY)para, flags);
        break;
    case 5:
        store = open_data(para, flags, store_read_pkcs7);
        break;
    case 6:
        store = open_data(para, flags, store_read_serialized);
        break;
    case 7:
    case 9:
    case 12:
        wide = wide_from_ansi(para);
        store = number == 7 ? open_file(wide, flags) : open_named(wide, flags, number == 12);
        break;
    case 8:
        store = open_file(para, flags);
        break;
    case 10:
    case 13:
        store = open_named(para, flags, number == 13);
        break;
    case 14: { /* STORE\.Default and such */
        wide = para ? wide_copy(para) : NULL;
        for (WCHAR *at = wide; at && *at; at++)
            if (*at == '\\')
                *at = 0;
        store = open_named(wide, flags, true);
        break;
    }
    case 11:
        store = store_make(STORE_COLLECTION, flags);
        break;
    case 17:
        store = open_pfx(para);
        break;
    default:
        SetLastError(ERROR_FILE_NOT_FOUND);
    }
    crypt_free(wide);
    return store;
}

HCERTSTORE WINAPI CertOpenSystemStoreW(HCRYPTPROV_LEGACY crypt, LPCWSTR name)
{
    (void)crypt;
    return open_named(name, CERT_SYSTEM_STORE_CURRENT_USER, false);
}

HCERTSTORE WINAPI CertOpenSystemStoreA(HCRYPTPROV_LEGACY crypt, LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    HCERTSTORE store = CertOpenSystemStoreW(crypt, wide);

    crypt_free(wide);
    return store;
}

BOOL WINAPI CertAddEncodedCertificateToSystemStoreW(LPCWSTR name, const BYTE *encoded, DWORD size)
{
    HCERTSTORE store = CertOpenSystemStoreW(0, name);
    BOOL done = store && CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, encoded, size,
                                                          CERT_STORE_ADD_USE_EXISTING, NULL);

    CertCloseStore(store, 0);
    return done;
}

BOOL WINAPI CertAddEncodedCertificateToSystemStoreA(LPCSTR name, const BYTE *encoded, DWORD size)
{
    WCHAR *wide = wide_from_ansi(name);
    BOOL done = CertAddEncodedCertificateToSystemStoreW(wide, encoded, size);

    crypt_free(wide);
    return done;
}

/*
 * marshal.c: interfaces in streams, and known by numbers (CoMarshalInterface, the global interface table, the
 * free-threaded marshaler).
 *
 * Layer: ole32.  Both ends are in this process, where every thread may call every object: what goes into a stream is a
 * number in a table of interfaces, unless an object marshals itself to a class of its own.
 */
#include "com.h"

static const GUID iid_marshal = GUID_OLE(OLE_MARSHAL);
static const GUID class_free_marshaler = GUID_OLE(OLE_FREE_MARSHALER);

/* ---- the table ---- */

struct entry {
    struct entry *next;
    IUnknown *object;
    DWORD number;
    bool strong, once;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct entry *entries;
static DWORD last_number;

static HRESULT table_add(IUnknown *object, bool strong, bool once, DWORD *number)
{
    struct entry *entry = com_alloc(sizeof *entry);

    if (!entry)
        return E_OUTOFMEMORY;
    if (strong)
        com_add_ref(object);
    RtlAcquireSRWLockExclusive(&lock);
    *entry = (struct entry){entries, object, *number = ++last_number, strong, once};
    entries = entry;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

static struct entry *table_take(DWORD number, bool only_once)
{
    struct entry **at, *entry;

    RtlAcquireSRWLockExclusive(&lock);
    for (at = &entries; *at && (*at)->number != number;)
        at = &(*at)->next;
    entry = *at;
    if (entry && only_once && !entry->once)
        entry = NULL;
    if (entry)
        *at = entry->next;
    RtlReleaseSRWLockExclusive(&lock);
    return entry;
}

static HRESULT table_remove(DWORD number, HRESULT missing)
{
    struct entry *entry = table_take(number, false);

    if (!entry)
        return missing;
    if (entry->strong)
        com_release(entry->object);
    com_free(entry);
    return S_OK;
}

/* The object, counted. */
static IUnknown *table_get(DWORD number)
{
    IUnknown *object = NULL;

    RtlAcquireSRWLockShared(&lock);
    for (struct entry *entry = entries; entry; entry = entry->next)
        if (entry->number == number)
            object = entry->object;
    if (object)
        com_add_ref(object);
    RtlReleaseSRWLockShared(&lock);
    return object;
}

/* ---- streams ---- */

#define SIGNATURE 0x574f454du /* "MEOW", as the protocol of objects has it */

struct reference {
    DWORD signature, custom; /* custom: the data of an object's own marshaler follows */
    GUID iid, class;
    DWORD process, number;
};

/* An object's own marshaler, if it is not the one of free threads. */
static IMarshal *marshaler_of(IUnknown *object, const GUID *iid, DWORD context, void *data, DWORD flags, GUID *class)
{
    IMarshal *marshaler;
    ULONG_PTR arguments[] = {0, GUEST(iid), GUEST(object), context, GUEST(data), flags, GUEST(class)};

    if (FAILED(com_query(object, &iid_marshal, (void **)&marshaler)))
        return NULL;
    arguments[0] = GUEST(marshaler);
    if (SUCCEEDED((HRESULT)guest_call_n(COM_METHOD(IMarshal, marshaler, GetUnmarshalClass), 7, arguments)) &&
        !guid_equal(class, &class_free_marshaler))
        return marshaler;
    com_release(marshaler);
    return NULL;
}

static HRESULT check_context(DWORD context)
{
    return context <= MSHCTX_CROSSCTX ? S_OK : E_INVALIDARG;
}

HRESULT WINAPI CoGetMarshalSizeMax(ULONG *size, REFIID iid, LPUNKNOWN object, DWORD context, LPVOID data, DWORD flags)
{
    IMarshal *marshaler;
    GUID class;
    ULONG more = 0;

    if (!size || !object)
        return E_INVALIDARG;
    if (!com_ready())
        return CO_E_NOTINITIALIZED;
    marshaler = marshaler_of(object, iid, context, data, flags, &class);
    if (marshaler) {
        ULONG_PTR arguments[] = {GUEST(marshaler), GUEST(iid), GUEST(object), context,
                                 GUEST(data),      flags,      GUEST(&more)};

        guest_call_n(COM_METHOD(IMarshal, marshaler, GetMarshalSizeMax), 7, arguments);
        com_release(marshaler);
    }
    *size = (ULONG)sizeof(struct reference) + more;
    return S_OK;
}

HRESULT WINAPI CoMarshalInterface(LPSTREAM stream, REFIID iid, LPUNKNOWN object, DWORD context, LPVOID data,
                                  DWORD flags)
{
    struct reference reference = {SIGNATURE, 0, *iid, {0}, GetCurrentProcessId(), 0};
    IMarshal *marshaler;
    IUnknown *wanted;
    HRESULT result;

    if (!stream || !object || FAILED(check_context(context)))
        return E_INVALIDARG;
    if (!com_ready())
        return CO_E_NOTINITIALIZED;
    marshaler = marshaler_of(object, iid, context, data, flags, &reference.class);
    if (marshaler) {
        ULONG_PTR arguments[] = {GUEST(marshaler), GUEST(stream), GUEST(iid), GUEST(object),
                                 context,          GUEST(data),   flags};

        reference.custom = 1;
        result = istream_write(stream, &reference, sizeof reference);
        if (SUCCEEDED(result))
            result = (HRESULT)guest_call_n(COM_METHOD(IMarshal, marshaler, MarshalInterface), 7, arguments);
        com_release(marshaler);
        return result;
    }
    result = com_query(object, iid, (void **)&wanted);
    if (FAILED(result))
        return result;
    result = table_add(wanted, !(flags & MSHLFLAGS_TABLEWEAK), !(flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK)),
                       &reference.number);
    com_release(wanted);
    if (FAILED(result))
        return result;
    result = istream_write(stream, &reference, sizeof reference);
    if (FAILED(result))
        table_remove(reference.number, S_OK);
    return result;
}

static HRESULT reference_read(LPSTREAM stream, struct reference *reference)
{
    HRESULT result = istream_read(stream, reference, sizeof *reference);

    if (FAILED(result))
        return result;
    return reference->signature == SIGNATURE && reference->process == GetCurrentProcessId() ? S_OK
                                                                                            : RPC_E_INVALID_OBJREF;
}

/* The object that reads what an own marshaler has written. */
static HRESULT custom_reader(const struct reference *reference, IMarshal **reader)
{
    return CoCreateInstance(&reference->class, NULL, CLSCTX_INPROC_SERVER, &iid_marshal, (void **)reader);
}

HRESULT WINAPI CoUnmarshalInterface(LPSTREAM stream, REFIID iid, LPVOID *result)
{
    static const GUID any;
    struct reference reference;
    const GUID *wanted = iid;
    struct entry *entry;
    IUnknown *object;
    IMarshal *reader;
    HRESULT error;

    if (!stream || !result)
        return E_INVALIDARG;
    *result = NULL;
    if (!com_ready())
        return CO_E_NOTINITIALIZED;
    error = reference_read(stream, &reference);
    if (FAILED(error))
        return error;
    if (guid_equal(iid, &any))
        wanted = &reference.iid;
    if (reference.custom) {
        error = custom_reader(&reference, &reader);
        if (FAILED(error))
            return error;
        error = COM_CALL(IMarshal, reader, UnmarshalInterface, stream, wanted, result);
        com_release(reader);
        return error;
    }
    object = table_get(reference.number);
    if (!object)
        return CO_E_OBJNOTCONNECTED;
    error = com_query(object, wanted, result);
    com_release(object);
    entry = table_take(reference.number, true);
    if (entry) {
        com_release(entry->object);
        com_free(entry);
    }
    return error;
}

HRESULT WINAPI CoReleaseMarshalData(LPSTREAM stream)
{
    struct reference reference;
    IMarshal *reader;
    HRESULT error;

    if (!stream)
        return E_INVALIDARG;
    error = reference_read(stream, &reference);
    if (FAILED(error))
        return error;
    if (!reference.custom)
        return table_remove(reference.number, CO_E_OBJNOTCONNECTED);
    error = custom_reader(&reference, &reader);
    if (FAILED(error))
        return error;
    error = COM_CALL(IMarshal, reader, ReleaseMarshalData, stream, 0, 0);
    com_release(reader);
    return error;
}

HRESULT WINAPI CoMarshalInterThreadInterfaceInStream(REFIID iid, LPUNKNOWN object, LPSTREAM *stream)
{
    LARGE_INTEGER start = {{0}};
    HRESULT result;

    if (!object || !stream)
        return E_INVALIDARG;
    result = CreateStreamOnHGlobal(NULL, TRUE, stream);
    if (FAILED(result))
        return result;
    result = CoMarshalInterface(*stream, iid, object, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL);
    if (SUCCEEDED(result))
        return COM_CALL(IStream, *stream, Seek, start.QuadPart, STREAM_SEEK_SET, NULL);
    com_release(*stream);
    *stream = NULL;
    return result;
}

HRESULT WINAPI CoGetInterfaceAndReleaseStream(LPSTREAM stream, REFIID iid, LPVOID *object)
{
    HRESULT result;

    if (!stream || !object)
        return E_INVALIDARG;
    result = CoUnmarshalInterface(stream, iid, object);
    com_release(stream);
    return result;
}

/* ---- the free-threaded marshaler: an object that is a part of another, as its IMarshal ---- */

struct marshaler {
    const IUnknownVtbl *inner;
    LONG refs;
    const IMarshalVtbl *outer_side;
    IUnknown *outer;
};

static struct marshaler *marshaler_of_side(IMarshal *this)
{
    return (struct marshaler *)((char *)this - offsetof(struct marshaler, outer_side));
}

static HRESULT WINAPI side_query(IMarshal *this, REFIID id, void **result)
{
    return com_query(marshaler_of_side(this)->outer, id, result);
}

static ULONG WINAPI side_add_ref(IMarshal *this)
{
    return com_add_ref(marshaler_of_side(this)->outer);
}

static ULONG WINAPI side_release(IMarshal *this)
{
    return com_release(marshaler_of_side(this)->outer);
}

static HRESULT WINAPI side_class(IMarshal *this, REFIID iid, void *object, DWORD context, void *data, DWORD flags,
                                 CLSID *class)
{
    (void)this, (void)iid, (void)object, (void)context, (void)data, (void)flags;
    *class = class_free_marshaler;
    return S_OK;
}

static HRESULT WINAPI side_size(IMarshal *this, REFIID iid, void *object, DWORD context, void *data, DWORD flags,
                                DWORD *size)
{
    (void)this, (void)iid, (void)object, (void)context, (void)data, (void)flags;
    *size = sizeof(struct reference);
    return S_OK;
}

static HRESULT WINAPI side_marshal(IMarshal *this, IStream *stream, REFIID iid, void *object, DWORD context, void *data,
                                   DWORD flags)
{
    (void)this;
    return CoMarshalInterface(stream, iid, object, context, data, flags);
}

static HRESULT WINAPI side_unmarshal(IMarshal *this, IStream *stream, REFIID iid, void **result)
{
    (void)this;
    return CoUnmarshalInterface(stream, iid, result);
}

static HRESULT WINAPI side_release_data(IMarshal *this, IStream *stream)
{
    (void)this;
    return CoReleaseMarshalData(stream);
}

static HRESULT WINAPI side_disconnect(IMarshal *this, DWORD reserved)
{
    (void)this, (void)reserved;
    return S_OK;
}

static const IMarshalVtbl side_methods = {side_query,   side_add_ref,   side_release,      side_class,     side_size,
                                          side_marshal, side_unmarshal, side_release_data, side_disconnect};

COM_COUNTED(IUnknown, struct marshaler, inner, com_free)

static HRESULT WINAPI inner_query(IUnknown *this, REFIID id, void **result)
{
    struct marshaler *marshaler = (struct marshaler *)this;

    if (guid_is_ole(id, OLE_UNKNOWN))
        return com_answer(true, this, result);
    return com_answer(guid_is_ole(id, OLE_MARSHAL), &marshaler->outer_side, result);
}

static const IUnknownVtbl inner_methods = {inner_query, inner_add_ref, inner_release};

HRESULT WINAPI CoCreateFreeThreadedMarshaler(LPUNKNOWN outer, LPUNKNOWN *result)
{
    struct marshaler *marshaler;

    if (!result)
        return E_INVALIDARG;
    *result = NULL;
    marshaler = com_alloc(sizeof *marshaler);
    if (!marshaler)
        return E_OUTOFMEMORY;
    *marshaler = (struct marshaler){&inner_methods, 1, &side_methods, outer ? outer : (IUnknown *)marshaler};
    *result = (IUnknown *)marshaler;
    return S_OK;
}

/* ---- the global interface table, and the class through which it is had ---- */

static HRESULT WINAPI git_query(IGlobalInterfaceTable *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_GIT), this, result);
}

static ULONG WINAPI static_count(IUnknown *this)
{
    (void)this;
    return 2;
}

static HRESULT WINAPI git_register(IGlobalInterfaceTable *this, IUnknown *object, REFIID iid, DWORD *cookie)
{
    IUnknown *wanted;
    HRESULT result;

    (void)this;
    if (!object || !cookie)
        return E_INVALIDARG;
    result = com_query(object, iid, (void **)&wanted);
    if (FAILED(result))
        return result;
    result = table_add(wanted, true, false, cookie);
    com_release(wanted);
    return result;
}

static HRESULT WINAPI git_revoke(IGlobalInterfaceTable *this, DWORD cookie)
{
    (void)this;
    return table_remove(cookie, E_INVALIDARG);
}

static HRESULT WINAPI git_get(IGlobalInterfaceTable *this, DWORD cookie, REFIID iid, void **result)
{
    IUnknown *object;
    HRESULT error;

    (void)this;
    if (!result)
        return E_INVALIDARG;
    *result = NULL;
    object = table_get(cookie);
    if (!object)
        return E_INVALIDARG;
    error = com_query(object, iid, result);
    com_release(object);
    return error;
}

static const IGlobalInterfaceTableVtbl git_methods = {git_query,    (void *)static_count, (void *)static_count,
                                                      git_register, git_revoke,           git_get};
static IGlobalInterfaceTable git = {(IGlobalInterfaceTableVtbl *)&git_methods};

static HRESULT WINAPI factory_query(IClassFactory *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_CLASS_FACTORY), this, result);
}

static HRESULT WINAPI factory_create(IClassFactory *this, IUnknown *outer, REFIID id, void **result)
{
    (void)this;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    return git_query(&git, id, result);
}

static HRESULT WINAPI factory_lock(IClassFactory *this, BOOL on)
{
    (void)this, (void)on;
    return S_OK;
}

static const IClassFactoryVtbl factory_methods = {factory_query, (void *)static_count, (void *)static_count,
                                                  factory_create, factory_lock};

/* ole32's DllGetClassObject: its own classes are registered as every DLL's are. */
HRESULT WINAPI ole_class_object(REFCLSID class, REFIID id, void **result);
HRESULT WINAPI ole_class_object(REFCLSID class, REFIID id, void **result)
{
    static IClassFactory factory = {(IClassFactoryVtbl *)&factory_methods};

    if (!guid_is_ole(class, OLE_GIT_CLASS)) {
        *result = NULL;
        return CLASS_E_CLASSNOTAVAILABLE;
    }
    return factory_query(&factory, id, result);
}

HRESULT WINAPI CoMarshalHresult(LPSTREAM stream, HRESULT value)
{
    return istream_write(stream, &value, sizeof value);
}

HRESULT WINAPI CoUnmarshalHresult(LPSTREAM stream, HRESULT *value)
{
    return istream_read(stream, value, sizeof *value);
}

/*
 * ios_base.c: std::ios_base: state, format flags, the program's own words, callbacks.
 *
 * Layer: msvcp.
 */
#include "msvcp/msvcp.h"
#include "ntdll/exception.h"

#define STANDARD_STREAMS 8

extern const void *ios_base_vftable[];

struct ios_array {
    struct ios_array *next;
    int index;
    LONG word;
    void *pointer;
};

typedef void(WINAPI *ios_callback_function)(int event, struct ios_base *ios, int index);
struct ios_callback {
    struct ios_callback *next;
    int index;
    ios_callback_function function;
};

int ios_base_index;
int ios_base_sync = 1;
static struct ios_base *standard[STANDARD_STREAMS + 1]; /* from 1 on */
static char standard_opens[STANDARD_STREAMS + 1];

/* --- state ---------------------------------------------------------------------------------------------------------
 */

int WINAPI ios_base_rdstate(const struct ios_base *ios)
{
    return ios->state;
}

bool WINAPI ios_base_good(const struct ios_base *ios)
{
    return !ios->state;
}

bool WINAPI ios_base_eof(const struct ios_base *ios)
{
    return ios->state & IOS_EOF;
}

bool WINAPI ios_base_fail(const struct ios_base *ios)
{
    return ios->state & (IOS_FAIL | IOS_BAD);
}

bool WINAPI ios_base_bad(const struct ios_base *ios)
{
    return ios->state & IOS_BAD;
}

bool WINAPI ios_base_operator_not(const struct ios_base *ios)
{
    return ios_base_fail(ios);
}

bool WINAPI ios_base_operator_bool(const struct ios_base *ios)
{
    return !ios_base_fail(ios);
}

/* Throws if an exception is asked for one of the states; `again`: the one that is being handled. */
void WINAPI ios_base_clear_int_bool(struct ios_base *ios, int state, bool again)
{
    ios->state = state & IOS_STATES;
    int asked = ios->state & ios->except;
    if (!asked)
        return;
    if (again)
        eh_throw_here(NULL, NULL);
    throw_failure(asked & IOS_BAD    ? "ios_base::badbit set"
                  : asked & IOS_FAIL ? "ios_base::failbit set"
                                     : "ios_base::eofbit set");
}

void WINAPI ios_base_clear_int(struct ios_base *ios, int state)
{
    ios_base_clear_int_bool(ios, state, false);
}

void WINAPI ios_base_setstate_int_bool(struct ios_base *ios, int state, bool again)
{
    if (state)
        ios_base_clear_int_bool(ios, ios->state | state, again);
}

void WINAPI ios_base_setstate_int(struct ios_base *ios, int state)
{
    ios_base_setstate_int_bool(ios, state, false);
}

int WINAPI ios_base_exceptions(const struct ios_base *ios)
{
    return ios->except;
}

void WINAPI ios_base_exceptions_int(struct ios_base *ios, int except)
{
    ios->except = except & IOS_STATES;
    ios_base_clear_int_bool(ios, ios->state, false);
}

/* --- format --------------------------------------------------------------------------------------------------------
 */

int WINAPI ios_base_flags(const struct ios_base *ios)
{
    return ios->flags;
}

int WINAPI ios_base_flags_int(struct ios_base *ios, int flags)
{
    int old = ios->flags;
    ios->flags = flags & FMT_ALL;
    return old;
}

int WINAPI ios_base_setf_int(struct ios_base *ios, int flags)
{
    int old = ios->flags;
    ios->flags |= flags & FMT_ALL;
    return old;
}

int WINAPI ios_base_setf_int_int(struct ios_base *ios, int flags, int mask)
{
    int old = ios->flags;
    ios->flags = (ios->flags & ~mask) | (flags & mask & FMT_ALL);
    return old;
}

void WINAPI ios_base_unsetf_int(struct ios_base *ios, int mask)
{
    ios->flags &= ~mask;
}

int64_t WINAPI ios_base_precision(const struct ios_base *ios)
{
    return ios->precision;
}

int64_t WINAPI ios_base_precision_i64(struct ios_base *ios, int64_t precision)
{
    int64_t old = ios->precision;
    ios->precision = precision;
    return old;
}

int64_t WINAPI ios_base_width(const struct ios_base *ios)
{
    return ios->width;
}

int64_t WINAPI ios_base_width_i64(struct ios_base *ios, int64_t width)
{
    int64_t old = ios->width;
    ios->width = width;
    return old;
}

struct locale *WINAPI ios_base_getloc(const struct ios_base *ios, struct locale *result)
{
    locale_copy(result, ios->locale);
    return result;
}

/* --- words and callbacks -------------------------------------------------------------------------------------------
 */

int WINAPI ios_base_xalloc(void)
{
    return __atomic_fetch_add(&ios_base_index, 1, __ATOMIC_SEQ_CST);
}

/* The entry of an index; an entry whose words are zero may be used again for another one. */
struct ios_array *WINAPI ios_base_findarr(struct ios_base *ios, int index)
{
    struct ios_array *spare = NULL;

    if (index < 0) {
        static struct ios_array stub;
        ios_base_setstate_int(ios, IOS_BAD);
        stub = (struct ios_array){0};
        return &stub;
    }
    for (struct ios_array *entry = ios->array; entry; entry = entry->next) {
        if (entry->index == index)
            return entry;
        if (!spare && !entry->word && !entry->pointer)
            spare = entry;
    }
    if (!spare) {
        spare = msvcp_new(sizeof(*spare));
        *spare = (struct ios_array){.next = ios->array};
        ios->array = spare;
    }
    spare->index = index;
    return spare;
}

LONG *WINAPI ios_base_iword(struct ios_base *ios, int index)
{
    return &ios_base_findarr(ios, index)->word;
}

void **WINAPI ios_base_pword(struct ios_base *ios, int index)
{
    return &ios_base_findarr(ios, index)->pointer;
}

void WINAPI ios_base_register_callback(struct ios_base *ios, ios_callback_function function, int index)
{
    struct ios_callback *callback = msvcp_new(sizeof(*callback));

    *callback = (struct ios_callback){ios->callbacks, index, function};
    ios->callbacks = callback;
}

void WINAPI ios_base_callfns(struct ios_base *ios, int event)
{
    for (const struct ios_callback *c = ios->callbacks; c; c = c->next)
        guest_call(c->function, (ULONG_PTR)event, GUEST(ios), (ULONG_PTR)c->index, 0);
}

/* Forgets words and callbacks, after telling the callbacks. */
void WINAPI ios_base_tidy(struct ios_base *ios)
{
    ios_base_callfns(ios, EVENT_ERASE);
    for (struct ios_array *entry = ios->array, *next; entry; entry = next) {
        next = entry->next;
        crt_free(entry);
    }
    for (struct ios_callback *callback = ios->callbacks, *next; callback; callback = next) {
        next = callback->next;
        crt_free(callback);
    }
    ios->array = NULL;
    ios->callbacks = NULL;
}

struct ios_base *WINAPI ios_base_copyfmt(struct ios_base *to, const struct ios_base *from)
{
    if (to == from)
        return to;
    ios_base_tidy(to);
    locale_free(to->locale);
    locale_copy(to->locale, from->locale);
    to->flags = from->flags;
    to->precision = from->precision;
    to->width = from->width;
    for (const struct ios_array *entry = from->array; entry; entry = entry->next)
        if (entry->word || entry->pointer) {
            *ios_base_iword(to, entry->index) = entry->word;
            *ios_base_pword(to, entry->index) = entry->pointer;
        }
    for (const struct ios_callback *c = from->callbacks; c; c = c->next)
        ios_base_register_callback(to, c->function, c->index);
    ios_base_callfns(to, EVENT_COPYFMT);
    ios_base_exceptions_int(to, from->except);
    return to;
}

struct locale *WINAPI ios_base_imbue(struct ios_base *ios, struct locale *result, const struct locale *locale)
{
    *result = *ios->locale; /* its reference moves */
    locale_copy(ios->locale, locale);
    ios_base_callfns(ios, EVENT_IMBUE);
    return result;
}

/* All but the vftable and the number among the standard streams. */
void WINAPI ios_base_swap(struct ios_base *a, struct ios_base *b)
{
    struct ios_base old = *a;

    if (a == b)
        return;
    *a = *b;
    *b = old;
    b->vftable = a->vftable;
    b->standard = a->standard;
    a->vftable = old.vftable;
    a->standard = old.standard;
}

/* --- construction --------------------------------------------------------------------------------------------------
 */

struct ios_base *WINAPI ios_base_ctor(struct ios_base *ios)
{
    ios->vftable = ios_base_vftable;
    return ios;
}

void WINAPI ios_base_init(struct ios_base *ios)
{
    ios->standard = 0;
    ios->except = 0;
    ios->flags = FMT_SKIPWS | FMT_DEC;
    ios->precision = 6;
    ios->width = 0;
    ios->array = NULL;
    ios->callbacks = NULL;
    ios->state = 0;
    ios->locale = locale_new();
}

/* Streams without static storage are destroyed; cin and its kin live until their last user has gone. */
void WINAPI ios_base_ios_base_dtor(struct ios_base *ios)
{
    if (ios->standard && --standard_opens[ios->standard] > 0)
        return;
    ios_base_tidy(ios);
    locale_delete(ios->locale);
    ios->locale = NULL;
}

void WINAPI ios_base_dtor(struct ios_base *ios)
{
    ios->vftable = ios_base_vftable;
    ios_base_ios_base_dtor(ios);
}

struct ios_base *WINAPI ios_base_delete(struct ios_base *ios, unsigned flags)
{
    ios_base_dtor(ios);
    if (flags & 1)
        crt_free(ios);
    return ios;
}

void WINAPI ios_base_addstd(struct ios_base *ios)
{
    struct lockit lock;

    lockit_ctor_int(&lock, 2);
    for (size_t i = 1; i <= STANDARD_STREAMS; i++)
        if (!standard[i] || standard[i] == ios) {
            standard[i] = ios;
            standard_opens[i]++;
            ios->standard = i;
            break;
        }
    lockit_dtor(&lock);
}

/* Returns whether streams and stdio were in step; they always are. */
bool WINAPI ios_base_sync_with_stdio(bool sync)
{
    struct lockit lock;

    lockit_ctor_int(&lock, 2);
    bool old = ios_base_sync;
    ios_base_sync = sync;
    lockit_dtor(&lock);
    return old;
}

/* --- manipulators with an argument: a function and its argument, which operator<< brings together --------------------
 */

struct manip_int {
    void *function;
    int argument;
};
struct manip_size {
    void *function;
    int64_t argument;
};

static void WINAPI set_flags(struct ios_base *ios, int flags)
{
    ios_base_setf_int(ios, flags);
}

static void WINAPI reset_flags(struct ios_base *ios, int flags)
{
    ios_base_setf_int_int(ios, 0, flags);
}

static void WINAPI set_base(struct ios_base *ios, int base)
{
    ios_base_setf_int_int(ios, base == 8 ? FMT_OCT : base == 10 ? FMT_DEC : base == 16 ? FMT_HEX : 0, FMT_BASE);
}

static void WINAPI set_precision(struct ios_base *ios, int64_t precision)
{
    ios->precision = precision;
}

static void WINAPI set_width(struct ios_base *ios, int64_t width)
{
    ios->width = width;
}

struct manip_int *WINAPI msvcp_setiosflags(struct manip_int *result, int flags)
{
    *result = (struct manip_int){set_flags, flags};
    return result;
}

struct manip_int *WINAPI msvcp_resetiosflags(struct manip_int *result, int flags)
{
    *result = (struct manip_int){reset_flags, flags};
    return result;
}

struct manip_int *WINAPI msvcp_setbase(struct manip_int *result, int base)
{
    *result = (struct manip_int){set_base, base};
    return result;
}

struct manip_size *WINAPI msvcp_setprecision(struct manip_size *result, int64_t precision)
{
    *result = (struct manip_size){set_precision, precision};
    return result;
}

struct manip_size *WINAPI msvcp_setw(struct manip_size *result, int64_t width)
{
    *result = (struct manip_size){set_width, width};
    return result;
}

/* --- exceptions in operations ----------------------------------------------------------------------------------------
 */

struct ios_guard {
    struct guard guard;
    struct ios_base *ios;
    const EXCEPTION_RECORD *record; /* of what was caught */
};

static bool catches(struct guard *guard, EXCEPTION_RECORD *record)
{
    struct ios_guard *own = (struct ios_guard *)guard;

    own->record = record;
    if (record->ExceptionCode == CXX_EXCEPTION && !eh_is_cxx(record)) /* throw; */
        own->record = eh_thread()->record;
    return own->record && eh_is_cxx(own->record) && !(own->ios->except & IOS_BAD);
}

static void caught(struct guard *guard)
{
    const struct ios_guard *own = (struct ios_guard *)guard;
    struct eh_thread *thread = eh_thread();

    if (thread->uncaught)
        thread->uncaught--;
    eh_prune();
    eh_destroy_object(own->record);
}

/* The exception has found a handler further out. */
static void leave(const struct dispatch_frame *frame)
{
    ((const struct ios_guard *)frame)->ios->state |= IOS_BAD;
}

int ios_guarded(struct ios_base *ios, const void *body, void *operation)
{
    struct ios_guard guard = {.guard = {.dispatch = {.leave = leave}, .catches = catches, .caught = caught},
                              .ios = ios};
    const ULONG_PTR argument = GUEST(operation);

    return guest_call_guarded(&guard.guard, body, 1, &argument) ? (int)guard.guard.result : IOS_BAD;
}

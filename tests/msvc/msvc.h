/*
 * msvc.h: for programs of Microsoft's C++ ABI, built by clang: what is used of the C and C++ runtimes, declared here,
 * since their headers are not free.  Layouts are those of the DLLs; nothing is inline that the DLL exports.
 */
#ifndef MSVC_H
#define MSVC_H

#define IMPORT __declspec(dllimport)

typedef unsigned long long size_t;

extern "C" {
IMPORT int puts(const char *text);
IMPORT int strcmp(const char *a, const char *b);
IMPORT void exit(int code);
IMPORT void *malloc(size_t size);
IMPORT void free(void *block);
IMPORT void __std_exception_copy(const void *from, void *to);
IMPORT void __std_exception_destroy(void *data);
int _fltused = 0;
}
inline void *operator new(size_t, void *place)
{
    return place;
}

struct _Mbstatet {
    unsigned wide;
    unsigned short bytes, state;
};

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, puts("failed: " #condition)))
#define CHECK_STR(a, b) CHECK(!strcmp(a, b))

namespace std
{
struct exception_data {
    const char *what;
    bool owned;
};
class exception
{
  public:
    exception_data data;
    exception(const char *text = nullptr) : data{text, false}
    {
    }
    exception(const exception &from) : data{}
    {
        __std_exception_copy(&from.data, &data);
    }
    virtual ~exception()
    {
        __std_exception_destroy(&data);
    }
    virtual const char *what() const
    {
        return data.what ? data.what : "Unknown exception";
    }
};
class logic_error : public exception
{
};
class length_error : public logic_error
{
};
class out_of_range : public logic_error
{
};
class invalid_argument : public logic_error
{
};
class runtime_error : public exception
{
};
class overflow_error : public runtime_error
{
};
class regex_error : public runtime_error
{
  public:
    int code;
};
struct error_code {
    int value;
    const void *category;
};
class _System_error : public runtime_error
{
  public:
    error_code code;
};
class system_error : public _System_error
{
};
class bad_alloc : public exception
{
};
class bad_cast : public exception
{
};
class bad_typeid : public exception
{
};
class bad_function_call : public exception
{
};

IMPORT void _Xlength_error(const char *text);
IMPORT void _Xout_of_range(const char *text);
IMPORT void _Xinvalid_argument(const char *text);
IMPORT void _Xoverflow_error(const char *text);
IMPORT void _Xruntime_error(const char *text);
IMPORT void _Xbad_alloc();
IMPORT void _Xbad_function_call();
IMPORT void _Throw_Cpp_error(int code);
IMPORT void _Throw_C_error(int code);
IMPORT bool uncaught_exception();

template <class E> struct char_traits;
template <class D> class _Iosb
{
};
class locale
{
  public:
    void *empty, *imp;
};
template <class S> class fpos
{
  public:
    long long offset, position;
    S state;
};

#pragma vtordisp(push, 2)
class ios_base : public _Iosb<int>
{
  public:
    class failure : public system_error
    {
    };
    virtual IMPORT ~ios_base();
    IMPORT void exceptions(int mask);
    size_t standard;
    int state, except, flags;
    long long precision, width;
    void *array, *callbacks;
    locale *loc;
};

template <class E, class T> class basic_streambuf
{
  protected:
    IMPORT basic_streambuf();

  public:
    virtual IMPORT ~basic_streambuf();
    IMPORT int sputc(E c);
    IMPORT int sbumpc();
    IMPORT long long sputn(const E *text, long long count);
    virtual IMPORT void _Lock();
    virtual IMPORT void _Unlock();

  protected:
    IMPORT void setg(E *first, E *next, E *last);
    virtual IMPORT int overflow(int c);
    virtual IMPORT int pbackfail(int c);
    virtual IMPORT long long showmanyc();
    virtual IMPORT int underflow();
    virtual IMPORT int uflow();
    virtual IMPORT long long xsgetn(E *text, long long count);
    virtual IMPORT long long xsputn(const E *text, long long count);
    virtual IMPORT fpos<_Mbstatet> seekoff(long long offset, int way, int which);
    virtual IMPORT fpos<_Mbstatet> seekpos(fpos<_Mbstatet> position, int which);
    virtual IMPORT basic_streambuf *setbuf(E *text, long long size);
    virtual IMPORT int sync();
    virtual IMPORT void imbue(const locale &to);

    E *pointers_[8];
    int counts_[2];
    int *count_pointers_[2];
    locale *locale_;
};

template <class E, class T> class basic_ostream;
template <class E, class T> class basic_ios : public ios_base
{
  public:
    virtual IMPORT ~basic_ios();
    IMPORT void clear(int state, bool again);
    basic_streambuf<E, T> *buffer;
    basic_ostream<E, T> *tie;
    E fill;

  protected:
    IMPORT basic_ios();
};
template <class E, class T> class basic_ostream : virtual public basic_ios<E, T>
{
  public:
    IMPORT basic_ostream(basic_streambuf<E, T> *sb, bool standard = false);
    virtual IMPORT ~basic_ostream();
    IMPORT basic_ostream &operator<<(int value);
    IMPORT basic_ostream &operator<<(double value);
    IMPORT basic_ostream &put(E c);
    IMPORT basic_ostream &write(const E *text, long long count);
    IMPORT basic_ostream &flush();
};
template <class E, class T> class basic_istream : virtual public basic_ios<E, T>
{
  public:
    IMPORT basic_istream(basic_streambuf<E, T> *sb, bool standard = false);
    virtual IMPORT ~basic_istream();
    IMPORT basic_istream &operator>>(int &value);
    IMPORT int get();
    long long count;
};
template <class E, class T> class basic_iostream : public basic_istream<E, T>, public basic_ostream<E, T>
{
  public:
    IMPORT basic_iostream(basic_streambuf<E, T> *sb);
    virtual IMPORT ~basic_iostream();
};
#pragma vtordisp(pop)

typedef basic_streambuf<char, char_traits<char>> streambuf;
typedef basic_ostream<char, char_traits<char>> ostream;
typedef basic_istream<char, char_traits<char>> istream;
typedef basic_iostream<char, char_traits<char>> iostream;
extern IMPORT ostream cout;
extern IMPORT istream cin;
} // namespace std

IMPORT void __ExceptionPtrCreate(void *pointer);
IMPORT void __ExceptionPtrDestroy(void *pointer);
IMPORT void __ExceptionPtrCopy(void *to, const void *from);
IMPORT void __ExceptionPtrCurrentException(void *pointer);
IMPORT void __ExceptionPtrRethrow(const void *pointer);
IMPORT bool __ExceptionPtrToBool(const void *pointer);
IMPORT bool __ExceptionPtrCompare(const void *a, const void *b);

void operator delete(void *block)
{
    free(block);
}
void operator delete(void *block, size_t)
{
    free(block);
}
void *operator new(size_t size)
{
    return malloc(size);
}

int test();
extern "C" void mainCRTStartup()
{
    int result = test();
    puts(result ? "failed" : "passed");
    exit(result);
}

#endif

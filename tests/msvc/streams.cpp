/*
 * streams.cpp: do stream buffers work that a program derives from msvcp140.dll's, in Microsoft's C++ ABI?  Streams on
 * them, as members and bases; and exceptions that leave an overridden function.
 */
#include "msvc.h"

static int live;

struct memory : std::streambuf {
    char text[64] = "";
    int length = 0, limit = 63, syncs = 0;
    bool throws = false;
    memory()
    {
        live++;
    }
    ~memory() override
    {
        live--;
    }
    int overflow(int c) override
    {
        if (throws)
            throw 42;
        if (c == -1 || length == limit)
            return -1;
        text[length++] = (char)c;
        text[length] = 0;
        return c;
    }
    int sync() override
    {
        syncs++;
        return 0;
    }
    int underflow() override
    {
        if (throws)
            throw 43;
        setg(text, text, text + length);
        return length ? (unsigned char)text[0] : -1;
    }
};

/* A stream with its buffer, as std::ostringstream is. */
struct memory_stream : std::iostream {
    memory buffer_;
    memory_stream() : std::iostream(nullptr)
    {
        buffer = &buffer_;
        clear(0, false);
    }
};

static void test_output()
{
    memory sb;
    std::ostream out(&sb);
    out << 12 << 3.5;
    out.put('x').write("yz", 2).flush();
    CHECK_STR(sb.text, "123.5xyz");
    CHECK(sb.syncs == 1);
    CHECK(out.state == 0);
    out.width = 6;
    out.fill = '.';
    out << -7;
    CHECK_STR(sb.text, "123.5xyz....-7");
    sb.limit = sb.length;
    out.put('!');
    CHECK(out.state == 4);
}

static void test_both()
{
    memory_stream s;
    s << 42;
    s.put(' ');
    CHECK_STR(s.buffer_.text, "42 ");
    int value = 0;
    s >> value;
    CHECK(value == 42);
    CHECK(s.state == 0);
    CHECK(s.get() == ' ');

    std::iostream *heap = new memory_stream;
    CHECK(live == 2);
    *heap << 1;
    std::ios_base *base = heap;
    CHECK(dynamic_cast<memory_stream *>(base) == heap);
    CHECK(dynamic_cast<std::istream *>(base) == heap);
    CHECK(dynamic_cast<std::ostream *>(base) == heap);
    delete base;
    CHECK(live == 1);
}

/* The stream becomes bad, and the exception goes on only if that is asked for. */
static void test_exceptions()
{
    memory sb;
    std::ostream out(&sb);
    bool caught = false;

    sb.throws = true;
    try {
        out << 1;
    } catch (int) {
        caught = true;
    }
    CHECK(!caught);
    CHECK(out.state == 4);
    out.clear(0, false);
    try {
        out.put('x');
    } catch (int) {
        caught = true;
    }
    CHECK(!caught);
    CHECK(out.state == 4);

    out.clear(0, false);
    out.exceptions(4);
    int number = 0;
    try {
        out.write("abc", 3);
    } catch (int e) {
        number = e;
    }
    CHECK(number == 42);
    CHECK(out.state == 4);

    std::istream in(&sb);
    caught = false;
    try {
        in.get();
    } catch (int) {
        caught = true;
    }
    CHECK(!caught);
    CHECK(in.state & 4);
}

int test()
{
    test_output();
    test_both();
    CHECK(live == 0);
    test_exceptions();
    CHECK(live == 0);
    return failures;
}

#!/usr/bin/env python3
# Mails nobody would send in good faith (battery.md B-16). breakers.py NAME [SCALE] writes one to standard output;
# without a name it lists them. SCALE 2 gives the double of what the limit is tried with.
import base64, sys

out = sys.stdout.buffer
HEAD = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: horror\r\nMessage-ID: <h@example.com>\r\n"


def w(*parts):
    for p in parts:
        out.write(p if isinstance(p, bytes) else p.encode())


def many(n, make, chunk=5000):
    for i in range(0, n, chunk):
        out.write(b"".join(make(k) for k in range(i, min(n, i + chunk))))


def mixed(n, make):
    w(HEAD, b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n')
    many(n, lambda i: b"--b\r\n" + make(i))
    w(b"--b--\r\n")


def text(subtype, make, n):
    w(HEAD, b"Content-Type: text/" + subtype + b"; charset=utf-8\r\n\r\n")
    many(n, make)


def attachments(s):
    mixed(10000 * s, lambda i: b"Content-Type: application/pdf; name=\"f%d.pdf\"\r\n"
          b"Content-Disposition: attachment; filename=\"f%d.pdf\"\r\nContent-ID: <%d@x>\r\n\r\nx\r\n" % (i, i, i))


def inline_texts(s):
    mixed(10000 * s, lambda i: b"Content-Type: text/html; charset=iso-8859-15\r\n\r\n<p>x\r\n")


def tiny_parts(s):
    mixed(500000 * s, lambda i: b"\r\n\r\n")


def headers(s):
    w(HEAD)
    many(1000000 * s, lambda i: b"X-H%d: value\r\n" % i)
    w(b"\r\nbody\r\n")


def part_headers(s):
    mixed(2000 * s, lambda i: b"Content-ID: <x>\r\n" * 500 + b"\r\nx\r\n")


def long_parameters(s):
    mixed(300 * s, lambda i: b"Content-Disposition: attachment; " + b'a="b"; ' * 9000 + b"filename=x\r\n\r\nx\r\n")


def nested(s):
    w(HEAD)
    many(20000 * s, lambda i: b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" % (i, i))
    w(b"\r\ndeep\r\n")


def nested_long(s):
    w(HEAD)
    many(99, lambda i: b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" % (i, i))
    w(b"\r\n")
    many(1000000 * s, lambda i: b"--n%d-\r\n" % (i % 99))


def nested_same(s):
    w(HEAD)
    many(20000 * s, lambda i: b"Content-Type: multipart/mixed; boundary=same\r\n\r\n--same\r\n")


def nested_rfc822(s):
    w(HEAD)
    many(20000 * s, lambda i: b"Content-Type: message/rfc822\r\n\r\n")


def no_delimiter(s):
    mixed(5000 * s, lambda i: b"Content-Type: multipart/mixed; boundary=never\r\n\r\ntext\r\n" * 2)


def recipients(s):
    w(HEAD, b"Cc: ")
    many(100000 * s, lambda i: b"Name %d <u%d@example.com>,\r\n " % (i, i))
    w(b"\r\n\r\nbody\r\n")


def recipient_commas(s):
    w(HEAD, b"Cc: " + b"a, " * (100000 * s) + b"<x@y>\r\n\r\nbody\r\n")


def recipient_brackets(s):
    w(HEAD, b"Cc: " + b"<" * (100000 * s) + b"(" * (100000 * s) + b'"' * (100000 * s + 1) + b"\r\n\r\nbody\r\n")


def references(s):
    w(HEAD, b"References: ")
    many(100000 * s, lambda i: b"<r%d@x>\r\n " % i)
    w(b"\r\n\r\nbody\r\n")


def rfc2231(s):
    mixed(2, lambda i: b"Content-Disposition: attachment" +
          b"".join(b";\r\n filename*%d*=%%41" % k for k in range(50000 * s)) + b"\r\n\r\nx\r\n")


def words(s):
    w(HEAD.replace(b"horror", b"=?utf-8?q?a?=\r\n " * (60000 * s)), b"\r\nbody\r\n")


def broken_words(s):
    w(HEAD.replace(b"horror", b"=?x?q?" * (150000 * s)), b"\r\nbody\r\n")


def long_line(s):
    w(HEAD, b"\r\n", b"x" * (20000000 * s))


def one_line_html(s):
    text(b"html", lambda i: b"<b>x</b>", 200000 * s)


def open_tags(s):
    text(b"html", lambda i: b"<div><b>", 200000 * s)


def close_tags(s):
    text(b"html", lambda i: b"</b>" if i > 100 else b"<i>", 400000 * s)


def attributes(s):
    w(HEAD, b"Content-Type: text/html\r\n\r\n<a ")
    many(200000 * s, lambda i: b"a%d=b " % i)
    w(b">x</a>")


def comments(s):
    text(b"html", lambda i: b"<!--<!", 300000 * s)


def angle_brackets(s):
    text(b"html", lambda i: b"<a<", 500000 * s)


def styles(s):
    text(b"html", lambda i: b'<p style="color:red;/*;margin:(((;a:b">x', 40000 * s)


def titles(s):
    text(b"html", lambda i: b"<title>", 250000 * s)


def entities(s):
    text(b"html", lambda i: b"&#x41;&auml;&;", 150000 * s)


def list_items(s):
    text(b"html", lambda i: b"<ul><li><td><p>", 120000 * s)


def blockquotes(s):
    text(b"html", lambda i: b"<blockquote>a<br>", 100000 * s)


def quotes(s):
    text(b"plain", lambda i: b"> On 1 Jan x@y wrote:\n", 90000 * s)


def attributions(s):
    text(b"plain", lambda i: b"On 1 Jan x@y wrote:\n", 90000 * s)


def header_blocks(s):
    text(b"plain", lambda i: b"Von: a\nAn: b\n", 140000 * s)


def signatures(s):
    text(b"plain", lambda i: b"-- \n\n", 300000 * s)


def blank_lines(s):
    text(b"plain", lambda i: b"\n\n\n\n\n\n\n\n", 5000000 * s)


def flowed(s):
    w(HEAD, b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n")
    many(500000 * s, lambda i: b"x \n")


def nuls(s):
    w(HEAD, b"X: \0\0\r\n\r\n", b"\0" * (10000000 * s))


def carriage_returns(s):
    w(HEAD.replace(b"\r\n", b"\r"), b"\r", b"line\r" * (1000000 * s))


def bad_utf8(s):
    text(b"plain", lambda i: b"\xff\xfe\xc3", 5000000 * s)


def utf7(s):
    w(HEAD, b"Content-Type: text/html; charset=utf-7\r\n\r\n", b"+ADw-script+AD4-" * (100000 * s))


def iso2022(s):
    w(HEAD, b"Content-Type: text/plain; charset=iso-2022-cn-ext\r\n\r\n", b"\x1b$)A\x0e" * (300000 * s))


def gb_garbage(s):
    w(HEAD, b"Content-Type: text/plain; charset=gb2312\r\n\r\n", b"\xff\x80\x81" * (600000 * s))


def uuencode(s):
    w(HEAD, b"Content-Type: application/x; name=a\r\nContent-Disposition: attachment\r\n"
      b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n", b"M" * (10000000 * s))


def quoted_printable(s):
    w(HEAD, b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", b"=\r\n" * (5000000 * s))


def delivery_status(s):
    w(HEAD, b"Content-Type: multipart/report; boundary=b\r\n\r\n")
    many(10000 * s, lambda i: b"--b\r\nContent-Type: message/delivery-status\r\n\r\nA: b\r\n\r\nAction: failed\r\n\r\n")


def huge(s):
    w(HEAD, b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n'
      b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    line = base64.b64encode(bytes(range(57))) + b"\r\n"
    many(1300000 * s, lambda i: line)
    w(b"--b--\r\n")


def huge_text(s):
    w(HEAD, b"\r\n")
    many(1300000 * s, lambda i: b"Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirm\r\n")


def huge_delimiters(s):
    w(HEAD, b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n')
    for _ in range(40 * s):
        w(b"--c\r\n" * 500000)


def huge_part_headers(s):
    w(HEAD, b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n')
    for _ in range(40 * s):
        w(b"c:d\r\n" * 500000)


def winmail(s):
    import tnef
    w(HEAD, b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    w(base64.encodebytes(tnef.winmail(files=[("f%d" % i, b"x" * 500, None) for i in range(4000 * s)])))


def winmail_rtf(s):
    import tnef
    packed = tnef.struct.pack("<IIII", 0, 0xffffffff, 0x75465a4c, 0) + b"\xff" + b"\x00\x0f" * 8
    w(HEAD, b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    w(base64.encodebytes(tnef.winmail(rtf=packed[:16] + packed[16:] * (15000 * s))))


def claims(s):
    many(100000 * s, lambda i: b"Authentication-Results: mx; dkim=pass header.d=x%d.example\r\n" % i)
    w(HEAD, b"\r\nx\r\n")


def base64_footers(s):
    w(HEAD, b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n", b"AAAA\r\n\r\n" * (600000 * s))


def cids(s):
    w(HEAD, b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n', b"cid:cid:" * 250000)
    many(9000 * s, lambda i: b"\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <cid:%d>\r\n\r\nx" % i)


def bounces(s):
    w(HEAD.replace(b"a@example.com", b"mailer-daemon@example.com"), b"\r\nHi. This is the\r\n")
    many(150000 * s, lambda i: b"<a@b>: 5.5.5.5.5 550 no\r\n")


def truncated(s):
    w(HEAD, b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/pl')


def empty(s):
    pass


ALL = {n: f for n, f in globals().items()
       if callable(f) and getattr(f, "__code__", None) and f.__code__.co_varnames[:1] == ("s",)}
if len(sys.argv) < 2:
    print("\n".join(ALL))
else:
    ALL[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 1)

# winmail.dat as Outlook makes it (MS-OXTNEF, MS-OXRTFCP): winmail(text=, html=, rtf=, files=[(name, bytes, cid)]).
import re
import struct

PRESET = (b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
          b"SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx")


def attribute(level, number, data):
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xffff)


def padded(data):
    return data + b"\0" * (-len(data) % 4)


def prop(number, value, named=False):
    name = b"" if not named else b"\x05" * 16 + struct.pack("<II", 1, 8) + "Name".encode("utf-16-le")
    if isinstance(value, bool):
        return struct.pack("<HH", 0x0b, number) + name + struct.pack("<HH", value, 0)
    if isinstance(value, int):
        return struct.pack("<HH", 0x03, number) + name + struct.pack("<i", value)
    kind, data = (0x1f, value.encode("utf-16-le") + b"\0\0") if isinstance(value, str) else (0x102, value)
    return struct.pack("<HH", kind, number) + name + struct.pack("<II", 1, len(data)) + padded(data)


def props(*each):
    return struct.pack("<I", len(each)) + b"".join(each)


def compressed(rtf):
    window, out, at = bytearray(PRESET), bytearray(), 0
    while at < len(rtf):
        flags, block = 0, bytearray()
        for bit in range(8):
            if at >= len(rtf):
                break
            for length in range(min(17, len(rtf) - at), 1, -1):
                found = bytes(window).rfind(rtf[at:at + length], max(0, len(window) - 4000))
                if found >= 0:
                    break
            else:
                found, length = -1, 1
            if found >= 0:
                block += struct.pack(">H", found % 4096 << 4 | length - 2)
                flags |= 1 << bit
            else:
                block.append(rtf[at])
            window += rtf[at:at + length]
            at += length
        out += bytes([flags]) + block
    end = len(window) % 4096
    out += b"\x01" + struct.pack(">H", end << 4)
    return struct.pack("<IIII", len(out) + 12, len(rtf), 0x75465a4c, 0) + out


def wrapped(html):
    """HTML in RTF, as Exchange does it: tags in groups, text outside."""
    out = [r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\generator x;}"]
    for piece in re.split("(<[^>]*>|&[a-z]+;)", html):
        if piece[:1] in ("<", "&"):
            out.append(r"{\*\htmltag64 " + piece + r"}\htmlrtf \par\htmlrtf0 ")
        else:
            out.append("".join(c if ord(c) < 128 else "\\u%d?" % (ord(c) if ord(c) < 32768 else ord(c) - 65536)
                               if ord(c) > 255 else "\\'%02x" % ord(c) for c in piece))
    return ("".join(out) + "}").encode("ascii")


def winmail(text=None, html=None, rtf=None, files=(), body=None, codepage=1252):
    out = bytearray(struct.pack("<IH", 0x223e9f78, 1)) + attribute(1, 0x89006, struct.pack("<I", 0x10000))
    out += attribute(1, 0x69007, struct.pack("<II", codepage, 0))
    if body is not None:
        out += attribute(1, 0x2800c, body)
    mail = [prop(0x3fde, codepage), prop(0x8001, 7, named=True), prop(0x8002, "x", named=True)]
    mail += [prop(0x1000, text)] if text is not None else []
    mail += [prop(0x1013, html)] if html is not None else []
    mail += [prop(0x1009, rtf)] if rtf is not None else []
    out += attribute(1, 0x69003, props(*mail))
    for name, data, cid in files:
        out += attribute(2, 0x69002, b"\x01\0" + b"\xff" * 12)
        out += attribute(2, 0x6800f, data) + attribute(2, 0x18010, b"SHORT~1.DAT\0")
        more = [prop(0x3707, name), prop(0x3705, 1)]
        more += [prop(0x3712, cid), prop(0x7ffe, True)] if cid else []
        out += attribute(2, 0x69005, props(*more))
    return bytes(out)

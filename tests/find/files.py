#!/usr/bin/env python3
"""files.py DIR [small]: writes attachments of every kind that is read, each with words of its own, and (unless small) some
that mean harm."""
import struct, sys, zipfile, zlib
from pathlib import Path

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)


def put(name, data):
    (out / name).write_bytes(data)


def pdf(lines, more=b''):
    text = b''.join(b'(' + l.encode('cp1252') + b') Tj T*\n' for l in lines)
    packed = zlib.compress(b'BT /F1 12 Tf 50 780 Td 14 TL\n' + text + b'ET\n' + more)
    objects = [
        b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[3 0 R]/Count 1>>',
        b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
        b'<</Length %d/Filter/FlateDecode>>stream\n' % len(packed) + packed + b'\nendstream',
        b'<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>']
    data, at = b'%PDF-1.4\n', []
    for i, o in enumerate(objects):
        at.append(len(data))
        data += b'%d 0 obj' % (i + 1) + o + b'endobj\n'
    table = b''.join(b'%010d 00000 n \n' % a for a in at)
    return data + b'xref\n0 6\n0000000000 65535 f \n' + table + b'trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n' % len(data)


def archive(name, entries):
    with zipfile.ZipFile(out / name, 'w', zipfile.ZIP_DEFLATED) as z:
        for path, data in entries.items():
            z.writestr(path, data)


def compound(streams):
    """The little file system of old office files: one FAT sector, the directory, streams of at least 4096 bytes."""
    sectors, fat, entries = [], [], []
    for name, data in streams.items():
        data = data.ljust(4096, b'\0')
        data += b'\0' * (-len(data) % 512)
        entries.append((name, len(sectors) + 2, len(data)))
        n = len(data) // 512
        for i in range(n):
            sectors.append(data[i * 512:(i + 1) * 512])
            fat.append(len(sectors) + 2 if i + 1 < n else 0xfffffffe)
    fat = [0xfffffffd, 0xfffffffe] + fat

    def entry(name, kind, child, start, size):
        raw = (name + '\0').encode('utf-16le')
        return (raw.ljust(64, b'\0') + struct.pack('<HBBIII', len(raw), kind, 1, 0xffffffff, 0xffffffff, child) + b'\0' * 36 +
                struct.pack('<III', start, size, 0))
    directory = entry('Root Entry', 5, 1, 0xfffffffe, 0)
    for name, start, size in entries:
        directory += entry(name, 2, 0xffffffff, start, size)
    directory = directory.ljust(512, b'\0')
    head = (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 16 + struct.pack('<HHHHH', 0x3e, 3, 0xfffe, 9, 6) + b'\0' * 6 +
            struct.pack('<IIIIIIIII', 0, 1, 1, 0, 4096, 0xfffffffe, 0, 0xfffffffe, 0) + struct.pack('<I', 0))
    head = head.ljust(512, b'\xff')
    table = b''.join(struct.pack('<I', f) for f in fat).ljust(512, b'\xff')
    return head + table + directory + b''.join(sectors)


def word(text):
    text = text.encode('cp1252') + b'\r'
    head = bytearray(512)
    struct.pack_into('<HHH', head, 0, 0xa5ec, 0xc1, 0)
    struct.pack_into('<II', head, 24, 512, 512 + len(text))
    return compound({'WordDocument': bytes(head) + text})


W = '<?xml version="1.0"?><w:document xmlns:w="x"><w:body>%s</w:body></w:document>'
put('angebot.pdf', pdf(['Angebot f\u00fcr die Pdfwortmaschine', 'Auftrag 771-4455']))
archive('brief.docx', {'word/document.xml': W % (
    '<w:p><w:r><w:t>Die Docx</w:t></w:r><w:r><w:t>wortmaschine &amp; mehr</w:t></w:r></w:p>'
    '<w:p><w:r><w:instrText>HYPERLINK unsichtbarwort</w:instrText><w:t>Gr\u00fc\u00dfe</w:t></w:r></w:p>')})
archive('liste.xlsx', {
    'xl/sharedStrings.xml': '<sst><si><t>Xlsxwortmaschine</t></si><si><t>Menge</t></si></sst>',
    'xl/worksheets/sheet1.xml': '<worksheet><row><c r="A1" t="s"><v>0</v></c><c r="B1"><v>8877665</v></c></row></worksheet>'})
archive('text.odt', {'content.xml': '<o:d xmlns:text="x"><text:p>Odtwort<text:s/>maschine</text:p><text:p>Odtwortmaschine</text:p></o:d>'})
archive('bilder.zip', {'urlaub/zipwortmaschine.jpg': b'x'})
put('notiz.rtf', rb'{\rtf1\ansi{\fonttbl{\f0 Fontwort;}}{\*\generator Unsichtbar;}\f0 Die Rtfwortmaschine f\'fcr M\u252?ller\par Ende}')
put('seite.html', '<html><style>stilwort</style><body><p>Htmlwort<b>maschine</b> gr\u00fcn</p></body></html>'.encode('cp1252'))
put('notiz.txt', 'Txtwortmaschine f\u00fcr M\u00fcller'.encode('cp1252'))
put('windows.csv', '\ufeffCsvwortmaschine;1'.encode('utf-16'))
put('alt.doc', word('Die Docwortmaschine f\u00fcr M\u00fcller'))
put('weiter.eml', 'From: Eva <eva@post.example>\r\nSubject: =?utf-8?q?Emlwortmaschine?=\r\n\r\nInnenwortmaschine\r\n'.encode())
put('nichts.bin', bytes(range(256)) * 20)
put('leer.txt', b'')
put('kaputt.pdf', b'%PDF-1.4\n' + bytes(range(256)) * 40)
put('kaputt.docx', (out / 'brief.docx').read_bytes()[:-30])
put('--help', b'Hilfewortmaschine')
if len(sys.argv) > 2:
    sys.exit()
# What means harm: it costs itself only.
archive('bombe.docx', {'word/document.xml': b'<w:p>' + b'\0' * (250 << 20), 'word/header1.xml': b'<w:p>' + b'a' * (60 << 20)})
put('langsam.pdf', pdf(['Langsam'], b'BT /F1 1 Tf (a) Tj ET ' * 6000000))

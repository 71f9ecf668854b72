#!/usr/bin/env python3
"""canary.py WORD FOLDER...: fail when the word is in a file there, as it is or in any decoded part of a mail."""
import email
import pathlib
import sys

word, folders = sys.argv[1].encode(), sys.argv[2:]
found = []
for folder in folders:
    for path in (p for p in pathlib.Path(folder).rglob("*") if p.is_file()):
        raw = path.read_bytes()
        parts = [raw, raw.replace(b"=\r\n", b"").replace(b"=\n", b"")]
        parts += [p.get_payload(decode=True) or b"" for p in email.message_from_bytes(raw).walk()]
        if any(word in part for part in parts):
            found.append(str(path))
if found:
    print(" ".join(found))
    sys.exit(1)

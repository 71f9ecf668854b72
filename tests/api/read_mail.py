# What an independent reader (Python's email package) finds in a mail of the outbox, as JSON: headers as lists, the parts in
# their order. read_mail.py FILE
import email
import email.policy
import json
import sys


def part(p):
    text = p.get_content_maintype() == "text" and p.get_content_disposition() != "attachment"
    body = p.get_payload(decode=True) or b""
    return {"type": p.get_content_type(), "disposition": p.get_content_disposition(), "name": p.get_filename(), "cid": (p["Content-ID"] or "").strip("<>") or None,
            "size": len(body), "params": dict(p.get_params(failobj=[])[1:]) if not p.is_multipart() else {},
            "text": body.decode("utf-8").replace("\r\n", "\n") if text else None}


raw = open(sys.argv[1], "rb").read()
m = email.message_from_bytes(raw, policy=email.policy.default)
o = {"headers": {}, "shape": [p.get_content_type() for p in m.walk()], "parts": [part(p) for p in m.walk() if not p.is_multipart()],
     "longest": max(len(s) for s in raw.split(b"\r\n")), "ascii": max(raw) < 128, "defects": [str(d) for p in m.walk() for d in p.defects]}
for k, v in m.items():
    o["headers"].setdefault(k.lower(), []).append(str(v))
for k in ("from", "to", "cc", "reply-to"):
    o[k.replace("-", "_")] = [[a.display_name, a.addr_spec] for a in m[k].addresses] if m[k] else []
print(json.dumps(o))

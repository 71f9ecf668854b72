#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider of tokens for tests: oauth.py FOLDER CERT KEY. Over TLS /authorize (sends the browser back with a code)
and /token (codes with PKCE, refresh tokens that are good once, clients of their own); over plain HTTP the introspection
that Dovecot asks. FOLDER/mode says how it behaves, read anew each time: ok, keep (refresh tokens stay good), refuse
(invalid_grant), client (invalid_client), broken (500), garbage, late (a second), short (tokens for 400 s). After as many logins as FOLDER/dies says
all tokens run out; FOLDER/revoke: at the next login (all: at each) all given before are refused. Each request
for a token is a line of FOLDER/asked: grant and outcome. Prints both ports.
"""
import base64
import hashlib
import http.server
import json
import os
import secrets
import ssl
import sys
import threading
import urllib.parse

folder, cert, key = sys.argv[1:4]
codes, refresh, access = {}, set(), set()
lock = threading.Lock()


def mode():
    with open(os.path.join(folder, "mode")) as f:
        return f.read().strip()


def asked(text):
    with open(os.path.join(folder, "asked"), "a") as f:
        f.write(text + "\n")


def challenge(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def revoke():
    path = os.path.join(folder, "revoke")
    if os.path.exists(path):
        access.clear()
        with open(path) as f:
            once = f.read().strip() != "all"
        if once:
            os.unlink(path)


def run_out():
    path = os.path.join(folder, "dies")
    if os.path.exists(path):
        with open(path) as f:
            left = int(f.read()) - 1
        if left > 0:
            with open(path, "w") as f:
                f.write(str(left))
        else:
            os.unlink(path)
            access.clear()


def give(with_refresh):
    token = "at-" + secrets.token_hex(20)
    access.add(token)
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": 400 if mode() == "short" else 3600}
    if with_refresh:
        answer["refresh_token"] = "rt-" + secrets.token_hex(20)
        refresh.add(answer["refresh_token"])
    return 200, answer


def token(q):
    grant, how = q.get("grant_type"), mode()
    if q.get("client_id") != "shop" or q.get("client_secret") not in ("klient-geheim", None):
        return 401, {"error": "invalid_client"}
    if how == "broken":
        return 500, {"error": "server_error"}
    if how == "client":
        return 401, {"error": "invalid_client", "error_description": "the secret has expired"}
    if how == "refuse":
        return 400, {"error": "invalid_grant", "error_description": "consent withdrawn"}
    if how == "late":
        threading.Event().wait(1)
    if grant == "client_credentials":
        return give(False) if q.get("client_secret") else (401, {"error": "invalid_client"})
    if grant == "authorization_code":
        bound = codes.pop(q.get("code"), None)
        if bound is None or challenge(q.get("code_verifier", "")) != bound[0] or q.get("redirect_uri") != bound[1]:
            return 400, {"error": "invalid_grant", "error_description": "no such code"}
        return give(True)
    if q.get("refresh_token") not in refresh:
        return 400, {"error": "invalid_grant", "error_description": "spent before"}
    if how == "keep":
        return give(False)
    refresh.discard(q["refresh_token"])
    return give(True)


class Provider(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def read(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        return {k: v[0] for k, v in urllib.parse.parse_qs(body).items()}

    def do_GET(self):
        q = {k: v[0] for k, v in urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).items()}
        if q.get("code_challenge_method") != "S256" or q.get("client_id") != "shop":
            return self.answer(400, {})
        code = "code-" + secrets.token_hex(20)
        codes[code] = (q["code_challenge"], q["redirect_uri"])
        back = urllib.parse.urlencode({"code": code, "state": q["state"]})
        self.answer(302, b"", Location=q["redirect_uri"] + "?" + back)

    def do_POST(self):
        q = self.read()
        if self.path == "/introspect":
            with lock:
                revoke()
                known = q.get("token") in access
                run_out()
            return self.answer(200, {"active": known, "email": "eva@docket.test"} if known else {"active": False})
        with lock:
            status, body = token(q)
        asked("%s %s" % (q.get("grant_type"), body.get("error", "given")))
        if mode() == "garbage":
            return self.answer(200, b"<html>hello</html>")
        self.answer(status, body)

    def log_message(self, *_):
        pass


def serve(tls):
    s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        s.socket = context.wrap_socket(s.socket, server_side=True)
    threading.Thread(target=s.serve_forever, daemon=True).start()
    return s.server_port


print(serve(True), serve(False), flush=True)
threading.Event().wait()

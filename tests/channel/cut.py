#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad line in front of a mail server: cut.py SERVER_PORT FILE. Prints its port. Each connection is cut
after as many bytes from the server as FILE says then.
"""
import pathlib
import selectors
import socket
import sys
import threading


def carry(client, bytes_left):
    server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    ends = {client: server, server: client}
    with selectors.DefaultSelector() as both:
        for end in ends:
            both.register(end, selectors.EVENT_READ)
        while bytes_left > 0:
            for key, _ in both.select():
                try:
                    got = key.fileobj.recv(512)
                    if key.fileobj is server:
                        got = got[:bytes_left]
                        bytes_left -= len(got)
                    ends[key.fileobj].sendall(got)
                except OSError:
                    got = b""
                if not got:
                    bytes_left = 0
    client.close()
    server.close()


listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
while True:
    connection, _ = listening.accept()
    limit = int(pathlib.Path(sys.argv[2]).read_text())
    threading.Thread(target=carry, args=(connection, limit), daemon=True).start()

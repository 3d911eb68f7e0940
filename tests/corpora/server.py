#!/usr/bin/python3
"""A small HTTP server on loopback whose faults are in the first part of the path.

    server.py FOLDER LOG

Prints its port. /MODE/FILE serves FOLDER/FILE, MODE being
    range   honours Range
    whole   does not
    cut     honours Range, and drops the connection after 100,000 bytes of each answer
    dead    drops the connection before the first byte of each answer
    shifted answers a Range with bytes from elsewhere
    stuck   sends 100,000 bytes and then nothing more
    page    gives a page of HTML with status 200, whatever is asked for
    moved   redirects to range
Every request is a line of LOG: MODE FILE RANGE.
"""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

FOLDER, LOG = Path(sys.argv[1]), Path(sys.argv[2])
PIECE = 100_000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        mode, name = unquote(self.path).lstrip("/").split("/", 1)
        asked = self.headers.get("Range")
        with LOG.open("a", encoding="utf-8") as log:
            log.write(f"{mode} {name} {asked or '-'}\n")
        file = FOLDER / name
        if mode == "page":
            return self.answer(200, b"<html>It works!</html>")
        if mode == "moved":
            self.send_response(302)
            self.send_header("Location", self.path.replace("/moved/", "/range/", 1))
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if not file.is_file():
            return self.answer(404, b"no such file")
        data, begin = file.read_bytes(), 0
        if asked and mode != "whole":
            begin = int(asked.removeprefix("bytes=").split("-")[0])
            if begin >= len(data):
                return self.answer(416, b"")
        size = len(data)
        body = data[begin:] if mode != "shifted" else data[: size - begin]
        self.answer(206 if begin else 200, body, mode, f"bytes {begin}-{size - 1}/{size}")

    def answer(self, status, body, mode="range", content_range=None):
        if mode == "dead":
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 206:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        if mode in ("cut", "stuck"):
            self.wfile.write(body[:PIECE])
            self.wfile.flush()
            if mode == "stuck" and len(body) > PIECE:
                time.sleep(600)
            self.close_connection = True
            self.connection.close()
        else:
            self.wfile.write(body)

    def log_message(self, *_):
        pass

    protocol_version = "HTTP/1.1"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):  # the client has gone away
        pass


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()

#!/usr/bin/env python3
"""A stand-in for a broker's HTTP port: serves the files of a folder.

usage: http_server.py FOLDER PORT
FOLDER/metrics is answered at /metrics, FOLDER/readyz at /readyz, and so on; a file FOLDER/NAME.status
holds another status than 200. A file that is not there is a 404.
"""

import http.server
import os
import sys

FOLDER, PORT = sys.argv[1], int(sys.argv[2])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(FOLDER, os.path.basename(self.path.split("?")[0]))
        status, body = 404, b"404 page not found\n"
        if os.path.isfile(path):
            with open(path, "rb") as file:
                status, body = 200, file.read()
        if os.path.isfile(path + ".status"):
            with open(path + ".status", encoding="ascii") as file:
                status = int(file.read())
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()

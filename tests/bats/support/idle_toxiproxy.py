#!/usr/bin/env python3
"""A stand-in for Toxiproxy's HTTP API that takes every fault and does nothing with it.

usage: idle_toxiproxy.py PORT [NAME=LISTEN...] [refuse=STATUS]
Its proxies are where their names say, without anything in between. With refuse=STATUS it answers every
change with that status.
"""

import http.server
import json
import sys

PORT = int(sys.argv[1])
ARGUMENTS = dict(argument.split("=") for argument in sys.argv[2:])
REFUSAL = int(ARGUMENTS.pop("refuse", "0"))
PROXIES = {
    name: {"name": name, "listen": listen, "upstream": listen, "enabled": True, "toxics": []}
    for name, listen in ARGUMENTS.items()
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200, PROXIES)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if REFUSAL:
            return self.answer(REFUSAL, {"error": "read only", "status": REFUSAL})
        proxy = PROXIES[self.path.split("/")[2]]
        if self.path.endswith("/toxics"):
            proxy["toxics"].append(body)
        else:
            proxy.update(body)
        return self.answer(200, body)

    def do_DELETE(self):
        _, _, proxy, _, name = self.path.split("/")
        toxics = PROXIES[proxy]["toxics"]
        toxics[:] = [toxic for toxic in toxics if toxic["name"] != name]
        self.answer(204, None)

    def answer(self, status, content):
        self.send_response(status)
        self.end_headers()
        if content is not None:
            self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()

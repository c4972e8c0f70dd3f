"""A way to the API server on which each POST whose path ends with WORD comes late: it is passed on SECONDS after it was
sent, whether or not its sender still waits. Listens on loopback without TLS.
Arguments: KUBECONFIG (as JSON, with its certificates in it), the file its own kubeconfig goes to, the file that it says
of each late request in, WORD, SECONDS"""
import base64
import copy
import http.client
import http.server
import json
import ssl
import sys
import tempfile
import time
import urllib.parse

config_file, own_file, log, word, seconds = sys.argv[1:]
with open(config_file) as file:
    config = json.load(file)
cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
server = urllib.parse.urlsplit(cluster["server"])
context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
with tempfile.NamedTemporaryFile() as pair:
    for part in ("client-certificate-data", "client-key-data"):
        pair.write(base64.b64decode(user[part]))
    pair.flush()
    context.load_cert_chain(pair.name)


class Way(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.command == "POST" and urllib.parse.urlsplit(self.path).path.endswith(word):
            with open(log, "a") as lines:
                print(self.command, self.path, file=lines)
            time.sleep(float(seconds))
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in ("host", "connection", "upgrade", "http2-settings", "transfer-encoding")}
        there = http.client.HTTPSConnection(server.hostname, server.port, context=context)
        there.request(self.command, self.path, body, headers)
        answer = there.getresponse()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        # Each answer on a connection of its own, which ends with it: so a watch needs no chunks.
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while data := answer.read1(65536):
                self.wfile.write(data)
        except OSError:
            pass  # its sender waits no longer
        there.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def log_message(self, *_):
        pass


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Way)
listener.daemon_threads = True
own = copy.deepcopy(config)
own["clusters"][0]["cluster"] = {"server": f"http://127.0.0.1:{listener.server_port}"}
own["users"][0]["user"] = {}
with open(own_file, "w") as file:
    json.dump(own, file)
listener.serve_forever()

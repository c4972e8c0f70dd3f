"""Answers in a database's place, on a port of its own at ADDRESS: with CERTIFICATE and KEY as a proxy that ends TLS,
without them as a web server. Arguments: ADDRESS, the file its port goes to, [CERTIFICATE, KEY]"""
import socket
import ssl
import sys
import threading


def answer(client):
    try:
        with client:
            client.recv(8, socket.MSG_WAITALL)  # the SSLRequest
            if context is None:
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            client.sendall(b"S")
            with context.wrap_socket(client, server_side=True) as inside:
                inside.recv(65536)
    except OSError:
        pass  # the client has seen enough


address, port_file, *pair = sys.argv[1:]
context = None
if pair:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
listener = socket.create_server((address, 0))
with open(port_file, "w") as file:
    print(listener.getsockname()[1], file=file)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

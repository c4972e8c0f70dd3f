"""An HTTP proxy that knows CONNECT alone. Arguments: the file its port goes to, the file it logs each request to."""
import socket
import sys
import threading


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        sink.close()


def serve(client, log):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(4096)
        if not data:
            return
        head += data
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    with open(log, "a") as lines:
        print(method, target, file=lines)
    if method != "CONNECT":
        client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
        client.close()
        return
    host, port = target.rsplit(":", 1)
    server = socket.create_connection((host, int(port)))
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)


listener = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[1], "w") as file:
    print(listener.getsockname()[1], file=file)
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection, sys.argv[2]), daemon=True).start()

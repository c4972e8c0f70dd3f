"""A tunnel to HOST:PORT from a port of 127.0.0.1 and 127.0.0.2. Arguments: HOST, PORT, the file its own port goes to,
the file that the beginning of each connection goes to: a server name stands there in plain text."""
import socket
import sys
import threading


def pump(source, sink, log=None):
    try:
        while data := source.recv(65536):
            if log:
                with open(log, "ab") as file:
                    file.write(data)
                log = None
            sink.sendall(data)
    except OSError:
        pass
    finally:
        sink.close()


def serve(listener):
    while True:
        client, _ = listener.accept()
        server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
        threading.Thread(target=pump, args=(client, server, sys.argv[4]), daemon=True).start()
        threading.Thread(target=pump, args=(server, client), daemon=True).start()


first = socket.create_server(("127.0.0.1", 0))
port = first.getsockname()[1]
second = socket.create_server(("127.0.0.2", port))
with open(sys.argv[3], "w") as file:
    print(port, file=file)
threading.Thread(target=serve, args=(first,), daemon=True).start()
serve(second)

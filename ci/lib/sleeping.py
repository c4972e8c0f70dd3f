"""A way to HOST:PORT from a port of its own on 127.0.0.1, where a server sleeps until somebody connects, as some providers
have it: before each connection WAKE... is run. Arguments: HOST, PORT, the file its own port goes to, WAKE..."""
import socket
import subprocess
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


host, port, port_file, *wake = sys.argv[1:]
listener = socket.create_server(("127.0.0.1", 0))
with open(port_file, "w") as file:
    print(listener.getsockname()[1], file=file)
while True:
    client, _ = listener.accept()
    subprocess.run(wake, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    server = socket.create_connection((host, int(port)))
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    threading.Thread(target=pump, args=(server, client), daemon=True).start()

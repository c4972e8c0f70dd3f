"""A tunnel to HOST:PORT from a port of its own, the same one at each ADDRESS. Arguments: HOST, PORT, the file its own
port goes to, the file that the beginning of each connection goes to (a server name stands there in plain text),
ADDRESS..."""
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
        server = socket.create_connection((host, int(port)))
        threading.Thread(target=pump, args=(client, server, log_file), daemon=True).start()
        threading.Thread(target=pump, args=(server, client), daemon=True).start()


host, port, port_file, log_file, *addresses = sys.argv[1:]
listeners = [socket.create_server((addresses[0], 0))]
own_port = listeners[0].getsockname()[1]
listeners += [socket.create_server((address, own_port)) for address in addresses[1:]]
with open(port_file, "w") as file:
    print(own_port, file=file)
threads = [threading.Thread(target=serve, args=(listener,), daemon=True) for listener in listeners]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

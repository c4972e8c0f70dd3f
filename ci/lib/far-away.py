"""Makes addresses reachable in another network namespace, with a round trip added; kernels without netem can do it, too.

Arguments: a process in that namespace, the milliseconds of the round trip, ADDRESS:PORT[=TARGET:PORT]... The addresses are
the namespace's own (on its loopback link); connections go on from here, to the same address or to the target. Says "ready"
when all are open.
"""
import ctypes
import os
import queue
import socket
import sys
import threading
import time

CLONE_NEWNET = 0x40000000


def enter(namespace):
    if ctypes.CDLL(None, use_errno=True).setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def pump(source, sink, delay, before):
    """Each piece arrives that much later; the first one after the handshake, which costs a round trip as well."""
    pieces = queue.Queue()

    def read():
        first = before
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            pieces.put((time.monotonic() + delay + first, data))
            first = 0
            if not data:
                return

    threading.Thread(target=read, daemon=True).start()
    while True:
        due, data = pieces.get()
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)
        except OSError:
            return


def serve(listener, target, round_trip):
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(target)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for arguments in ((client, server, round_trip / 2, round_trip), (server, client, round_trip / 2, 0)):
            threading.Thread(target=pump, args=arguments, daemon=True).start()


process, millis, *addresses = sys.argv[1:]
here = os.open("/proc/self/ns/net", os.O_RDONLY)
enter(os.open(f"/proc/{process}/ns/net", os.O_RDONLY))


def parsed(address):
    host, port = address.rsplit(":", 1)
    return host, int(port)


pairs = [address.partition("=") for address in addresses]
targets = [parsed(target or own) for own, _, target in pairs]
listeners = [socket.create_server(parsed(own), backlog=100) for own, _, _ in pairs]
enter(here)
threads = [
    threading.Thread(target=serve, args=(listener, target, int(millis) / 1000), daemon=True)
    for listener, target in zip(listeners, targets)
]
for thread in threads:
    thread.start()
print("ready", flush=True)
for thread in threads:
    thread.join()

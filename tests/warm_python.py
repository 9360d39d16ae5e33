"""A Python that starts at once: it has already imported what takes seconds.

    python warm_python.py serve ADDRESS      imports it, and waits at a socket
    python warm_python.py ADDRESS ARGUMENTS  is `python ARGUMENTS`, but a fork of it

A call hands over its arguments, folder, environment and standard streams, and ends as
the fork ends. It was forked while there was one thread, and before any backend was
used; nothing of this project is imported in it. Of the variables that Python and its
packages read as they start it sees only PYTHONPATH. Where imports start threads, it
ends at once, since a process of several threads must not fork.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import types

SLOW = ("keras", "sklearn.compose", "sklearn.ensemble", "sklearn.linear_model")
SLOW += ("pandas", "pydantic", "pyarrow.parquet", "scipy.stats", "typer")
MOST_BYTES = 1 << 20
NUM_STREAMS = 3


def serve(address: str) -> None:
    """Import what is slow, then fork for every call until standard input ends.

    Only forks return.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests decide when it ends
    errors = os.dup(2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # native code says what it misses
    for name in SLOW:
        importlib.import_module(name)
    os.dup2(errors, 2)
    if len(os.listdir("/proc/self/task")) > 1:
        sys.exit()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server.bind(address)
    server.listen()
    gc.freeze()
    while server in select.select([server, sys.stdin], [], [])[0]:
        connection, _ = server.accept()
        if os.fork() == 0:
            server.close()
            answer(connection)
            return
        connection.close()
        with contextlib.suppress(ChildProcessError):
            while any(os.waitpid(-1, os.WNOHANG)):
                pass
    os._exit(0)


def answer(connection: socket.socket) -> None:
    """Run what is asked in a fork, and say how it ended. Only the fork returns.

    The fork gets the signals that the caller passes on, and does not outlive it.
    """
    message, streams, _, _ = socket.recv_fds(connection, MOST_BYTES, NUM_STREAMS)
    child = os.fork()
    if child:
        for stream in streams:
            os.close(stream)
        ended = os.pidfd_open(child)
        while ended not in select.select([connection, ended], [], [])[0]:
            passed_on = connection.recv(MOST_BYTES)
            os.kill(child, int(passed_on or signal.SIGKILL))
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(BrokenPipeError):  # the caller was killed
            connection.send(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    connection.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run(**json.loads(message))


def run(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """Do what `python ARGUMENTS` does in a folder and an environment."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    what, *rest = arguments
    first = os.path.dirname(os.path.abspath(what))
    if what in ("-c", "-m"):
        first, what, rest = folder, rest[0], rest[1:]
    more = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:1] = [first, *more]
    sys.argv = [what, *rest]
    if arguments[0] == "-c":
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(what, "<string>", "exec"), vars(main))  # noqa: S102
    elif arguments[0] == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(what, run_name="__main__")


def call(address: str, arguments: list[str]) -> None:
    """Have arguments run, and end as that ended."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.connect(address)
    asked = {
        "arguments": arguments,
        "folder": os.getcwd(),
        "environment": dict(os.environ),
    }
    socket.send_fds(connection, [json.dumps(asked).encode()], range(NUM_STREAMS))
    signal.signal(signal.SIGINT, lambda number, _: connection.send(b"%d" % number))
    code = int(connection.recv(MOST_BYTES))
    if code < 0:
        os.kill(os.getpid(), signal.Signals(-code))
    sys.exit(code)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        call(sys.argv[1], sys.argv[2:])

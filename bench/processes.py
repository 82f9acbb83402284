"""A server's processes: started, watched and ended as one, and what else the machine was doing."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

#: Processor cores of this machine that a process may use.
CORES = len(os.sched_getaffinity(0))


#: Cores that others may keep busy while a measurement is made, where waiting can help it.
QUIET = 0.35


class BenchError(Exception):
    """A measurement cannot be made; the text says what to do."""


@dataclass(frozen=True)
class Memory:
    """Memory of all processes together, in bytes: shared pages counted once, and per process."""

    proportional: int
    resident: int


class Tree:
    """A started program with all the processes that it starts. Ends them when it is left."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        self._log = log
        self.began = time.perf_counter()
        with log.open("w") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Tree:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the program and all that it has started."""
        for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 15)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                break

    def output(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def check(self) -> None:
        """Raises BenchError when it has ended."""
        if self._process.poll() is not None:
            end = self.output()[-2000:]
            raise BenchError(f"A server ended by itself ({self._process.returncode}):\n{end}")

    def processor_seconds(self) -> float:
        """Processor time of all its processes so far, those that have ended included."""
        return sum(
            used.user + used.system + used.children_user + used.children_system
            for used in (one.cpu_times() for one in self._all())
        )

    def memory(self) -> Memory:
        """What all its processes hold now."""
        held = [one.memory_full_info() for one in self._all()]
        return Memory(sum(one.pss for one in held), sum(one.rss for one in held))

    def pids(self) -> list[int]:
        """The ids of all its processes."""
        return [one.pid for one in self._all()]

    def _all(self) -> list[psutil.Process]:
        try:
            first = psutil.Process(self._process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            self.check()
            raise


class Machine:
    """What the whole machine does between two moments."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._busy = self._busy_seconds()

    @staticmethod
    def _busy_seconds() -> float:
        times = psutil.cpu_times()
        return float(sum(times[:-1]) - times.idle - times.iowait - getattr(times, "guest", 0.0))

    def others(self, ours: float) -> float:
        """Cores that others kept busy since, `ours` being the processor seconds of our own."""
        wall = time.perf_counter() - self._began
        return max(0.0, (self._busy_seconds() - self._busy - ours) / wall)


def wait_for_quiet(patience: float) -> None:
    """Wait until others keep less than a third of a core busy, at most `patience` seconds."""
    end = time.perf_counter() + patience
    while time.perf_counter() < end:
        machine = Machine()
        time.sleep(0.4)
        if machine.others(0.0) < QUIET:
            return


@dataclass(frozen=True)
class Spent:
    """What a program cost: seconds, processor seconds, and most memory (bytes) of one process."""

    seconds: float
    processor_seconds: float
    memory: int


def run_timed(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
) -> Spent:
    """Run a program to its end. Raises BenchError when it fails."""
    began = time.perf_counter()
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise BenchError(f"{command[0]} failed ({process.returncode}), see {log}:\n{end}")
    seconds = time.perf_counter() - began
    return Spent(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def load_average() -> float:
    """Processes that were ready to run, over the last minute."""
    return round(os.getloadavg()[0], 2)


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port

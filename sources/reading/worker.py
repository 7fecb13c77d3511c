"""The process in which files are parsed: bounded in memory, time and files, kept for the next file.

Requests and answers are lines of JSON on stdin and stdout; rows go through an Arrow file in the request's folder.
It is started with its limits and the number of the process that owns it, and ends with that process.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import resource
import sys
import traceback
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from sources.contract import Contract
from sources.mortal import die_with_parent
from sources.reading.limits import Limits
from sources.reading.model import Reading
from sources.reading.named import Named, NoSuchRow
from sources.reading.read import read_here
from sources.reading.wire import packed, write_table


def bound(limits: Limits) -> None:
    """Set the limits that hold for the whole life of this process."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.written_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _bound_processor(seconds: int) -> None:
    """A fresh allowance of processor time for one request."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def end_with(owner: int) -> None:
    """Die when the owner does, also in the middle of a file; where the system cannot, at the end of stdin."""
    if sys.platform == "linux":
        die_with_parent()
        if os.getppid() != owner:
            raise SystemExit(0)


@lru_cache(64)
def _contract(written: str) -> Contract:
    # written by the owner of this process, never by a file
    contract: Contract = pickle.loads(base64.b64decode(written))
    return contract


def answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """The answer to one request: a `reading`, `no_such_row`, or the `error` that is our own fault."""
    without = [Named(*parts) for parts in request["without"]]
    contract, target = _contract(request["contract"]), Path(request["target"])
    try:
        reading = read_here(Path(request["path"]), contract, request["name"], without)
        return _said(reading, target, limits)
    except NoSuchRow as error:
        return {"no_such_row": str(error)}
    except MemoryError:
        return {"refused": "memory"}
    except Exception:
        return {"error": traceback.format_exc()}


def _said(reading: Reading, target: Path, limits: Limits) -> dict[str, Any]:
    if reading.table is not None:
        try:
            write_table(reading.table, target)
        except OSError:
            return {"refused": "rows"}
    facts = packed(reading)
    return {"reading": facts, "has_rows": reading.table is not None}


def serve(requests: IO[str], answers: IO[bytes], limits: Limits) -> None:
    """Answer until the requests end, or memory ran out: what is left then is no good for the next file."""
    for line in requests:
        _bound_processor(limits.cpu_seconds)
        found = answer(json.loads(line), limits)
        said = json.dumps(found).encode()
        if len(said) >= limits.answer_bytes:
            said = json.dumps({"refused": "answer"}).encode()
        answers.write(said + b"\n")
        answers.flush()
        if found.get("refused") == "memory":
            return


def main(owner: str, written: str) -> None:
    limits = Limits(**json.loads(written))
    end_with(int(owner))
    bound(limits)
    with os.fdopen(os.dup(1), "wb") as answers:
        # whatever a library prints must not pass for an answer
        os.dup2(2, 1)
        serve(sys.stdin, answers, limits)


if __name__ == "__main__":
    main(*sys.argv[1:])

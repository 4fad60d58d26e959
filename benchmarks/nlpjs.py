"""nlp.js, a helpdesk library of the Node world, as a child process that speaks JSON lines."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers import Labelled

VERSION = "4.27.0"
#: Git ignores it, `make clean` removes it.
CACHE = Path(__file__).parent.parent / "build" / "benchmarks"
_SCRIPT = Path(__file__).with_name("nlpjs.js")
_INSTALL_SECONDS = 300


class Unavailable(Exception):
    """A peer cannot be measured here; the message says why in one line."""


class NlpJs:
    """node-nlp with its Indonesian stemmer; `ms` is the time its last answer took inside Node."""

    name = f"nlp.js {VERSION}"

    def __init__(self) -> None:
        """Raises Unavailable without node, or where node-nlp cannot be installed."""
        self.ms = 0.0
        modules = _installed()
        self._process = subprocess.Popen(
            ["node", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"NODE_PATH": str(modules), "PATH": str(Path(shutil.which("node") or "node").parent)},
            text=True,
            encoding="utf-8",
        )

    def learn(self, samples: Sequence[Labelled]) -> None:
        self._say({"learn": list(samples)})

    def rank(self, text: str) -> list[str]:
        return list(map(str, self._say({"ask": text})["topics"]))

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _say(self, request: dict[str, object]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise Unavailable("nlp.js left out: its process ended")
        answer: dict[str, Any] = json.loads(line)
        self.ms = float(answer["ms"])
        return answer


def _installed() -> Path:
    """The folder of Node modules with node-nlp in it, installed on first use."""
    modules = CACHE / "node_modules"
    if shutil.which("node") is None:
        raise Unavailable("nlp.js left out: node is not installed")
    if not (modules / "node-nlp" / "package.json").exists():
        if shutil.which("npm") is None:
            raise Unavailable("nlp.js left out: npm is not installed")
        CACHE.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(CACHE), "--no-audit", "--no-fund", f"node-nlp@{VERSION}"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_INSTALL_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(
                f"nlp.js left out: npm install node-nlp@{VERSION} failed ({type(error).__name__})"
            ) from None
    return modules

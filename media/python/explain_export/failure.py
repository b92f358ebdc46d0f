"""Ways in which an export ends without a file. The words for people are made by whoever started the script."""

import os
import re
import sys
import traceback


class Failure(Exception):
    """kind: which way; details: plain data that its message names."""

    def __init__(self, kind, **details):
        super().__init__(kind)
        self.kind = kind
        self.details = details

    def data(self):
        return {"kind": self.kind, **{key: value for key, value in self.details.items() if value is not None}}


def failure_of(kind, error, folder, **details):
    """A failure with the reason that an exception gives, and the line of the person's own code that it came from."""
    file, line, text = place_of(error, folder)
    return Failure(kind, reason=reason_of(error), type=type(root_of(error)).__name__, file=file, line=line, text=text, **details)


def root_of(error):
    while error.__cause__ is not None:
        error = error.__cause__
    return error


NOISE = re.compile(
    r"^(For more (information|debugging)|For extended logs|For C\+\+|If you suspect|The error above occurred|User Stack|Caused by: \(_|consider using data-dependent"
    r"|from user code:|Set TORCH|You can suppress|Potential framework code culprit|This error most likely|Developer debug context|\s*File \"|For more details about|$)"
)


def reason_of(error):
    """What an exception says, without its advice for debugging: at most six lines."""
    root = root_of(error)
    message = re.sub(r"\x1b\[[0-9;]*m", "", str(root)).strip()
    if isinstance(root, KeyError):
        message = "no key " + message
    lines = []
    for line in message.split("\n"):
        if lines and NOISE.match(line.strip()):
            break
        lines.append(line.rstrip())
        if len(lines) == 6:
            break
    return "\n".join(lines)[:1500] or type(root).__name__


def place_of(error, folder):
    """File, line and text of the innermost frame that is neither Python's nor a package's; of the chain of causes the first one has it."""
    chain = [error]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    for one in reversed(chain):
        frames = [frame for frame in traceback.extract_tb(one.__traceback__) if is_own(frame.filename)]
        if frames:
            return frames[-1].filename, frames[-1].lineno, (frames[-1].line or "").strip()
        if isinstance(one, SyntaxError) and one.filename and is_own(one.filename):
            return one.filename, one.lineno, (one.text or "").strip()
        quoted = [(f, int(n), t) for f, n, t in re.findall(r'File "([^"]+)", line (\d+), in [^\n]*\n\s*([^\n]*)', str(one)) if is_own(f)]
        if quoted:
            file, line, text = quoted[-1]
            return file, line, text.strip()
    return None, None, None


def is_own(filename):
    if filename.startswith("<") or not os.path.isabs(filename):
        return False
    own = os.path.dirname(os.path.abspath(__file__))
    started = os.path.dirname(own)
    foreign = [os.path.realpath(p) for p in (sys.base_prefix, sys.prefix, sys.exec_prefix)]
    path = os.path.realpath(filename)
    if path.startswith(os.path.realpath(started) + os.sep):
        return False
    if "site-packages" in path.split(os.sep) or "dist-packages" in path.split(os.sep):
        return False
    library = os.path.realpath(os.path.dirname(os.__file__))
    return not path.startswith(library + os.sep) and not any(
        path.startswith(os.path.join(f, "lib") + os.sep) or path.startswith(os.path.join(f, "Lib") + os.sep) for f in foreign
    )

"""What the driver says to the program that started it."""

import json


def say(kind, **content):
    print("explain-prediction " + json.dumps({"kind": kind, **content}), flush=True)


class Refused(Exception):
    """Something that the person who asked can change: a code, what was found, what to do."""

    def __init__(self, code, message, hint=None):
        super().__init__(message)
        self.code, self.hint = code, hint

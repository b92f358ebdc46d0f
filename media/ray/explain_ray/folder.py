"""The job's folder, which Ray unpacks on every node."""

import os

_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def in_folder(name):
    return os.path.join(_FOLDER, name)

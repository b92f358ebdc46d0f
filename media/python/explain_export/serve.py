"""From a request to its answer."""

import sys
import traceback

from . import describe, lightgbm_models, packages, sklearn_models, torch_models
from .failure import Failure, failure_of

EXPORTERS = {
    "python": torch_models.export_python,
    "pt": torch_models.export_pickle,
    "pt2": torch_models.export_program,
    "sklearn": sklearn_models.export,
    "lightgbm": lightgbm_models.export,
}


def serve(channel):
    try:
        request = channel.receive()
        answer = run(request, channel)
        channel.send({"answer": answer})
        return 0
    except Failure as failure:
        cause = failure.__cause__
        if cause is not None:
            traceback.print_exception(type(cause), cause, cause.__traceback__, file=sys.stderr)
        channel.send({"error": failure.data()})
    except EOFError:
        pass
    except BaseException as error:  # pylint: disable=broad-except
        traceback.print_exc()
        if isinstance(error, KeyboardInterrupt):
            return 130
        channel.send({"error": failure_of("unexpected", error, None).data()})
    return 1


def run(request, channel):
    if request["do"] == "describe":
        # Reads the file as text: nothing of it is run.
        found = describe.describe(request["file"], request.get("roots", [])) if request["kind"] == "python" else {"files": [request["file"]]}
        return {"python": packages.python(), "packages": packages.versions(request["kind"]), **found}
    return {"packages": packages.versions(request["kind"]), **EXPORTERS[request["kind"]](request, channel)}

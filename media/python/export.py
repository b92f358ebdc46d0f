"""Makes an ONNX file of a PyTorch, scikit-learn or LightGBM model. Started by Explain Prediction, which speaks with it in lines of JSON on stdin and stdout.

The first line on stdin is the request. What follows on stdout are questions (answered by a line on stdin) and, last, the answer. Whatever the model's own code
prints goes to stderr.
"""

import os
import sys


def main():
    if sys.version_info < (3, 8):
        sys.stdout.write('{"error": {"kind": "pythonTooOld", "version": "%d.%d"}}\n' % sys.version_info[:2])
        return 1
    from explain_export.channel import Channel

    channel = Channel()
    # The model's own modules come first, not the folder of this script.
    sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
    from explain_export.serve import serve

    return serve(channel)


if __name__ == "__main__":
    sys.exit(main())

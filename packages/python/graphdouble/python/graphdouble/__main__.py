"""`python -m graphdouble` is the binary."""

import os
import sys

from .binary import find_binary
from .errors import NotStarted

if __name__ == "__main__":
    try:
        binary = find_binary()
    except NotStarted as error:
        sys.exit(str(error))
    os.execv(binary, [binary, *sys.argv[1:]])

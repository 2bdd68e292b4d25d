"""No process outlives the one that started it, whatever kills that one."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def tied_to(parent: int, how: signal.Signals) -> Callable[[], None]:
    """A function for the child, between fork and exec: the kernel will send it `how` when `parent` dies.

    Elsewhere than on Linux there is no such thing, and the function does nothing.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

    def tie() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, how.value)
            if os.getppid() != parent:  # it died before the call
                os._exit(1)

    return tie

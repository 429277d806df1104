"""Readers for tests of the warm reader, in a module that a new process loads quickly."""

from __future__ import annotations

import os
import time
from typing import Any

from comity.errors import OtherLanguage
from comity.model import Document


class Slow:
    """A factory of readers: one text is refused, one takes for ever, one ends the process."""

    def __call__(self) -> Any:
        def read(document: Document) -> Document:
            if document.text == "foreign":
                raise OtherLanguage("not English", about="x", fix="translate it")
            if document.text == "slow":
                time.sleep(60)
            if document.text == "dead":
                os._exit(3)
            return document

        return read

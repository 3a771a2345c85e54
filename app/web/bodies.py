"""How large what is sent to us may be, in bytes; more is answered 413 before anything reads it."""

from typing import Final

from app.cases.uploads import LARGEST

# A form or a document of text: the longest has a thousand lines of a calculation in it.
TEXT: Final = 2_000_000
EVIDENCE: Final = LARGEST + 1_000_000
EXTRACTS: Final = 512_000_000

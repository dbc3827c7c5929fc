"""reftel: raw diplomatic cables in; typed records, clean paragraphs and every name tagged out.

>>> import reftel
>>> cable = reftel.parse("REF: 08 BAGHDAD 91", mrn="09BAGHDAD197")
>>> cable.references[0].mrn
'08BAGHDAD91'
"""

from reftel.archive import Archive, Clearance, open_archive
from reftel.errors import InputError, ModelError, ReftelError, UsageError
from reftel.model import Cable, RawCable
from reftel.parse import parse
from reftel.pipeline import annotate
from reftel.read import read
from reftel.tag import Tagger, load_tagger

__all__ = [
    "Archive",
    "Cable",
    "Clearance",
    "InputError",
    "ModelError",
    "RawCable",
    "ReftelError",
    "Tagger",
    "UsageError",
    "annotate",
    "load_tagger",
    "open_archive",
    "parse",
    "read",
]
__version__ = "0.1.0"

"""pipeline: the order of the stages, and the only room that knows it.

`stages.py` is the path of one cable; `each.py` takes it for cables that are written out one by one, `build.py` for an
archive.
"""

from reftel.pipeline.build import STAGES, Built, Plan, Progress, Stage, build
from reftel.pipeline.each import Job, Outcome, run
from reftel.pipeline.stages import annotate
from reftel.write import EXTENSIONS

__all__ = ["EXTENSIONS", "STAGES", "Built", "Job", "Outcome", "Plan", "Progress", "Stage", "annotate", "build", "run"]

"""The JSON Schema of each key of a claim."""

from __future__ import annotations

from mnist_sweeps.config.claim_spec import BETWEEN, CONFUSION, FIXED, METRICS, RECALL, WEIGHTS
from mnist_sweeps.config.history_metric import HISTORY_METRIC
from mnist_sweeps.planning.schema_parts import BOOLEAN, NAME, NUMBER, TEXT, Schema, words

PATTERNS = "|".join(kind.pattern for kind in (WEIGHTS, RECALL, CONFUSION, HISTORY_METRIC))
CLAIM: dict[str, Schema] = {
    "says": {"type": "string", "minLength": 1},
    "row": NAME,
    "is": words([*BETWEEN, *FIXED]),
    "metric": {"anyOf": [words(METRICS), {"type": "string", "pattern": f"^({PATTERNS})$"}]},
    "against": NAME,
    "value": NUMBER,
    "margin": NUMBER,
    "printed": TEXT,
    "cause": BOOLEAN,
}

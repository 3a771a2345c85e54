"""How an audit entry is hashed. Pure: the same entry always gives the same digest."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

GENESIS = "0" * 64


def entry_hash(
    *,
    seq: int,
    recorded_at: datetime,
    actor: str,
    action: str,
    subject: str,
    office: str,
    detail: Mapping[str, object],
    previous_hash: str,
) -> str:
    """Return SHA-256 over the canonical JSON of the entry and the digest of the one before."""
    record = [
        seq,
        recorded_at.isoformat(timespec="microseconds"),
        actor,
        action,
        subject,
        office,
        detail,
        previous_hash,
    ]
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()

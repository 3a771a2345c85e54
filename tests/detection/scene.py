"""A registry that changes from snapshot to snapshot, and the people who look at its flags."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.accounts import permissions
from app.accounts.schemas import Principal
from app.detection import queries, service
from app.detection.schemas import FlagFilter, FlagView, RuleCounts, SweepReport
from app.detection.tables import Flag
from app.infra.calendars import packaged_calendar
from app.registry.schemas import SnapshotView, TableInfo
from app.registry.snapshots import identity, keep
from tests.detection.snapshots import ON, Registry, nik

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MEMORY = "500MB"


def principal(role: str, *offices: str) -> Principal:
    return Principal(
        actor=f"user:{len(role)}",
        name=role,
        role=role,
        office_code=offices[0] if offices else "P00",
        offices=frozenset(offices) if offices else None,
        actions=permissions.actions_of(role),
        zone="Asia/Jakarta",
        user_id=1,
    )


SUPERVISOR = principal(permissions.SUPERVISOR)
INSPECTOR = principal(permissions.INSPECTOR, "J05")
STRANGER = principal(permissions.INSPECTOR, "M01")
AUDITOR = principal(permissions.AUDITOR)


@dataclass
class Scene:
    session: Session
    folder: Path
    registry: Registry = field(default_factory=Registry)

    def snapshot(self) -> SnapshotView:
        """Keep the registry as it is now, as an import would."""
        hashes = {
            table: keep(self.folder, path)
            for table, path in self.registry.write(self.folder).items()
        }
        return SnapshotView(
            id=identity(hashes),
            as_of=ON,
            created_at=NOW,
            tables={name: TableInfo(1, 0, sha256, False) for name, sha256 in hashes.items()},
            previous_id=None,
        )

    def sweep(
        self,
        *,
        on: date = ON,
        snapshot: SnapshotView | None = None,
        accepted_loss: str = "",
        now: datetime = NOW,
        memory: str = MEMORY,
    ) -> SweepReport:
        return service.sweep(
            self.session,
            principal=SUPERVISOR,
            snapshot=snapshot or self.snapshot(),
            snapshots_dir=self.folder,
            on=on,
            calendar=packaged_calendar(),
            scratch=self.folder / "scratch",
            memory=memory,
            now=now,
            accepted_loss=accepted_loss,
        )

    def request(self, snapshot_id: str, *, principal: Principal = SUPERVISOR) -> None:
        service.request_sweep(
            self.session,
            principal=principal,
            snapshot_id=snapshot_id,
            on=ON,
            now=NOW,
            snapshots_dir=self.folder,
            scratch=self.folder / "scratch",
            memory=MEMORY,
        )

    def preview(self) -> SweepReport:
        return service.preview_sweep(
            self.session,
            principal=SUPERVISOR,
            snapshot=self.snapshot(),
            snapshots_dir=self.folder,
            on=ON,
            calendar=packaged_calendar(),
            scratch=self.folder / "scratch",
            memory=MEMORY,
        )

    def owe(self, *months: str, npp: str = "AA000001", **changes: object) -> None:
        """Let an employer have unpaid bills."""
        if npp not in {row["npp"] for row in self.registry.rows["pemberi_kerja"]}:
            self.registry.employer(npp, **changes)
        for month in months:
            self.registry.bill(month, npp)

    def settle(self) -> None:
        """Let everything billed be paid."""
        self.registry.rows["pembayaran"].clear()
        for bill in self.registry.rows["tagihan"]:
            self.registry.payment(bill, bill["jumlah"])

    def flag(self, npp: str = "AA000001", rule: str = "PIUTANG") -> FlagView:
        (found,) = [
            one
            for one in queries.flags_of_employer(
                self.session, principal=SUPERVISOR, key=f"npp:{npp}"
            )
            if one.rule == rule
        ]
        return queries.flag(self.session, principal=SUPERVISOR, flag_id=found.id)

    def all_flags(self) -> tuple[FlagView, ...]:
        return queries.flags(
            self.session, principal=SUPERVISOR, filter=FlagFilter(), cursor=None, limit=200
        ).items

    def history(self) -> list[tuple[str, str, str]]:
        events = queries.flag_events(self.session, principal=SUPERVISOR, flag_id=self.flag().id)
        return [(event.action, event.from_status, event.to_status) for event in events]


def flag_row(number: int, **changes: Any) -> Flag:  # noqa: ANN401 - any column
    """Return a flag as a sweep would have stored it, for tests that need no sweep."""
    return Flag(
        **{
            "rule": "PIUTANG",
            "rule_version": 1,
            "subject": f"npp:AA{number:06d}",
            "npp": f"AA{number:06d}",
            "nama": f"PT Nomor {number}",
            "kantor_cabang": "J05",
            "kode_wilayah": "32.01",
            "jumlah_tk": 1,
            "potensi_rupiah": 1000 * number,
            "bulan_tunggak": 3,
            "skor": 10,
            "status": "baru",
            "snapshot_id": "s",
            "sentence": "s",
            "sentence_template": "{hari}",
            "sentence_values": {"hari": "2026-05-31"},
            "evidence": [{"table": "kepesertaan", "line": 2, "values": {"nik": nik(7)}}],
            "confidence": "tinggi",
            "confidence_reason": "r",
            "facts_hash": "h",
            "seen": True,
            "first_found_on": ON,
            "last_found_on": ON,
            "changed_at": NOW,
            **changes,
        }
    )


def counts(report: SweepReport, rule: str = "PIUTANG") -> tuple[int, int, int]:
    found: Mapping[str, RuleCounts] = report.rules
    return found[rule].new, found[rule].still, found[rule].gone

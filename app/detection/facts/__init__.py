"""PURE: the columns a rule may know, per employer, worker, source and bill, as of a day."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from app.detection.facts import bills, employers, outside, places, workers
from app.detection.facts.asof import AsOf, is_fresh
from app.registry.matching import Frame, Keep, Linker, distinct
from app.registry.stored import numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracts:
    """The six tables of a snapshot, in the types of the contract; a NIK is a number."""

    employers: Frame
    memberships: Frame
    bills: Frame
    payments: Frame
    outside: Frame
    outside_workers: Frame

    @classmethod
    def of(cls, scanned: Callable[[str], Frame]) -> "Extracts":
        """Return the tables of a snapshot, `scanned` giving the rows of the file of each."""

        def table(name: str) -> Frame:
            return numbered(name, scanned(name))

        return cls(
            employers=table("pemberi_kerja"),
            memberships=table("kepesertaan"),
            bills=table("tagihan"),
            payments=table("pembayaran"),
            outside=table("sumber_pemberi_kerja"),
            outside_workers=table("sumber_pekerja"),
        )


class Facts:
    """What the rules are written over. Money is BIGINT rupiah, months are whole numbers.

    Each fact is made when a rule first asks for it, and once.
    """

    def __init__(
        self,
        extracts: Extracts,
        *,
        asof: AsOf,
        linker: Linker,
        keep: Keep,
        worker_links: Frame | None,
    ) -> None:
        self.asof = asof
        self.memberships = extracts.memberships
        self.outside_workers = extracts.outside_workers
        self._extracts = extracts
        self._linker = linker
        self._worker_links = worker_links
        self._keep = keep

    @cached_property
    def divisions(self) -> Frame:
        return self._keep("divisions", employers.divisions(self._extracts.employers))

    @cached_property
    def employers(self) -> Frame:
        return self._keep("employers", employers.employers(self.divisions))

    @cached_property
    def linked(self) -> Frame:
        """Outside records with their registered employer."""
        keyed = outside.records(self._extracts.outside, fresh=is_fresh(self.asof), keep=self._keep)
        found = outside.linked(
            self._keep("records", keyed),
            divisions=self.divisions,
            employers=self.employers,
            linker=self._linker,
            keep=self._keep,
        )
        return self._keep("linked", found)

    @property
    def comparable(self) -> Frame:
        """Those of `linked` that can be held against the registry."""
        return outside.comparable(self.linked)

    @cached_property
    def disputed(self) -> Frame:
        """Registered employers whose workers fresh sources count altogether differently."""
        return self._keep("disputed", outside.disputed(self.linked))

    @cached_property
    def places(self) -> Frame:
        """The branch and the usual wage of each regency."""
        paid = self._keep("payroll", workers.payroll(self.memberships, asof=self.asof))
        found = places.places(self.employers, records=self.linked, payroll=paid)
        return self._keep("places", found)

    @cached_property
    def closed(self) -> Frame:
        """The last sign of life of employers closed here."""
        found = workers.closings(
            self.memberships, bills=self._extracts.bills, employers=self.employers
        )
        return self._keep("closed", found)

    @property
    def unregistered(self) -> Frame:
        """Those of `linked` whose employer is not registered here, or closed."""
        return outside.unregistered(self.linked)

    @cached_property
    def listed_outside(self) -> Frame:
        """Fresh outside workers of employers that are not registered here, or closed."""
        found = workers.listed_outside(
            self.outside_workers, records=self.unregistered, fresh=is_fresh(self.asof)
        )
        return self._keep("listed_outside", found)

    @property
    def list_sizes(self) -> Frame:
        """How many workers the fresh list of such an employer names."""
        return workers.list_sizes(self.listed_outside)

    @cached_property
    def listed(self) -> Frame:
        """Fresh outside workers of employers that are registered here, as who they are.

        Too many to be kept: ask for `differing` where one who is in order does not matter.
        """
        found = workers.listed(self.outside_workers, linked=self.linked, fresh=is_fresh(self.asof))
        if self._worker_links is None:
            return workers.as_written(found)
        return workers.identified(found, self._worker_links)

    @cached_property
    def listing(self) -> Frame:
        """The `npp` of whom some worker is listed."""
        return self._keep("listing", distinct(self.listed, "npp"))

    @property
    def links_workers(self) -> bool:
        """Say whether a worker may be here under another NIK than the list has."""
        return self._worker_links is not None

    @cached_property
    def differing(self) -> Frame:
        """Those of `listed` who are not registered at their employer as they are listed."""
        who = workers.differing(
            self.listed,
            linked=self.linked,
            memberships=self.memberships,
            employers=self.employers,
            asof=self.asof,
        )
        # Narrow first: to hold everything that is said of everybody takes longer than to read it
        # again for the few.
        found = self.listed.join(self._keep("differ", who), on=["grup", "nik"], how="semi")
        return self._keep("differing", found)

    @cached_property
    def known(self) -> Frame:
        """The memberships, anywhere, of those who differ."""
        found = workers.memberships_of(
            self.memberships, listed=self.differing, employers=self.employers, asof=self.asof
        )
        return self._keep("known", found)

    @cached_property
    def people(self) -> Frame:
        """One row per person in `known`."""
        return self._keep("people", workers.people(self.known))

    @cached_property
    def strangers(self) -> Frame:
        """Those of `listed` whom the registry never knew at their employer."""
        found = workers.strangers(
            self.differing, known=self.known, people=self.people, asof=self.asof
        )
        return self._keep("strangers", found)

    @cached_property
    def unpaid(self) -> Frame:
        """Due bills not paid in full."""
        payments = self._extracts.payments
        opened = bills.open_bills(self._extracts.bills, payments, asof=self.asof)
        kept = self._keep("open_bills", opened)
        return self._keep("unpaid", bills.unpaid(kept, payments, asof=self.asof))

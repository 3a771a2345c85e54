"""Shares, bills, payments and what became of them: between documents and the law's own values."""

from app.calculations.schemas import (
    AllocationDocument,
    ArrearsLineDocument,
    BalanceDocument,
    BillDocument,
    LateStepDocument,
    PaymentDocument,
    ShareDocument,
)
from app.law.allocation import Allocation
from app.law.contributions import Share
from app.law.derivation import Derivation
from app.law.late_payment import ArrearsLine, Balance, Bill, Payment


def share_document(share: Share) -> ShareDocument:
    return ShareDocument(
        programme=share.programme,
        employer=share.employer,
        worker=share.worker,
        deferred=share.deferred,
        base=share.base,
        employer_rate=str(share.employer_rate),
        worker_rate=str(share.worker_rate),
        relief_factor=str(share.factor),
    )


def bill_of(document: BillDocument) -> Bill:
    return Bill(
        month=document.month,
        programme=document.programme,
        amount=document.amount,
        parts=tuple(
            Derivation(label=worker.label, value=worker.amount, formula="bagian dari tagihan")
            for worker in document.workers
        ),
    )


def payment_of(document: PaymentDocument) -> Payment:
    return Payment(
        month=document.month,
        programme=document.programme,
        paid_on=document.paid_on,
        amount=document.amount,
        reversed_on=document.reversed_on,
        towards=document.towards,
    )


def payment_document(payment: Payment) -> PaymentDocument:
    return PaymentDocument(
        month=payment.month,
        programme=payment.programme,
        paid_on=payment.paid_on,
        amount=payment.amount,
        reversed_on=payment.reversed_on,
        towards=payment.towards,
    )


def balance_document(balance: Balance) -> BalanceDocument:
    return BalanceDocument(
        charged=balance.charged, paid=balance.paid, overpaid=balance.overpaid, open=balance.open
    )


def allocation_document(part: Allocation) -> AllocationDocument:
    return AllocationDocument(
        paid_on=part.payment.paid_on,
        month=part.month,
        programme=part.programme,
        towards=part.towards,
        amount=part.amount,
    )


def line_document(line: ArrearsLine) -> ArrearsLineDocument:
    return ArrearsLineDocument(
        month=line.month,
        programme=line.programme,
        billed=line.billed,
        paid=line.paid,
        overpaid=line.overpaid,
        outstanding=line.outstanding,
        due_on=line.due_on,
        is_due=line.is_due,
        months_late=line.months_late,
        penalty_charged=line.penalty_charged,
        penalty_paid=line.penalty_paid,
        penalty_overpaid=line.penalty_overpaid,
        penalty=line.penalty,
        steps=tuple(
            LateStepDocument(
                amount=step.amount,
                until=step.until,
                paid=step.paid,
                months=step.months,
                rate_per_month=str(step.rate_per_month),
                penalty=str(step.penalty),
            )
            for step in line.steps
        ),
    )

"""PURE: the hour at which a letter came to hand, as pages say it."""

from app.infra.wording import N_
from app.law.receipt import Receipt
from app.web.spoken import spoken_template


def receipt_words(receipt: Receipt, language: str) -> str:
    """Return the hour with its zone, and the day that counts where the hour came too late."""
    values: dict[str, object] = {"hour": f"{receipt.local:%H.%M}", "zone": receipt.zone}
    if not receipt.after_hours:
        return spoken_template(N_("pukul {hour} {zone}"), values, language)
    return spoken_template(
        N_("pukul {hour} {zone}, sesudah jam batas {closing}; dihitung diterima {day}"),
        {**values, "closing": f"{receipt.cutoff.value:02}.00", "day": receipt.on},
        language,
    )

"""The demo region behind `patuh demo`: believable extracts with planted truth."""

from app.demo.geography import DemoOffice
from app.demo.region import FORMATS, PlantedCount, RegionReport, write_region
from app.demo.shape import usual_formats

__all__ = [
    "FORMATS",
    "DemoOffice",
    "PlantedCount",
    "RegionReport",
    "usual_formats",
    "write_region",
]

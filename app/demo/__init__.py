"""The demo region behind `patuh demo`: believable extracts with planted truth."""

from app.demo.geography import DemoOffice
from app.demo.region import FORMATS, PlantedCount, RegionReport, write_region

__all__ = ["FORMATS", "DemoOffice", "PlantedCount", "RegionReport", "write_region"]

"""The stories planted in the demo region: each violation beside the innocent look-alike."""

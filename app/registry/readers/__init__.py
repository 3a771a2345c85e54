"""From a file as somebody sent it to text in columns: CSV, XLSX or Parquet."""

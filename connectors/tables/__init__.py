"""Tables that a company brings in by files: CSV and Parquet with a mapping to canonical rows."""

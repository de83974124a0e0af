"""What the rapor counts, already added up by the database: never a row for each complaint."""

"""What every stage shares: the codebook's values, the tables' columns, parameters and errors."""

"""Kind `dbt`: what dbt writes to its target folder."""

"""GraphQL as GitHub answers it: a schema, functions that resolve its fields, pages and prices."""

"""A snapshot as large as the nation, swept by us and by others, each in a process of its own."""

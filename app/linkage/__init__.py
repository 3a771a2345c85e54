"""Linkage: which outside employer is probably which registered one, and what people said of it."""

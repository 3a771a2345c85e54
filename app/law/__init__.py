"""What the law says, computed: values in, values out; no I/O, no clock, no settings."""

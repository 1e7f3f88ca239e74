"""Pure vocabulary and rules: values in, values out; no I/O and no clock."""

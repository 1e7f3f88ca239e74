"""RQ entry points and the ticker: addresses only, arguments are row ids."""

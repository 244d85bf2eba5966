# Everything is done by ./dev, which needs nothing but Python 3.11 or newer. These are its commands under make.
.PHONY: help run test check bench messages lock

help:
	@./dev help

run:
	@./dev run

test:
	@./dev test $(ARGS)

check:
	@./dev check

bench:
	@./dev bench $(ARGS)

messages:
	@./dev messages

lock:
	@./dev lock

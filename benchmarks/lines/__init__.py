"""One module per line of "Must hold"; each has `measure(servers, *, quick) -> Findings`."""

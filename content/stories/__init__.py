"""Tech stories with hype and ethics scores. Empty until its workflow lands."""

"""Taking articles over from RSS and Atom feeds and from JSON."""

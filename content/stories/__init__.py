"""Tech stories: hype and ethics scores by their words, and beside them what a language model finds. docs/stories.md."""

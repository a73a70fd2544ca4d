"""The automatic quality check: rules on a parsed article, one module per noun. Knows no model and no database."""

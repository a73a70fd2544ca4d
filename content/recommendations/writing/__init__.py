"""The words around the numbers: by a model, checked by code, or from a template."""

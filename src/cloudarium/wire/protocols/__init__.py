"""The five AWS protocols, one small module each."""

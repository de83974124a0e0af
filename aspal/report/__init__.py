"""THE RAPOR. The figures of a period, and every document that is made of them. It reads the roster and changes nothing
in it."""

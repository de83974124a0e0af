"""What an attacker, a clumsy sender or a curious colleague may try."""

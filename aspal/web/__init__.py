"""HTTP IN. Signed webhooks, pages behind a login, the simulator's phones."""

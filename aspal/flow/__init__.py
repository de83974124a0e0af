"""THE STATIONS. Each gathers, decides, applies; none calls another. Roster, notices and outbox are the only joints."""

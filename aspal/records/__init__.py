"""WHAT WE REMEMBER. The only SQL. Every function takes an open connection and returns values, never rows."""

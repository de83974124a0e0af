"""THE WORLD OUTSIDE. One file a neighbour; each translates its words into ours."""

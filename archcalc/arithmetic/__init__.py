"""Numbers with their derivations, the notation of formulas, and one number per variant of a network."""

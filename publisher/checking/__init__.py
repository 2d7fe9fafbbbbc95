"""The copy desk: small rules that look at an issue and report findings; they never change a word."""

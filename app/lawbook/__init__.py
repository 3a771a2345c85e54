"""The law as it is known today: what ships with the program, and what administrators added."""

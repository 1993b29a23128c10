"""Which version serves: comparing challengers, promoting them, and going back."""

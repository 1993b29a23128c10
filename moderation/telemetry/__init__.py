"""What the service tells its operators about itself, and nothing about readers."""

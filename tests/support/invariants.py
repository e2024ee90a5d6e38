"""What must be true of the database after every suite."""

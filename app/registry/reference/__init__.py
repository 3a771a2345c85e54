"""What the country publishes about itself: regions and business codes, with their source."""

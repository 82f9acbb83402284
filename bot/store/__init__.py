"""What is kept between turns: conversations, screenings, how long, and how they are forgotten."""

"""What every kind of written text needs: its sentences, its HTML, phrases it must not hold, and a report on it."""

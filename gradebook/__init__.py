"""Line items, scores and results."""

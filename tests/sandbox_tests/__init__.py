"""The sandbox's own tests: its programs beside a stand-in for the platform."""

"""The event stream as text, as JSON and as CDEvents."""

"""The responder's desk: what somebody does to a record, decided from what it says and what is known."""

"""What comes in from outside: what a person says, what monitoring sends, what reporters answer."""
